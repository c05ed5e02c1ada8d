import { useText } from '../text/use-text.tsx'
import { useNow } from './now.ts'

/** "4 min ago", with weekday, date, seconds and zone behind it. */
export function RelativeTime({ at, say = same }: { at: string | null; say?: (text: string) => string }) {
  const { t, f } = useText()
  const now = useNow()
  if (!at) return <span>{t.time.never}</span>
  // The clocks of hub and browser differ a little: what is just ahead is now.
  const ahead = Date.parse(at) - now
  const from = ahead > 0 && ahead < 15_000 ? Date.parse(at) : now
  return (
    <time dateTime={at} title={f.exact(at)}>
      {say(f.relative(at, from))}
    </time>
  )
}

const same = (text: string) => text

/** A moment ahead: "in 2 min". */
export function Ahead({ at, say = same }: { at: string; say?: (text: string) => string }) {
  const { f, t } = useText()
  const now = useNow()
  return (
    <time dateTime={at} title={f.exact(at)}>
      {say(Date.parse(at) <= now ? t.time.now : f.relative(at, now))}
    </time>
  )
}

/** "14:02", with the day when it is another, and everything behind it. */
export function Moment({ at }: { at: string }) {
  const { f } = useText()
  return (
    <time dateTime={at} title={f.exact(at)}>
      {f.moment(at)}
    </time>
  )
}

/** "since 14:02". */
export function Since({ at }: { at: string }) {
  const { t, f } = useText()
  return (
    <time dateTime={at} title={f.exact(at)}>
      {t.time.since(f.moment(at))}
    </time>
  )
}

/** All of it: for a page about one event, where seconds count. */
export function Exact({ at }: { at: string }) {
  const { f } = useText()
  return <time dateTime={at}>{f.exact(at)}</time>
}
