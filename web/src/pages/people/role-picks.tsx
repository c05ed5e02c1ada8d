import { Checkbox } from '@fluentui/react-components'
import { type Role, roles } from '../../api/people.ts'
import { VisuallyHidden } from '../../parts/visually-hidden.tsx'
import { useText } from '../../text/use-text.tsx'
import styles from './people.module.css'

export function RolePicks(props: {
  /** Not shown where a heading says it already. */
  quiet?: boolean
  picked: Role[]
  /** Roles that have to stay, and why. */
  held?: { role: Role; reason: string } | null
  missing: boolean
  onPick(picked: Role[]): void
}) {
  const { t } = useText()
  const { picked, held } = props
  return (
    <fieldset className={styles.picks}>
      <legend>{props.quiet ? <VisuallyHidden>{t.people.roles}</VisuallyHidden> : t.people.roles}</legend>
      {roles.map((role) => (
        <Checkbox
          key={role}
          checked={picked.includes(role)}
          disabled={held?.role === role}
          onChange={(_, { checked }) =>
            props.onPick(roles.filter((each) => (each === role ? checked : picked.includes(each))))
          }
          label={
            <>
              {t.roles[role]}
              <span className={styles.pickText}>{held?.role === role ? held.reason : t.roleTexts[role]}</span>
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
