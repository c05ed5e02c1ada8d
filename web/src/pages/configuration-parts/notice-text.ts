import type { PartNotice } from '../../api/configuration-parts.ts'
import { useText } from '../../text/use-text.tsx'

/** The hub's own sentence names the very thing and is English; in another language the code's sentence stands for it. */
export function useNoticeText(): (notice: PartNotice) => string {
  const { t, language } = useText()
  return ({ code, message }) => (language === 'en' ? message : (t.configurationParts.noticeTexts[code] ?? message))
}
