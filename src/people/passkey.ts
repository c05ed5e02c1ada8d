import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
  RegistrationResponseJSON,
} from '@simplewebauthn/server'
import { HubError } from '#core/errors.ts'
import { uuidv7 } from '#core/ids.ts'
import type { Queryable } from '#database/pool.ts'
import { type ChallengePurpose, createChallenge, type Site, takeChallenge } from './passkey-challenge.ts'
import type { Person } from './person.ts'

export type { AuthenticationResponseJSON, RegistrationResponseJSON, Site }

/** A fifth of all that a hub would load: read when a passkey is first asked for, so that starts and commands do without. */
const webAuthn = () => import('@simplewebauthn/server')

export interface Passkey {
  id: string
  name: string
  /** The host name that it was made for; it works there alone. */
  site: string
  /** Kept by its maker on several devices. */
  synced: boolean
  createdAt: Date
  usedAt: Date | null
}

const COLUMNS = `id, name, site, synced, created_at as "createdAt", used_at as "usedAt"`

/** EdDSA, ES256, RS256 (COSE numbers): between them every authenticator has one. */
const algorithms = [-8, -7, -257]
const most = 20
/** So long a person may take; Safari and Windows keep to at most ten minutes. */
const timeout = 300_000

export async function listPasskeys(db: Queryable, personId: string): Promise<Passkey[]> {
  const { rows } = await db.query<Passkey>(
    `select ${COLUMNS} from jackfield.passkey where person_id = $1 order by created_at, id`,
    [personId],
  )
  return rows
}

async function credentialsOf(db: Queryable, personId: string): Promise<{ id: string; transports: string[] }[]> {
  const { rows } = await db.query<{ id: string; transports: string[] }>(
    'select credential as id, transports from jackfield.passkey where person_id = $1',
    [personId],
  )
  return rows
}

/** What the browser needs to make a passkey. */
export async function beginPasskey(
  db: Queryable,
  person: Person,
  site: Site,
): Promise<PublicKeyCredentialCreationOptionsJSON> {
  const there = await credentialsOf(db, person.id)
  if (there.length >= most) {
    throw new HubError('factor.exists', `An account has at most ${most} passkeys`, { mend: 'Remove one first.' })
  }
  const challenge = await createChallenge(db, { purpose: 'add', personId: person.id, site })
  const { generateRegistrationOptions } = await webAuthn()
  return generateRegistrationOptions({
    rpName: 'Jackfield',
    rpID: site.id,
    userID: new Uint8Array(Buffer.from(person.id)),
    userName: person.email ?? person.name,
    userDisplayName: person.name,
    challenge,
    timeout,
    attestationType: 'none',
    excludeCredentials: there,
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    supportedAlgorithmIDs: algorithms,
  })
}

export interface NewPasskey {
  credential: string
  publicKey: Buffer
  counter: number
  transports: string[]
  site: string
  synced: boolean
}

/** Checks what the browser made. Throws passkey.refused. */
export async function checkNewPasskey(
  db: Queryable,
  personId: string,
  response: RegistrationResponseJSON,
): Promise<NewPasskey> {
  const challenge = await takeChallenge(db, response.response.clientDataJSON, { purpose: 'add', personId })
  if (!challenge) throw unfit('its challenge is over, or was used already')
  const { verifyRegistrationResponse } = await webAuthn()
  const checked = await verifyRegistrationResponse({
    response,
    expectedChallenge: challenge.text,
    expectedOrigin: challenge.origin,
    expectedRPID: challenge.site,
    requireUserVerification: true,
    supportedAlgorithmIDs: algorithms,
  }).catch((cause: Error) => {
    throw unfit('it does not fit this page', cause)
  })
  if (!checked.verified) throw unfit('its signature is wrong')
  const { credential, credentialBackedUp } = checked.registrationInfo
  return {
    credential: credential.id,
    publicKey: Buffer.from(credential.publicKey),
    counter: credential.counter,
    transports: credential.transports ?? [],
    site: challenge.site,
    synced: credentialBackedUp,
  }
}

export async function insertPasskey(tx: Queryable, personId: string, name: string, made: NewPasskey): Promise<Passkey> {
  const { credential, publicKey, counter, transports, site, synced } = made
  const { rows } = await tx.query<Passkey>(
    `insert into jackfield.passkey (id, person_id, credential, public_key, counter, transports, site, synced, name)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (credential) do nothing returning ${COLUMNS}`,
    [uuidv7(), personId, credential, publicKey, counter, transports, site, synced, name],
  )
  if (!rows[0]) throw unfit('it belongs to an account already')
  return rows[0]
}

