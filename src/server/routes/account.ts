import { z } from 'zod'
import { selfOf, setPassword } from '#people/account.ts'
import { grantsOfPerson } from '#people/grants.ts'
import { listPasskeys } from '#people/passkey.ts'
import { endSessionsOf, findPerson, renamePerson } from '#people/person.ts'
import type { Principal } from '#people/principal.ts'
import { provenUntil, requireProof } from '#people/proof.ts'
import { countRecoveryCodes } from '#people/recovery-code.ts'
import { namesOfRoles } from '#people/role-store.ts'
import { endSession, listSessions } from '#people/session.ts'
import { allow } from '../access.ts'
import { type Api, failures, given, IdPath } from '../api.ts'
import { Account, AccountPatch, PasswordInput } from '../contract/account.ts'
import { SessionList } from '../contract/people.ts'
import type { Hub } from '../hub.ts'
import { setSessionCookie } from '../plugins/session-cookie.ts'
import { timeOrNull } from '../shown.ts'
import { passkey, person, session } from '../shown-people.ts'
import { factorRoutes } from './factors.ts'

/** What people see and change of themselves. */
export function accountRoutes(app: Api, hub: Hub): void {
  const signedIn = allow('signed in')

  app.get('/me', { ...signedIn, schema: { response: { 200: Account, ...failures } } }, (request) =>
    accountOf(hub, request.principal!),
  )

  app.patch(
    '/me',
    {
      ...allow('signed in', 'account.change'),
      schema: { body: AccountPatch, response: { 200: Account, ...failures } },
    },
    async (request) => {
      const principal = request.principal!
      const { personId } = selfOf(principal)
      if (request.body.email !== undefined) await requireProof(hub.pool, principal)
      await renamePerson(hub.pool, personId, given(request.body))
      hub.credentials.forget()
      return accountOf(hub, principal)
    },
  )

  app.put(
    '/me/password',
    {
      ...allow('signed in', 'account.set_password'),
      schema: { body: PasswordInput, response: { 204: z.null(), ...failures } },
    },
    async (request, reply) => {
      const self = selfOf(request.principal!)
      await requireProof(hub.pool, request.principal!)
      const token = await setPassword(hub.people, self, request.body.password)
      hub.credentials.forget()
      hub.log.info('password set', { person: self.personId })
      setSessionCookie(request, reply, hub.publicUrl, token)
      return reply.code(204).send(null)
    },
  )

  ownSessionRoutes(app, hub)
  factorRoutes(app, hub)
}

function ownSessionRoutes(app: Api, hub: Hub): void {
  const signedIn = allow('signed in')

  app.get('/me/sessions', { ...signedIn, schema: { response: { 200: SessionList, ...failures } } }, async (request) => {
    const { personId, sessionId } = selfOf(request.principal!)
    return { sessions: (await listSessions(hub.pool, personId)).map((each) => session(each, sessionId)) }
  })

  app.delete(
    '/me/sessions',
    { ...allow('signed in', 'account.end_sessions'), schema: { response: { 204: z.null(), ...failures } } },
    async (request, reply) => {
      const { personId, sessionId } = selfOf(request.principal!)
      await endSessionsOf(hub.pool, personId, sessionId)
      hub.credentials.forget()
      return reply.code(204).send(null)
    },
  )

  app.delete(
    '/me/sessions/:id',
    {
      ...allow('signed in', 'account.end_sessions'),
      schema: { params: IdPath, response: { 204: z.null(), ...failures } },
    },
    async (request, reply) => {
      const { personId } = selfOf(request.principal!)
      await endSession(hub.pool, personId, request.params.id)
      hub.credentials.forget()
      return reply.code(204).send(null)
    },
  )
}

async function accountOf(hub: Hub, principal: Principal): Promise<Account> {
  const { personId, sessionId } = selfOf(principal)
  const found = await findPerson(hub.pool, personId)
  const [passkeys, recoveryCodes, proven] = await Promise.all([
    listPasskeys(hub.pool, personId),
    countRecoveryCodes(hub.pool, personId),
    provenUntil(hub.pool, sessionId),
  ])
  return {
    ...person(found),
    roleNames: await namesOfRoles(hub.pool, found.roles),
    permissions: [...(await grantsOfPerson(hub.pool, personId)).permissions],
    passkeys: passkeys.map(passkey),
    recoveryCodes,
    provenUntil: timeOrNull(proven),
  }
}
