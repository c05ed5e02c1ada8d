import { z } from 'zod'
import type { CrmCall, CrmReply, CrmSession } from '#connectors/call.ts'
import { HubError } from '#core/errors.ts'
import { apiPath, limitExceeded, vendorError } from './client.ts'

const faults = z.array(z.object({ message: z.string(), errorCode: z.string() })).min(1)

/** One call of the Metadata or Tooling API for a person who waits. Throws crm.privilege_missing, crm.refused. */
export async function askMetadata<T>(
  session: CrmSession,
  path: string,
  shape: z.ZodType<T>,
  call: Pick<CrmCall, 'method' | 'headers' | 'body'>,
): Promise<T> {
  const retry = call.method === undefined ? 'safe' : 'never'
  const reply = await session.call(`${apiPath(session)}/${path}`, {
    ...call,
    lane: 'person',
    retry,
    deadlineMs: 60_000,
  })
  if (reply.status >= 400) throw refusal(reply)
  const parsed = shape.safeParse(parse(reply.text))
  if (parsed.success) return parsed.data
  throw new HubError('crm.body_invalid', `Salesforce’s answer to ${path.split('?')[0]} is not what was expected`)
}

function refusal(reply: CrmReply): HubError {
  const { status, text } = reply
  const [first] = faults.safeParse(parse(text)).data ?? []
  const told = { vendorStatus: status, ...(first ? { vendorCode: first.errorCode, vendorText: first.message } : {}) }
  const mayNot = status === 403 && first?.errorCode !== 'REQUEST_LIMIT_EXCEEDED'
  if (mayNot || first?.errorCode === 'INSUFFICIENT_ACCESS') {
    return new HubError('crm.privilege_missing', 'The hub’s user in Salesforce may not deploy', {
      ...told,
      mend: 'Give it “Modify Metadata Through Metadata API Functions” and “Author Apex”, or download the package and deploy it yourself.',
    })
  }
  if (first?.errorCode === 'REQUEST_LIMIT_EXCEEDED') {
    const { code, reason, ...until } = limitExceeded(vendorError(reply), reply)
    return new HubError(code, `Salesforce takes no more requests: ${reason}`, { ...told, ...until })
  }
  return new HubError('crm.refused', `Salesforce refused: ${first?.message ?? `status ${status}`}`, told)
}

function parse(text: string): unknown {
  try {
    return text === '' ? null : JSON.parse(text)
  } catch {
    return undefined
  }
}
