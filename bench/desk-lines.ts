import { get, type IncomingMessage } from 'node:http'
import type { DeskScene } from './desk-scene.ts'

const otherClients = 199

/** Other desktops that are open. */
export interface Lines {
  /** Cards that the others were sent. */
  readonly heard: number
  /** When the first of them was told who it is, by interaction: the hub's own part of the way. */
  told: ReadonlyMap<string, number>
  close(): void
}

/** The others listen by a key that sees everything: each of them is sent every card, which is more than agents are. */
export async function openLines(scene: DeskScene): Promise<Lines> {
  let heard = 0
  const told = new Map<string, number>()
  const lines = await Promise.all(Array.from({ length: otherClients }, () => openLine(scene)))
  for (const line of lines) {
    line.on('data', (text: string) => {
      heard += text.split('event: card').length - 1
    })
  }
  noteCards(lines[0]!, told)
  return {
    told,
    get heard() {
      return heard
    },
    close: () => {
      for (const line of lines) line.destroy()
    },
  }
}

async function openLine({ serving, hub }: DeskScene): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
  const headers = { authorization: `Bearer ${hub.key}` }
  get(`${serving.url}/api/v1/desktop/live`, { headers, agent: false }, resolve).once('error', reject)
  const line = await promise
  if (line.statusCode !== 200) throw new Error(`a line was answered ${line.statusCode}`)
  line.setEncoding('utf8').once('error', () => undefined)
  return line
}

/** When each card first came that says who it is. */
function noteCards(line: IncomingMessage, told: Map<string, number>): void {
  let rest = ''
  line.on('data', (text: string) => {
    const events = (rest + text).split('\n\n')
    rest = events.pop()!
    for (const event of events.filter((one) => one.startsWith('event: card'))) {
      const card = JSON.parse(event.slice(event.indexOf('data: ') + 6)) as Sent
      const { id } = card.interaction
      if (card.records.length > 0 && !told.has(id)) told.set(id, now())
    }
  })
}

interface Sent {
  interaction: { id: string }
  records: unknown[]
}

/** By the clock of the wall, to the microsecond, as the browser's own. */
export const now = () => performance.timeOrigin + performance.now()
