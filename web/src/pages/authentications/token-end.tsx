import { useNow } from '../../parts/now.ts'
import { Ahead, RelativeTime } from '../../parts/time.tsx'
import { useText } from '../../text/use-text.tsx'

export function TokenEnd({ at }: { at: string | null }) {
  const { t } = useText()
  const now = useNow()
  if (at === null) return t.authentications.noToken
  return Date.parse(at) > now ? <Ahead at={at} /> : <RelativeTime at={at} />
}
