import type { AccessToken, Connector } from '#connectors/connector.ts'
import { HubError } from '#core/errors.ts'
import { uuidv7 } from '#core/ids.ts'
import { redactor } from '#core/redact.ts'
import type { Transaction } from '#database/pool.ts'
import { open, seal } from '#secrets/seal.ts'
import type { CheckFindings } from './check.ts'
import type { Authentication } from './connection.ts'
import { type Context, secretPlace } from './context.ts'
import { needKnownPlace } from './kept-secret.ts'
import { findAuthentication, insertAuthentication } from './store.ts'
import { renewer } from './token-renewal.ts'

/** New credentials, or those of an authentication that is there already. */
export type GivenAuthentication = { settings: Record<string, string>; secret: string } | { id: string }

export interface Credentials {
  /** Of an authentication that is there already. */
  id: string | null
  settings: Record<string, string>
  secret: string
  /** Where somebody signed in to the CRM in a window, tokens are had by what that gave. */
  obtain?: () => Promise<AccessToken>
}

export async function credentialsOf(
  context: Context,
  given: GivenAuthentication,
  place: Parameters<typeof needKnownPlace>[2],
): Promise<Credentials> {
  if (!('id' in given)) {
    if (given.secret.trim() === '') {
      throw new HubError('input.invalid', 'No secret was given', { field: 'secret', mend: 'Give the client secret.' })
    }
    redactor.register(given.secret.trim())
    return { id: null, settings: trimmed(given.settings), secret: given.secret.trim() }
  }
  const kept = await findAuthentication(context.pool, given.id)
  if (kept.secret === null) {
    throw new HubError('connection.not_ready', `The authentication “${kept.name}” has no secret any more`, {
      mend: 'Enter the credentials again.',
    })
  }
  await needKnownPlace(context, kept, place)
  const secret = open(context.keyring, secretPlace('authentication', kept.id, 'secret'), kept.secret)
  const { connector, url } = place
  const holder = { authenticationId: kept.id, url: connector.normaliseUrl(url), crm: connector.manifest.crm }
  const obtain = kept.isConsented ? { obtain: renewer(context, holder) } : {}
  return { id: kept.id, settings: kept.settings, secret, ...obtain }
}

export function trimmed(settings: Record<string, string>): Record<string, string> {
  const pairs = Object.entries(settings).map(([name, value]) => [name, value.trim()] as const)
  return Object.fromEntries(pairs.filter(([, value]) => value !== ''))
}

/** `own`: of credentials that are made by themselves. */
export async function storeCredentials(
  tx: Transaction,
  context: Context,
  given: {
    connector: Connector
    credentials: Pick<Credentials, 'secret'>
    findings: Pick<CheckFindings, 'url' | 'settings'>
    own?: Pick<Authentication, 'name' | 'madeFor'>
  },
): Promise<string> {
  const { connector, credentials, findings, own } = given
  const id = uuidv7()
  await insertAuthentication(tx, {
    id,
    name: own?.name ?? `${connector.manifest.title} ${new URL(findings.url).hostname}`,
    madeFor: own?.madeFor ?? null,
    kind: connector.manifest.authentication.kind,
    settings: findings.settings,
    secret: seal(context.keyring, secretPlace('authentication', id, 'secret'), credentials.secret),
  })
  return id
}
