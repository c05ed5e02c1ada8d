/** One message of a stream of Server-Sent Events. */
export interface Message {
  event: string
  data: string
  id: string | null
}

/** Reads a `text/event-stream` body until it ends. */
export async function readMessages(
  body: ReadableStream<Uint8Array>,
  take: (message: Message) => void,
  onRetry?: (ms: number) => void,
): Promise<void> {
  const reader = body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>).getReader()
  let rest = ''
  for (;;) {
    const { value, done } = await reader.read()
    if (done) return
    rest += value
    const blocks = rest.split(/\r?\n\r?\n/)
    rest = blocks.pop() ?? ''
    for (const block of blocks) takeBlock(block, take, onRetry)
  }
}

function takeBlock(block: string, take: (message: Message) => void, onRetry?: (ms: number) => void): void {
  const message: Message = { event: 'message', data: '', id: null }
  const data: string[] = []
  for (const line of block.split(/\r?\n/)) {
    const colon = line.indexOf(':')
    if (colon === 0) continue
    const name = colon < 0 ? line : line.slice(0, colon)
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '')
    if (name === 'data') data.push(value)
    else if (name === 'event') message.event = value
    else if (name === 'id') message.id = value
    else if (name === 'retry' && /^\d+$/.test(value)) onRetry?.(Number(value))
  }
  if (data.length === 0) return
  message.data = data.join('\n')
  take(message)
}
