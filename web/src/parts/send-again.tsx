import { Button } from '@fluentui/react-components'
import { useMutation } from '@tanstack/react-query'
import { client } from '../api/client.ts'
import { useMay } from '../api/session.ts'
import { retryWrite } from '../api/writes.ts'
import { useText } from '../text/use-text.tsx'
import { useToasts } from './toasts.tsx'

/** Tries a failed write of an interaction once more, for whoever may. */
export function SendAgain({ write, name }: { write: string; name: string }) {
  const { t } = useText()
  const toasts = useToasts()
  const may = useMay('write:records')
  const send = useMutation({
    mutationFn: () => retryWrite(write),
    onSuccess: () => {
      toasts.done(t.attention.sent)
      void client.invalidateQueries({ queryKey: ['interactions'] })
    },
    onError: (error) => toasts.failed(error, name),
  })
  if (!may) return null
  return (
    <Button size="small" disabledFocusable={send.isPending} onClick={() => send.mutate()}>
      {t.attention.sendAgain}
    </Button>
  )
}
