import { guidOf } from '../organisation/random.ts'
import type { Value } from '../organisation/seed.ts'

export type { Value }
/** A row's values by the name that the wire uses; a lookup also keeps its target's table under `<name>@type`. */
export type Fields = Record<string, Value>

export type AttributeType =
  | 'Uniqueidentifier'
  | 'String'
  | 'Memo'
  | 'Integer'
  | 'BigInt'
  | 'Decimal'
  | 'Double'
  | 'Money'
  | 'Boolean'
  | 'DateTime'
  | 'DateOnly'
  | 'Picklist'
  | 'MultiSelectPicklist'
  | 'State'
  | 'Status'
  | 'Lookup'
  | 'Customer'
  | 'Owner'
  | 'PartyList'

/** English, French, Dutch. */
export type Label = readonly [string, string, string]
export const LANGUAGES = [1033, 1036, 1043] as const
export type Option = { value: number; label: Label; state?: number }
export type RequiredLevel = 'None' | 'Recommended' | 'ApplicationRequired' | 'SystemRequired'

export type Column = {
  name: string
  schema: string
  /** The property name in JSON: `_ownerid_value` for the lookup `ownerid`. */
  wire: string
  type: AttributeType
  label: Label
  required: RequiredLevel
  create: boolean
  update: boolean
  custom: boolean
  metadataId: string
  maxLength?: number
  format?: string
  options?: readonly Option[]
  targets?: readonly string[]
  /** Navigation property by target table. */
  navs?: Readonly<Record<string, string>>
}

export type Key = {
  name: string
  schema: string
  columns: string[]
  label: Label
  metadataId: string
  /** When its index becomes Active, in milliseconds since the epoch. */
  activeAt: number
}

export type TableDefinition = {
  logical: string
  schema: string
  set: string
  pk: string
  nameColumn: string
  code: number
  label: Label
  plural: Label
  activity: boolean
  custom: boolean
  owned: boolean
  changeTracking: boolean
  metadataId: string
  columns: Column[]
  keys: Key[]
}

export function label(text: string): Label {
  const [en = '', fr = en, nl = en] = text.split('|')
  return [en, fr, nl]
}

const title = (name: string) => name.replace(/(^|_)([a-z])/g, (_, gap: string, c: string) => gap + c.toUpperCase())

type Extra = Partial<Omit<Column, 'label' | 'name'>>

/** `labels` are "English|French|Dutch". */
export function column(name: string, type: AttributeType, labels: string, extra: Extra = {}): Column {
  const lookup = type === 'Lookup' || type === 'Customer' || type === 'Owner'
  const custom = /^[a-z0-9]+_/.test(name) && !/^address\d_/.test(name) && !name.startsWith('msdyn_')
  return {
    name,
    schema: custom ? name : title(name),
    wire: lookup ? `_${name}_value` : name,
    type,
    label: label(labels),
    required: 'None',
    create: true,
    update: true,
    custom,
    metadataId: guidOf(1, `column ${name} ${type}`),
    ...extra,
  }
}

export const text = (name: string, maxLength: number, labels: string, extra: Extra = {}) =>
  column(name, maxLength >= 2000 ? 'Memo' : 'String', labels, { maxLength, ...extra })

/** `options` are lines "value English|French|Dutch". */
export const choice = (name: string, labels: string, options: string, extra: Extra = {}) =>
  column(name, 'Picklist', labels, { options: parseOptions(options), ...extra })

export const money = (name: string, labels: string) => column(name, 'Money', labels)
export const flag = (name: string, labels: string) =>
  column(name, 'Boolean', labels, {
    options: [
      { value: 0, label: label('No|Non|Nee') },
      { value: 1, label: label('Yes|Oui|Ja') },
    ],
  })

/** A lookup to one table takes its own name as navigation property; to several, `<name>_<table>`. */
export function lookup(name: string, targets: string, labels: string, extra: Extra = {}): Column {
  const list = targets.split(' ')
  const base = extra.schema && /_/.test(extra.schema) ? extra.schema : name
  const navs = Object.fromEntries(list.map((t) => [t, list.length === 1 ? base : `${base}_${t}`]))
  const type = list.join() === 'account,contact' && name !== 'regardingobjectid' ? 'Customer' : 'Lookup'
  return column(name, type, labels, { targets: list, navs, ...extra })
}

