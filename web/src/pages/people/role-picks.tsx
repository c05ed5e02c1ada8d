import { Checkbox } from '@fluentui/react-components'
import { useQuery } from '@tanstack/react-query'
import { rolesQuery } from '../../api/roles.ts'
import { ErrorNotice } from '../../parts/error-notice.tsx'
import { useRoleWords } from '../../parts/role-words.ts'
import { SkeletonBlock } from '../../parts/skeletons.tsx'
import { VisuallyHidden } from '../../parts/visually-hidden.tsx'
import { useText } from '../../text/use-text.tsx'
import styles from './people.module.css'

export function RolePicks(props: {
  /** Not shown where a heading says it already. */
  quiet?: boolean
  picked: readonly string[]
  /** Roles that have to stay, and why. */
  held?: { role: string; reason: string } | null
  missing: boolean
  onPick(picked: string[]): void
}) {
  const { t } = useText()
  const { picked, held } = props
  const words = useRoleWords()
  const { data: roles = [], isPending, error } = useQuery(rolesQuery)
  const pick = (id: string, on: boolean) => props.onPick(on ? [...picked, id] : picked.filter((each) => each !== id))
  return (
    <fieldset className={styles.picks}>
      <legend>{props.quiet ? <VisuallyHidden>{t.people.roles}</VisuallyHidden> : t.people.roles}</legend>
      {isPending ? <SkeletonBlock height={160} /> : null}
      {error ? <ErrorNotice error={error} /> : null}
      {roles.map((role) => (
        <Checkbox
          key={role.id}
          checked={picked.includes(role.id)}
          disabled={held?.role === role.id}
          onChange={(_, { checked }) => pick(role.id, checked === true)}
          label={
            <>
              {words.name(role.id)}
              <span className={styles.pickText}>{held?.role === role.id ? held.reason : words.text(role)}</span>
            </>
          }
        />
      ))}
      {props.missing ? (
        <p className={styles.fault} role="alert">
          {t.people.pickRole}
        </p>
      ) : null}
    </fieldset>
  )
}
