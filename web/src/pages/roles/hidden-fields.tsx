import { Button } from '@fluentui/react-components'
import { Add16Regular } from '@fluentui/react-icons/svg/add'
import { EyeOff16Regular } from '@fluentui/react-icons/svg/eye-off'
import { useState } from 'react'
import { humanise } from '../../parts/names.ts'
import { RemovableChip } from '../../parts/removable-chip.tsx'
import { useText } from '../../text/use-text.tsx'
import type { Kind } from './draft.ts'
import { FieldFinder } from './field-finder.tsx'
import styles from './kind-rights.module.css'

/** Fields that whoever has the role never sees. */
export function HiddenFields(props: {
  kind: Kind
  name: string
  fields: readonly string[]
  fixed: boolean
  onChange(fields: string[]): void
}) {
  const { t, f } = useText()
  const [finding, setFinding] = useState(false)
  const { fields, name } = props
  if (props.fixed) {
    return fields.length > 0 ? (
      f.list(fields.map(humanise))
    ) : (
      <span className={styles.none}>{t.rolePage.reach.none}</span>
    )
  }
  return (
    <div className={styles.fields}>
      {fields.map((field) => (
        <RemovableChip
          key={field}
          label={humanise(field)}
          title={field}
          mark={<EyeOff16Regular aria-hidden="true" />}
          removeLabel={t.rolePage.unhide(humanise(field), name)}
          onRemove={() => props.onChange(fields.filter((each) => each !== field))}
        />
      ))}
      <Button
        size="small"
        appearance="subtle"
        icon={<Add16Regular />}
        aria-label={t.rolePage.hideOf(name)}
        onClick={() => setFinding(true)}
      >
        {t.rolePage.hide}
      </Button>
      {finding ? (
        <FieldFinder
          label={t.rolePage.hideOf(name)}
          kind={props.kind}
          without={fields}
          onPick={(field) => props.onChange([...fields, field])}
          onClose={() => setFinding(false)}
        />
      ) : null}
    </div>
  )
}
