import type { Directory } from '../entra/data.ts'
import { readJwt } from '../entra/keys.ts'
import { ServiceError } from './errors.ts'
import { lacks, type Organization } from './organization.ts'
import type { Privilege } from './privileges.ts'

export type Authenticator = {
  directory: Directory
  /** Tokens seen good: the signature of one is checked once. */
  known: Map<string, { expiresAt: number; userId: string | null }>
}

/** The systemuser that a bearer token stands for; 401 with the challenge, or 403 for a stranger. */
export function authenticate(
  auth: Authenticator,
  org: Organization,
  authorization: string | undefined,
  origin: string,
): string {
  const token = /^bearer (.+)$/i.exec(authorization ?? '')?.[1]
  if (!token) throw challenge(auth, origin, '')
  const found = auth.known.get(token) ?? learn(auth, org, token, origin)
  if (!found) throw challenge(auth, origin, ', error=invalid_token, error_description="The access token is not valid"')
  if (found.expiresAt <= Date.now()) {
    auth.known.delete(token)
    throw challenge(auth, origin, ', error=invalid_token, error_description="The access token expired"')
  }
  if (found.userId === null || !org.settings.member || !isEnabled(org, found.userId))
    throw new ServiceError(403, '0x80072560', 'The user is not a member of the organization.')
  return found.userId
}

function challenge(auth: Authenticator, origin: string, more: string): ServiceError {
  const uri = `${origin}/${auth.directory.tenantId}/oauth2/authorize`
  return new ServiceError(401, '', 'HTTP Error 401 - Unauthorized: Access is denied', {
    'www-authenticate': `Bearer authorization_uri=${uri}, resource_id=${origin}/${more}`,
    req_id: '0',
  })
}

/** A clock ten minutes off must not make every token void: only the token's own times count here. */
function learn(
  auth: Authenticator,
  org: Organization,
  token: string,
  origin: string,
): { expiresAt: number; userId: string | null } | null {
  const claims = readJwt(auth.directory.keys, token)
  if (!claims) return null
  const audience = String(claims.aud).replace(/\/+$/, '').toLowerCase()
  if (audience !== origin.toLowerCase() || claims.tid !== auth.directory.tenantId) return null
  const found = { expiresAt: Number(claims.exp) * 1000, userId: userOf(org, claims) }
  if (auth.known.size > 10_000) auth.known.clear()
  auth.known.set(token, found)
  return found
}

function userOf(org: Organization, claims: Record<string, unknown>): string | null {
  const users = org.tables.get('systemuser')!
  for (const user of users.entries.values()) {
    if (user.deleted) continue
    const isApp = claims.idtyp === 'app' && user.fields.applicationid === claims.appid
    const isPerson = claims.idtyp === 'user' && user.fields.azureactivedirectoryobjectid === claims.oid
    if (isApp || isPerson) return user.id
  }
  return null
}

function isEnabled(org: Organization, userId: string): boolean {
  const user = org.tables.get('systemuser')!.entries.get(userId)
  return user !== undefined && !user.deleted && user.fields.isdisabled !== true
}

export function demand(org: Organization, userId: string, privilege: Privilege, logical: string): void {
  if (!lacks(org, userId, privilege, logical)) return
  const definition = org.tables.get(logical)!.definition
  throw new ServiceError(
    403,
    '0x80040220',
    `Principal user (Id=${userId}, type=8, roleCount=1, privilegeCount=465, accessMode=4), is missing prv${privilege}${definition.activity ? 'Activity' : logical} privilege (Id=886b280c-6396-4d56-a0a3-2c1b0a50ceb0) on OTC=${definition.code} for entity '${logical}'. context.Caller=${userId}`,
  )
}

/** Who the call is made for: `CallerObjectId`, or the older `MSCRMCallerID`. */
export function impersonate(org: Organization, caller: string, headers: Record<string, string>): string {
  const objectId = headers.callerobjectid?.toLowerCase()
  const userId = headers.mscrmcallerid?.toLowerCase()
  if (!objectId && !userId) return caller
  for (const user of org.tables.get('systemuser')!.entries.values()) {
    if (user.deleted) continue
    if (user.id === userId || (objectId && user.fields.azureactivedirectoryobjectid === objectId)) return user.id
  }
  throw new ServiceError(403, '0x80040204', `Invalid user auth. The user ${objectId ?? userId} was not found.`)
}