/** Who took part, at one end: no value of the row, but rows beside it. */
export const partyList = (name: string, targets: string, labels: string) =>
  column(name, 'PartyList', labels, { targets: targets.split(' ') })

/** What rows answer; lists of parties are described with the columns, and are none. */
export const valueColumns = (columns: readonly Column[]): Map<string, Column> =>
  new Map(columns.filter(({ type }) => type !== 'PartyList').map((c) => [c.wire, c]))

/** "0:1 Open|Ouvert|Open" is state 0's status 1. */
function parseOptions(options: string): Option[] {
  return options.split(';').map((line) => {
    const [, state, value, labels] = /^\s*(?:(\d+):)?(-?\d+) (.*)$/s.exec(line) ?? []
    const option: Option = { value: Number(value), label: label((labels ?? '').trim()) }
    return state === undefined ? option : { ...option, state: Number(state) }
  })
}

const readOnly: Extra = { create: false, update: false }

/** The columns that every user-owned table has. */
export function systemColumns(pk: string, states: string, statuses: string): Column[] {
  return [
    column(pk, 'Uniqueidentifier', 'Unique identifier|Identificateur unique|Unieke id', {
      required: 'SystemRequired',
      update: false,
    }),
    column('statecode', 'State', 'Status|Statut|Status', {
      options: parseOptions(states),
      required: 'SystemRequired',
    }),
    column('statuscode', 'Status', 'Status Reason|Raison du statut|Reden van status', {
      options: parseOptions(statuses),
    }),
    column('createdon', 'DateTime', 'Created On|Créé le|Gemaakt op', readOnly),
    column('modifiedon', 'DateTime', 'Modified On|Modifié le|Gewijzigd op', readOnly),
    lookup('createdby', 'systemuser', 'Created By|Créé par|Gemaakt door', readOnly),
    lookup('modifiedby', 'systemuser', 'Modified By|Modifié par|Gewijzigd door', readOnly),
    column('ownerid', 'Owner', 'Owner|Propriétaire|Eigenaar', {
      targets: ['systemuser', 'team'],
      navs: { systemuser: 'ownerid', team: 'ownerid' },
      required: 'SystemRequired',
    }),
    lookup('owninguser', 'systemuser', 'Owning User|Utilisateur propriétaire|Gebruiker die eigenaar is', readOnly),
    lookup('owningteam', 'team', 'Owning Team|Équipe propriétaire|Team dat eigenaar is', readOnly),
    lookup('owningbusinessunit', 'businessunit', 'Owning Business Unit|Division propriétaire|Eigenaar (BU)', readOnly),
    column('versionnumber', 'BigInt', 'Version Number|Numéro de version|Versienummer', readOnly),
    column('importsequencenumber', 'Integer', 'Import Sequence Number|Numéro d’importation|Importnummer'),
    column('overriddencreatedon', 'DateOnly', 'Record Created On|Enregistrement créé le|Record gemaakt op'),
    column('timezoneruleversionnumber', 'Integer', 'Time Zone Rule Version Number|Fuseau horaire|Tijdzoneregel'),
    column('utcconversiontimezonecode', 'Integer', 'UTC Conversion Time Zone Code|Code UTC|UTC-code'),
  ]
}

export const ACTIVE = '0 Active|Actif|Actief;1 Inactive|Inactif|Inactief'
export const ACTIVE_STATUS = '0:1 Active|Actif|Actief;1:2 Inactive|Inactif|Inactief'

type TableExtra = Partial<Omit<TableDefinition, 'logical' | 'columns' | 'label' | 'plural'>>

/** `labels` are "English|French|Dutch", then the plural after a slash. */
export function table(logical: string, labels: string, columns: Column[], extra: TableExtra = {}): TableDefinition {
  const [one = '', many = one] = labels.split('/')
  return {
    logical,
    schema: title(logical),
    set: `${logical}s`,
    pk: `${logical}id`,
    nameColumn: 'name',
    code: 10000,
    label: label(one),
    plural: label(many),
    activity: false,
    custom: false,
    owned: true,
    changeTracking: true,
    metadataId: guidOf(1, `table ${logical}`),
    keys: [],
    ...extra,
    columns,
  }
}
