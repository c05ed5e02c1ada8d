import { HubError } from '#core/errors.ts'
import { inTransaction, type Pool, type Queryable, type Transaction } from '#database/pool.ts'
import type { Keyring } from '#secrets/keyring.ts'
import { open, type SecretPlace, seal } from '#secrets/seal.ts'
import { guardAdministrators, refuseGivingMore } from './person.ts'
import type { Principal } from './principal.ts'
import { rolesById } from './role-store.ts'
import type { ClientSettings } from './sign-on-client.ts'

/** Whoever is in this group at the provider has this role here. */
export interface GroupRole {
  group: string
  role: string
}

/** What of a provider people choose; its secret stands apart. */
export interface ProviderSettings {
  name: string
  issuer: string
  tenant: string | null
  clientId: string
  scopes: string[]
  /** The claim that tells the groups; null: groups give no roles. */
  groupClaim: string | null
  groups: GroupRole[]
  /** Whether claims are also read from the provider's userinfo. */
  readsUserinfo: boolean
  /** Whether somebody who has no account gets one by signing in. */
  createsAccounts: boolean
  /** Of accounts that were so made, beside what their groups give. */
  defaultRoles: string[]
  enabled: boolean
}

export interface Provider extends ProviderSettings {
  /** Stands in the callback address. */
  id: string
  hasSecret: boolean
  /** Counts changes: sent back with a change, it refuses one made upon an older state. */
  version: number
  createdAt: Date
  createdBy: string
}

const COLUMNS = `id, name, issuer, tenant, client_id as "clientId", secret is not null as "hasSecret", scopes,
  group_claim as "groupClaim", groups, reads_userinfo as "readsUserinfo", creates_accounts as "createsAccounts",
  default_roles as "defaultRoles", enabled, version, created_at as "createdAt", created_by as "createdBy"`

const place = (id: string): SecretPlace => ({ organisation: '', table: 'identity_provider', row: id, column: 'secret' })

export async function listProviders(db: Queryable): Promise<Provider[]> {
  return (await db.query<Provider>(`select ${COLUMNS} from jackfield.identity_provider order by lower(name), id`)).rows
}

export async function findProvider(db: Queryable, id: string): Promise<Provider> {
  const { rows } = await db.query<Provider>(`select ${COLUMNS} from jackfield.identity_provider where id = $1`, [id])
  if (rows[0]) return rows[0]
  throw new HubError('resource.not_found', `There is no provider ${id.slice(0, 60)} to sign in by`)
}

/** Its client secret, opened; null where it has none. */
async function secretOf(db: Queryable, keyring: Keyring, id: string): Promise<string | null> {
  const { rows } = await db.query<{ secret: Buffer | null }>(
    'select secret from jackfield.identity_provider where id = $1',
    [id],
  )
  const sealed = rows[0]?.secret ?? null
  return sealed === null ? null : open(keyring, place(id), sealed)
}

/** How the hub shows itself to the provider. */
export async function clientSettings(
  { pool, keyring }: { pool: Queryable; keyring: Keyring },
  { id, issuer, tenant, clientId }: Provider,
): Promise<ClientSettings> {
  return { issuer, tenant, clientId, secret: await secretOf(pool, keyring, id) }
}

interface Store {
  pool: Pool
  keyring: Keyring
}

/** Nobody gives by a provider what they could not give themselves. Throws auth.denied. */
export async function createProvider(
  { pool, keyring }: Store,
  actor: Principal,
  given: ProviderSettings & { id: string; secret: string | null },
): Promise<Provider> {
  const { id, secret } = given
  return inTransaction(pool, async (tx) => {
    await refuseGivingMore(tx, actor, rolesGivenBy(given))
    const { rowCount } = await tx.query(
      `insert into jackfield.identity_provider (id, name, issuer, tenant, client_id, secret, scopes, group_claim, groups,
         reads_userinfo, creates_accounts, default_roles, enabled, created_by)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) on conflict (id) do nothing`,
      [id, ...valuesOf(given, secret === null ? null : seal(keyring, place(id), secret)), actor.name],
    )
    if (rowCount === 1) return findProvider(tx, id)
    throw new HubError('sign_on.name_taken', `There is a provider “${id}” already`, {
      field: 'id',
      mend: 'Choose another short name; it stands in the address to which the provider sends people back.',
    })
  })
}

