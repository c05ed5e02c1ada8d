import { setTimeout as wait } from 'node:timers/promises'
import { Refused } from '../../support/simulator-control.ts'
import type { Method } from '../clients.ts'
import type { Asked, Edit, Standing } from '../comparer/edits.ts'
import type { SharedWrite } from '../comparer/shared-writes.ts'
import { type Paced, paced } from '../pace.ts'
import type { Chance } from '../random.ts'
import type { World } from '../world.ts'
import { newPerson, type Person } from './accounts.ts'
import {
  type Contested,
  contestedConnection,
  contestedMembers,
  contestedRole,
  contestedTable,
  contestedTeam,
} from './contested.ts'

/** What two people did to the same things at the same time. */
export interface Story {
  people: readonly Person[]
  contested: readonly Contested[]
  /** As each was before, by target. */
  before: ReadonlyMap<string, Standing>
  edits: readonly Edit[]
  /** What stood there while nobody was changing it. */
  looks: readonly { target: string; at: number; standing: Standing }[]
  writes: readonly SharedWrite[]
  /** All that they asked, edits and writes, in order. */
  asked: readonly Asked[]
}

type Look = Story['looks'][number]

/** Two people who change the same things, again and again in the same moment. */
export interface Pair extends Paced {
  story: Story
}

export interface PairOptions {
  world: World
  connection: string
  chance: Chance
  /** Contacts that only these two write to: the hub's id of each by the CRM's. */
  records: ReadonlyMap<string, string>
  /** False where the CRM takes no writes. */
  writes: boolean
}

export async function createPair(options: PairOptions): Promise<Pair> {
  const { world, chance, writes: hasWrites, records } = options
  const { people, contested } = await prepare(options)
  const before = new Map<string, Standing>()
  for (const one of contested) before.set(one.target, await one.read(world.api))
  const story = {
    people,
    contested,
    before,
    edits: [] as Edit[],
    looks: [] as Look[],
    writes: [] as SharedWrite[],
    asked: [] as Asked[],
  }
  let number = 0
  const one = async () => {
    if (hasWrites && records.size > 0 && chance.next() < 0.25) {
      number += 2
      return writeBoth(options, story, number)
    }
    const thing = chance.pick(contested)
    // Both have looked before either changes it; whoever cannot look changes nothing.
    const now = await thing.read(world.api).catch(() => null)
    if (!now) return wait(200)
    const editing = people.map((person, at) => {
      number += 1
      return edit(story, { person, thing, now, chance, number, byHolder: at === 1 })
    })
    await Promise.all(editing)
    const at = Date.now()
    const standing = await thing.read(world.api).catch(() => null)
    if (standing) story.looks.push({ target: thing.target, at, standing })
  }
  return { story, ...paced(one) }
}

/** An administrator, and somebody who holds the role that both edit; a team of the two. */
async function prepare({ world, connection }: PairOptions): Promise<Pick<Story, 'people' | 'contested'>> {
  const { api } = world
  const made = { name: 'Editors', copyOf: 'administrator' }
  const role = await api.insist<{ id: string; permissions: string[] }>('POST', '/roles', made)
  const people = [await newPerson(world, 'Ann', 'administrator'), await newPerson(world, 'Ben', role.id)]
  const team = await api.insist<{ id: string }>('POST', '/teams', { name: 'Team' })
  const contested = [
    contestedRole(role.id, role.permissions),
    contestedTeam(team.id),
    contestedMembers(
      team.id,
      people.map(({ id }) => id),
    ),
    contestedConnection(connection),
  ]
  const table = await spareTable(world, connection)
  if (table) contested.push(contestedTable(connection, table.entity, table.column))
  return { people, contested }
}

