import type { CheckStep } from '#connectors/connector.ts'
import { HubError } from '#core/errors.ts'
import { redactor } from '#core/redact.ts'
import { inTransaction, type Queryable } from '#database/pool.ts'
import {
  deleteAuthentication,
  findOwnAuthentication,
  lockAuthentication,
  renameAuthentication,
} from './authentication-store.ts'
import { runCheck } from './check.ts'
import type { Authentication, Connection } from './connection.ts'
import { callbackPathFor, isByWindow } from './consent-app.ts'
import { type Context, openDoor } from './context.ts'
import { credentialsOf, storeCredentials, trimmed } from './credentials.ts'
import { listConnections } from './store.ts'

/** Credentials that are made by themselves, to be shared by connections. */
export interface AuthenticationInput {
  name: string
  crm: string
  /** An organisation that they sign in to, as people paste it: they are tried there. */
  url: string
  settings: Record<string, string>
  secret: string
}

export interface Authentications {
  /** Tries them at their organisation, then stores them; throws what is wrong and stores nothing then. */
  create(input: AuthenticationInput, onStep?: (step: CheckStep) => void): Promise<Authentication>
  rename(id: string, name: string): Promise<Authentication>
  /** Throws authentication.in_use with the connections that use it. */
  remove(id: string): Promise<Authentication>
}

export function createAuthentications(context: Context): Authentications {
  const { pool } = context
  return {
    async create(input, onStep) {
      return await showAuthentication(pool, await create(context, input, onStep))
    },
    async rename(id, name) {
      await showAuthentication(pool, id)
      await renameAuthentication(pool, id, name)
      return await showAuthentication(pool, id)
    },
    remove: (id) => remove(context, id),
  }
}

/** The service signs in by it, or people do. */
export const usersOf = (id: string, connections: readonly Connection[]): Connection[] =>
  connections.filter((one) => one.authenticationId === id || one.peopleAuthenticationId === id)

/** Without its secret. Throws resource.not_found, as for one whose secret is forgotten. */
export async function showAuthentication(db: Queryable, id: string): Promise<Authentication> {
  const { secret: _, ...authentication } = await findOwnAuthentication(db, id)
  return authentication
}

async function create(
  context: Context,
  input: AuthenticationInput,
  onStep?: (step: CheckStep) => void,
): Promise<string> {
  const { crm, name, url, settings, secret } = input
  const connector = context.connectorOf(crm)
  if (isByWindow(settings)) return await createForWindow(context, input)
  if (connector.readSettings) {
    throw new HubError('input.invalid', `How ${connector.manifest.title} is signed in to stands in its definition`, {
      field: 'crm',
      mend: 'Connect the API with its definition: that makes its authentication too.',
    })
  }
  const credentials = await credentialsOf(context, { settings, secret }, { connector, url, authentication: undefined })
  const target = { connector, url, authentication: credentials, tables: [], settings: {} }
  const findings = await runCheck(context, target, onStep)
  return await inTransaction(context.pool, (tx) =>
    storeCredentials(tx, context, {
      connector,
      credentials,
      findings,
      own: { name, madeFor: { crm, url: findings.url } },
    }),
  )
}

/** Nobody has signed in yet, so there is no token to try; where its window is shows that the settings are whole. */
async function createForWindow(context: Context, { name, crm, url: text, settings, secret }: AuthenticationInput) {
  const connector = context.connectorOf(crm)
  const url = connector.normaliseUrl(text)
  const given = trimmed(settings)
  const told = await connector.discover(openDoor(context.door), url, given)
  const whole = { ...told, ...given }
  callbackPathFor(context, { crm, url, settings: whole })
  redactor.register(secret.trim())
  const findings = { url, settings: whole }
  const credentials = { secret: secret.trim() }
  return await inTransaction(context.pool, (tx) =>
    storeCredentials(tx, context, { connector, credentials, findings, own: { name, madeFor: { crm, url } } }),
  )
}

async function remove({ pool }: Context, id: string): Promise<Authentication> {
  return await inTransaction(pool, async (tx) => {
    await lockAuthentication(tx, id)
    const authentication = await showAuthentication(tx, id)
    const users = usersOf(id, await listConnections(tx))
    if (users.length > 0) {
      const names = users.map(({ name }) => `“${name}”`).join(', ')
      throw new HubError('authentication.in_use', `“${authentication.name}” is used by ${names}`, {
        connections: users.map((one) => ({ id: one.id, name: one.name })),
        mend: 'Remove these connections first, or keep it.',
      })
    }
    await deleteAuthentication(tx, id)
    return authentication
  })
}
