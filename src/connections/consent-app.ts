import type { Consent } from '#connectors/connector.ts'
import { HubError } from '#core/errors.ts'
import { open } from '#secrets/seal.ts'
import type { Authentication, Connection } from './connection.ts'
import { type Context, secretPlace } from './context.ts'
import { findAuthentication, findConnection, listConnections, type SealedAuthentication } from './store.ts'

/** A person links their own account of a connection's CRM, or the service is to sign in by an authentication. */
export type ConsentTarget = { connectionId: string } | { authenticationId: string }

/** Tokens are had by a window of the CRM; for HTTP APIs the definition's name of that stands in `kind`. */
export const isByWindow = ({ flow, kind }: Record<string, string>) => (flow ?? kind) === 'authorization_code'

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
    const { crm, url } = await placeOf(context, kept)
    return { ...opened(context, kept, crm), url, connection: null }
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

/** Where it is used, or was made for. */
async function placeOf(context: Context, kept: Authentication): Promise<{ crm: string; url: string }> {
  if (kept.madeFor) return kept.madeFor
  const [first] = (await listConnections(context.pool)).filter((one) => one.authenticationId === kept.id)
  if (first) return first
  throw new HubError('consent.unfit', `Nothing says at which CRM somebody would sign in for “${kept.name}”`)
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

/** For people who write as themselves: there must be something that they can write. Throws consent.unfit. */
export function needPeoplesWindow(context: Context, crm: string): void {
  needConsent(context, crm)
  const { title, abilities } = context.connectorOf(crm).manifest
  if (abilities.write === true) return
  throw new HubError('consent.unfit', `Nobody writes to ${title}: ${abilities.write.lacks}`)
}

function needConsent(context: Context, crm: string): Consent {
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

/** Where the CRM sends people of a connection, or who signs in for the service, back to; null: it has no such window. */
export async function callbackPathOf(context: Context, target: ConsentTarget): Promise<string | null> {
  const { pool } = context
  if ('authenticationId' in target) {
    const kept = await findAuthentication(pool, target.authenticationId)
    const place = await placeOf(context, kept)
    return context.connectorOf(place.crm).consent
      ? callbackPathFor(context, { ...place, settings: kept.settings })
      : null
  }
  const { crm, url, peopleAuthenticationId, authenticationId } = await findConnection(pool, target.connectionId)
  const { consent, manifest } = context.connectorOf(crm)
  if (!consent || manifest.abilities.write !== true) return null
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
