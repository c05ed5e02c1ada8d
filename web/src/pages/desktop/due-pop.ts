import type { Card } from '../../api/desktop.ts'
import { pageAddress } from './who.ts'

/** Where the record is to be opened, once its time has come; nothing is opened any more when the conversation is over. */
export function duePop(card: Card): string | null {
  return card.interaction.state === 'wrap_up' ? null : due(card)
}

/** Where the frame beside the cards leads: it stays through the wrap-up, in which somebody may be typing there. */
export const dueFrame = (card: Card): string | null => (card.screenPop.how === 'frame' ? due(card) : null)

function due({ interaction: { state }, screenPop }: Card): string | null {
  if (screenPop.when === 'never' || state === 'closed') return null
  if (screenPop.when === 'accepted' && state === 'offered') return null
  return pageAddress(screenPop.url)
}
