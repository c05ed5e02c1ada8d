import { Button } from '@fluentui/react-components'
import type { ReactNode } from 'react'
import { useText } from '../text/use-text.tsx'
import { MainButton, Modal } from './modal.tsx'

/** A form above the page, which is sent or left. */
export function FormModal(props: {
  title: ReactNode
  /** What sending it does. */
  go: ReactNode
  busy?: boolean
  /** What is needed for it is not there yet. */
  disabledFocusable?: boolean
  onClose(): void
  onSubmit(): void
  held?: boolean
  surface?: string | undefined
  content?: string | undefined
  children: ReactNode
}) {
  const { t } = useText()
  const { go, busy = false, disabledFocusable = false, ...modal } = props
  return (
    <Modal
      {...modal}
      acts={
        <>
          <Button onClick={props.onClose}>{t.act.cancel}</Button>
          <MainButton type="submit" busy={busy} disabledFocusable={disabledFocusable}>
            {go}
          </MainButton>
        </>
      }
    />
  )
}
