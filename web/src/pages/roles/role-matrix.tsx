import { CheckmarkCircle20Filled } from '@fluentui/react-icons/svg/checkmark-circle'
import { Link } from 'react-router'
import type { PermissionWords, Role } from '../../api/roles.ts'
import link from '../../parts/link.module.css'
import { useRoleWords } from '../../parts/role-words.ts'
import { VisuallyHidden } from '../../parts/visually-hidden.tsx'
import { useText } from '../../text/use-text.tsx'
import { Holders } from './holders.tsx'
import { groupsOf, type RecordAct, recordActs } from './permission-groups.ts'
import styles from './role-matrix.module.css'

/** Permissions by group down, roles across: what each lets one do, and of which records. */
export function RoleMatrix({ roles, permissions }: { roles: Role[]; permissions: PermissionWords[] }) {
  const { t, language } = useText()
  const words = useRoleWords()
  const w = t.rolePage
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by key
    <section className={styles.frame} aria-label={w.title} tabIndex={0}>
      <table className={styles.matrix} aria-label={w.title}>
        <thead>
          <tr>
            <th scope="col">{w.permission}</th>
            {roles.map((role) => (
              <th key={role.id} scope="col" title={words.text(role)}>
                <Link to={`/roles/${role.id}`} className={link.quiet}>
                  {words.name(role.id)}
                </Link>
              </th>
            ))}
          </tr>
        </thead>
        {groupsOf(permissions).map(([group, members]) => (
          <tbody key={group}>
            <tr className={styles.group}>
              <th scope="rowgroup" colSpan={roles.length + 1}>
                <span>{w.groups[group]}</span>
              </th>
            </tr>
            {members.map(({ permission, title, text }) => (
              <tr key={permission}>
                <th scope="row" title={text[language]}>
                  {title[language]}
                </th>
                {roles.map((role) => (
                  <td key={role.id}>
                    {recordActs[permission] ? (
                      <ReachCell role={role} act={recordActs[permission]} />
                    ) : (
                      <Mark on={role.permissions.includes(permission)} />
                    )}
                  </td>
                ))}
              </tr>
            ))}
            {group === 'records' ? <HiddenRow roles={roles} /> : null}
          </tbody>
        ))}
        <tbody>
          <tr className={styles.held}>
            <th scope="row">{w.held}</th>
            {roles.map((role) => (
              <td key={role.id}>
                <Holders role={role} />
              </td>
            ))}
          </tr>
        </tbody>
      </table>
    </section>
  )
}

export function Mark({ on }: { on: boolean }) {
  const { t } = useText()
  return (
    <span className={styles.mark} data-on={on}>
      {on ? <CheckmarkCircle20Filled aria-hidden="true" /> : <i aria-hidden="true" />}
      <VisuallyHidden>{on ? t.rolePage.yes : t.rolePage.no}</VisuallyHidden>
    </span>
  )
}

/** A right over records is as wide as its reach; kinds that are set apart are counted. */
function ReachCell({ role, act: { permission, side } }: { role: Role; act: RecordAct }) {
  const { t } = useText()
  const may = role.permissions.includes(permission)
  const differing = role.entities.filter((one) => one[side] !== role.others[side]).length
  const reach = may ? role.others[side] : 'none'
  if (!may || (reach === 'none' && differing === 0)) return <Mark on={false} />
  return (
    <span className={styles.reach}>
      <span data-reach={reach}>{t.rolePage.reach[reach]}</span>
      {differing > 0 ? <small>{t.rolePage.differing(differing)}</small> : null}
    </span>
  )
}

function HiddenRow({ roles }: { roles: Role[] }) {
  const { t, f } = useText()
  return (
    <tr>
      <th scope="row" title={t.rolePage.hiddenText}>
        {t.rolePage.hidden}
      </th>
      {roles.map((role) => {
        const count = [role.others, ...role.entities].reduce((sum, { masked }) => sum + masked.length, 0)
        return (
          <td key={role.id}>
            {count > 0 ? <span className={styles.count}>{f.count(count)}</span> : <Mark on={false} />}
          </td>
        )
      })}
    </tr>
  )
}
