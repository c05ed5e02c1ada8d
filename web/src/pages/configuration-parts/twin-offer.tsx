import { Button } from '@fluentui/react-components'
import { useMutation } from '@tanstack/react-query'
import { useLocation, useNavigate } from 'react-router'
import { createTwin, type Part } from '../../api/configuration-parts.ts'
import { refreshConfigurations } from '../../api/configurations.ts'
import { ErrorNotice } from '../../parts/error-notice.tsx'
import { MainButton } from '../../parts/modal.tsx'
import { useToasts } from '../../parts/toasts.tsx'
import { useText } from '../../text/use-text.tsx'
import styles from './editor.module.css'

/** After a mapping of one channel was saved: the same for the other, by one press. */
export function TwinOffer({ parts }: { parts: readonly Part[] }) {
  const { state, pathname } = useLocation() as { state: { twinOf?: string } | null; pathname: string }
  const navigate = useNavigate()
  const saved = parts.find(({ id }) => id === state?.twinOf)
  if (saved?.kind !== 'memorialization' || saved.definition.channel === 'both') return null
  const other = saved.definition.channel === 'voice' ? 'digital' : 'voice'
  return <Offer part={saved} other={other} onClose={() => void navigate(pathname, { replace: true, state: null })} />
}

function Offer({ part, other, onClose }: { part: Part; other: 'voice' | 'digital'; onClose(): void }) {
  const { t } = useText()
  const toasts = useToasts()
  const words = t.configurationParts.memorialization
  const channel = words.channels[other].toLowerCase()
  const make = useMutation({
    mutationFn: () => createTwin(part.configurationId, part.id),
    onSuccess: async (twin) => {
      await refreshConfigurations()
      toasts.done(t.configurationParts.saved(twin.name))
      onClose()
    },
  })
  return (
    <section className={styles.twin} aria-label={words.twinTitle(channel)}>
      <div role="status">
        <strong>{words.twinTitle(channel)}</strong>
        {words.twinText}
      </div>
      <MainButton busy={make.isPending} onClick={() => make.mutate()}>
        {words.makeTwin(channel)}
      </MainButton>
      <Button onClick={onClose}>{words.noTwin}</Button>
      {make.error ? <ErrorNotice error={make.error} subject={part.name} /> : null}
    </section>
  )
}
