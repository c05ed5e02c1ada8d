import { recordWrite } from '../exchange/request-log.ts'
import { actions } from './actions.ts'
import { batch } from './batch.ts'
import { createMultiple, updateMultiple, upsertMultiple } from './bulk.ts'
import { odata, ServiceError } from './errors.ts'
import type { Reply } from './http.ts'
import { metadataWrite } from './metadata-writes.ts'
import { type Call, noSegment, tableOf } from './service.ts'
import type { Simulator } from './simulator.ts'
import {
  addReference,
  clearProperty,
  create,
  remove,
  removeReference,
  setProperty,
  type Write,
  writeRow,
} from './write-rows.ts'

/** Everything but GET. Each write is logged with what became of it, so that doubled ones can be proven. */
export function writes(sim: Simulator, call: Call, references = new Map<string, string>()): Reply {
  const [first = ''] = call.segments
  if (first === '$batch') return batch(sim, call, writes)
  if (first.startsWith('EntityDefinitions')) return metadataWrite(call)
  const write: Write = { call, references, outcome: { operation: 'unknown', entity: null, id: null, version: null } }
  const log = (status: number) =>
    recordWrite(sim.log, { ...facts(call), ...write.outcome, status, cut: false, rolledBack: false })
  try {
    const reply = route(write)
    log(reply.status)
    return reply
  } catch (error) {
    log(error instanceof ServiceError ? error.status : 500)
    throw error
  }
}

function facts({ request }: Call) {
  return {
    at: new Date().toISOString(),
    method: request.method,
    path: request.path,
    ifMatch: request.headers['if-match'] ?? null,
    ifNoneMatch: request.headers['if-none-match'] ?? null,
  }
}

function route(write: Write): Reply {
  const { call } = write
  const { segments, request } = call
  const [first = '', second, third] = segments
  const name = first.split('(')[0]!
  const action = actions[name]
  if (action && request.method === 'POST') return action(write)
  const table = tableOf(call, name)
  write.outcome.entity = table.definition.logical
  if (first === name) return onSet(write, second)
  if (second === undefined) return onRow(write)
  if (second.startsWith('Microsoft.Dynamics.CRM.')) {
    const bound = actions[`${table.definition.logical} ${second.replace('Microsoft.Dynamics.CRM.', '')}`]
    if (!bound) throw odata('Request message has unresolved parameters.')
    return bound(write)
  }
  if (third === '$ref')
    return request.method === 'DELETE' ? removeReference(write, second) : addReference(write, second)
  if (request.method === 'PUT' || request.method === 'PATCH') return setProperty(write, second)
  if (request.method === 'DELETE') return clearProperty(write, second)
  throw noSegment(second)
}

function onSet(write: Write, second: string | undefined): Reply {
  const { method } = write.call.request
  if (method !== 'POST') throw odata('The requested resource does not support http method.', 405)
  switch (second?.replace('Microsoft.Dynamics.CRM.', '')) {
    case undefined:
      return create(write)
    case 'CreateMultiple':
      return createMultiple(write)
    case 'UpdateMultiple':
      return updateMultiple(write)
    case 'UpsertMultiple':
      return upsertMultiple(write)
    default:
      throw odata('Request message has unresolved parameters.')
  }
}

function onRow(write: Write): Reply {
  switch (write.call.request.method) {
    case 'PATCH':
      return writeRow(write)
    case 'DELETE':
      return remove(write)
    default:
      throw odata('The requested resource does not support http method.', 405)
  }
}
