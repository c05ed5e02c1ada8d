import type { Reply } from '../exchange/http.ts'
import { ApiError, json, nothing } from './errors.ts'
import type { Organisation } from './organisation.ts'
import { hiddenFields } from './paths.ts'
import { tableFor } from './records.ts'
import type { Field, ObjectDefinition } from './schema.ts'
import type { Call } from './simulator.ts'

const head = (d: ObjectDefinition, version: string) => ({
  name: d.name,
  label: d.label,
  labelPlural: d.labelPlural,
  keyPrefix: d.keyPrefix,
  custom: d.name.endsWith('__c'),
  createable: d.createable,
  updateable: d.createable,
  deletable: d.createable,
  undeletable: d.fields.some((f) => f.name === 'IsDeleted'),
  mergeable: d.mergeable,
  queryable: true,
  retrieveable: true,
  replicateable: true,
  searchable: d.fields.some((f) => f.name === 'IsDeleted'),
  triggerable: d.createable,
  deprecatedAndHidden: false,
  urls: {
    sobject: `/services/data/${version}/sobjects/${d.name}`,
    describe: `/services/data/${version}/sobjects/${d.name}/describe`,
    rowTemplate: `/services/data/${version}/sobjects/${d.name}/{ID}`,
  },
})

/** `/sobjects` and `/sobjects/{object}`, `/sobjects/{object}/describe`. */
export function describeGlobal(call: Call): Reply {
  const { org } = call.sim
  const visible = [...org.tables.values()].filter((t) => hiddenFields(org, t.definition.name) !== true)
  return json(200, {
    encoding: 'UTF-8',
    maxBatchSize: 200,
    sobjects: visible.map((t) => head(t.definition, call.version)),
  })
}

export function describeObject(call: Call, name: string, startedAt: number): Reply {
  const { org } = call.sim
  const { definition: d } = tableFor(call, name)
  const since = call.headers['if-modified-since']
  const modified = Math.floor(startedAt / 1000) * 1000
  if (since !== undefined && Number.isNaN(Date.parse(since)))
    throw new ApiError(400, 'INVALID_HEADER', `Invalid date in header: ${since}`)
  if (since !== undefined && Date.parse(since) >= modified) return nothing(304)
  const hidden = hiddenFields(org, d.name)
  const fields = d.fields.filter((f) => hidden !== true && !hidden.has(f.name)).map((f) => fieldJson(f, d))
  const body = {
    ...head(d, call.version),
    fields,
    recordTypeInfos: [],
    childRelationships: children(org, d.name),
    supportedScopes: [{ label: 'All', name: 'everything' }],
  }
  return json(200, body, { 'last-modified': new Date(modified).toUTCString() })
}

const children = (org: Organisation, name: string) =>
  [...org.tables.values()].flatMap(({ definition: d }) =>
    d.fields
      .filter((f) => f.referenceTo.includes(name))
      .map((f) => ({
        childSObject: d.name,
        field: f.name,
        cascadeDelete: false,
        relationshipName: d.labelPlural.replaceAll(' ', ''),
      })),
  )

function fieldJson(f: Field, d: ObjectDefinition): Record<string, unknown> {
  const numeric = ['double', 'currency', 'percent'].includes(f.type)
  return {
    name: f.name,
    label: f.label,
    type: f.type,
    length: f.length,
    byteLength: f.length * 3,
    precision: numeric ? 18 : 0,
    scale: numeric ? 2 : 0,
    digits: f.type === 'int' ? 8 : 0,
    nillable:
      !f.required && f.type !== 'boolean' && f.type !== 'id' && !/^(Created|LastModified|SystemMod)/.test(f.name),
    createable: !f.readOnly,
    updateable: !f.readOnly,
    custom: f.name.endsWith('__c'),
    externalId: f.externalId,
    unique: f.unique,
    idLookup: f.type === 'id' || f.externalId || (f.type === 'email' && d.name !== 'Case'),
    nameField: f.name === d.nameField,
    calculated: false,
    autoNumber: f.name === 'CaseNumber',
    defaultedOnCreate: f.defaultValue !== null || f.name === 'OwnerId' || f.type === 'id',
    defaultValue: f.defaultValue,
    filterable: f.type !== 'textarea' || f.length <= 255,
    sortable: f.type !== 'textarea' || f.length <= 255,
    groupable: f.type !== 'textarea',
    referenceTo: f.referenceTo,
    relationshipName: f.relationshipName,
    polymorphicForeignKey: f.referenceTo.length > 1,
    restrictedPicklist: false,
    picklistValues: f.picklist.map((value) => ({
      value,
      label: value,
      active: true,
      defaultValue: value === f.defaultValue,
      validFor: null,
    })),
    caseSensitive: false,
    permissionable: f.name.endsWith('__c') || !(f.required || f.readOnly),
  }
}
