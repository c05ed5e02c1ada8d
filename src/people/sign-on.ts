import * as openid from 'openid-client'
import { theHub } from '#audit/act.ts'
import { HubError, isHubError } from '#core/errors.ts'
import type { Transaction } from '#database/pool.ts'
import { inTransaction } from '#database/pool.ts'
import type { Browser } from './context.ts'
import { acceptByProvider } from './invitation.ts'
import { createPerson, findPerson, findPersonByEmail, guardAdministrators, type Person } from './person.ts'
import { returnPath } from './return-path.ts'
import { endSessionOfToken, personOfSession, replaceToken } from './session.ts'
import { admit, type SignedIn } from './sign-in.ts'
import { emailOf, nameOf } from './sign-on-claims.ts'
import type { SignOnContext } from './sign-on-context.ts'
import { addIdentity, type Identity, useIdentity } from './sign-on-identity.ts'
import { keepPending, type Pending, takePending } from './sign-on-pending.ts'
import { clientSettings, findProvider, type Provider } from './sign-on-provider.ts'
import { applyRoles } from './sign-on-roles.ts'
import { type Proven, proveByCode, unreachable } from './sign-on-token.ts'
import { keepSignOn } from './sign-out.ts'
import { addressBlock, countAttempt } from './throttle.ts'
import { digest, newToken } from './token.ts'

/** From one network in so many minutes: a large office that arrives at nine passes, a flood does not. */
const begun = { most: 1_000, minutes: 10 }

interface Beginning {
  providerId: string
  /** Where the provider sends the browser back to. */
  redirectUri: string
  /** As it was asked for; only a path of the console counts. */
  returnTo: string | null
  /** The session whose person links an account; null: somebody signs in. */
  linkingSession: string | null
}

/** Answers where the browser goes, and what its cookie holds until it comes back. */
export async function beginSignOn(
  context: SignOnContext,
  asked: Beginning,
  browser: Browser,
): Promise<{ url: string; browserToken: string }> {
  const { pool, keyring } = context
  await countAttempt(pool, [{ name: `sign-on ${addressBlock(browser.address)}`, ...begun }])
  const provider = await enabledProvider(context, asked.providerId)
  const client = await context.clients.for(await clientSettings(context, provider)).catch((error: unknown) => {
    throw isHubError(error) && error.code.startsWith('crm.') ? unreachable(error) : error
  })
  const [state, nonce, browserToken] = [newToken(), newToken(), newToken()]
  const verifier = openid.randomPKCECodeVerifier()
  const { sessionToken } = browser
  await keepPending(
    { pool, keyring },
    { providerId: provider.id, state, browserToken },
    {
      ...{ nonce, verifier, redirectUri: asked.redirectUri, returnPath: returnPath(asked.returnTo) },
      sessionToken: sessionToken === null ? null : digest(sessionToken),
      linkingSession: asked.linkingSession,
    },
  )
  const url = openid.buildAuthorizationUrl(client.config, {
    redirect_uri: asked.redirectUri,
    scope: provider.scopes.join(' '),
    code_challenge: await openid.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    ...{ state, nonce },
  })
  return { url: url.href, browserToken }
}

async function enabledProvider({ pool }: SignOnContext, id: string): Promise<Provider> {
  const provider = await findProvider(pool, id)
  if (provider.enabled) return provider
  throw new HubError('resource.not_found', `Nobody signs in by “${provider.name}” at present`)
}

interface Return {
  providerId: string
  /** What came back in the address. */
  parameters: URLSearchParams
  browserToken: string | null
}

export interface SignedOn {
  /** Where in the console the browser goes. */
  returnPath: string
  isLinking: boolean
  /** Null where an account was linked to a session that there is. */
  signedIn: SignedIn | null
  /** The linking session's new token. */
  token: string | null
}

/** Why nothing came of it, once it is known what it was for. */
export interface NotSignedOn extends Pick<SignedOn, 'returnPath' | 'isLinking'> {
  failure: unknown
}

/** The provider has sent the browser back. Whatever comes of it, its state is used up. */
export async function finishSignOn(
  context: SignOnContext,
  came: Return,
  browser: Browser,
): Promise<SignedOn | NotSignedOn> {
  const states = came.parameters.getAll('state')
  const state = states.length === 1 ? states[0]! : null
  const pending = await takePending(context, { ...came, state })
  const isLinking = pending.linkingSession !== null
  const { returnPath } = pending
  try {
    return { returnPath, isLinking, ...(await finish(context, { came, pending, browser })) }
  } catch (failure) {
    return { returnPath, isLinking, failure }
  }
}