function valuesOf(given: ProviderSettings, secret: Buffer | null): unknown[] {
  const { name, issuer, tenant, clientId, scopes, groupClaim, groups } = given
  const { readsUserinfo, createsAccounts, defaultRoles, enabled } = given
  return [
    ...[name, issuer, tenant, clientId, secret, scopes, groupClaim, JSON.stringify(groups)],
    ...[readsUserinfo, createsAccounts, defaultRoles, enabled],
  ]
}

const rolesGivenBy = ({ groups, defaultRoles }: Pick<ProviderSettings, 'groups' | 'defaultRoles'>): string[] => [
  ...new Set([...groups.map(({ role }) => role), ...defaultRoles]),
]

export type ProviderChange = Partial<ProviderSettings> & { secret?: string | null; version?: number }

/** Throws settings.changed where somebody else changed it since that version was read. */
export async function changeProvider(
  { pool, keyring }: Store,
  actor: Principal,
  { id, ...change }: ProviderChange & { id: string },
): Promise<Provider> {
  return inTransaction(pool, async (tx) => {
    const before = await lockProvider(tx, actor, id)
    const { secret, version, ...settings } = change
    if (version !== undefined && version !== before.version) {
      throw new HubError('settings.changed', `The provider “${before.name}” was changed meanwhile`, {
        field: 'version',
        mend: 'Read it again and make the change upon what stands now.',
      })
    }
    const after = { ...before, ...settings }
    refuseSecretElsewhere(before, after, secret)
    await refuseGivingMore(tx, actor, rolesGivenBy(after))
    const sealed = typeof secret === 'string' ? seal(keyring, place(id), secret) : null
    await tx.query(
      `update jackfield.identity_provider set name = $2, issuer = $3, tenant = $4, client_id = $5,
         secret = case when $14 then $6 else secret end, scopes = $7, group_claim = $8, groups = $9,
         reads_userinfo = $10, creates_accounts = $11, default_roles = $12, enabled = $13,
         version = version + 1, changed_at = now() where id = $1`,
      [id, ...valuesOf(after, sealed), secret !== undefined],
    )
    if (!after.enabled) await endSessionsBy(tx, id)
    return findProvider(tx, id)
  })
}

async function endSessionsBy(tx: Transaction, id: string): Promise<void> {
  await tx.query(
    `update jackfield.session set ended_at = now(), address = null, agent = null
     where ended_at is null and id in (
       select s.session_id from jackfield.session_sign_on s join jackfield.external_identity i on i.id = s.identity_id
       where i.provider_id = $1)`,
    [id],
  )
}

/** A secret that is kept goes nowhere but where it goes already. */
function refuseSecretElsewhere(before: Provider, after: ProviderSettings, secret: string | null | undefined): void {
  const isElsewhere = before.issuer !== after.issuer || before.tenant !== after.tenant
  if (!isElsewhere || !before.hasSecret || secret !== undefined) return
  throw new HubError('input.invalid', `The secret of “${before.name}” is for its issuer until now`, {
    field: 'secret',
    mend: 'Enter the secret anew with another issuer: one that is kept is sent only to where it goes already.',
  })
}

/** Its identities go with it, the roles that it gave, and the sessions that began by it; accounts stay. */
export async function removeProvider(pool: Pool, actor: Principal, id: string): Promise<Provider> {
  return inTransaction(pool, (tx) =>
    guardAdministrators(tx, async () => {
      const provider = await lockProvider(tx, actor, id)
      await tx.query(
        `update jackfield.session set token_at = 'epoch' where ended_at is null and person_id in (
           select person_id from jackfield.person_role where provider_id = $1)`,
        [id],
      )
      await endSessionsBy(tx, id)
      await tx.query('delete from jackfield.identity_provider where id = $1', [id])
      return provider
    }),
  )
}

/** Whoever changes what it gives must be able to give that: else roles of those above could be taken by it. */
async function lockProvider(tx: Transaction, actor: Principal, id: string): Promise<Provider> {
  await tx.query('select from jackfield.identity_provider where id = $1 for update', [id])
  const provider = await findProvider(tx, id)
  const roles = await rolesById(tx, rolesGivenBy(provider))
  await refuseGivingMore(
    tx,
    actor,
    roles.map((role) => role.id),
  )
  return provider
}
