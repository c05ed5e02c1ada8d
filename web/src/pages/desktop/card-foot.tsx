import { Button } from '@fluentui/react-components'
import { Open16Regular } from '@fluentui/react-icons/svg/open'
import { useRef } from 'react'
import { actOn, type Card, runWorkflow } from '../../api/desktop.ts'
import { useMay } from '../../api/session.ts'
import { useToasts } from '../../parts/toasts.tsx'
import { useText } from '../../text/use-text.tsx'
import styles from './card.module.css'
import { closing, putAway } from './closing.ts'
import { keyed } from './keyed.ts'
import type { NoteKeeper } from './note-keeper.ts'
import { useAct } from './use-act.ts'
import { pageAddress, whoOf } from './who.ts'
import { useWhoseDesk } from './whose-desk.ts'

/** What is done at the end, always in the same place. */
export function CardFoot({ card, keeper }: { card: Card; keeper: NoteKeeper }) {
  const { t } = useText()
  const { run, busy } = useAct(card)
  const mayWrite = useMay('write:records')
  const toasts = useToasts()
  const close = useClose(card, keeper)
  const url = pageAddress(card.records[0]?.url ?? null)
  const { state } = card.interaction
  const closes = state === 'wrap_up' || state === 'unassigned'
  const key = useRef(newKey())
  const runOne = (id: string, name: string) =>
    run(async () => {
      const { waiting } = await runWorkflow(card.interaction.id, id, `${key.current}-${id}`)
      key.current = newKey()
      const waits = waiting.some(({ workflow, problem }) => workflow === id && problem === null)
      toasts.done(waits ? t.desk.waits(name) : t.desk.ran(name))
    })
  return (
    <footer className={styles.foot}>
      {state === 'closed' || !mayWrite
        ? null
        : card.workflows.map(({ id, kind, name }, index) => (
            <Button
              key={id}
              size="small"
              disabledFocusable={busy}
              {...(index === 0 ? keyed('c') : {})}
              onClick={() => void runOne(id, name)}
            >
              {kind === 'create' ? t.desk.create(name) : t.desk.update(name)}
            </Button>
          ))}
      {url ? (
        <Button
          as="a"
          size="small"
          href={url}
          target="_blank"
          rel="noopener noreferrer"
          {...keyed('o')}
          icon={<Open16Regular />}
        >
          {t.act.openInCrm}
        </Button>
      ) : null}
      {state === 'closed' ? (
        <span className={styles.close}>
          <Button size="small" appearance="subtle" {...keyed('e')} onClick={() => putAway.add(card.interaction.id)}>
            {t.desk.putAway}
          </Button>
        </span>
      ) : null}
      {closes ? (
        <span className={styles.close}>
          <Button size="small" appearance="primary" {...keyed('e')} onClick={close}>
            {state === 'wrap_up' ? t.desk.finish : t.desk.dismiss}
          </Button>
        </span>
      ) : null}
    </footer>
  )
}

/** A press whose answer was lost runs nothing twice when it is pressed again; random UUIDs are for secure addresses alone. */
const newKey = () => [...crypto.getRandomValues(new Uint32Array(4))].map((part) => part.toString(36)).join('')

/** Done at once to the eye, and sent when the time to undo is over. */
function useClose(card: Card, keeper: NoteKeeper): () => void {
  const { t } = useText()
  const toasts = useToasts()
  const person = useWhoseDesk()
  const { id } = card.interaction
  return () => {
    void keeper.send()
    closing.add(id)
    const send = async () => {
      await actOn(person, id, { act: 'close' })
      closing.remove(id)
    }
    toasts.later(t.desk.closed(whoOf(card, t).name), send, () => closing.remove(id))
  }
}
