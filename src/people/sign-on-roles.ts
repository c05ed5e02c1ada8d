import { theHub } from '#audit/act.ts'
import { HubError } from '#core/errors.ts'
import type { Transaction } from '#database/pool.ts'
import { renewTokensOf } from './person.ts'
import { rolesById } from './role-store.ts'
import { type Claims, groupsOf } from './sign-on-claims.ts'
import type { SignOnContext } from './sign-on-context.ts'
import type { Identity } from './sign-on-identity.ts'
import type { Provider } from './sign-on-provider.ts'

/**
 * The roles that a provider gives somebody with these claims: those of their groups and, where a sign-in made the
 * account, those of everybody. Throws sign_on.groups_missing where groups give roles and were not told.
 */
function rolesFor(provider: Provider, claims: Claims, origin: Identity['origin']): string[] {
  const { groupClaim, groups, defaultRoles } = provider
  const mapped = new Set(groupClaim === null || groups.length === 0 ? [] : groupsOf(claims, groupClaim))
  const given = groups.filter(({ group }) => mapped.has(group)).map(({ role }) => role)
  return [...new Set([...given, ...(origin === 'made' ? defaultRoles : [])])]
}

/**
 * Looks at each sign-in what the provider gives: what it gives no longer goes, what people gave stays. Throws
 * sign_on.no_role where nothing is left; the caller's transaction then changes nothing.
 */
export async function applyRoles(
  { acts }: SignOnContext,
  tx: Transaction,
  of: { provider: Provider; identity: Identity; claims: Claims },
): Promise<void> {
  const { provider, identity, claims } = of
  const { personId } = identity
  // A role that was removed since gives nothing.
  const roles = (await rolesById(tx, rolesFor(provider, claims, identity.origin))).map(({ id }) => id)
  const gone = await tx.query<{ role: string }>(
    `delete from jackfield.person_role where person_id = $1 and provider_id = $2 and role <> all($3) returning role`,
    [personId, provider.id, roles],
  )
  const added = await tx.query<{ role: string }>(
    `insert into jackfield.person_role (person_id, role, provider_id) select $1, unnest($2::text[]), $3
     on conflict do nothing returning role`,
    [personId, roles, provider.id],
  )
  const { rowCount } = await tx.query('select from jackfield.person_role where person_id = $1 limit 1', [personId])
  if (rowCount === 0) {
    throw new HubError('sign_on.no_role', 'You have no role in this hub, and none of your groups gives one', {
      mend: 'Ask an administrator of the hub for a role, or to be put into a group that has one.',
    })
  }
  if (gone.rows.length + added.rows.length === 0) return
  await renewTokensOf(tx, personId)
  const named = (rows: readonly { role: string }[]) => rows.map(({ role }) => role)
  await acts.append(tx, {
    actor: theHub,
    act: 'person.change',
    subject: { kind: 'person', id: personId },
    outcome: 'done',
    details: { cause: 'groups', provider: provider.id, given: named(added.rows), taken: named(gone.rows) },
  })
}
