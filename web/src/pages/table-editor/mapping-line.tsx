import { Button, Tooltip } from '@fluentui/react-components'
import { ArrowResetRegular } from '@fluentui/react-icons/svg/arrow-reset'
import { ArrowUndo16Regular } from '@fluentui/react-icons/svg/arrow-undo'
import { Dismiss16Regular } from '@fluentui/react-icons/svg/dismiss'
import { Warning16Regular } from '@fluentui/react-icons/svg/warning'
import type { ReactNode } from 'react'
import { Tag } from '../../parts/badge.tsx'
import { useText } from '../../text/use-text.tsx'
import styles from './mapping.module.css'

/** A line of a mapping: what it is made of, what is made of it, and what may be wrong with it. */
export function MappingLine(props: {
  title: string
  state: 'added' | 'changed' | undefined
  /** `soft`: it can be saved all the same. */
  warning: { text: string; soft: boolean } | null
  source: ReactNode
  /** The name that programs use. */
  code: string
  onReset: (() => void) | undefined
  remove: { label: string; act(): void }
  /** Tags of what is made. */
  children: ReactNode
}) {
  const { t } = useText()
  const { title, state, warning, onReset, remove } = props
  return (
    <li className={styles.row} data-state={state} data-wrong={warning !== null && !warning.soft}>
      <div className={styles.source}>{props.source}</div>
      <span className={styles.line} aria-hidden="true" />
      <div className={styles.target}>
        <span className={styles.name}>
          {title} <code>{props.code}</code>
        </span>
        <span className={styles.tags}>
          {props.children}
          {state ? <Tag tone="ok">{t.editor.states[state]}</Tag> : null}
        </span>
      </div>
      <span className={styles.acts}>
        {onReset ? (
          <Tooltip content={t.editor.resetOne} relationship="label">
            <Button
              size="small"
              appearance="subtle"
              icon={<ArrowResetRegular />}
              aria-label={t.editor.resetField(title)}
              onClick={onReset}
            />
          </Tooltip>
        ) : null}
        <Button
          size="small"
          appearance="subtle"
          icon={<Dismiss16Regular />}
          aria-label={remove.label}
          onClick={remove.act}
        />
      </span>
      {warning ? (
        <p className={styles.warning} data-soft={warning.soft}>
          <Warning16Regular aria-hidden="true" /> {warning.text}
        </p>
      ) : null}
    </li>
  )
}

/** In the place of one that was taken out, until it is saved. */
export function RemovedLine({ title, text, onBack }: { title: string; text: string; onBack(): void }) {
  const { t } = useText()
  return (
    <li className={styles.removed}>
      <span>{text}</span>
      <Button
        size="small"
        appearance="subtle"
        icon={<ArrowUndo16Regular />}
        aria-label={t.editor.putBackField(title)}
        onClick={onBack}
      >
        {t.editor.putBack}
      </Button>
    </li>
  )
}