function unfit(reason: string, cause?: Error): HubError {
  return new HubError('passkey.refused', `The passkey was not taken: ${reason}`, {
    mend: 'Try again, or use another device.',
    ...(cause ? { cause } : {}),
  })
}

export async function renamePasskey(db: Queryable, personId: string, id: string, name: string): Promise<Passkey> {
  const { rows } = await db.query<Passkey>(
    `update jackfield.passkey set name = $3 where id = $1 and person_id = $2 returning ${COLUMNS}`,
    [id, personId, name],
  )
  if (!rows[0]) throw noPasskey(id)
  return rows[0]
}

export async function removePasskey(tx: Queryable, personId: string, id: string): Promise<void> {
  const { rowCount } = await tx.query('delete from jackfield.passkey where id = $1 and person_id = $2', [id, personId])
  if (rowCount !== 1) throw noPasskey(id)
}

const noPasskey = (id: string) => new HubError('resource.not_found', `There is no passkey ${id}`)

interface Asked {
  purpose: Exclude<ChallengePurpose, 'add'>
  /** Absent: whoever the passkey says. */
  personId: string | null
  site: Site
}

/** What the browser needs to show a passkey. Without a person it offers those that it has for this site. */
export async function askForPasskey(db: Queryable, asked: Asked): Promise<PublicKeyCredentialRequestOptionsJSON> {
  const { personId, site } = asked
  const { generateAuthenticationOptions } = await webAuthn()
  return generateAuthenticationOptions({
    rpID: site.id,
    challenge: await createChallenge(db, asked),
    timeout,
    userVerification: 'required',
    ...(personId === null ? {} : { allowCredentials: await credentialsOf(db, personId) }),
  })
}

interface StoredPasskey {
  id: string
  personId: string
  publicKey: Buffer
  counter: bigint
}

/** Whose passkey this is. Throws auth.rejected, which does not say why: the reason is in its cause. */
export async function checkPasskey(
  db: Queryable,
  response: AuthenticationResponseJSON,
  asked: Omit<Asked, 'site'>,
): Promise<string> {
  const challenge = await takeChallenge(db, response.response.clientDataJSON, asked)
  if (!challenge) throw rejected('the challenge is over, was used already, or is not for this')
  const { rows } = await db.query<StoredPasskey>(
    `select id, person_id as "personId", public_key as "publicKey", counter from jackfield.passkey
     where credential = $1 and ($2::uuid is null or person_id = $2)`,
    [response.id, asked.personId],
  )
  const [stored] = rows
  if (!stored) throw rejected('nobody here has this passkey')
  const { userHandle } = response.response
  if (userHandle && Buffer.from(userHandle, 'base64url').toString() !== stored.personId) {
    throw rejected('it names another person')
  }
  const { verifyAuthenticationResponse } = await webAuthn()
  const checked = await verifyAuthenticationResponse({
    response,
    expectedChallenge: challenge.text,
    expectedOrigin: challenge.origin,
    expectedRPID: challenge.site,
    credential: { id: response.id, publicKey: new Uint8Array(stored.publicKey), counter: Number(stored.counter) },
    requireUserVerification: true,
  }).catch((cause: Error) => {
    throw rejected(cause.message)
  })
  if (!checked.verified) throw rejected('the signature is wrong')
  await noteUse(db, stored.id, checked.authenticationInfo)
  return stored.personId
}

/** A counter that does not grow is that of a copy; passkeys that are kept on several devices have none. */
async function noteUse(
  db: Queryable,
  id: string,
  used: { newCounter: number; credentialBackedUp: boolean },
): Promise<void> {
  const { rowCount } = await db.query(
    `update jackfield.passkey set counter = $2, synced = $3, used_at = now()
     where id = $1 and ($2 = 0 and counter = 0 or counter < $2)`,
    [id, used.newCounter, used.credentialBackedUp],
  )
  if (rowCount !== 1) throw rejected('the counter of the passkey has not grown')
}

function rejected(reason: string): HubError {
  return new HubError('auth.rejected', 'The passkey was not accepted', {
    cause: new Error(reason),
    mend: 'Try again, or sign in another way.',
  })
}