type Finished = Pick<SignedOn, 'signedIn' | 'token'>

async function finish(
  context: SignOnContext,
  { came, pending, browser }: { came: Return; pending: Pending; browser: Browser },
): Promise<Finished> {
  const provider = await enabledProvider(context, came.providerId)
  const { readsUserinfo } = provider
  const settings = await clientSettings(context, provider)
  const { parameters } = came
  const proven = await proveByCode(context.clients, settings, { parameters, pending, readsUserinfo })
  const work = pending.linkingSession === null ? signIn : link
  return inTransaction(context.pool, (tx) =>
    guardAdministrators(tx, () => work(context, tx, { provider, pending, proven, browser })),
  )
}

interface Coming {
  provider: Provider
  pending: Pending
  proven: Proven
  browser: Browser
}

async function signIn(context: SignOnContext, tx: Transaction, coming: Coming): Promise<Finished> {
  const { provider, pending, proven, browser } = coming
  const identity =
    (await useIdentity(tx, provider.id, proven)) ??
    (await byInvitation(context, tx, coming)) ??
    (await byMaking(context, tx, coming))
  await applyRoles(context, tx, { provider, identity, claims: proven.claims })
  const person = await findPerson(tx, identity.personId)
  // The browser keeps its session's cookie back from an answer that another site has sent it for.
  if (pending.sessionToken !== null) await endSessionOfToken(tx, pending.sessionToken)
  const signedIn = await admit(context, tx, { person, method: 'sign_on', browser })
  await keepSignOn(context, tx, { sessionId: signedIn.sessionId, identityId: identity.id, proven })
  return { signedIn, token: null }
}

/** An invitation for this provider, to an address that the provider vouches for. */
async function byInvitation(
  context: SignOnContext,
  tx: Transaction,
  { provider, proven }: Coming,
): Promise<Identity | null> {
  const found = emailOf(proven.claims)
  if (!found?.verified) return null
  const person = await acceptByProvider(tx, provider.id, found.email)
  if (!person) return null
  await noteMade(context, tx, { person, provider, cause: 'invitation' })
  return addIdentity(tx, provider.id, proven, { personId: person.id, origin: 'invited' })
}

async function byMaking(context: SignOnContext, tx: Transaction, { provider, proven }: Coming): Promise<Identity> {
  const found = emailOf(proven.claims)
  // An address is never enough to become somebody who is here already: who owns both links them, signed in.
  if (found && (await findPersonByEmail(tx, found.email))) {
    throw new HubError('sign_on.account_exists', 'An account of this hub has your e-mail address already', {
      mend: `Sign in to it as you did until now, and link “${provider.name}” on the page of your account.`,
    })
  }
  if (!provider.createsAccounts) {
    throw new HubError('sign_on.no_account', 'You have no account in this hub', {
      mend: 'Ask an administrator of the hub to invite you.',
    })
  }
  const email = found?.verified ? found.email : null
  const given = { name: nameOf(proven.claims), email, roles: [], createdBy: provider.name }
  const person = await createPerson(tx, given)
  await noteMade(context, tx, { person, provider, cause: 'sign-in' })
  return addIdentity(tx, provider.id, proven, { personId: person.id, origin: 'made' })
}

async function noteMade(
  { acts }: SignOnContext,
  tx: Transaction,
  { person, provider, cause }: { person: Person; provider: Provider; cause: string },
): Promise<void> {
  const { id, name, email, roles } = person
  await acts.append(tx, {
    actor: theHub,
    act: 'person.create',
    subject: { kind: 'person', id },
    outcome: 'done',
    details: { provider: provider.id, cause, roles },
    personal: { [`person:${id}`]: { name, ...(email === null ? {} : { email }) } },
  })
}

/** Linking changes no role: that is for the next sign-in by it. */
async function link(context: SignOnContext, tx: Transaction, coming: Coming): Promise<Finished> {
  const { provider, pending, proven } = coming
  const sessionId = pending.linkingSession!
  // Its own session must still be there; the token that was used until now is over.
  const token = await replaceToken(tx, sessionId)
  const personId = await personOfSession(tx, sessionId)
  context.noticed?.({ id: personId })
  const identity = await addIdentity(tx, provider.id, proven, { personId, origin: 'linked' })
  await context.acts.append(tx, {
    actor: { kind: 'person', id: personId },
    sessionId,
    act: 'identity.link',
    subject: { kind: 'person', id: personId },
    outcome: 'done',
    details: { provider: provider.id, identity: identity.id },
  })
  return { signedIn: null, token }
}
