import type { Reply } from './http.ts'

type List = {
  answer: (url: string) => Reply
  /** What each of its rows has once. */
  rowMark: string
  /** The address of the page after one with this body. */
  nextOf: (body: string) => string | null
}

/** Walks a list once, so that its pages are ready-made; answers what they hold. */
export async function walkList(first: unknown, list: List) {
  const started = performance.now()
  const held = { pages: 0, records: 0, bytes: 0 }
  for (let url: string | null = pathOf(String(first ?? '')); url !== null; ) {
    const { status, body } = list.answer(url)
    const text = body.toString('utf8')
    if (status !== 200) throw new Error(`${status} from ${url}: ${text.slice(0, 300)}`)
    held.pages++
    held.bytes += text.length
    held.records += text.split(list.rowMark).length - 1
    const next = list.nextOf(text)
    url = next === null ? null : pathOf(next)
    // Others may ask meanwhile.
    await new Promise((resolve) => setImmediate(resolve))
  }
  return { ...held, ms: Math.round(performance.now() - started) }
}

const pathOf = (url: string) => url.replace(/^https?:\/\/[^/]+/, '')
