import { Checkbox } from '@fluentui/react-components'
import { useQuery } from '@tanstack/react-query'
import { permissionsQuery } from '../../api/roles.ts'
import { useText } from '../../text/use-text.tsx'
import type { Drafting } from './draft.ts'
import { groupsOf, type Permission } from './permission-groups.ts'
import styles from './role.module.css'
import { Mark } from './role-matrix.tsx'

/** What the role lets one do, by group; ticked where it can be changed. */
export function PermissionPicks({ drafting, fixed }: { drafting: Drafting; fixed: boolean }) {
  const { t, language } = useText()
  const { data = [] } = useQuery(permissionsQuery)
  const { draft, put } = drafting
  const pick = (permission: Permission, on: boolean) => {
    const others = draft.permissions.filter((each) => each !== permission)
    put({ permissions: on ? [...others, permission] : others })
  }
  return (
    <div className={styles.groups}>
      {groupsOf(data).map(([group, members]) => (
        <fieldset key={group}>
          <legend>{t.rolePage.groups[group]}</legend>
          {members.map(({ permission, title, text }) => {
            const on = draft.permissions.includes(permission)
            const label = (
              <>
                {title[language]}
                <span className={styles.text}>{text[language]}</span>
              </>
            )
            return fixed ? (
              <p key={permission} className={styles.permission} data-on={on}>
                <Mark on={on} />
                <span>{label}</span>
              </p>
            ) : (
              <Checkbox
                key={permission}
                checked={on}
                onChange={(_, { checked }) => pick(permission, checked === true)}
                label={label}
              />
            )
          })}
        </fieldset>
      ))}
    </div>
  )
}
