import type { Card, CardRecord } from '../../api/desktop.ts'
import type { Text } from '../../text/en.ts'
import { numberText } from './number-text.ts'

export interface Who {
  name: string
  /** Null: withheld, or there is none. */
  number: string | null
  record: CardRecord | null
}

/** Whom a card is about, as it is said at its head and everywhere else. */
export function whoOf(card: Card, t: Text): Who {
  const { interaction, records } = card
  const record = records[0] ?? null
  const number = interaction.address === null ? null : numberText(interaction.address)
  const named = record ? (record.name ?? t.records.noName) : interaction.contactName
  return { name: named ?? number ?? t.desk.withheld, number, record }
}

/** A vendor's address is opened only where a browser would show a page of it. */
export function pageAddress(url: string | null): string | null {
  if (!url || !URL.canParse(url)) return null
  return /^https?:$/.test(new URL(url).protocol) ? url : null
}

export const isRinging = ({ interaction }: Card) => interaction.state === 'offered'

export function channelWord(channelType: string, t: Text): string {
  return t.desk.channels[channelType.toLowerCase()] ?? channelType
}
