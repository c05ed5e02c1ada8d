import { Checkbox, Field, Select } from '@fluentui/react-components'
import { useQuery } from '@tanstack/react-query'
import type { Scope } from '../../api/keys.ts'
import { type Role, rolesQuery } from '../../api/roles.ts'
import { sessionQuery } from '../../api/session.ts'
import { CrmOwners } from '../../parts/crm-owners.tsx'
import { ErrorNotice } from '../../parts/error-notice.tsx'
import { usePermissionWords } from '../../parts/permission-words.ts'
import { useRoleWords } from '../../parts/role-words.ts'
import { useText } from '../../text/use-text.tsx'
import styles from './keys.module.css'

/** What a key may do and see. */
export interface KeyRightsDraft {
  scopes: Scope[]
  /** Whose sight it has; null: it sees all that it may read. */
  role: string | null
  owners: string[]
}

interface Filling {
  draft: KeyRightsDraft
  set(change: Partial<KeyRightsDraft>): void
}

/** Whether anything that the role reaches is only its holder's own. */
const reachesOwn = ({ entities, others }: Pick<Role, 'entities' | 'others'>) =>
  [others, ...entities].some(({ reads, writes }) => reads === 'own' || writes === 'own')

/** As a role, whose ticks it begins with, or tick by tick. */
export function KeyRights({ draft, set, missing }: Filling & { missing: boolean }) {
  return (
    <>
      <RoleField draft={draft} set={set} />
      <ScopePicks draft={draft} set={set} missing={missing} />
    </>
  )
}

function RoleField({ draft, set }: Filling) {
  const { t } = useText()
  const words = useRoleWords()
  const { data: session } = useQuery(sessionQuery)
  const { data: roles = [], error } = useQuery(rolesQuery)
  const chosen = roles.find(({ id }) => id === draft.role)
  function choose(id: string): void {
    const role = roles.find((one) => one.id === id)
    // Nobody gives a key more than they have.
    const scopes = role?.permissions.filter((permission) => session?.permissions.includes(permission))
    const owners = role && reachesOwn(role) ? draft.owners : []
    set({ role: role?.id ?? null, owners, ...(scopes ? { scopes } : {}) })
  }
  return (
    <>
      <Field label={t.keys.role} hint={chosen ? words.text(chosen) : t.keys.roleHint}>
        <Select value={draft.role ?? ''} onChange={(_, { value }) => choose(value)}>
          <option value="">{t.keys.roleNone}</option>
          {roles.map(({ id }) => (
            <option key={id} value={id}>
              {words.name(id)}
            </option>
          ))}
        </Select>
      </Field>
      {error ? <ErrorNotice error={error} /> : null}
      {chosen && reachesOwn(chosen) ? (
        <fieldset className={styles.picks}>
          <legend>{t.keys.owners}</legend>
          <CrmOwners owners={draft.owners} none={t.owners.none} onChange={(owners) => set({ owners })} />
        </fieldset>
      ) : null}
    </>
  )
}

function ScopePicks({ draft, set, missing }: Filling & { missing: boolean }) {
  const { t } = useText()
  const { all } = usePermissionWords()
  const { data: session } = useQuery(sessionQuery)
  const { scopes } = draft
  const pick = (scope: Scope, on: boolean) =>
    set({ scopes: on ? [...scopes, scope] : scopes.filter((each) => each !== scope) })
  return (
    <fieldset className={styles.picks}>
      <legend>{t.keys.scopes}</legend>
      {all
        .filter(({ permission }) => session?.permissions.includes(permission))
        .map(({ permission, title, text }) => (
          <Checkbox
            key={permission}
            checked={scopes.includes(permission)}
            onChange={(_, { checked }) => pick(permission, checked === true)}
            label={
              <>
                {title}
                <span className={styles.scopeText}>{text}</span>
              </>
            }
          />
        ))}
      {missing ? (
        <p className={styles.fault} role="alert">
          {t.keys.pickOne}
        </p>
      ) : null}
    </fieldset>
  )
}
