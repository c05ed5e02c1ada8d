import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Control } from '../clients.ts'
import type { LoggedWrite } from '../comparer/writes.ts'
import type { Pushed } from '../hook-relay.ts'
import type { Connecting, Subject } from '../subject.ts'
import { lifePage, listKinds, tokenSeconds } from '../vendor-faults.ts'

export const dynamics: Subject = {
  crm: 'dynamics',
  simulator: {
    file: 'simulators/dynamics/main.ts',
    args: ({ records, seed }) => ['--port', '0', '--records', String(records), '--seed', String(seed), '--json'],
  },
  hosts: (facts) => [facts.url, facts.authority!].map((url) => new URL(url).host),
  connect,
  subjectsOf: ({ body }: Pushed) => {
    const event = JSON.parse(body) as { PrimaryEntityName: string; PrimaryEntityId: string }
    return [{ entity: event.PrimaryEntityName, id: event.PrimaryEntityId.toLowerCase() }]
  },
  lacks: {},
  scale: 1,
  passesTellDeletes: true,
  tables: { account: 'account', contact: 'contact' },
  async readDump(control, table) {
    type Line = { entity: string; id: string; version: number; deleted: boolean; fields: Record<string, unknown> }
    const lines = await control.dump<Line>(table)
    return lines.map(({ version, ...row }) => ({ ...row, mark: String(version) }))
  },
  madeOf: ({ id, version }) => ({ id: String(id), mark: String(version) }),
  async owners(control) {
    const users = await dynamics.readDump(control, 'systemuser')
    return users.filter((row) => !row.deleted).map((row) => row.id)
  },
  words: {
    created: (entity, number) =>
      entity === 'account' ? { name: `Torture ${number}` } : { firstname: 'New', lastname: `Torture ${number}` },
    edited: (_entity, number) => ({
      telephone1: `+32 2 ${String(1_000_000 + number).slice(0, 7)}`,
      description: `edit ${number}`,
    }),
    owned: (owner) => ({ _ownerid_value: owner, '_ownerid_value@type': 'systemuser' }),
  },
  writing: {
    made: (key) => ({ lastname: key }),
    fields: (key, number) => ({ description: key, jobtitle: `Writer ${number}` }),
  },
  async loggedWrites(control) {
    const { writes } = await control.get<{ writes: LoggedWrite[] }>('/requests')
    return writes.filter(({ entity }) => entity === 'account' || entity === 'contact')
  },
  async setUp(control, { company, pageSize }) {
    const entra = company.shortTokens ? { accessTokenSeconds: tokenSeconds } : {}
    const { tokenAtStart, skewMinutes: clockSkewMinutes } = company
    await control.post('/settings', { maxPageSize: pageSize, tokenAtStart, clockSkewMinutes, entra })
    if (company.shortTokens) {
      await control.post('/faults', { kind: 'latency', on: ['token'], times: 0, ms: 400 })
    }
  },
  limitPages: async (control, rows) => void (await control.post('/settings', { maxPageSize: rows })),
  tokensTell: true,
  readings: ['page', 'delta', 'byIds', 'enumerate'],
  requests: {
    'initial sync': ['page'],
    'incremental sync': ['delta', 'page', 'byIds'],
    hints: ['byIds'],
    'write-back': ['write', 'batch'],
  },
  strikes: {
    'initial sync': ['truncated', 'html', 'dropped', 'throttled', 'unavailable', 'changing pages', 'token rejected'],
    'incremental sync': [
      'delta expired',
      'broken enumeration',
      'late readings',
      'truncated',
      'html',
      'dropped',
      'throttled',
      'token rejected',
    ],
    hints: [
      'late readings',
      'overtaken passes',
      'unruly pushes',
      'truncated',
      'html',
      'dropped',
      'throttled',
      'unavailable',
    ],
    'write-back': ['late commit', 'lost answers', 'dropped', 'html', 'throttled', 'unavailable', 'token rejected'],
  },
  faultsOf: () => null,
  async brokenList(control: Control, chance) {
    const { rows } = await control.get<{ rows: Record<string, number> }>('/')
    return {
      kind: chance.pick(listKinds),
      on: ['enumerate'],
      match: '/contacts?',
      after: Math.ceil((rows.contact ?? 0) / lifePage) - 1,
      times: 7,
    }
  },
}

async function connect({ facts, cli, folder }: Connecting): Promise<string> {
  const secret = join(folder, 'client-secret')
  await writeFile(secret, facts.clientSecret!, { mode: 0o600 })
  const where = ['--url', facts.url, '--authority', facts.authority!, '--tenant', facts.tenant!]
  const who = ['--client-id', facts.clientId!, '--client-secret-file', secret]
  const { last } = await cli(['connect', 'dynamics', ...where, ...who, '--json'])
  if (typeof last.connection !== 'string') throw new Error(`connect: ${JSON.stringify(last)}`)
  return last.connection
}
