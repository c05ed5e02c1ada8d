import { HubError } from '#core/errors.ts'

const example = 'Paste the organisation’s My Domain address, such as https://contoso.my.salesforce.com.'

/**
 * The origin of an organisation from what people paste: a page of Lightning or Setup is brought to My Domain, where the
 * API is. Plain http stays only where a port is given, which is for hosts that the operator allows by host and port.
 */
export function normaliseUrl(text: string): string {
  const pasted = text.trim().replace(/^[<"']+|[>"']+$/g, '')
  const withScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(pasted) ? pasted : `https://${pasted}`
  const url = /\s/.test(pasted) || !URL.canParse(withScheme) ? null : new URL(withScheme)
  if (!url?.hostname || (url.protocol !== 'https:' && url.protocol !== 'http:')) throw unreadable()
  if (url.username || url.password) throw unreadable('It must not carry a user name or password.')
  const host = toMyDomain(url.hostname.replace(/\.$/, ''))
  if (/^(login|test|welcome|www)\.salesforce\.com$/.test(host))
    throw unreadable('It is the same for all organisations.')
  if (!/[.:]/.test(host) && !url.port) throw unreadable()
  return url.port ? `${url.protocol}//${host}:${url.port}` : `https://${host}`
}

/** `contoso--test.sandbox.lightning.force.com` → `contoso--test.sandbox.my.salesforce.com`. */
function toMyDomain(host: string): string {
  return host
    .replace(/^(.+)\.lightning\.force\.com$/, '$1.my.salesforce.com')
    .replace(/^(.+)\.my\.salesforce-setup\.com$/, '$1.my.salesforce.com')
}

function unreadable(reason = ''): HubError {
  const message = 'This is not the address of a Salesforce organisation.'
  return new HubError('input.invalid', reason ? `${message} ${reason}` : message, { field: 'url', mend: example })
}

export function notTheCrm(url: string, more: { vendorStatus?: number; cause?: unknown } = {}): HubError {
  const message = `${url} does not answer as a Salesforce organisation does.`
  return new HubError('connection.not_the_crm', message, { field: 'url', mend: example, ...more })
}
