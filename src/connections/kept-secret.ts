import type { Connector } from '#connectors/connector.ts'
import { HubError } from '#core/errors.ts'
import type { Authentication, Connection } from './connection.ts'
import type { Context } from './context.ts'
import { listConnections } from './store.ts'

/** Settings that send the secret to a sign-in service of their own, whose tokens are for the address that is called. */
const signInPlaces = ['authority', 'loginUrl']

/**
 * A secret that is kept goes nowhere but where it goes already: whoever may name its authentication, and cannot read it,
 * could else have it sent to a host of their own. Throws input.invalid.
 */
export async function needKnownPlace(
  context: Context,
  kept: Authentication,
  place: { connector: Connector; url: string; authentication: Readonly<Record<string, string>> | undefined },
): Promise<void> {
  const { connector, url, authentication = {} } = place
  const isChanged = Object.entries(authentication).some(([name, value]) => (kept.settings[name] ?? '') !== value)
  if (kept.kind !== connector.manifest.authentication.kind || isChanged) throw elsewhere(kept)
  const places = placesOf(kept, await listConnections(context.pool))
  if (places !== null && !places.includes(connector.normaliseUrl(url))) throw elsewhere(kept)
}

/** Origins at which it may be used; null: at any organisation, for its secret goes to a sign-in service of its own. */
export function placesOf(kept: Authentication, connections: readonly Connection[]): string[] | null {
  if (signInPlaces.some((name) => kept.settings[name]) && !kept.settings.scope) return null
  const users = connections.filter((one) => [one.authenticationId, one.peopleAuthenticationId].includes(kept.id))
  return [...new Set([...users.map(({ url }) => url), ...(kept.madeFor ? [kept.madeFor.url] : [])])]
}

const elsewhere = ({ name }: Authentication) =>
  new HubError('input.invalid', `The secret of “${name}” is for another address or way of signing in`, {
    field: 'authentication',
    mend: 'Enter the secret anew: one that is kept is sent only to where it goes already.',
  })
