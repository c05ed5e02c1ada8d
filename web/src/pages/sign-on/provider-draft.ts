import type { IdentityProvider } from '../../api/sign-on.ts'

/** What is typed, as it is typed. */
export interface Draft {
  id: string
  name: string
  issuer: string
  tenant: string
  clientId: string
  secret: string
  /** With spaces between. */
  scopes: string
  groupClaim: string
  /** One a line: group = role. */
  groups: string
  makesAccounts: boolean
  defaultRoles: string[]
  userinfo: boolean
  enabled: boolean
}

/** What the fields of the form are given. */
export interface Filling {
  draft: Draft
  /** Somebody has tried to save: what is missing shows. */
  tried: boolean
  set(change: Partial<Draft>): void
}

export interface NamedRole {
  id: string
  name: string
}

const empty: Draft = {
  scopes: 'openid profile email',
  ...{ id: '', name: '', issuer: '', tenant: '', clientId: '', secret: '', groupClaim: '', groups: '' },
  ...{ makesAccounts: false, defaultRoles: [], userinfo: false, enabled: true },
}

export function draftOf(provider: IdentityProvider | null): Draft {
  if (!provider) return empty
  const { id, name, issuer, tenant, clientId, groupClaim, groups, defaultRoles, enabled } = provider
  return {
    ...{ id, name, issuer, clientId, defaultRoles, enabled, secret: '' },
    tenant: tenant ?? '',
    scopes: provider.scopes.join(' '),
    groupClaim: groupClaim ?? '',
    groups: groups.map(({ group, role }) => `${group} = ${role}`).join('\n'),
    makesAccounts: provider.createsAccounts,
    userinfo: provider.readsUserinfo,
  }
}

/** Of groups with their roles, by id or by name; the first line that is none is answered instead. */
export function readGroups(
  text: string,
  roles: readonly NamedRole[],
): { groups: { group: string; role: string }[]; wrong: string | null } {
  const groups: { group: string; role: string }[] = []
  for (const line of text.split('\n').filter((each) => each.trim() !== '')) {
    const at = line.lastIndexOf('=')
    const [group, wanted] = [
      line.slice(0, at).trim(),
      line
        .slice(at + 1)
        .trim()
        .toLowerCase(),
    ]
    const role = roles.find(({ id, name }) => id === wanted || name.toLowerCase() === wanted)
    if (at < 0 || group === '' || !role) return { groups, wrong: line.trim() }
    groups.push({ group, role: role.id })
  }
  return { groups, wrong: null }
}

export const isShortName = (text: string) => /^[a-z][a-z0-9-]{0,39}$/.test(text)

const orNull = (text: string) => (text.trim() === '' ? null : text.trim())

/** All but short name and secret, as the hub takes it. */
export function settingsOf(draft: Draft, groups: { group: string; role: string }[]) {
  const { name, issuer, clientId, defaultRoles, enabled, makesAccounts, userinfo } = draft
  return {
    name: name.trim(),
    issuer: issuer.trim(),
    tenant: orNull(draft.tenant),
    clientId: clientId.trim(),
    scopes: draft.scopes.split(/\s+/).filter((scope) => scope !== ''),
    groupClaim: orNull(draft.groupClaim),
    ...{ groups, defaultRoles, enabled },
    createsAccounts: makesAccounts,
    readsUserinfo: userinfo,
  }
}
