import { Refused } from '../../support/simulator-control.ts'
import type { LoggedWrite } from '../comparer/writes.ts'
import type { Pushed } from '../hook-relay.ts'
import type { Connecting, Subject } from '../subject.ts'
import { lifePage, listKinds } from '../vendor-faults.ts'

type Line = { entity: string; id: string; deleted: boolean; fields: Record<string, unknown> }

const entities: Record<string, string> = { Account: 'account', Contact: 'contact' }

/** The version of a row is the time of its last change. */
const markOf = (stamp: unknown) => String(Date.parse(String(stamp)))

/** What Change Data Capture tells of, where it is licensed. */
const captured = ['Account', 'Contact']

export const salesforce: Subject = {
  crm: 'salesforce',
  simulator: {
    file: 'simulators/salesforce/main.ts',
    args: ({ records, seed }) => [
      ...['--port', '0', '--records', String(records), '--others', '20', '--seed', String(seed)],
      // The daily quota is not what is tortured here.
      ...['--limit', '100000000', '--json'],
    ],
  },
  hosts: (facts) => [new URL(facts.url).host],
  connect,
  subjectsOf: ({ body }: Pushed) => {
    const ids = new Set([...body.matchAll(/"(00[13]\w{15})"/g)].map(([, id]) => id!))
    return [...ids].map((id) => ({ entity: id.startsWith('003') ? 'contact' : 'account', id }))
  },
  lacks: {},
  // A page holds 2,000 rows.
  scale: 4,
  passesTellDeletes: true,
  tables: { account: 'Account', contact: 'Contact' },
  async readDump(control, table) {
    const lines = await control.dump<Line>(table)
    return lines.map((row) => ({
      ...row,
      entity: entities[row.entity] ?? row.entity,
      mark: markOf(row.fields.SystemModstamp),
    }))
  },
  madeOf: ({ id, stamp }) => ({ id: String(id), mark: String(stamp) }),
  async owners(control) {
    const users = await salesforce.readDump(control, 'User')
    return users.filter((row) => !row.deleted).map((row) => row.id)
  },
  words: {
    created: (entity, number) =>
      entity === 'account' ? { Name: `Torture ${number}` } : { FirstName: 'New', LastName: `Torture ${number}` },
    edited: (_entity, number) => ({
      Phone: `+32 2 ${String(1_000_000 + number).slice(0, 7)}`,
      Description: `edit ${number}`,
    }),
    owned: (owner) => ({ OwnerId: owner }),
  },
  writing: {
    made: (key) => ({ LastName: key }),
    fields: (key, number) => ({ Description: key, Title: `Writer ${number}` }),
  },
  async loggedWrites(control) {
    const { writes } = await control.get<{ writes: LoggedWrite[] }>('/requests')
    return writes
      .filter(({ entity }) => entity === 'Account' || entity === 'Contact')
      .map((write) => ({ ...write, entity: entities[write.entity!]! }))
  },
  // Tokens tell no lifetime: they end when they are refused, which 'token rejected' does.
  // An open line tells of changes beside the push where passes run beside it too: else the push alone is judged.
  async setUp(control, { company: { skewMinutes: clockSkewMinutes, tokenAtStart, overlap }, phase }) {
    const cursor = tokenAtStart ? 'live' : 'snapshot'
    await control.post('/settings', {
      clockSkewMinutes,
      cursor,
      captured: phase === 'hints' && overlap ? captured : null,
    })
  },
  // Each page is a question of its own, with the number of rows in it.
  limitPages: async () => undefined,
  tokensTell: false,
  readings: ['page'],
  requests: {
    'initial sync': ['page'],
    'incremental sync': ['page'],
    hints: ['page'],
    'write-back': ['write', 'composite'],
  },
  strikes: {
    'initial sync': ['truncated', 'html', 'dropped', 'throttled', 'unavailable', 'changing pages', 'token rejected'],
    'incremental sync': [
      'broken enumeration',
      'slow passes',
      'quota used up',
      'truncated',
      'html',
      'dropped',
      'throttled',
      'unavailable',
      'token rejected',
    ],
    hints: [
      'slow readings',
      'unruly pushes',
      'truncated',
      'html',
      'dropped',
      'throttled',
      'unavailable',
      'token rejected',
    ],
    'write-back': ['late commit', 'lost answers', 'dropped', 'html', 'row locked', 'unavailable', 'token rejected'],
  },
  faultsOf(strike, phase, chance) {
    const on = salesforce.requests[phase]
    const times = chance.whole(2, 5)
    if (strike === 'slow passes' || strike === 'slow readings')
      return [{ kind: 'slow-body', on, times: times + 6, ms: 1_500 }]
    // A 429 is none of its answers: it refuses what is too much at once.
    if (strike === 'throttled') return [{ kind: 'concurrent-limit', on, times }]
    if (strike === 'quota used up') return [{ kind: 'concurrent-limit', on, times }]
    if (strike === 'row locked') return [{ kind: 'row-locked', on, times }]
    return null
  },
  async brokenList(control, chance) {
    const { rows } = await control.get<{ rows: Record<string, number> }>('/')
    const kind = chance.pick(listKinds)
    // A list of ids and versions names no other column; of its pages the last is broken.
    const pages = Math.ceil((rows.Contact ?? 0) / Math.max(lifePage, 1_000))
    return {
      kind,
      on: ['page'],
      match: 'SELECT%20Id%2CSystemModstamp%20FROM%20Contact',
      after: Math.max(0, pages - 1),
      times: 7,
    }
  },
}

async function connect({ facts, api, cli, phase }: Connecting): Promise<string> {
  const id = await connectOnce({ facts, api })
  // A first copy does not wait for a person to install the push.
  if (phase === 'initial sync') return id
  const push = await cli(['push', id, '--install', '--json'])
  if (push.last.ok !== true) throw new Error(`push: ${JSON.stringify(push.last)}`)
  return id
}

async function connectOnce({ facts, api }: Pick<Connecting, 'facts' | 'api'>): Promise<string> {
  const given = {
    crm: 'salesforce',
    url: facts.url,
    authentication: { settings: { clientId: facts.clientId }, secret: facts.clientSecret },
    settings: { defaultCountry: 'BE', keyFields: true },
  }
  try {
    return (await api.insist<{ id: string }>('POST', '/connections', given)).id
  } catch (error) {
    // The answer was not waited for, and the repeat found it connected.
    if (!(error instanceof Refused) || error.status !== 409) throw error
    const { connections } = await api.insist<{ connections: { id: string; crm: string }[] }>('GET', '/connections')
    return connections.find(({ crm }) => crm === 'salesforce')!.id
  }
}
