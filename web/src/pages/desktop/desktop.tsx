import type { Card } from '../../api/desktop.ts'
import { ErrorNotice } from '../../parts/error-notice.tsx'
import { Facts, HealthLine } from '../../parts/health.tsx'
import { PageHeader } from '../../parts/page.tsx'
import { Bar, SkeletonBlock } from '../../parts/skeletons.tsx'
import { useText } from '../../text/use-text.tsx'
import { Cards } from './cards.tsx'
import { DeskHelp } from './desk-help.tsx'
import { EmptyDesk } from './empty-desk.tsx'
import { LooseNotes } from './loose-notes.tsx'
import { useDesktop } from './use-cards.ts'
import { useRinging } from './use-ringing.ts'
import { isRinging } from './who.ts'
import { DeskOf } from './whose-desk.ts'

/** The agent's desktop, within the console. */
export function DesktopPage() {
  const { t } = useText()
  const shown = useDesktop()
  const ringing = useRinging(shown.cards)
  const { desktop, cards, lost } = shown
  return (
    <>
      <PageHeader
        title={t.desk.title}
        tab={ringing ?? t.desk.title}
        actions={<DeskHelp />}
        health={desktop.data ? <Health cards={cards} lost={lost} /> : desktop.isLoading ? <Bar width={220} /> : null}
      />
      <DeskBody {...shown} />
    </>
  )
}

/** The cards, and what stands in their place where there are none. */
export function DeskBody({ desktop, cards }: ReturnType<typeof useDesktop>) {
  if (desktop.isLoading) return <SkeletonBlock height={420} />
  if (!desktop.data) return <ErrorNotice error={desktop.error} onRetry={() => void desktop.refetch()} />
  return (
    <DeskOf value={desktop.data.personId ?? 'nobody'}>
      <LooseNotes cards={cards} />
      {cards.length === 0 ? <EmptyDesk /> : null}
      {/* It stays while nobody is there: the place of a card that has just gone is kept a moment. */}
      <Cards cards={cards} />
    </DeskOf>
  )
}

function Health({ cards, lost }: { cards: Card[]; lost: boolean }) {
  const { t } = useText()
  const ringing = cards.filter(isRinging).length
  const wrapping = cards.filter(({ interaction }) => interaction.state === 'wrap_up').length
  const open = cards.filter(({ interaction }) => interaction.state !== 'closed').length
  if (lost) return <HealthLine health="warn">{t.live.lostHint}</HealthLine>
  return (
    <HealthLine health={ringing > 0 ? 'busy' : open > 0 ? 'ok' : 'none'}>
      <Facts>
        {ringing > 0 ? t.desk.ringingNow(ringing) : null}
        {t.desk.now(open)}
        {wrapping > 0 ? t.desk.wrapping(wrapping) : null}
      </Facts>
    </HealthLine>
  )
}
