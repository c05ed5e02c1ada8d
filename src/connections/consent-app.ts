import type { Consent } from '#connectors/connector.ts'
import { HubError } from '#core/errors.ts'
import { open } from '#secrets/seal.ts'
import type { Connection } from './connection.ts'
import { type Context, secretPlace } from './context.ts'
import { needKnownPlace } from './kept-secret.ts'
import { findAuthentication, findConnection, type SealedAuthentication } from './store.ts'

/** A person links their own account of a connection's CRM, or the service is to sign in by an authentication. */
export type ConsentTarget = { connectionId: string } | { authenticationId: string; crm: string; url: string }

export interface App {
  consent: Consent
  crm: string
  url: string
  settings: Record<string, string>
  secret: string
  connection: Connection | null
}

/** The app that asks for the consent, where it is sure that its secret goes nowhere else than until now. */
export async function appOf(context: Context, target: ConsentTarget): Promise<App> {
  if (!('connectionId' in target)) {
    const kept = await findAuthentication(context.pool, target.authenticationId)
    const connector = context.connectorOf(target.crm)
    const url = connector.normaliseUrl(target.url)
    await needKnownPlace(context, kept, { connector, url, authentication: undefined })
    return { ...opened(context, kept, target.crm), url, connection: null }
  }
  const connection = await findConnection(context.pool, target.connectionId)
  if (connection.state === 'removed' || !connection.settings.writesAsPerson) {
    throw new HubError('consent.unfit', `Nobody writes to “${connection.name}” by an account of their own`, {
      mend: 'Let people write as themselves in the settings of the connection first.',
    })
  }
  const kept = await findAuthentication(context.pool, connection.peopleAuthenticationId ?? connection.authenticationId)
  return { ...opened(context, kept, connection.crm), url: connection.url, connection }
}

function opened(context: Context, kept: SealedAuthentication, crm: string) {
  const consent = needConsent(context, crm)
  if (kept.secret === null) {
    throw new HubError('connection.not_ready', `The authentication “${kept.name}” has no secret any more`, {
      mend: 'Enter the credentials again.',
    })
  }
  const secret = open(context.keyring, secretPlace('authentication', kept.id, 'secret'), kept.secret)
  return { consent, crm, settings: kept.settings, secret }
}

export function needConsent(context: Context, crm: string): Consent {
  const { consent, manifest } = context.connectorOf(crm)
  if (consent) return consent
  throw new HubError('consent.unfit', `The hub knows no window of ${manifest.title} in which people sign in`)
}

/**
 * Where the CRM sends browsers back to. It holds the window's own host: an answer that came in at another sign-in
 * service's address is none of this one's, so no service is ever shown another's code (RFC 9700 §4.4).
 */
export function callbackPath({ consent, url, settings }: Pick<App, 'consent' | 'url' | 'settings'>): string {
  const nowhere = { redirectUri: 'http://127.0.0.1/', state: '', challenge: '' }
  return `/api/v1/consents/${new URL(consent.window(url, settings, nowhere)).host}/callback`
}

/** Of the app by which a connection's people sign in; null where its CRM has no such window. */
export async function callbackPathOf(context: Context, connectionId: string): Promise<string | null> {
  const { pool } = context
  const { crm, url, peopleAuthenticationId, authenticationId } = await findConnection(pool, connectionId)
  if (!context.connectorOf(crm).consent) return null
  const { settings } = await findAuthentication(pool, peopleAuthenticationId ?? authenticationId)
  return callbackPathFor(context, { crm, url, settings })
}

/** For people to enter in the app's registration. */
export function callbackPathFor(
  context: Context,
  { crm, url, settings }: { crm: string; url: string; settings: Record<string, string> },
): string {
  const connector = context.connectorOf(crm)
  return callbackPath({ consent: needConsent(context, crm), url: connector.normaliseUrl(url), settings })
}
