import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { test } from 'node:test'
import { HubError } from '#core/errors.ts'
import type { KeyCheckStore } from '#secrets/master-key.ts'
import { loadMasterKey, sealKeyCheck } from '#secrets/master-key.ts'
import { open, seal } from '#secrets/seal.ts'

const place = { organisation: 'o', table: 'authentication', row: '1', column: 'secret' }

interface Database {
  value: string | undefined
  sealedRows: boolean
  keyCheck: KeyCheckStore
  sealedRowsExist: () => Promise<boolean>
}

/** A database as far as the master key knows one. */
function emptyDatabase(): Database {
  const database: Database = {
    value: undefined,
    sealedRows: false,
    keyCheck: {
      read: async () => database.value,
      addIfAbsent: async (value: string) => {
        database.value ??= value
        return database.value
      },
    },
    sealedRowsExist: async () => database.sealedRows,
  }
  return database
}

async function folder(t: TestContext): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'jackfield-key-'))
  t.after(() => rm(path, { recursive: true, force: true }))
  return path
}

function refuses(code: string, says: RegExp) {
  return (error: unknown) => {
    assert.ok(error instanceof HubError, String(error))
    assert.equal(error.code, code, error.message)
    assert.match(error.message, says)
    assert.ok((error.detail.mend ?? '').length > 20, 'it names the mend')
    return true
  }
}

test('a new data folder gets a key of its own, readable by its owner only, and keeps it', async (t) => {
  const dataFolder = join(await folder(t), 'data')
  const database = emptyDatabase()
  const first = await loadMasterKey({ dataFolder, ...database })
  assert.equal((await stat(join(dataFolder, 'master.key'))).mode & 0o777, 0o600)
  assert.deepEqual(await readdir(dataFolder), ['master.key'])
  const envelope = seal(first, place, 'secret text')
  database.sealedRows = true
  const second = await loadMasterKey({ dataFolder, ...database })
  assert.equal(open(second, place, envelope), 'secret text')
})

test('a missing key over sealed rows refuses, and none is made', async (t) => {
  const database = emptyDatabase()
  await loadMasterKey({ dataFolder: await folder(t), ...database })
  const empty = await folder(t)
  const stages = [database, { ...emptyDatabase(), sealedRowsExist: async () => true }]
  for (const stage of stages) {
    await assert.rejects(loadMasterKey({ dataFolder: empty, ...stage }), refuses('secret.key_missing', /no master key/))
  }
  assert.deepEqual(await readdir(empty), [])
})

test('a wrong key refuses, given or in the folder, and changes nothing', async (t) => {
  const database = emptyDatabase()
  const dataFolder = await folder(t)
  const right = await loadMasterKey({ dataFolder, ...database })
  const check = database.value
  const wrong = randomBytes(32).toString('hex')
  const says = new RegExp(right.sealing.id)
  await assert.rejects(loadMasterKey({ dataFolder, given: wrong, ...database }), refuses('secret.key_wrong', says))
  await writeFile(join(dataFolder, 'master.key'), wrong)
  await assert.rejects(loadMasterKey({ dataFolder, ...database }), refuses('secret.key_wrong', says))
  assert.equal(database.value, check)
  assert.equal(await readFile(join(dataFolder, 'master.key'), 'utf8'), wrong)
})

test('a key that is no key is refused and not replaced, even where nothing is sealed', async (t) => {
  const dataFolder = await folder(t)
  for (const text of ['', 'short', 'zz'.repeat(32)]) {
    await writeFile(join(dataFolder, 'master.key'), text, { mode: 0o600 })
    const load = loadMasterKey({ dataFolder, ...emptyDatabase() })
    await assert.rejects(load, refuses('secret.key_wrong', /not 32 bytes/))
    assert.equal(await readFile(join(dataFolder, 'master.key'), 'utf8'), text)
  }
  const load = loadMasterKey({ dataFolder: await folder(t), given: 'oops', ...emptyDatabase() })
  await assert.rejects(load, refuses('secret.key_wrong', /given master key/))
})

test('a key file that others can read is refused with the command that mends it', async (t) => {
  const dataFolder = await folder(t)
  const database = emptyDatabase()
  await loadMasterKey({ dataFolder, ...database })
  for (const mode of [0o640, 0o604, 0o620]) {
    await chmod(join(dataFolder, 'master.key'), mode)
    await assert.rejects(loadMasterKey({ dataFolder, ...database }), refuses('configuration.invalid', /others/))
  }
  await chmod(join(dataFolder, 'master.key'), 0o400)
  await loadMasterKey({ dataFolder, ...database })
})

