import { type RunningSalesforce, type SalesforceOptions, startSalesforce } from '../../simulators/salesforce/server.ts'
import type { TestScope } from '../support/database.ts'
import { type DumpedRow, hubTo, type TestHub } from '../support/hub.ts'
import { readDump } from '../support/simulator-control.ts'

export interface SalesforceHub extends TestHub<RunningSalesforce> {
  /** What others do in the organisation. */
  records<T = { id: string; version: number }>(change: object): Promise<T>
  /** Rows of one of our entities, as the organisation holds them. */
  dump(entity: string): ReturnType<TestHub['dump']>
}

const objects: Record<string, string> = {
  account: 'Account',
  contact: 'Contact',
  user: 'User',
  incident: 'Case',
  appointment: 'Event',
}

/** A hub without its doors, connected to a simulated organisation when `connect` is called. */
export async function salesforceHub(
  t: TestScope,
  options: SalesforceOptions & { pageSize?: number } = {},
): Promise<SalesforceHub> {
  const { pageSize, ...rest } = options
  const crm = await startSalesforce({ records: 60, seed: 7, ...rest })
  t.after(() => crm.close())
  const hub = await hubTo(t, crm, {
    input: {
      crm: 'salesforce',
      url: crm.url,
      authentication: { settings: { clientId: crm.clientId }, secret: crm.clientSecret },
      settings: { defaultCountry: 'BE' },
    },
    hosts: [crm.url],
    ...(pageSize === undefined ? {} : { pageSize }),
  })
  return {
    ...hub,
    records: (change) => hub.control('/records', change),
    dump: async (entity) => {
      const rows = await readDump<DumpedRow>(crm.control, objects[entity] ?? entity)
      return rows.map((row) => ({ ...row, version: Date.parse(String(row.fields.SystemModstamp)) }))
    },
  }
}

/** The other way to sign in. */
export const jwtOf = (crm: RunningSalesforce) => ({
  settings: { flow: 'jwt_bearer', clientId: crm.clientId, username: crm.username },
  secret: crm.privateKey,
})
