import { join } from 'node:path'
import { baseline } from './baseline.ts'
import { project } from './process.ts'
import type { Pages, Vendor } from './vendor.ts'

type Made = Omit<Pages, 'url' | 'headers'>

async function tokenFrom(url: string, form: Record<string, string>): Promise<string> {
  const reply = await fetch(url, { method: 'POST', body: new URLSearchParams(form) })
  return ((await reply.json()) as { access_token: string }).access_token
}

export const dynamics: Vendor = {
  crm: 'dynamics',
  simulator: 'simulators/dynamics/main.ts',
  simulatorArgs: [],
  connection: ({ url, authority, tenant, clientId, clientSecret }) => ({
    crm: 'dynamics',
    url,
    authentication: { settings: { authority, tenant, clientId }, secret: clientSecret },
    settings: { defaultCountry: 'BE' },
  }),
  moreColumns: ['nickname', 'employeeid', 'governmentid', 'creditlimit', 'address1_composite'],
  token: ({ url, authority, tenant, clientId, clientSecret }) =>
    tokenFrom(`${authority}/${tenant}/oauth2/v2.0/token`, {
      grant_type: 'client_credentials',
      client_id: clientId!,
      client_secret: clientSecret!,
      scope: `${url}/.default`,
    }),
  async prepare(organisation, columns) {
    const asked = new Set([...columns, 'versionnumber', 'modifiedon'])
    const path = `/api/data/v9.2/contacts?$select=${[...asked].join(',')}`
    const prefer = 'odata.track-changes,odata.maxpagesize=5000'
    const made = await organisation.ask<Made>('/prepare', { url: path, prefer })
    return { ...made, url: organisation.url + path, headers: { prefer } }
  },
  sharesPages: true,
  baseline: () => baseline('sync'),
}

const version = 'v67.0'

const salesforce: Vendor = {
  crm: 'salesforce',
  simulator: 'simulators/salesforce/main.ts',
  simulatorArgs: ['--others', '1', '--limit', '100000000'],
  connection: ({ url, clientId, clientSecret }) => ({
    crm: 'salesforce',
    url,
    authentication: { settings: { clientId }, secret: clientSecret },
    settings: { defaultCountry: 'BE' },
  }),
  moreColumns: [],
  token: ({ url, clientId, clientSecret }) =>
    tokenFrom(`${url}/services/oauth2/token`, {
      grant_type: 'client_credentials',
      client_id: clientId!,
      client_secret: clientSecret!,
    }),
  async prepare(organisation, columns) {
    // Both sides read pages of queries: a hub that is told of few rows makes no job.
    const body = JSON.stringify({ totalSize: 1, done: true, records: [] })
    await organisation.ask('/faults', { kind: 'body', status: 200, body, match: 'COUNT()', times: 0 })
    const asked = new Set(['Id', ...columns, 'SystemModstamp'])
    const soql = `SELECT ${[...asked].join(',')} FROM Contact`
    const path = `/services/data/${version}/query?q=${encodeURIComponent(soql)}`
    const made = await organisation.ask<Made>('/prepare', { url: path, token: await organisation.token() })
    return { ...made, url: organisation.url + path, headers: {} }
  },
  sharesPages: false,
  baseline: () => join(project, 'bench/baselines/salesforce.mjs'),
}

/** Rows of a page: as large as APIs of that kind usually allow. */
const httpPage = 1_000

const http: Vendor = {
  crm: 'http',
  simulator: 'simulators/http/main.ts',
  simulatorArgs: [],
  connection: (told) => {
    const definition = told.definition as unknown as { tables: { paging: object }[] }
    const tables = definition.tables.map((table) => ({ ...table, paging: { ...table.paging, size: httpPage } }))
    // That API has no limit, and its definition says so: the hub's usual pace is made for those that nobody knows.
    const quota = { calls: 1_000_000, seconds: 60 }
    return {
      crm: 'generic-http',
      name: 'Bench',
      url: told.url,
      authentication: { settings: { user: told.user, clientId: told.clientId }, secret: told.secret },
      settings: { defaultCountry: 'BE', definition: { ...definition, organisation: 'bench', quota, tables } },
    }
  },
  moreColumns: [],
  token: async ({ secret }) => secret!,
  async prepare(organisation) {
    const headers = { authorization: `Bearer ${await organisation.token()}` }
    const made = { pages: 0, records: 0, bytes: 0 }
    const url = new URL(`${organisation.url}/cursor/contacts?limit=${httpPage}`)
    for (let next: string | null = ''; next !== null; ) {
      if (next !== '') url.searchParams.set('cursor', next)
      const text = await (await fetch(url, { headers })).text()
      const page = JSON.parse(text) as { items: unknown[]; meta: { next_cursor: string | null } }
      made.pages += 1
      made.records += page.items.length
      made.bytes += text.length
      next = page.meta.next_cursor
    }
    url.searchParams.delete('cursor')
    return { ...made, url: url.href, headers: {} }
  },
  sharesPages: false,
  baseline: () => join(project, 'bench/baselines/http.mjs'),
}

const vendors: readonly Vendor[] = [dynamics, salesforce, http]

export const vendorNames: readonly string[] = vendors.map(({ crm }) => crm)

/** One of `vendorNames`. */
export const vendorOf = (name: string): Vendor => vendors.find(({ crm }) => crm === name)!
