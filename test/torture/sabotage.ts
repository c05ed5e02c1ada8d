import { randomUUID } from 'node:crypto'
import type pg from 'pg'
import { recordId } from '#core/ids.ts'
import { judgeRecords, takePicture } from './judge.ts'
import { withClient } from './postgres.ts'
import { copied, passedOnce, settled } from './quiesce.ts'
import { type Chance, chanceOf } from './random.ts'
import { dynamics } from './subjects/dynamics.ts'
import { startWorld, type World } from './world.ts'

export interface SabotageOptions {
  seed: number
  records: number
  program?: string
}

const rowsHurt = 37
/** The tables that are hurt; a third one is left alone. */
const hurtEntities = ['account', 'contact'] as const
const sparedEntity = 'user'

interface AuditAnswer {
  audited: Record<string, { named: { sourceId: string; kind: string }[]; differences: number; healed: number }>
  differences: number
  healed: number
}

/** Rows hurt behind the hub's back by SQL: the audit names exactly those, heals them, and then names none. */
export async function runSabotage(options: SabotageOptions): Promise<boolean> {
  const { seed, records, program } = options
  const world = await startWorld({
    subject: dynamics,
    topology: 'alone',
    records,
    seed,
    ...(program ? { program } : {}),
  })
  try {
    const connection = await world.connect('incremental sync')
    await copied(world, connection)
    const calm = await audit(world, connection)
    const hurt = await withClient(await world.postgres.url(), (client) => hurtRows(client, chanceOf(seed)))
    const found = await audit(world, connection)
    const after = await audit(world, connection)
    await passedOnce(world, connection)
    await settled(world, connection)
    const left = judgeRecords(await takePicture(world, connection))
    const named = Object.entries(found.audited).flatMap(([entity, { named: list }]) =>
      list.map(({ sourceId }) => `${entity} ${sourceId}`),
    )
    const summary = summarise({ hurt, named, calm, found, after, left: left.length })
    for (const [name, how] of hurt) if (!named.includes(name)) console.log(`not named: ${name} (${how})`)
    for (const name of named) if (!hurt.has(name)) console.log(`named, and not hurt: ${name}`)
    for (const { kind, told } of left.slice(0, 20)) console.log(`not healed: ${kind}, ${told}`)
    console.log(JSON.stringify({ ...summary, seed, hurtBy: Object.fromEntries(countBy([...hurt.values()])) }))
    return summary.ok
  } finally {
    await world.close(false)
  }
}

function summarise(seen: {
  hurt: Map<string, string>
  named: string[]
  calm: AuditAnswer
  found: AuditAnswer
  after: AuditAnswer
  left: number
}) {
  const { hurt, named, calm, found, after, left } = seen
  const exact = named.length === hurt.size && named.every((name) => hurt.has(name))
  const spared = found.audited[sparedEntity]?.named.length ?? -1
  const quiet = calm.differences === 0 && after.differences === 0 && spared === 0
  return {
    name: 'torture-sabotage',
    ok: exact && quiet && left === 0 && found.healed === hurt.size && hurt.size === rowsHurt,
    hurt: hurt.size,
    named: named.length,
    healed: found.healed,
    namedBefore: calm.differences,
    namedAfter: after.differences,
    namedInUntouchedTable: spared,
    left,
  }
}

const countBy = (list: readonly string[]) =>
  [...Map.groupBy(list, (one) => one)].map(([one, all]) => [one, all.length] as const)

async function audit(world: World, connection: string): Promise<AuditAnswer> {
  const { last } = await world.cli(['audit', connection, '--repair', '--json'])
  return last as unknown as AuditAnswer
}

interface HurtTable {
  id: number
  entity: string
  crm: string
  organisation: string
}

/** How an alteration is made; each changes one row and leaves the rest as it is. */
const alterations: Record<string, string> = {
  'another content': `source = regexp_replace(source, '"description":("[^"]*"|null)', '"description":"sabotage"')`,
  'an older version': 'mark = array[mark[1] - 1]',
  'a later version': 'mark = array[mark[1] + 1000000]',
  'no version': 'mark = null',
  'another name': `name = 'Sabotage', search_text = 'sabotage'`,
  'made a tombstone': 'deleted_at = now()',
  'put out of scope': 'out_of_scope_at = now()',
  'another number': `points = array['p:0000000023:telephone1']`,
}

/** `entity source id` → how it was hurt. */
async function hurtRows(client: pg.Client, chance: Chance): Promise<Map<string, string>> {
  const { rows: tables } = await client.query<HurtTable>(
    `select t.id, t.entity, c.crm, c.organisation from jackfield.synced_table t
      join jackfield.connection c on c.id = t.connection_id where t.entity = any($1)`,
    [hurtEntities],
  )
  const hurt = new Map<string, string>()
  while (hurt.size < rowsHurt) {
    const table = chance.pick(tables)
    const { sourceId, how } = await hurtOne(client, table, { chance, taken: [...hurt.keys()] })
    hurt.set(`${table.entity} ${sourceId}`, how)
  }
  return hurt
}

async function hurtOne(
  client: pg.Client,
  table: HurtTable,
  { chance, taken }: { chance: Chance; taken: readonly string[] },
): Promise<{ sourceId: string; how: string }> {
  const { rows } = await client.query<{ id: string; sourceId: string }>(
    `select id, source_id as "sourceId" from jackfield.record
      where table_id = $1 and deleted_at is null and $2 || ' ' || source_id <> all($3) order by id offset $4 limit 1`,
    [table.id, table.entity, taken, chance.whole(0, 250)],
  )
  const { id, sourceId } = rows[0]!
  const draw = chance.next()
  if (draw < 0.3) {
    await client.query('delete from jackfield.record where table_id = $1 and id = $2', [table.id, id])
    return { sourceId, how: 'deleted' }
  }
  if (draw < 0.7) {
    const how = chance.pick(Object.keys(alterations))
    await client.query(`update jackfield.record set ${alterations[how]} where table_id = $1 and id = $2`, [
      table.id,
      id,
    ])
    return { sourceId, how }
  }
  return addRow(client, table, { like: id, rightId: chance.next() < 0.5 })
}

/** A row that the CRM never had, under the id that the hub would give it or under any. */
async function addRow(
  client: pg.Client,
  { id: tableId, entity, crm, organisation }: HurtTable,
  { like, rightId }: { like: string; rightId: boolean },
): Promise<{ sourceId: string; how: string }> {
  const sourceId = randomUUID()
  const id = rightId ? recordId({ crm, organisation, entity, sourceId }) : randomUUID()
  await client.query(
    `insert into jackfield.record(table_id, id, rule_version, active, ticket, content_hash, mark, modified_at, stored_at,
        source_id, name, search_text, points, links, source)
      select table_id, $3, rule_version, active, ticket, content_hash, mark, modified_at, stored_at, $4, name, search_text,
        points, links, source from jackfield.record where table_id = $1 and id = $2`,
    [tableId, like, id, sourceId],
  )
  return { sourceId, how: rightId ? 'added' : 'added under a foreign id' }
}
