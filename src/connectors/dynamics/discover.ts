import type { OpenDoor } from '#connectors/call.ts'
import { HubError } from '#core/errors.ts'
import { apiPath } from './client.ts'

const discoverDeadlineMs = 20_000

// Public, US government, and China; the older names are what some challenges still carry.
const authorities: Record<string, string> = {
  'login.microsoftonline.com': 'https://login.microsoftonline.com',
  'login.windows.net': 'https://login.microsoftonline.com',
  'login.microsoftonline.us': 'https://login.microsoftonline.us',
  'login.partner.microsoftonline.cn': 'https://login.partner.microsoftonline.cn',
  'login.chinacloudapi.cn': 'https://login.partner.microsoftonline.cn',
}

/**
 * Tenant and authority from the organisation's own challenge to a call without a token. A secret follows them, so an
 * authority is taken only from the known clouds or when it is the one that a person gave.
 */
export async function discover(
  door: OpenDoor,
  url: string,
  given: Record<string, string> = {},
): Promise<Record<string, string>> {
  const reply = await door.call(`${url}${apiPath}/WhoAmI`, {
    headers: { accept: 'application/json' },
    deadlineMs: discoverDeadlineMs,
    retry: 'safe',
  })
  const challenge = reply.headers['www-authenticate'] ?? ''
  const uri = /authorization_uri="?([^\s",]+)/i.exec(challenge)?.[1]
  if (reply.status !== 401 || !uri || !URL.canParse(uri)) throw notTheCrm(url, reply.status)
  const { origin, hostname, pathname } = new URL(uri)
  const tenant = /^\/([0-9a-zA-Z.-]+)\//.exec(pathname)?.[1]
  if (!tenant || tenant === 'common' || tenant === 'organizations') throw notTheCrm(url, reply.status)
  const known = authorities[hostname]
  if (known && origin === `https://${hostname}`) return { tenant: tenant.toLowerCase(), authority: known }
  if (given.authority && origin === originOf(given.authority)) {
    return { tenant: tenant.toLowerCase(), authority: origin }
  }
  throw new HubError('connection.not_the_crm', `${url} wants a sign-in at ${hostname}, which is no known cloud.`, {
    field: 'url',
    mend: 'Check the address. If that host is right, give it as the authority together with the tenant.',
  })
}

function originOf(text: string): string | null {
  return URL.canParse(text) ? new URL(text).origin : null
}

function notTheCrm(url: string, status: number): HubError {
  return new HubError('connection.not_the_crm', `${url} does not answer as a Dynamics 365 organisation does.`, {
    field: 'url',
    mend: 'Paste the address of the app from the browser, such as https://contoso.crm4.dynamics.com.',
    vendorStatus: status,
  })
}
