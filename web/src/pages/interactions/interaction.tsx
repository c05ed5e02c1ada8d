import { useQuery } from '@tanstack/react-query'
import { useParams } from 'react-router'
import type { Card } from '../../api/desktop.ts'
import { interactionQuery } from '../../api/interactions.ts'
import { ErrorNotice } from '../../parts/error-notice.tsx'
import { Facts, HealthLine } from '../../parts/health.tsx'
import { PageHeader, SideBySide } from '../../parts/page.tsx'
import { Bar, SkeletonBlock } from '../../parts/skeletons.tsx'
import { RelativeTime } from '../../parts/time.tsx'
import { useText } from '../../text/use-text.tsx'
import { stateWord } from '../desktop/card-head.tsx'
import { channelWord } from '../desktop/who.ts'
import { Course, FromTheConversation, Notes, Records } from './interaction-parts.tsx'
import { InteractionWritten } from './interaction-written.tsx'
import { nameOf, useOutcome } from './outcome.ts'

/** One interaction: what came of it in the CRM first, then who it was, what was noted, and how it went. */
export function InteractionPage() {
  const { t } = useText()
  const { id = '' } = useParams()
  const { data: card, isError, error, refetch } = useQuery(interactionQuery(id))
  const crumbs = [{ to: '/interactions', text: t.interactions.title }]
  if (!card) {
    return (
      <>
        <PageHeader
          title={isError ? t.interactions.title : <Bar width={240} height={20} />}
          tab={t.interactions.title}
          crumbs={crumbs}
          health={isError ? null : <Bar width={320} />}
        />
        {isError ? <ErrorNotice error={error} onRetry={() => void refetch()} /> : <SkeletonBlock height={420} />}
      </>
    )
  }
  const name = nameOf(card.interaction, t)
  return (
    <>
      <PageHeader title={name} tab={name} crumbs={crumbs} health={<Health card={card} />} />
      <InteractionWritten interaction={card.interaction} />
      <SideBySide>
        <div>
          <Records interaction={card.interaction} />
          <Notes card={card} />
        </div>
        <div>
          <Course interaction={card.interaction} />
          <FromTheConversation interaction={card.interaction} />
        </div>
      </SideBySide>
    </>
  )
}

function Health({ card: { interaction } }: { card: Card }) {
  const { t } = useText()
  const outcome = useOutcome(interaction.memorialized.state)
  return (
    <HealthLine health={outcome.health}>
      <Facts>
        {outcome.words}
        {stateWord(interaction, t)}
        {[channelWord(interaction.channelType, t), t.desk[interaction.direction]].join(', ')}
        <RelativeTime at={interaction.offeredAt} />
      </Facts>
    </HealthLine>
  )
}
