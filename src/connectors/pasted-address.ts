import { HubError } from '#core/errors.ts'

/** A kind of CRM, as far as its addresses go. */
interface Addressed {
  title: string
  /** Brings the host that people see to that of the API. */
  toApi(host: string): string
  /** What to paste, with an example. */
  mend: string
}

/**
 * The origin of an organisation from what people paste: with a page's path, or without a scheme. Plain http stays only
 * where a port is given, which is for hosts that the operator allows by host and port.
 */
export function originIn(text: string, crm: Addressed): string {
  const pasted = text.trim().replace(/^[<"']+|[>"']+$/g, '')
  const withScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(pasted) ? pasted : `https://${pasted}`
  const url = /\s/.test(pasted) || !URL.canParse(withScheme) ? null : new URL(withScheme)
  if (!url?.hostname || (url.protocol !== 'https:' && url.protocol !== 'http:')) throw noAddress(crm)
  if (url.username || url.password) throw noAddress(crm, 'It must not carry a user name or password.')
  const host = crm.toApi(url.hostname.replace(/\.$/, ''))
  if (!/[.:]/.test(host) && !url.port) throw noAddress(crm)
  return url.port ? `${url.protocol}//${host}:${url.port}` : `https://${host}`
}

export function noAddress({ title, mend }: Addressed, reason = ''): HubError {
  const message = `This is not the address of a ${title} organisation. ${reason}`.trim()
  return new HubError('input.invalid', message, { field: 'url', mend })
}
