/** Reads Server-Sent Events as our own doors write them (one data line each) and answers the last one's data. */
export async function readEvents(
  chunks: AsyncIterable<string>,
  onEvent: (event: string, data: unknown, id: string | undefined) => void,
): Promise<unknown> {
  let rest = ''
  let last: unknown = null
  for await (const chunk of chunks) {
    const parts = (rest + chunk).split('\n\n')
    rest = parts.pop() ?? ''
    for (const part of parts) {
      const event = /^event: (.*)$/m.exec(part)?.[1]
      const data = /^data: (.*)$/m.exec(part)?.[1]
      if (event === undefined || data === undefined) continue
      last = JSON.parse(data)
      onEvent(event, last, /^id: (.*)$/m.exec(part)?.[1])
    }
  }
  return last
}
