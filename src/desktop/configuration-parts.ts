import { HubError } from '#core/errors.ts'
import { uuidv7 } from '#core/ids.ts'
import { inTransaction, type Pool, type Queryable, type Transaction } from '#database/pool.ts'
import { lockConfiguration, nameTaken, needVersion } from './configuration.ts'
import type { PartDefinition } from './definitions.ts'

export type Part = PartDefinition & {
  id: string
  configurationId: string
  name: string
  description: string
  active: boolean
  /** Agent workflows that name it. */
  usedBy: { id: string; name: string }[]
  version: number
  createdBy: string
  createdAt: Date
  changedAt: Date
}

export type PartInput = PartDefinition & Pick<Part, 'name' | 'description' | 'active'>

// An id stands in a definition only where the part is meant.
const SELECT = `select p.id, p.configuration_id as "configurationId", p.kind, p.name, p.description, p.active, p.definition,
    p.version, p.created_by as "createdBy", p.created_at as "createdAt", p.changed_at as "changedAt",
    (select coalesce(jsonb_agg(jsonb_build_object('id', w.id, 'name', w.name) order by w.position), '[]')
      from jackfield.agent_workflow w where w.configuration_id = p.configuration_id
        and w.definition::text like '%"' || p.id || '"%') as "usedBy"
  from jackfield.configuration_part p`

export async function listParts(db: Queryable, configurationId: string): Promise<Part[]> {
  const { rows } = await db.query<Part>({
    name: 'configuration-parts-list',
    text: `${SELECT} where p.configuration_id = $1 order by p.kind, lower(p.name)`,
    values: [configurationId],
  })
  return rows
}

/** Throws resource.not_found, also for a part of another configuration. */
export async function findPart(db: Queryable, configurationId: string, id: string): Promise<Part> {
  const { rows } = await db.query<Part>({
    name: 'configuration-part-find',
    text: `${SELECT} where p.configuration_id = $1 and p.id = $2`,
    values: [configurationId, id],
  })
  if (rows[0]) return rows[0]
  throw new HubError('resource.not_found', `The configuration has no part ${id}`)
}

export async function createPart(pool: Pool, configurationId: string, part: PartInput, by: string): Promise<Part> {
  const { kind, name, description, active, definition } = part
  return inTransaction(pool, async (tx) => {
    await lockConfiguration(tx, configurationId)
    const id = uuidv7()
    await tx.query(
      `insert into jackfield.configuration_part
         (id, configuration_id, kind, name, description, active, definition, created_by)
       values ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [id, configurationId, kind, name, description, active, JSON.stringify(definition), by],
    )
    return findPart(tx, configurationId, id)
  }).catch(nameTaken(name))
}

/** The whole of it anew; its kind stays. Throws settings.changed. */
export async function changePart(
  pool: Pool,
  at: { configurationId: string; id: string; version: number },
  part: PartInput,
): Promise<Part> {
  const { configurationId, id, version } = at
  const { name, description, active, definition } = part
  return inTransaction(pool, async (tx) => {
    await lockConfiguration(tx, configurationId)
    const before = await findPart(tx, configurationId, id)
    needVersion(before, version, 'part')
    if (before.kind !== part.kind) {
      throw new HubError('input.invalid', `“${before.name}” is of the kind ${before.kind}, and stays so`, {
        field: 'kind',
      })
    }
    await tx.query(
      `update jackfield.configuration_part set name = $2, description = $3, active = $4, definition = $5,
         version = version + 1, changed_at = now() where id = $1`,
      [id, name, description, active, JSON.stringify(definition)],
    )
    return findPart(tx, configurationId, id)
  }).catch(nameTaken(name))
}

/** Throws desktop.part_in_use naming what uses it. */
export async function deletePart(pool: Pool, configurationId: string, id: string): Promise<void> {
  await inTransaction(pool, async (tx) => {
    await lockConfiguration(tx, configurationId)
    const part = await findPart(tx, configurationId, id)
    const users = [...part.usedBy.map(({ name }) => name), ...(await searchesThatCreate(tx, configurationId, id))]
    if (users.length > 0) {
      throw new HubError(
        'desktop.part_in_use',
        `“${part.name}” is used by ${users.map((name) => `“${name}”`).join(', ')}`,
        {
          mend: 'Take it out of these first.',
        },
      )
    }
    await tx.query('delete from jackfield.configuration_part where id = $1', [id])
  })
}

async function searchesThatCreate(tx: Transaction, configurationId: string, id: string): Promise<string[]> {
  const { rows } = await tx.query<{ name: string }>(
    `select name from jackfield.configuration_part
      where configuration_id = $1 and kind = 'search' and definition->>'createId' = $2 order by lower(name)`,
    [configurationId, id],
  )
  return rows.map(({ name }) => name)
}
