import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { LoggedWrite } from '../comparer/writes.ts'
import type { Pushed } from '../hook-relay.ts'
import type { Connecting, Subject } from '../subject.ts'
import { listKinds } from '../vendor-faults.ts'

type Line = { entity: string; id: string; version: number; deleted: boolean; fields: Record<string, unknown> }

export const http: Subject = {
  crm: 'http',
  simulator: {
    file: 'simulators/http/main.ts',
    args: ({ records, seed }) => ['--port', '0', '--records', String(records), '--seed', String(seed), '--json'],
  },
  hosts: (facts) => [new URL(facts.url).host],
  connect,
  subjectsOf: ({ body }: Pushed) => {
    const { entity, id } = JSON.parse(body) as { entity: string; id: string }
    return [{ entity, id }]
  },
  lacks: { 'write-back': 'no two APIs write alike, and the connector writes to none' },
  scale: 1,
  passesTellDeletes: false,
  tables: { account: 'account', contact: 'contact' },
  async readDump(control, table) {
    const lines = await control.dump<Line>(table)
    return lines.map(({ version, ...row }) => ({
      ...row,
      mark: String(version),
      fields: { ...flat(row.fields), id: row.id },
    }))
  },
  madeOf: ({ id, version }) => ({ id: String(id), mark: String(version) }),
  owners: async () => [],
  words: {
    created: (entity, number) =>
      entity === 'account' ? { name: `Torture ${number}` } : { first_name: 'New', last_name: `Torture ${number}` },
    edited: (entity, number) =>
      entity === 'account' ? { phone: `+32 2 ${1_000_000 + number}` } : { job_title: `edit ${number}` },
    owned: () => ({}),
  },
  writing: { made: () => ({}), fields: () => ({}) },
  loggedWrites: async (): Promise<LoggedWrite[]> => [],
  // Its tokens are renewed when they are refused; its clock and its pages are as they are.
  setUp: async () => undefined,
  limitPages: async () => undefined,
  tokensTell: false,
  readings: ['page', 'byIds'],
  requests: {
    'initial sync': ['page'],
    'incremental sync': ['page'],
    hints: ['byIds'],
    'write-back': [],
  },
  strikes: {
    'initial sync': ['truncated', 'html', 'dropped', 'throttled', 'unavailable', 'changing pages', 'token rejected'],
    'incremental sync': [
      'broken enumeration',
      'slow passes',
      'truncated',
      'html',
      'dropped',
      'throttled',
      'unavailable',
      'token rejected',
    ],
    hints: ['slow readings', 'unruly pushes', 'truncated', 'html', 'dropped', 'throttled', 'unavailable'],
    'write-back': [],
  },
  faultsOf(strike, phase, chance) {
    const on = http.requests[phase]
    const times = chance.whole(2, 5)
    if (strike === 'slow passes' || strike === 'slow readings')
      return [{ kind: 'slow-body', on, times: times + 6, ms: 1_500 }]
    if (strike === 'unavailable') return [{ kind: String(chance.pick([500, 502, 503, 504])), on, times: times + 3 }]
    return null
  },
  // Ids are listed as rows are: the last page of a list without a time to begin from.
  async brokenList(control, chance) {
    const { rows } = await control.get<{ rows: Record<string, number> }>('/')
    const after = Math.max(0, Math.ceil((rows.contact ?? 0) / 100) - 1)
    return { kind: chance.pick(listKinds), on: ['page'], match: '/contacts\\?(?!.*updated_since)/', after, times: 7 }
  },
}

/** As the hub tells it: each column under its path. */
function flat(fields: Record<string, unknown>): Record<string, unknown> {
  const told: Record<string, unknown> = {}
  const walk = (value: unknown, path: string) => {
    told[path] = value
    if (Array.isArray(value)) for (const [at, member] of value.entries()) walk(member, `${path}[${at}]`)
    else if (typeof value === 'object' && value !== null)
      for (const [name, member] of Object.entries(value)) walk(member, `${path}.${name}`)
  }
  for (const [name, value] of Object.entries(fields)) walk(value, name)
  return told
}

/** What is compared is text and times: numbers beyond a double's digits are tried by the connector's own tests. */
const fields = {
  account: ['name', 'phone', 'email', 'website'],
  contact: ['first_name', 'last_name', 'job_title', 'email'],
} as const

async function connect({ facts, api, cli, folder }: Connecting): Promise<string> {
  const made = facts.definition as unknown as { tables: { entity: 'account' | 'contact' }[] }
  const tables = made.tables.map((table) => ({
    ...table,
    fields: fields[table.entity].map((path) => ({ path, type: 'text' })),
  }))
  const [definition, secretFile] = [join(folder, 'definition.json'), join(folder, 'secret')]
  await writeFile(definition, JSON.stringify({ ...made, organisation: 'torture', tables }))
  await writeFile(secretFile, facts.secret!, { mode: 0o600 })
  const connecting = () =>
    cli([
      ...['connect', 'http', '--definition', definition, '--secret-file', secretFile],
      ...['--name', 'Torture', '--country', 'BE', '--json'],
    ])
  let { last } = await connecting()
  // Cut bodies may meet every reading of one table: nothing is stored then, and who is told so tries again.
  for (let again = 0; again < 2 && typeof last.connection !== 'string'; again += 1) last = (await connecting()).last
  const id = last.connection
  if (typeof id !== 'string') throw new Error(`connect: ${JSON.stringify(last)}`)
  const { secret } = await api.insist<{ secret: string }>('POST', `/connections/${id}/push-secret`, {})
  const hook = { url: `${facts.relay}/hooks/crm/${id}`, secret, addresses: 'one', proof: 'signature' }
  const reply = await fetch(`${facts.control}/webhooks`, { method: 'POST', body: JSON.stringify({ hooks: [hook] }) })
  if (!reply.ok) throw new Error(`webhooks: ${await reply.text()}`)
  return id
}
