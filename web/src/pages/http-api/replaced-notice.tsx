import { Button } from '@fluentui/react-components'
import { ArrowUndo20Regular } from '@fluentui/react-icons/svg/arrow-undo'
import { useText } from '../../text/use-text.tsx'
import { useForm } from './definition-field.tsx'
import styles from './http-api.module.css'

/** Says that a preset took the place of what a person filled in, with the way back. */
export function ReplacedNotice({ onSwapped }: { onSwapped(): void }) {
  const { t } = useText()
  const { replaced, undo } = useForm()
  const shown = replaced !== null && replaced.other !== null
  return (
    <div className={styles.replaced} role="status">
      {shown ? (
        <>
          <span>{replaced.isBack ? t.http.presetBack : t.http.presetTaken(replaced.by)}</span>
          <Button
            size="small"
            icon={<ArrowUndo20Regular />}
            onClick={() => {
              undo()
              onSwapped()
            }}
          >
            {replaced.isBack ? t.http.presetAgain(replaced.by) : t.act.undo}
          </Button>
        </>
      ) : null}
    </div>
  )
}
