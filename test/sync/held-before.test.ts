import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { type TestHub, testHub, until } from '../support/hub.ts'

const isCopied = (hub: TestHub) =>
  until(async () => {
    const { rows } = await hub.pool.query<{ open: bigint }>(
      'select count(*) as open from jackfield.synced_table where enabled and first_pass_at is null',
    )
    return rows[0]!.open === 0n
  })

const counts = async (hub: TestHub) => {
  const { rows } = await hub.pool.query(
    `select (select count(*) from jackfield.record) as records, (select count(*) from jackfield.contact_point) as points,
      (select count(*) from jackfield.relation) as relations`,
  )
  return rows[0]
}

type Rows = Record<string, unknown>[]

/** An organisation as a hub has it that copied it whole, and another hub that is to copy it still. */
async function copiedAndToCopy(t: TestContext) {
  const copied = await testHub(t, { records: 300 })
  await copied.connect()
  copied.worker()
  await isCopied(copied)
  const rowsOf = async (table: string) =>
    (await copied.pool.query<Rows[number]>(`select * from jackfield.${table}`)).rows
  const [records, points, relations] = await Promise.all(['record', 'contact_point', 'relation'].map(rowsOf))

  const hub = await testHub(t, { records: 300 })
  await hub.connect()
  const insert = (table: string, rows: Rows) =>
    hub.pool.query(
      `insert into jackfield.${table} select * from json_populate_recordset(null::jackfield.${table}, $1::json)`,
      [JSON.stringify(rows, (_, value) => (typeof value === 'bigint' ? String(value) : value))],
    )
  return { copied, hub, insert, records: records!, points: points!, relations: relations! }
}

const everyOther = (rows: Rows) => rows.filter((_, i) => i % 2 === 0)

test('keys that a fault left behind without their record do not stop the first copy', async (t) => {
  const { copied, hub, insert, points, relations } = await copiedAndToCopy(t)
  await insert('contact_point', everyOther(points))
  await insert('relation', everyOther(relations))
  hub.worker()
  await isCopied(hub)
  assert.deepEqual(await counts(hub), await counts(copied))
})

test('records that pushes brought before their page are kept by the first copy, and the others beside them are stored', async (t) => {
  const { copied, hub, insert, records, points, relations } = await copiedAndToCopy(t)
  const pushed = everyOther(records)
  const ids = new Set(pushed.map(({ id }) => id))
  const isPushed = ({ record_id: id }: Rows[number]) => ids.has(id)
  await insert('record', pushed)
  await insert('contact_point', points.filter(isPushed))
  await insert('relation', relations.filter(isPushed))
  const before = await storedAt(hub)
  hub.worker()
  await isCopied(hub)
  assert.deepEqual(await counts(hub), await counts(copied))
  const after = await storedAt(hub)
  assert.deepEqual(
    [...before].filter(([id, at]) => after.get(id) !== at),
    [],
  )
})

async function storedAt(hub: TestHub): Promise<Map<string, string>> {
  const { rows } = await hub.pool.query<{ id: string; at: string }>(
    'select id, stored_at::text as at from jackfield.record',
  )
  return new Map(rows.map(({ id, at }) => [id, at]))
}
