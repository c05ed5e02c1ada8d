import {
  type CardShown,
  type DialRequest,
  readToPanel,
  type ScreenPop,
  type SoftphoneEvent,
  sealed,
  type ToPhone,
} from '../../../client/messages.ts'
import { isListed } from './listed-origin.ts'

export interface BridgeOptions {
  /** Whose messages are heeded: origins, in which a star stands for any name below (`GET /api/v1/desktop/embedding`). */
  origins: readonly string[]
  /** Hands an event to the hub; what it throws is told to the softphone. */
  take(event: SoftphoneEvent): Promise<{ interaction: string }>
  /** A softphone said that it is there: numbers may be pressed from now on. */
  onConnected?(): void
}

export interface SoftphoneBridge {
  /** Has the softphone call; false where none is there. */
  dial(request: DialRequest): boolean
  screenPop(pop: ScreenPop): void
  cardShown(card: CardShown): void
  stop(): void
}

/**
 * The panel's side of what `embedDesktop` of the client speaks with. It heeds the page around the panel alone, and that
 * only where its origin is listed; answers go to the origin that spoke, and no other.
 */
export function startSoftphoneBridge({ origins, take, onConnected }: BridgeOptions): SoftphoneBridge {
  let phone: string | null = null
  const say = (message: ToPhone, to = phone) => {
    if (to !== null) window.parent.postMessage(sealed(message), to)
  }
  const hear = async ({ source, origin, data }: MessageEvent) => {
    if (source !== window.parent || source === window || !isListed(origins, origin)) return
    const message = readToPanel(data)
    if (!message) return
    const isNew = phone !== origin
    phone = origin
    if (isNew) onConnected?.()
    if (message.type === 'hello') return say({ type: 'ready' })
    const { request, event } = message
    say(await answerOf(take, request, event), origin)
  }
  const listener = (message: MessageEvent) => void hear(message)
  window.addEventListener('message', listener)
  return {
    dial(dial) {
      say({ type: 'dial', dial })
      return phone !== null
    },
    screenPop: (pop) => say({ type: 'screenPop', pop }),
    cardShown: (card) => say({ type: 'cardShown', card }),
    stop: () => window.removeEventListener('message', listener),
  }
}

async function answerOf(take: BridgeOptions['take'], request: string, event: SoftphoneEvent): Promise<ToPhone> {
  try {
    const { interaction } = await take(event)
    return { type: 'taken', request, interaction }
  } catch (error) {
    const { code = 'unknown', message = String(error) } =
      (error as { body?: { code?: string; message?: string } }).body ?? {}
    return { type: 'refused', request, code, message }
  }
}
