// The bare pipeline of another kind of page: as sync.mjs beside the other baselines, whose README it obeys, with the same
// table, indexes and upsert. What a kind of page is like is handed in: where its rows and its next page are.
import { join } from 'node:path'

const folder = process.env.JACKFIELD_BASELINES ?? join(import.meta.dirname, '../../../shared/baselines')
const { durable, fromProject, options, phoneReader, round } = await import(join(folder, 'bare.mjs'))

const pg = fromProject('pg')
const { Agent, request } = fromProject('undici')

const TABLES = `drop schema if exists baseline_sync cascade; create schema baseline_sync;
  create table baseline_sync.record(entity text not null, external_id text collate "C" not null, name text, email text,
    version bigint, payload jsonb not null, stored_at timestamptz not null default now(), primary key(entity, external_id));
  create table baseline_sync.phone(e164 text collate "C" not null, entity text not null, external_id text collate "C" not null,
    primary key(e164, entity, external_id));
  create index on baseline_sync.phone(entity, external_id);
  create index on baseline_sync.record(lower(email));
  create index on baseline_sync.record using gin(to_tsvector('simple', name))`
const STORE = {
  name: 'store',
  text: `with page as (select * from jsonb_to_recordset($1::jsonb) t(id text, name text, email text, version bigint, payload jsonb, phones text[])),
  kept as (insert into baseline_sync.record(entity, external_id, name, email, version, payload)
    select 'contact', id, name, email, version, payload from page
    on conflict(entity, external_id) do update set name = excluded.name, email = excluded.email, version = excluded.version,
      payload = excluded.payload, stored_at = now() where record.version is distinct from excluded.version returning external_id)
  insert into baseline_sync.phone(e164, entity, external_id)
    select distinct unnest(phones), 'contact', id from page join kept on kept.external_id = page.id on conflict do nothing`,
}

async function storePage({ pool, kind, toE164 }, rows) {
  let text = '['
  for (const row of rows) {
    const phones = []
    for (const number of kind.phones(row)) {
      const e164 = toE164(number)
      if (e164) phones.push(e164)
    }
    text += `${text.length > 1 ? ',' : ''}{"id":${JSON.stringify(kind.id(row))},"name":${JSON.stringify(kind.name(row))},"email":${JSON.stringify(kind.email(row))},"version":${kind.version(row)},"payload":${JSON.stringify(row)},"phones":${JSON.stringify(phones)}}`
  }
  await pool.query({ ...STORE, values: [`${text}]`] })
}

/** `kind`: rowsOf(page), nextOf(page, address), and id, name, email, version, phones of a row. */
export async function run(name, kind) {
  const o = options({
    'first-page': { type: 'string' },
    header: { type: 'string', multiple: true, default: [] },
    'database-url': { type: 'string' },
    'in-flight': { type: 'string', default: '4' },
    country: { type: 'string', default: 'BE' },
    keep: { type: 'boolean', default: false },
  })
  const inFlight = Number(o['in-flight'])
  const pool = new pg.Pool({ connectionString: o['database-url'], max: inFlight })
  const settings = await durable(pool)
  if (!o.keep) await pool.query(TABLES)
  const toE164 = phoneReader(o.country)
  const headers = Object.fromEntries(
    o.header.map((h) => [h.slice(0, h.indexOf(':')).trim(), h.slice(h.indexOf(':') + 1).trim()]),
  )
  const dispatcher = new Agent({ connections: 2 })

  const store = (rows) => storePage({ pool, kind, toE164 }, rows)

  const started = performance.now()
  let records = 0,
    pages = 0,
    next = o['first-page'],
    peak = 0
  const storing = new Set()
  while (next) {
    const { statusCode, body } = await request(next, { headers, dispatcher })
    const text = await body.text()
    if (statusCode !== 200) throw new Error(`${statusCode} from ${next}: ${text.slice(0, 200)}`)
    const page = JSON.parse(text)
    const rows = kind.rowsOf(page)
    next = kind.nextOf(page, next)
    records += rows.length
    pages += 1
    const done = store(rows).finally(() => storing.delete(done))
    storing.add(done)
    if (storing.size >= inFlight) await Promise.race(storing)
    peak = Math.max(peak, process.memoryUsage.rss())
  }
  await Promise.all(storing)
  const seconds = (performance.now() - started) / 1000
  console.log(
    JSON.stringify({
      name,
      records,
      pages,
      seconds: round(seconds),
      rate: Math.round(records / seconds),
      peakRssMb: Math.round(peak / 1048576),
      settings,
    }),
  )
  await pool.end()
  await dispatcher.close()
}
