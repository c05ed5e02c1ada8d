/** Between the panel in another site's page and the window of the hub that lets it in: both are pages of the hub. */
export type LetIn = { jackfield: 'let-in'; ticket: string } | { jackfield: 'let-in'; entered: true }

export const letInPath = '/desktop/let-in'

export function readLetIn(message: MessageEvent, from: MessageEventSource | null): LetIn | null {
  if (from === null || message.source !== from || message.origin !== location.origin) return null
  const data = message.data as Partial<Record<'jackfield' | 'ticket' | 'entered', unknown>> | null
  if (data?.jackfield !== 'let-in') return null
  return typeof data.ticket === 'string' || data.entered === true ? (data as LetIn) : null
}
