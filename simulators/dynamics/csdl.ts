import { escapeXml } from './cookie.ts'
import type { Reply } from './http.ts'
import type { Organization } from './organization.ts'
import { type AttributeType, type Column, valueColumns } from './schema.ts'
import type { Table } from './table.ts'

const EDM: Partial<Record<AttributeType, string>> = {
  Uniqueidentifier: 'Edm.Guid',
  Lookup: 'Edm.Guid',
  Customer: 'Edm.Guid',
  Owner: 'Edm.Guid',
  BigInt: 'Edm.Int64',
  Decimal: 'Edm.Decimal',
  Money: 'Edm.Decimal',
  Double: 'Edm.Double',
  Boolean: 'Edm.Boolean',
  DateTime: 'Edm.DateTimeOffset',
  DateOnly: 'Edm.Date',
  String: 'Edm.String',
  Memo: 'Edm.String',
  MultiSelectPicklist: 'Edm.String',
}

/** `$metadata`: tables, columns and navigation properties as the Common Schema Definition Language has them. */
export function csdl(org: Organization, annotations: boolean): Reply {
  const tables = [...org.tables.values()]
  const sets = tables.map(
    ({ definition: d }) => `<EntitySet Name="${d.set}" EntityType="Microsoft.Dynamics.CRM.${d.logical}" />`,
  )
  const version = annotations
    ? `<Annotation Term="Microsoft.Dynamics.CRM.globalmetadataversion" String="${org.metadataVersion}" />`
    : ''
  const body = [
    '<?xml version="1.0" encoding="utf-8"?>',
    '<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>',
    '<Schema Namespace="Microsoft.Dynamics.CRM" Alias="mscrm" xmlns="http://docs.oasis-open.org/odata/ns/edm">',
    '<EntityType Name="crmbaseentity" Abstract="true" />',
    ...tables.map((table) => entityType(org, table)),
    `<EntityContainer Name="System">${sets.join('')}${version}</EntityContainer>`,
    '</Schema></edmx:DataServices></edmx:Edmx>',
  ].join('\n')
  return { status: 200, headers: { 'content-type': 'application/xml', 'odata-version': '4.0' }, body }
}

function entityType(org: Organization, { definition: d }: Table): string {
  const properties = [...valueColumns(d.columns).values()].map(
    (c) => `<Property Name="${escapeXml(c.wire)}" Type="${EDM[c.type] ?? 'Edm.Int32'}" />`,
  )
  const navigations = d.columns.flatMap((c) => navigationsOf(org, c))
  const key = `<Key><PropertyRef Name="${d.pk}" /></Key>`
  const all = [...properties, ...new Set(navigations)].join('')
  return `<EntityType Name="${d.logical}" BaseType="mscrm.crmbaseentity">${key}${all}</EntityType>`
}

function navigationsOf(org: Organization, c: Column): string[] {
  const owner = '<NavigationProperty Name="ownerid" Type="mscrm.principal" />'
  if (c.type === 'Owner') return [owner]
  return Object.entries(c.navs ?? {})
    .filter(([target]) => org.tables.has(target))
    .map(([target, nav]) => `<NavigationProperty Name="${nav}" Type="mscrm.${target}" />`)
}
