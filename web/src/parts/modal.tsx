import {
  Button,
  type ButtonProps,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  Spinner,
} from '@fluentui/react-components'
import { type ReactNode, useEffect, useState } from 'react'
import styles from './modal.module.css'

/** A question or a form above the page. */
export function Modal(props: {
  title: ReactNode
  /** The buttons below it. */
  acts: ReactNode
  onClose(): void
  /** What stands in it is a form. */
  onSubmit?: (() => void) | undefined
  /** A click beside it does not close it. */
  held?: boolean
  surface?: string | undefined
  content?: string | undefined
  children: ReactNode
}) {
  const { title, acts, onClose, onSubmit, held = false } = props
  useFocusGivenBack()
  const body = (
    <DialogBody>
      <DialogTitle>{title}</DialogTitle>
      <DialogContent className={props.content ?? ''}>{props.children}</DialogContent>
      <DialogActions className={styles.acts ?? ''}>{acts}</DialogActions>
    </DialogBody>
  )
  return (
    <Dialog open modalType={held ? 'alert' : 'modal'} onOpenChange={(_, { open }) => (open ? undefined : onClose())}>
      <DialogSurface className={props.surface ?? ''}>
        {onSubmit ? (
          <form
            noValidate
            onSubmit={(event) => {
              event.preventDefault()
              onSubmit()
            }}
          >
            {body}
          </form>
        ) : (
          body
        )}
      </DialogSurface>
    </Dialog>
  )
}

/** What had the focus when each of the dialogs that are open now was opened. */
const openers = new Set<Element>()

/** A dialog that is closed is taken away at once, with the focus in it: whatever opened it gets that back. */
function useFocusGivenBack(): void {
  // One dialog may take the place of another, whose button is gone by then: the button before it counts.
  const [chain] = useState(() => [...openers, ...(document.activeElement ? [document.activeElement] : [])])
  useEffect(() => {
    const own = chain.at(-1)
    if (own) openers.add(own)
    return () => {
      if (own) openers.delete(own)
      // Fluent puts the focus where it wants it a moment after the dialog is gone.
      setTimeout(() => {
        if (document.activeElement !== null && document.activeElement !== document.body) return
        const back = chain.findLast((each) => each.isConnected && each !== document.body)
        const target = back ?? document.getElementById('content')
        if (target instanceof HTMLElement) target.focus({ preventScroll: true })
      }, 60)
    }
  }, [chain])
}

/** The main button, which turns while its work is under way. */
export function MainButton({ busy = false, disabledFocusable = false, ...props }: ButtonProps & { busy?: boolean }) {
  return (
    <Button
      {...(props as object)}
      className={styles.main ?? ''}
      appearance="primary"
      disabledFocusable={busy || disabledFocusable}
      icon={busy ? <Spinner size="extra-tiny" /> : null}
    />
  )
}
