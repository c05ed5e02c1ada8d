import type { Role } from '../../api/roles.ts'
import { useText } from '../../text/use-text.tsx'

/** Who has a role: as many people, as many keys. */
export function Holders({ role: { use } }: { role: Role }) {
  const { t } = useText()
  const w = t.rolePage
  const said = [use.people > 0 ? w.people(use.people) : null, use.keys > 0 ? w.keys(use.keys) : null]
  return <>{said.filter((one) => one !== null).join(' · ') || w.nobody}</>
}
