import type { Card } from '../../api/desktop.ts'
import { pageAddress } from './who.ts'

/** Where the record is to be opened, once its time has come. */
export function duePop({ interaction, screenPop }: Card): string | null {
  const { state } = interaction
  if (screenPop.when === 'never' || state === 'closed' || state === 'wrap_up') return null
  if (screenPop.when === 'accepted' && state === 'offered') return null
  return pageAddress(screenPop.url)
}
