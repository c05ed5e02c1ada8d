import { Refused } from '../../support/simulator-control.ts'
import type { Control } from '../clients.ts'
import { type Paced, paced } from '../pace.ts'
import type { Chance } from '../random.ts'
import type { World } from '../world.ts'
import { entities } from './judge.ts'
import type { Source } from './sources.ts'

/** Somebody who edits, takes out of use and deletes rows there that the hub wrote. */
export interface Vandal extends Paced {
  readonly hurt: number
}

/** `strips`: of their source too; a row that is kept when its record is gone would then be the organisation's own. */
export async function createVandal(
  world: World,
  { written }: Source,
  { chance, strips }: { chance: Chance; strips: boolean },
): Promise<Vandal> {
  const { subject, control } = world.beside!
  const rows: { entity: (typeof entities)[number]; id: string }[] = []
  for (const entity of entities) {
    const { label } = written[entity]
    for (const { id, deleted, fields } of await subject.readDump(control, entity))
      if (!deleted && fields.msdyn_source_crm === label) rows.push({ entity, id })
  }
  const left = chance.shuffled(rows)
  let hurt = 0
  const one = async () => {
    const row = left.pop()
    if (!row) return
    hurt += 1
    await hurtRow(control, row, { hurt, draw: chance.next() * (strips ? 1 : 0.85) }).catch((error: unknown) => {
      // The hub took it away meanwhile.
      if (!(error instanceof Refused)) throw error
    })
  }
  return {
    ...paced(one),
    get hurt() {
      return hurt
    },
  }
}

async function hurtRow(
  control: Control,
  { entity, id }: { entity: string; id: string },
  { hurt, draw }: { hurt: number; draw: number },
): Promise<void> {
  if (draw < 0.3) return void (await control.post('/records', { entity, operation: 'delete', id }))
  const name = entity === 'account' ? 'name' : 'lastname'
  const fields =
    draw < 0.65
      ? { [name]: `By hand ${hurt}`, telephone1: String(hurt) }
      : draw < 0.85
        ? { statecode: 1, statuscode: 2 }
        : { msdyn_source_crm_id: null }
  await control.post('/records', { entity, operation: 'change', id, fields })
}