test('sealed rows whose key check was removed are not trusted to any key', async (t) => {
  const database = { ...emptyDatabase(), sealedRowsExist: async () => true }
  const given = randomBytes(32).toString('base64')
  const load = loadMasterKey({ dataFolder: await folder(t), given, ...database })
  await assert.rejects(load, refuses('secret.key_wrong', /key check/))
})

test('a key check that was altered refuses', async (t) => {
  const database = emptyDatabase()
  const dataFolder = await folder(t)
  await loadMasterKey({ dataFolder, ...database })
  const envelope = Buffer.from(database.value ?? '', 'base64')
  envelope[envelope.length - 1] = (envelope.at(-1) ?? 0) ^ 1
  database.value = envelope.toString('base64')
  await assert.rejects(loadMasterKey({ dataFolder, ...database }), refuses('secret.unreadable', /key_check/))
})

test('of two hubs that begin on one database with a folder each, one wins and the other refuses', async (t) => {
  const database = emptyDatabase()
  const folders = [await folder(t), await folder(t)]
  // Both look before either stores.
  const both = Promise.withResolvers<void>()
  let looked = 0
  const read = async () => {
    if (++looked === 2) both.resolve()
    await both.promise
    return undefined
  }
  const keyCheck = { ...database.keyCheck, read }
  const started = await Promise.allSettled(
    folders.map((dataFolder) => loadMasterKey({ dataFolder, ...database, keyCheck })),
  )
  assert.deepEqual(started.map((one) => one.status).sort(), ['fulfilled', 'rejected'])
  const files = await Promise.all(folders.map((path) => readdir(path)))
  assert.deepEqual(files.flat(), ['master.key'], 'the key that seals nothing does not linger')
})

test('many processes that begin on one new folder end with one key', async (t) => {
  const dataFolder = await folder(t)
  const database = emptyDatabase()
  const rings = await Promise.all(Array.from({ length: 20 }, () => loadMasterKey({ dataFolder, ...database })))
  assert.equal(new Set(rings.map((ring) => ring.sealing.id)).size, 1)
  assert.deepEqual(await readdir(dataFolder), ['master.key'])
})

test('a database that fails while the first check is stored loses no key', async (t) => {
  const dataFolder = await folder(t)
  const database = emptyDatabase()
  const addIfAbsent = async (value: string) => {
    // Stored, but the answer is lost.
    database.value = value
    throw new Error('connection terminated')
  }
  const keyCheck = { ...database.keyCheck, addIfAbsent }
  await assert.rejects(loadMasterKey({ dataFolder, ...database, keyCheck }), /terminated/)
  await loadMasterKey({ dataFolder, ...database })
})

test('a new key is taken up beside the old one, and the old one dropped once the check is sealed anew', async (t) => {
  const database = emptyDatabase()
  const dataFolder = await folder(t)
  await loadMasterKey({ dataFolder, ...database })
  const old = (await readFile(join(dataFolder, 'master.key'), 'utf8')).trim()
  const young = randomBytes(32).toString('base64')
  const both = await loadMasterKey({ dataFolder, given: `${young}, ${old}`, ...database })
  assert.deepEqual(both.ids.length, 2)
  const tooEarly = loadMasterKey({ dataFolder, given: young, ...database })
  await assert.rejects(tooEarly, refuses('secret.key_wrong', /sealed with/))
  database.value = sealKeyCheck(both)
  assert.equal((await loadMasterKey({ dataFolder, given: young, ...database })).sealing.id, both.sealing.id)
})

test('a hub killed at any moment of its first start has a whole key at the next', async (t) => {
  const source = `
    const { loadMasterKey } = await import(${JSON.stringify(new URL('../../src/secrets/master-key.ts', import.meta.url).href)})
    const keyCheck = { read: async () => undefined, addIfAbsent: async (value) => value }
    process.stdout.write('ready')
    await loadMasterKey({ dataFolder: process.argv[1], sealedRowsExist: async () => false, keyCheck })
    setInterval(() => {}, 1000)`
  for (let round = 0; round < 5; round++) {
    const dataFolder = await folder(t)
    const child = spawn(process.execPath, ['--input-type=module', '-e', source, dataFolder], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await new Promise((resolve) => child.stdout?.once('data', resolve))
    await new Promise((resolve) => setTimeout(resolve, round))
    child.kill('SIGKILL')
    await new Promise((resolve) => child.once('exit', resolve))
    const ring = await loadMasterKey({ dataFolder, ...emptyDatabase() })
    assert.equal(ring.sealing.bytes.length, 32)
  }
})
