import { randomBytes } from 'node:crypto'
import { link, mkdir, open as openFile, readFile, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { HubError, isHubError } from '#core/errors.ts'
import type { Keyring } from './keyring.ts'
import { createKeyring, masterKeyBytes, parseMasterKey } from './keyring.ts'
import type { SecretPlace } from './seal.ts'
import { openBytes, seal, sealedBy } from './seal.ts'

/** The stored key check: a constant sealed with the master key, by which a wrong key is known at once. */
export interface KeyCheckStore {
  read(): Promise<string | undefined>
  /** Stores unless there is one already (one statement, so that of two new hubs one wins); gives what is stored now. */
  addIfAbsent(value: string): Promise<string>
}

export interface LoadMasterKeyOptions {
  dataFolder: string
  /** What JACKFIELD_MASTER_KEY or its file holds: one key, or several between blanks or commas; the first seals. */
  given?: string | undefined
  sealedRowsExist: () => Promise<boolean>
  keyCheck: KeyCheckStore
}

export const masterKeyFile = 'master.key'

const checkPlace: SecretPlace = { organisation: '', table: 'setting', row: 'key_check', column: 'value' }
const checkText = 'jackfield key check 1'

/**
 * The master key: given, or kept in the data folder, or made — the last only where nothing was ever sealed. A wrong or
 * missing key refuses; it is never replaced, for then every sealed secret would be lost without a word.
 */
export async function loadMasterKey(options: LoadMasterKeyOptions): Promise<Keyring> {
  const path = join(options.dataFolder, masterKeyFile)
  const stored = await options.keyCheck.read()
  const found = options.given ? { text: options.given, from: 'The given master key' } : await fromFile(path)
  if (found) {
    const keyring = parseKeys(found.text, found.from)
    if (stored !== undefined) verify(keyring, stored)
    else if (await options.sealedRowsExist()) throw checkLost()
    else verify(keyring, await options.keyCheck.addIfAbsent(sealKeyCheck(keyring)))
    return keyring
  }
  if (stored !== undefined || (await options.sealedRowsExist())) throw keyMissing(path, stored)
  return await make(path, options.keyCheck)
}

/** For `addIfAbsent`, and to replace the stored check once every row is sealed by the ring's first key. */
export function sealKeyCheck(keyring: Keyring): string {
  return seal(keyring, checkPlace, checkText).toString('base64')
}

function verify(keyring: Keyring, stored: string): void {
  const envelope = Buffer.from(stored, 'base64')
  const needed = sealedBy(envelope)
  if (!keyring.find(needed)) {
    const given = keyring.ids.join(', ')
    throw new HubError(
      'secret.key_wrong',
      `the secrets here were sealed with master key ${needed}, given is ${given}`,
      {
        mend: 'Give the master key that belongs to this database, in JACKFIELD_MASTER_KEY, its file, or the data folder.',
      },
    )
  }
  if (openBytes(keyring, checkPlace, envelope).toString() !== checkText) throw checkLost()
}

function parseKeys(text: string, from: string): Keyring {
  const keys = text
    .split(/[\s,]+/)
    .filter((part) => part !== '')
    .map(parseMasterKey)
  if (keys.length === 0 || keys.includes(undefined)) {
    throw new HubError('secret.key_wrong', `${from} is not ${masterKeyBytes} bytes in hex or base64`, {
      mend: 'Restore it from where it was kept; a new one would not open what is sealed.',
    })
  }
  return createKeyring(keys.filter((key) => key !== undefined))
}

async function fromFile(path: string): Promise<{ text: string; from: string } | undefined> {
  try {
    const { mode } = await stat(path)
    if ((mode & 0o077) !== 0) {
      const message = `${path} can be read by others than its owner (mode ${(mode & 0o777).toString(8)})`
      throw new HubError('configuration.invalid', message, { mend: `Run: chmod 600 ${path}` })
    }
    return { text: await readFile(path, 'utf8'), from: path }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    if (error instanceof HubError) throw error
    const { code } = error as NodeJS.ErrnoException
    throw new HubError('secret.key_missing', `${path} cannot be read (${code})`, {
      mend: 'Let the user that runs the hub own the file.',
      cause: error,
    })
  }
}

async function make(path: string, keyCheck: KeyCheckStore): Promise<Keyring> {
  const text = `${randomBytes(masterKeyBytes).toString('hex')}\n`
  const made = await writeNew(path, text)
  // Another process of this data folder was quicker: its key counts.
  const found = made ? { text, from: path } : await fromFile(path)
  if (!found) throw keyMissing(path, undefined)
  const keyring = parseKeys(found.text, found.from)
  try {
    verify(keyring, await keyCheck.addIfAbsent(sealKeyCheck(keyring)))
  } catch (error) {
    // A hub with another data folder was quicker on the same database; ours sealed nothing and must not linger.
    // After any other failure ours may be the stored one, so it stays.
    if (made && isHubError(error, 'secret.key_wrong')) await rm(path, { force: true })
    throw error
  }
  return keyring
}

/** Written aside, synced and linked into place, so that a crash never leaves half a key and none is overwritten. */
async function writeNew(path: string, text: string): Promise<boolean> {
  const aside = `${path}.${randomBytes(6).toString('hex')}`
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const file = await openFile(aside, 'wx', 0o600)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
  try {
    await link(aside, path)
    await syncFolder(dirname(path))
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  } finally {
    await rm(aside, { force: true })
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await openFile(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

function keyMissing(path: string, stored: string | undefined): HubError {
  const which = stored === undefined ? '' : ` (its id is ${sealedBy(Buffer.from(stored, 'base64'))})`
  return new HubError('secret.key_missing', `there are sealed secrets, but no master key${which}`, {
    mend: `Put it back at ${path}, or give it in JACKFIELD_MASTER_KEY or JACKFIELD_MASTER_KEY_FILE.`,
  })
}

function checkLost(): HubError {
  return new HubError('secret.key_wrong', 'there are sealed secrets, but the key check beside them is gone', {
    mend: 'Restore the row key_check of the table setting from a backup; without it no key can be trusted.',
  })
}