/** A table that the script does not touch, with a column of text; null where the CRM has none. */
async function spareTable(
  { api, subject }: World,
  connection: string,
): Promise<{ entity: string; column: string } | null> {
  const path = `/connections/${connection}/tables`
  const { tables } = await api.insist<{ tables: { entity: string; enabled: boolean }[] }>('GET', path)
  for (const { entity } of tables.filter((one) => one.enabled && !(one.entity in subject.tables))) {
    const { fields, columns } = await api.insist<{
      fields: { name: string; type: string }[]
      columns: string[]
    }>('GET', `${path}/${entity}`)
    const column = fields.find(({ name, type }) => type === 'text' && columns.includes(name))
    if (column) return { entity, column: column.name }
  }
  return null
}

interface Editing {
  person: Person
  thing: Contested
  now: Standing
  chance: Chance
  number: number
  byHolder: boolean
}

async function edit(story: Story & { edits: Edit[]; asked: Asked[] }, editing: Editing): Promise<void> {
  const { person, thing, now, chance, number, byHolder } = editing
  const { act, method, path, body, sets, grants } = thing.draft({ chance, number, byHolder, now })
  // What gives or takes a permission is never made upon what nobody has seen.
  const isUpon = now.version !== null && (grants !== null || chance.next() < 0.6)
  const upon = isUpon ? now.version : null
  const version = thing.counts ? Number(upon) : upon
  const { answer, ...asked } = await ask(person, {
    method,
    path,
    body: body && { ...body, ...(isUpon ? { version } : {}) },
  })
  const known = { who: person.name, act, subject: thing.subject, ...asked }
  const rest = { target: thing.target, sets, upon, grants, needsGrant: byHolder && thing.needsGrant }
  const done: Edit = { ...known, ...rest, answer: answer === undefined ? null : thing.shown(answer) }
  story.edits.push(done)
  story.asked.push(done)
}

type Answered = Pick<Asked, 'sentAt' | 'answeredAt' | 'status' | 'code'> & { answer: unknown }

/** What a busy or broken hub answers tells nothing of what became of the act. */
async function ask({ api }: Person, asked: { method: Method; path: string; body: unknown }): Promise<Answered> {
  const sentAt = Date.now()
  try {
    const answer = await api.ask(asked.method, asked.path, asked.body)
    return { sentAt, answeredAt: Date.now(), status: 200, code: null, answer }
  } catch (error) {
    const answeredAt = Date.now()
    const refused = error instanceof Refused && error.status < 500 && error.status !== 429 ? error : null
    if (!refused) await wait(200)
    const code = refused ? (JSON.parse(refused.body) as { error: { code: string } }).error.code : null
    return { sentAt, answeredAt, status: refused?.status ?? null, code, answer: undefined }
  }
}

const mostAttempts = 60

/** Both write to one record, with and without saying which version they saw; each asks until it is answered. */
async function writeBoth(
  { world, connection, chance, records }: PairOptions,
  story: Story & { writes: SharedWrite[]; asked: Asked[] },
  number: number,
): Promise<void> {
  const [sourceId, id] = chance.pick([...records])
  const seen = await world.api.ask<{ mark: string | null }>('GET', `/records/${id}`).catch(() => null)
  const writing = story.people.map(async (person, at) => {
    const writeKey = `${person.name} ${number + at}`
    const upon = chance.next() < 0.5 ? (seen?.mark ?? null) : null
    const fields = world.subject.writing.fields(writeKey, number + at)
    const given = { operation: 'update', connection, entity: 'contact', sourceId, fields, writeKey }
    const body = upon === null ? given : { ...given, expectedMark: upon }
    const begun = Date.now()
    for (let attempt = 1; attempt <= mostAttempts; attempt += 1) {
      const { answer, ...asked } = await ask(person, { method: 'POST', path: '/writes', body })
      story.asked.push({ who: person.name, act: 'write.keep', subject: null, ...asked })
      if (asked.status === null) continue
      if (asked.status >= 300) throw new Error(`A write of ${person.name} was refused: ${asked.status} ${asked.code}`)
      const kept = answer as { id: string }
      const times = { sentAt: begun, answeredAt: asked.answeredAt }
      story.writes.push({ id: kept.id, who: person.name, sourceId, upon, fields, ...times })
      return
    }
    throw new Error(`A write of ${person.name} was not answered`)
  })
  await Promise.all(writing)
}
