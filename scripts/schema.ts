import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Queryable } from '#database/pool.ts'
import { type TestScope, testDatabase } from '../test/support/database.ts'

const head = `# The schema
Written from the catalogue of a migrated database by \`node scripts/schema.ts\`; a test compares the two. What a table is for is told by the folder that owns it ([ARCHITECTURE.md](../ARCHITECTURE.md)).
`

interface Table {
  oid: number
  name: string
  comment: string | null
}

interface Column {
  name: string
  type: string
  rest: string | null
  comment: string | null
}

/** Every table of the hub's schema with its columns, constraints and indexes, as markdown. */
export async function describeSchema(db: Queryable): Promise<string> {
  const tables = await db.query<Table>(
    `select oid::int as oid, relname as name, obj_description(oid, 'pg_class') as comment from pg_class
     where relnamespace = 'jackfield'::regnamespace and relkind = 'r' order by relname`,
  )
  const parts = [head]
  for (const table of tables.rows) parts.push(await describeTable(db, table))
  const sequences = await db.query<{ name: string }>(
    `select relname as name from pg_class c where relnamespace = 'jackfield'::regnamespace and relkind = 'S'
       and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'i') order by relname`,
  )
  parts.push(`## Sequences\n${sequences.rows.map(({ name }) => `- \`${name}\``).join('\n')}\n`)
  return parts.join('\n')
}

async function describeTable(db: Queryable, { oid, name, comment }: Table): Promise<string> {
  const columns = await db.query<Column>(
    `select a.attname as name, format_type(a.atttypid, a.atttypmod) as type,
       nullif(concat_ws(', ', case when a.attnotnull then 'not null' end,
         case a.attidentity when 'a' then 'identity' end, 'default ' || pg_get_expr(d.adbin, d.adrelid)), '') as rest,
       col_description(a.attrelid, a.attnum) as comment
     from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
     where a.attrelid = $1 and a.attnum > 0 and not a.attisdropped order by a.attnum`,
    [oid],
  )
  const constraints = await db.query<{ text: string }>(
    `select pg_get_constraintdef(oid) as text from pg_constraint
     where conrelid = $1 and contype in ('p', 'u', 'f', 'c') order by position(contype in 'pufc'), 1`,
    [oid],
  )
  const indexes = await db.query<{ name: string; text: string; comment: string | null }>(
    `select c.relname as name, regexp_replace(pg_get_indexdef(i.indexrelid), '^CREATE (UNIQUE )?INDEX \\S+ ON \\S+ USING', '\\1') as text,
       obj_description(c.oid, 'pg_class') as comment
     from pg_index i join pg_class c on c.oid = i.indexrelid
     where i.indrelid = $1 and not exists (select from pg_constraint k where k.conindid = i.indexrelid and k.contype in ('p', 'u'))
     order by c.relname`,
    [oid],
  )
  const list = [
    ...constraints.rows.map(({ text }) => `- ${code(text)}`),
    ...indexes.rows.map(
      (index) => `- index \`${index.name}\`: ${code(index.text)}${index.comment ? ` — ${index.comment}` : ''}`,
    ),
  ]
  return `## ${name}
${comment ? `${comment}\n` : ''}
| column | type | | what it holds |
|---|---|---|---|
${columns.rows.map((column) => `| \`${column.name}\` | ${column.type} | ${cell(column.rest)} | ${cell(column.comment)} |`).join('\n')}

${list.join('\n')}
`
}

const cell = (text: string | null) => (text ?? '').replaceAll('|', '\\|')
const code = (text: string) => `\`${text.trim()}\``

if (import.meta.main) {
  const ending: (() => Promise<void>)[] = []
  const scope: TestScope = { name: 'schema', passed: true, after: (hook) => void ending.push(hook) }
  const { pool } = await testDatabase(scope)
  writeFileSync(join(import.meta.dirname, '../migrations/schema.md'), await describeSchema(pool))
  // A hook may add another.
  for (let hook = ending.shift(); hook; hook = ending.shift()) await hook()
  process.exit()
}
