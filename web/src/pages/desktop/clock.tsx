import { useNow } from '../../parts/now.ts'
import { useText } from '../../text/use-text.tsx'

/** `00:04`, `1:02:03`: running, from a moment on or up to one. */
export function Clock({ from, until }: { from?: string | null; until?: string | null }) {
  const { f } = useText()
  const now = useNow(1000)
  const at = until ?? from
  if (!at) return null
  const ms = until ? Date.parse(until) - now : now - Date.parse(at)
  return (
    <time dateTime={at} title={f.exact(at)}>
      {clockText(ms)}
    </time>
  )
}

function clockText(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  const two = (n: number) => String(n).padStart(2, '0')
  const rest = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`
  return seconds < 3600 ? rest : `${Math.floor(seconds / 3600)}:${rest}`
}
