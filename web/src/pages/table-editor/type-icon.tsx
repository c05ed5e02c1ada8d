import { CalendarRegular } from '@fluentui/react-icons/svg/calendar'
import { CalendarClockRegular } from '@fluentui/react-icons/svg/calendar-clock'
import { KeyRegular } from '@fluentui/react-icons/svg/key'
import { LinkRegular } from '@fluentui/react-icons/svg/link'
import { ListRegular } from '@fluentui/react-icons/svg/list'
import { MoneyRegular } from '@fluentui/react-icons/svg/money'
import { NumberSymbolRegular } from '@fluentui/react-icons/svg/number-symbol'
import { QuestionRegular } from '@fluentui/react-icons/svg/question'
import { TextDescriptionRegular } from '@fluentui/react-icons/svg/text-description'
import { TextTRegular } from '@fluentui/react-icons/svg/text-t'
import { ToggleLeftRegular } from '@fluentui/react-icons/svg/toggle-left'
import type { ComponentType } from 'react'
import { VisuallyHidden } from '../../parts/visually-hidden.tsx'
import { useText } from '../../text/use-text.tsx'
import styles from './columns.module.css'

const icons: Record<string, ComponentType> = {
  text: TextTRegular,
  memo: TextDescriptionRegular,
  integer: NumberSymbolRegular,
  bigint: NumberSymbolRegular,
  decimal: NumberSymbolRegular,
  money: MoneyRegular,
  boolean: ToggleLeftRegular,
  date: CalendarRegular,
  datetime: CalendarClockRegular,
  choice: ListRegular,
  choices: ListRegular,
  lookup: LinkRegular,
  guid: KeyRegular,
}

export function TypeIcon({ type }: { type: string }) {
  const { t } = useText()
  const Icon = icons[type] ?? QuestionRegular
  const name = t.editor.types[type] ?? type
  return (
    <span className={styles.type} title={name}>
      <Icon aria-hidden="true" />
      <VisuallyHidden>{name}</VisuallyHidden>
    </span>
  )
}
