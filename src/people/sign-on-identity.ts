import { HubError } from '#core/errors.ts'
import { uuidv7 } from '#core/ids.ts'
import type { Queryable, Transaction } from '#database/pool.ts'
import type { Proven } from './sign-on-token.ts'

/** Who a person is at a provider. */
export interface Identity {
  id: string
  personId: string
  /** `made`: the account came from a sign-in; `invited`: from an invitation; `linked`: by its person, when signed in. */
  origin: 'made' | 'invited' | 'linked'
}

/** As it is shown to its person. */
export interface ShownIdentity {
  id: string
  provider: string
  providerName: string
  origin: Identity['origin']
  createdAt: Date
  usedAt: Date | null
}

type Known = Pick<Proven, 'issuer' | 'subject'>

export async function useIdentity(tx: Transaction, providerId: string, proven: Known): Promise<Identity | null> {
  const { rows } = await tx.query<Identity>(
    `update jackfield.external_identity set used_at = now() where provider_id = $1 and issuer = $2 and subject = $3
     returning id, person_id as "personId", origin`,
    [providerId, proven.issuer, proven.subject],
  )
  return rows[0] ?? null
}

/** Throws sign_on.identity_taken where it is another's, or this person's already. */
export async function addIdentity(
  tx: Transaction,
  providerId: string,
  proven: Known,
  of: Omit<Identity, 'id'>,
): Promise<Identity> {
  const id = uuidv7()
  const { rowCount } = await tx.query(
    `insert into jackfield.external_identity (id, provider_id, issuer, subject, person_id, origin, used_at)
     values ($1, $2, $3, $4, $5, $6, case when $6 = 'linked' then null else now() end)
     on conflict (provider_id, issuer, subject) do nothing`,
    [id, providerId, proven.issuer, proven.subject, of.personId, of.origin],
  )
  if (rowCount === 1) return { id, ...of }
  throw new HubError('sign_on.identity_taken', 'This account of the provider is linked already', {
    mend: 'Sign in by it, or unlink it there first.',
  })
}

export async function listIdentities(db: Queryable, personId: string): Promise<ShownIdentity[]> {
  const { rows } = await db.query<ShownIdentity>(
    `select i.id, i.provider_id as provider, p.name as "providerName", i.origin, i.created_at as "createdAt",
       i.used_at as "usedAt"
     from jackfield.external_identity i join jackfield.identity_provider p on p.id = i.provider_id
     where i.person_id = $1 order by i.created_at, i.id`,
    [personId],
  )
  return rows
}

/** Its sessions end, and the roles that its provider's groups gave go with it. */
export async function removeIdentity(tx: Transaction, personId: string, id: string): Promise<{ provider: string }> {
  await tx.query(
    `update jackfield.session set ended_at = now(), address = null, agent = null
     where ended_at is null and id in (select session_id from jackfield.session_sign_on where identity_id = $1)`,
    [id],
  )
  const { rows } = await tx.query<{ provider: string }>(
    `delete from jackfield.external_identity where id = $1 and person_id = $2 returning provider_id as provider`,
    [id, personId],
  )
  if (!rows[0]) throw new HubError('resource.not_found', `There is no linked account ${id}`)
  await tx.query(
    `delete from jackfield.person_role r where r.person_id = $1 and r.provider_id = $2 and not exists (
       select from jackfield.external_identity i where i.person_id = r.person_id and i.provider_id = r.provider_id)`,
    [personId, rows[0].provider],
  )
  return rows[0]
}

/** By its own person: not where no other way in is left to them. */
export async function unlinkOwn(tx: Transaction, personId: string, id: string): Promise<{ provider: string }> {
  const removed = await removeIdentity(tx, personId, id)
  const { rowCount } = await tx.query(
    `select from jackfield.person p where p.id = $1 and (p.password is not null
       or exists (select from jackfield.passkey k where k.person_id = p.id)
       or exists (select from jackfield.external_identity i where i.person_id = p.id))`,
    [personId],
  )
  if (rowCount === 1) return removed
  throw new HubError('factor.needed', 'This is the only way in which you can sign in', {
    mend: 'Set a password or a passkey first.',
  })
}
