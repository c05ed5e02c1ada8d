import { HubError } from '#core/errors.ts'

/**
 * The origin of an organisation from what people paste: with a page's path, without a scheme, or of the API's own
 * host. Plain http stays only where a port is given, which is for hosts that the operator allows by host and port.
 */
export function normaliseUrl(text: string): string {
  const pasted = text.trim().replace(/^[<"']+|[>"']+$/g, '')
  const withScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(pasted) ? pasted : `https://${pasted}`
  const url = /\s/.test(pasted) || !URL.canParse(withScheme) ? null : new URL(withScheme)
  if (!url?.hostname || (url.protocol !== 'https:' && url.protocol !== 'http:')) throw unreadable()
  if (url.username || url.password) throw unreadable('It must not carry a user name or password.')
  const host = url.hostname.replace(/\.$/, '').replace(/^([^.]+)\.api\.(crm[^.]*\..+)$/, '$1.$2')
  if (!/[.:]/.test(host) && !url.port) throw unreadable()
  return url.port ? `${url.protocol}//${host}:${url.port}` : `https://${host}`
}

function unreadable(reason = ''): HubError {
  const message = 'This is not the address of a Dynamics 365 organisation.'
  return new HubError('input.invalid', reason ? `${message} ${reason}` : message, {
    field: 'url',
    mend: 'Paste the address of the app from the browser, such as https://contoso.crm4.dynamics.com.',
  })
}
