import { odata } from './errors.ts'
import { empty, json, type Reply } from './http.ts'
import { isDigits, type JsonObject, parseBody } from './json-body.ts'
import { readKey } from './keys.ts'
import { atomically } from './organization.ts'
import { find, type Table } from './table.ts'
import { change, insert, tableOfWrite, type Write } from './write-rows.ts'

/** The targets of a bulk call; one that fails undoes all of them. */
function targets(w: Write, table: Table): JsonObject[] {
  const body = parseBody(table.definition.set, w.call.request.body)
  const list = body.Targets
  if (!Array.isArray(list)) throw odata('Required parameter Targets is missing.')
  return list.map((target) => {
    if (typeof target !== 'object' || target === null || Array.isArray(target) || isDigits(target))
      throw odata('A target must be an entity.')
    if (target['@odata.type'] !== `Microsoft.Dynamics.CRM.${table.definition.logical}`)
      throw odata("The '@odata.type' of a target is missing or wrong.")
    return target as JsonObject
  })
}

export function createMultiple(w: Write): Reply {
  const table = tableOfWrite(w)
  const list = targets(w, table)
  const ids = atomically(w.call.service.org, () => list.map((target) => insert(w, table, target, null).id))
  w.outcome = { ...w.outcome, operation: 'createMultiple', id: ids.join(',') }
  const context = `${w.call.root}$metadata#Microsoft.Dynamics.CRM.CreateMultipleResponse`
  return json(200, JSON.stringify({ '@odata.context': context, Ids: ids }))
}

export function updateMultiple(w: Write): Reply {
  const table = tableOfWrite(w)
  const list = targets(w, table)
  const ids = atomically(w.call.service.org, () =>
    list.map((target) => {
      const id = String(target[table.definition.pk] ?? '').toLowerCase()
      const row = find(table, id)
      if (row === undefined) throw odata(`${table.definition.logical} With Id = ${id} Does Not Exist`, 404)
      return change(w, table, row, target).id
    }),
  )
  w.outcome = { ...w.outcome, operation: 'updateMultiple', id: ids.join(',') }
  return empty()
}

export function upsertMultiple(w: Write): Reply {
  const table = tableOfWrite(w)
  const list = targets(w, table)
  const ids = atomically(w.call.service.org, () =>
    list.map((target) => {
      const address = target['@odata.id']
      const segment =
        typeof address === 'string' ? address : `${table.definition.set}(${String(target[table.definition.pk])})`
      const key = readKey(table, segment)
      return (key.row === undefined ? insert(w, table, target, key) : change(w, table, key.row, target)).id
    }),
  )
  w.outcome = { ...w.outcome, operation: 'upsertMultiple', id: ids.join(',') }
  return empty()
}
