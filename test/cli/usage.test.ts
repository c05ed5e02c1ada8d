import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Machine } from '#cli/hub-access.ts'
import { runCli } from '#cli/program.ts'

/** A machine that must not be needed: what is not understood is refused before anything is opened. */
const untouched: Machine = {
  environment: {},
  settings: () => ({
    dataFolder: '/nowhere',
    host: '127.0.0.1',
    port: 0,
    databaseUrl: undefined,
    publicUrl: undefined,
  }),
  runningAt: async () => undefined,
  hasHub: () => false,
  open: async () => {
    throw new Error('A hub was opened')
  },
}

async function jackfield(...args: string[]) {
  let stdout = ''
  let stderr = ''
  const code = await runCli(args, {
    machine: untouched,
    stopped: new Promise(() => undefined),
    streams: {
      stdout: {
        write(text) {
          stdout += text
        },
      },
      stderr: {
        write(text) {
          stderr += text
        },
      },
    },
  })
  return { code, stdout, stderr }
}

const commands = 'serve demo connect sync status audit lookup write reindex key sign-in simulate doctor'.split(' ')

test('Every command explains itself, and the exit codes are told', async () => {
  const help = await jackfield('--help')
  assert.equal(help.code, 0)
  assert.match(help.stdout, /Exit codes: 0 well/)
  for (const command of commands) {
    assert.match(help.stdout, new RegExp(`^  ${command}\\b`, 'm'))
    const one = await jackfield(command, '--help')
    assert.equal(one.code, 0, command)
    assert.match(one.stdout, new RegExp(`^Usage: jackfield ${command}`))
  }
  const jsonless = ['key', 'simulate']
  for (const command of commands.filter((name) => !jsonless.includes(name))) {
    assert.match((await jackfield(command, '--help')).stdout, /--json/, command)
  }
  assert.match((await jackfield('key', 'create', '--help')).stdout, /--json/)
})

test('What is not understood ends with 2 and says why', async () => {
  const cases = [
    [],
    ['frobnicate'],
    ['sync'],
    ['status', '--no-such-option'],
    ['serve', '--port', '70000'],
    ['serve', '--role', 'king'],
    ['demo', '--records', 'many'],
    ['key', 'create'],
    ['connect', 'dynamics', '--url', 'https://x.example'],
    ['connect', 'dynamics', '--url', 'https://x.example', '--client-secret-file', '/no/such/file'],
    ['connect', 'dynamics', '--url', 'https://x.example', '--client-secret-file', '/dev/null'],
    ['write', 'create', '--field', 'nameless'],
    ['simulate', 'abacus'],
    ['simulate', '../../src'],
    ['status', '--url', 'http://127.0.0.1:1'],
  ]
  for (const args of cases) {
    const { code, stderr } = await jackfield(...args)
    assert.equal(code, 2, `${args.join(' ')}: ${stderr}`)
    assert.ok(stderr.length > 0, args.join(' '))
  }
})

test('With --json an error is one JSON object on standard output', async () => {
  const { code, stdout } = await jackfield('status', '--json', '--url', 'http://127.0.0.1:1', '--key', 'jf_x')
  assert.equal(code, 4)
  assert.equal(JSON.parse(stdout).error.code, 'hub.unreachable')
})

test('Where no hub lives, none is made by asking for something: the folder is most likely misspelt', async () => {
  const asking = [
    ['status'],
    ['lookup', 'Ann'],
    ['sync', 'contoso'],
    ['audit', 'contoso'],
    ['reindex', 'contoso'],
    ['key', 'list'],
  ]
  for (const words of asking) {
    const { code, stderr } = await jackfield(...words)
    assert.equal(code, 2, words.join(' '))
    assert.match(stderr, /There is no hub in \/nowhere.*--data/)
  }
  assert.match((await jackfield('key', 'create', '--scope', 'all')).stderr, /A hub was opened/)
})
