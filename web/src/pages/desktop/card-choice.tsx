import { Button } from '@fluentui/react-components'
import type { Card } from '../../api/desktop.ts'
import { useNames } from '../../parts/names.ts'
import { useText } from '../../text/use-text.tsx'
import styles from './card.module.css'
import { keyed } from './keyed.ts'
import { Reasons } from './reasons.tsx'
import { useAct } from './use-act.ts'

interface Props {
  card: Card
  match: Card['matches'][number]
  /** The one that a key goes to. */
  first?: boolean
  /** The only one: the head tells why already. */
  main?: boolean
  onLinked?: () => void
}

/** A record that it may be, with its reasons and the button that links it. */
export function Choice(props: Props) {
  const { card, match, first = false, main = false } = props
  const { t } = useText()
  const names = useNames()
  const { act } = useAct(card)
  const name = match.name ?? t.records.noName
  return (
    <div className={styles.choice}>
      <div className={styles.choiceWords}>
        <p className={styles.choiceName}>
          {name} <span className={styles.faint}>{names.one(match.entity)}</span>
        </p>
        {main ? null : (
          <p className={styles.faint}>
            <Reasons match={match} />
          </p>
        )}
      </div>
      <Button
        size="small"
        appearance={main ? 'primary' : 'secondary'}
        aria-label={t.desk.linkTo(name)}
        data-choice
        {...(first ? keyed('l') : {})}
        onClick={() => void act({ act: 'link', record: match.id }).then((done) => done && props.onLinked?.())}
      >
        {t.desk.link}
      </Button>
    </div>
  )
}
