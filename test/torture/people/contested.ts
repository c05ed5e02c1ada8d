import type { HubApi, Method } from '../clients.ts'
import type { Standing } from '../comparer/edits.ts'
import type { Chance } from '../random.ts'
import { textOf } from './text.ts'

/** What one of two people asks for. */
export interface Draft {
  act: string
  method: Method
  path: string
  body: Record<string, unknown> | undefined
  sets: Record<string, string>
  grants: boolean | null
}

export interface Drafting {
  chance: Chance
  /** Another one for each edit. */
  number: number
  /** Whether it is asked by whoever holds the role. */
  byHolder: boolean
  now: Standing
}

/** Something that two people change at the same time. */
export interface Contested {
  target: string
  /** Its id in the audit log. */
  subject: string
  /** Its versions are whole numbers. */
  counts: boolean
  /** A change of it takes the permission that the role gives and takes. */
  needsGrant: boolean
  read(api: HubApi): Promise<Standing>
  draft(drafting: Drafting): Draft
  /** What an answer shows; null: it may show a later state. */
  shown(answer: unknown): Standing | null
}

type Values = Record<string, unknown>

/** All of the values that are there to be set, or one of them. */
function someOf(chance: Chance, values: Values): Values {
  if (chance.next() < 0.35) return values
  const name = chance.pick(Object.keys(values))
  return { [name]: values[name] }
}

const asTexts = (values: Values) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, textOf(value)]))

const only = (given: Values, names: readonly string[]) =>
  asTexts(Object.fromEntries(names.map((name) => [name, given[name]])))

/** Everything but this stays in the role; who holds it loses and regains it. */
const grantedPermission = 'edit:integrations'

export function contestedRole(id: string, all: readonly string[]): Contested {
  const path = `/roles/${id}`
  const shown = (answer: unknown): Standing => {
    const role = answer as Values
    return { values: only(role, ['name', 'description', 'permissions']), version: String(role.version) }
  }
  return {
    ...{ target: 'role', subject: id, counts: true, needsGrant: false, shown },
    read: async (api) => shown(await api.ask('GET', path)),
    draft({ chance, number, byHolder }) {
      const named = { name: `Editors ${number}`, description: `As of edit ${number}` }
      // Nobody gives what they do not have: the holder leaves the permissions alone.
      const grants = byHolder ? null : chance.next() < 0.7
      const permissions = grants ? all : all.filter((permission) => permission !== grantedPermission)
      const values = byHolder ? someOf(chance, named) : { ...named, permissions }
      return { act: 'role.change', method: 'PATCH', path, body: values, sets: asTexts(values), grants }
    },
  }
}

export function contestedTeam(id: string): Contested {
  const path = `/teams/${id}`
  const shown = (answer: unknown): Standing => {
    const team = answer as Values
    return { values: only(team, ['name', 'description', 'owners']), version: String(team.version) }
  }
  return {
    ...{ target: 'team', subject: id, counts: true, needsGrant: false, shown },
    read: async (api) => shown(await api.ask('GET', path)),
    draft({ chance, number }) {
      const owner = `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`
      const all = { name: `Team ${number}`, description: `As of edit ${number}`, owners: [owner] }
      const values = someOf(chance, all)
      return { act: 'team.change', method: 'PATCH', path, body: values, sets: asTexts(values), grants: null }
    },
  }
}

/** Each of the two puts the other and themselves in and out. */
export function contestedMembers(id: string, people: readonly string[]): Contested {
  const shown = (answer: unknown): Standing => {
    const { members } = answer as { members: string[] }
    const isIn = Object.fromEntries(people.map((person) => [person, members.includes(person)]))
    return { values: asTexts(isIn), version: null }
  }
  return {
    ...{ target: 'members of the team', subject: id, counts: false, needsGrant: false },
    read: async (api) => shown(await api.ask('GET', `/teams/${id}`)),
    shown: () => null,
    draft({ chance }) {
      const person = chance.pick(people)
      const isIn = chance.next() < 0.5
      const path = `/teams/${id}/members/${person}`
      const how = isIn
        ? ({ act: 'team.add_member', method: 'PUT' } as const)
        : ({ act: 'team.remove_member', method: 'DELETE' } as const)
      return { ...how, path, body: undefined, sets: asTexts({ [person]: isIn }), grants: null }
    },
  }
}

const zones = Intl.supportedValuesOf('timeZone')

export function contestedConnection(id: string): Contested {
  const path = `/connections/${id}`
  return {
    ...{ target: 'connection', subject: id, counts: false, needsGrant: true },
    async read(api) {
      const { name, settings } = await api.ask<{ name: string; settings: { timeZone: string | null } }>('GET', path)
      return { values: asTexts({ name, timeZone: settings.timeZone }), version: null }
    },
    shown: () => null,
    draft({ chance, number }) {
      const values = someOf(chance, { name: `Connection ${number}`, timeZone: zones[number % zones.length]! })
      const { name, timeZone } = values
      const body = { ...(name ? { name } : {}), ...(timeZone ? { settings: { timeZone } } : {}) }
      return { act: 'connection.change', method: 'PATCH', path, body, sets: asTexts(values), grants: null }
    },
  }
}

/** The column by whose condition every row passes, whatever the edit. */
export function contestedTable(connection: string, entity: string, column: string): Contested {
  const path = `/connections/${connection}/tables/${entity}`
  const shown = (answer: unknown): Standing => {
    const table = answer as Values
    return { values: only(table, ['filter', 'mapping', 'scheduleSeconds']), version: String(table.version) }
  }
  return {
    ...{ target: `table ${entity}`, subject: connection, counts: false, needsGrant: true, shown },
    read: async (api) => shown(await api.ask('GET', path)),
    draft({ chance, number, now }) {
      const isOther = { field: column, is: 'ne', value: `edit ${number}` }
      const mapping = JSON.parse(now.values.mapping!) as { fields: Values }
      const fields = Object.entries(mapping.fields).filter(([name]) => !name.startsWith('edit'))
      const own = { ...Object.fromEntries(fields), [`edit${number}`]: { from: column, type: 'text' } }
      const values = someOf(chance, {
        filter: { any: [isOther, { field: column, is: 'null' }] },
        mapping: { ...mapping, fields: own },
        scheduleSeconds: 1_000 + number,
      })
      return { act: 'table.change', method: 'PATCH', path, body: values, sets: asTexts(values), grants: null }
    },
  }
}
