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
import type { ReactNode } from 'react'
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
  const body = (
    <DialogBody>
      <DialogTitle>{title}</DialogTitle>
      <DialogContent className={props.content ?? ''}>{props.children}</DialogContent>
      <DialogActions>{acts}</DialogActions>
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
