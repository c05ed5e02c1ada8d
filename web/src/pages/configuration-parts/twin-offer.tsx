import { Button } from '@fluentui/react-components'
import { useMutation } from '@tanstack/react-query'
import { useLocation, useNavigate } from 'react-router'
import { createTwin, type DefinitionOf, type Part } from '../../api/configuration-parts.ts'
import { refreshConfigurations } from '../../api/configurations.ts'
import { ErrorNotice } from '../../parts/error-notice.tsx'
import { MainButton } from '../../parts/modal.tsx'
import styles from '../../parts/offer.module.css'
import { useToasts } from '../../parts/toasts.tsx'
import { useText } from '../../text/use-text.tsx'

type Definition = DefinitionOf<'memorialization'>

/** After a mapping of one channel was saved: the same for the other, by one press. */
export function TwinOffer({ parts }: { parts: readonly Part[] }) {
  const { state, pathname } = useLocation() as { state: { twinOf?: string } | null; pathname: string }
  const navigate = useNavigate()
  const saved = parts.find(({ id }) => id === state?.twinOf)
  if (saved?.kind !== 'memorialization' || saved.definition.channel === 'both') return null
  const other = saved.definition.channel === 'voice' ? 'digital' : 'voice'
  if (parts.some((part) => isTwin(part, saved.definition, other))) return null
  return <Offer part={saved} other={other} onClose={() => void navigate(pathname, { replace: true, state: null })} />
}

/** Whether a mapping writes the same kinds of records over the other channel already. */
function isTwin(part: Part, { entities }: Definition, other: 'voice' | 'digital'): boolean {
  if (part.kind !== 'memorialization' || part.definition.channel !== other) return false
  const there = part.definition.entities.map(({ entity }) => entity)
  return entities.every(({ entity }) => there.includes(entity))
}

function Offer({ part, other, onClose }: { part: Part; other: 'voice' | 'digital'; onClose(): void }) {
  const { t } = useText()
  const toasts = useToasts()
  const navigate = useNavigate()
  const { pathname } = useLocation()
  const words = t.configurationParts.memorialization
  const channel = words.channels[other].toLowerCase()
  const make = useMutation({
    mutationFn: () => createTwin(part.configurationId, part.id),
    // It is not in use before somebody looked at it.
    onSuccess: async (twin) => {
      onClose()
      await refreshConfigurations()
      toasts.done(t.configurationParts.savedOff(twin.name))
      void navigate(`${pathname}/${twin.id}`)
    },
  })
  return (
    <section className={styles.offer} aria-label={words.twinTitle(channel)}>
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
