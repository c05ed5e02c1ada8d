import type { Fault } from '../exchange/faults.ts'
import { answerAsTold, spoilBody } from '../exchange/strike.ts'
import { json, type Reply } from './http.ts'

/** Faults that answer in the service's place; null for those that let it work. */
export function answerInstead(fault: Fault, origin: string, userId: string): Reply | null {
  const o = fault.options
  const error = (status: number, code: string, message: string, headers: Record<string, string> = {}) =>
    json(status, JSON.stringify({ error: { code, message } }), headers)
  switch (fault.kind) {
    case '429': {
      const wait = o.retryAfter === undefined ? '5' : o.retryAfter
      const headers: Record<string, string> = wait === null ? {} : { 'retry-after': String(wait) }
      const message = 'Number of requests exceeded the limit of 6000 over time window of 300 seconds.'
      return error(429, String(o.code ?? '0x80072322'), message, headers)
    }
    case '5xx':
    case '500':
    case '502':
    case '503':
    case '504': {
      const status = Number(o.status ?? (fault.kind === '5xx' ? 503 : fault.kind))
      const headers: Record<string, string> = o.retryAfter === undefined ? {} : { 'retry-after': String(o.retryAfter) }
      return error(status, '0x80040216', 'An unexpected error occurred.', headers)
    }
    case 'error-200':
      return error(200, '0x80040216', 'An unexpected error occurred.')
    case 'delta-expired':
      return error(
        400,
        '0x80044352',
        'Version stamp associated with the client has expired. Please perform a full sync.',
      )
    case 'privilege-lost': {
      const entity = String(o.entity ?? 'contact')
      const message = `Principal user (Id=${userId}, type=8, roleCount=1, privilegeCount=465, accessMode=4), is missing prv${o.privilege ?? 'Read'}${entity} privilege (Id=886b280c-6396-4d56-a0a3-2c1b0a50ceb0) on OTC=2 for entity '${entity}'. context.Caller=${userId}`
      return error(403, '0x80040220', message)
    }
    case 'not-member':
      return error(403, '0x80072560', 'The user is not a member of the organization.')
    case 'token-rejected':
      return error(401, '', 'HTTP Error 401 - Unauthorized: Access is denied', {
        'www-authenticate': `Bearer authorization_uri=${origin}/common/oauth2/authorize, resource_id=${origin}/`,
      })
    default:
      return answerAsTold(fault, 'application/json; odata.metadata=minimal')
  }
}

/** Faults that spoil the answer the service gave. */
export function spoil(fault: Fault, reply: Reply, origin: string): Reply {
  const o = fault.options
  const text = () => (typeof reply.body === 'string' ? reply.body : reply.body.toString('utf8'))
  switch (fault.kind) {
    case 'foreign-next-link':
      return {
        ...reply,
        body: text().replace(/("@odata\.nextLink":")https?:\/\/[^/]+/, `$1${o.host ?? 'http://foreign.example'}`),
      }
    case 'no-delta-link':
      return { ...reply, body: text().replace(/,"@odata\.(?:delta|next)Link":"(?:[^"\\]|\\.)*"/, '') }
    default:
      return spoilBody(fault, reply, origin)
  }
}
