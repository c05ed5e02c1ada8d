import { Button, type ButtonProps } from '@fluentui/react-components'
import { ArrowClockwise20Regular } from '@fluentui/react-icons/svg/arrow-clockwise'
import { Dismiss20Regular } from '@fluentui/react-icons/svg/dismiss'
import { Pause20Regular } from '@fluentui/react-icons/svg/pause'
import { Play20Regular } from '@fluentui/react-icons/svg/play'
import { useMutation } from '@tanstack/react-query'
import { client, keepSaved } from '../../api/client.ts'
import { actOnRun, type Run, type RunAct } from '../../api/runs.ts'
import { useMay } from '../../api/session.ts'
import { useNames } from '../../parts/names.ts'
import { useToasts } from '../../parts/toasts.tsx'
import { useText } from '../../text/use-text.tsx'

/** Pause, resume, cancel: what this run's state allows. A pause is taken back by resuming; a cancel waits for its undo. */
export function RunActs({ run, small }: { run: Run; small?: boolean }) {
  const { t } = useText()
  const names = useNames()
  const toasts = useToasts()
  const act = useMutation({
    mutationFn: (what: RunAct) => actOnRun(run.id, what),
    onSuccess: (changed, what) => {
      keepSaved(['runs', 'one', run.id], changed)
      for (const queryKey of [['runs'], ['status'], ['attention']]) void client.invalidateQueries({ queryKey })
      if (what === 'pause') toasts.done(t.runs.paused1, () => act.mutate('resume'))
      if (what === 'resume') toasts.done(t.runs.resumed1)
    },
    onError: (error) => toasts.failed(error, names.many(run.entity)),
  })
  function cancel(): void {
    toasts.later(
      t.runs.cancelled1,
      () => act.mutateAsync('cancel'),
      () => undefined,
    )
  }
  if (!useMay('manage:sync')) return null
  const look: Pick<ButtonProps, 'size' | 'appearance'> = { size: small ? 'small' : 'medium', appearance: 'secondary' }
  const sweep = run.problem?.code === 'sync.sweep_needs_person'
  const moving = run.state === 'running' || run.state === 'waiting'
  return (
    <>
      {moving ? (
        <Button {...look} icon={<Pause20Regular />} onClick={() => act.mutate('pause')}>
          {t.act.pause}
        </Button>
      ) : null}
      {run.state === 'paused' ? (
        <Button {...look} appearance="primary" icon={<Play20Regular />} onClick={() => act.mutate('resume')}>
          {t.act.resume}
        </Button>
      ) : null}
      {run.state === 'failed' && !sweep ? (
        <Button {...look} appearance="primary" icon={<ArrowClockwise20Regular />} onClick={() => act.mutate('resume')}>
          {t.attention.runAgain}
        </Button>
      ) : null}
      {moving || run.state === 'paused' ? (
        <Button {...look} icon={<Dismiss20Regular />} onClick={cancel}>
          {t.act.cancel}
        </Button>
      ) : null}
    </>
  )
}
