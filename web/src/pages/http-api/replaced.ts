import type { Definition } from '../../api/http-apis.ts'
import { cleaned, emptyDefinition } from './definition-draft.ts'

/** What was filled in before a preset took its place. */
export interface Replaced {
  /** The preset's name. */
  by: string
  /** As it came. */
  preset: Definition
  /** What is not shown now; null where nothing was filled in. */
  other: Definition | null
  /** It was put back, and `other` is what had taken its place. */
  isBack: boolean
}

const same = (one: Definition, other: Definition) => JSON.stringify(cleaned(one)) === JSON.stringify(cleaned(other))

/** A preset is taken over a definition. Trying one preset after the other keeps what a person filled in. */
export function replace(
  current: Definition,
  by: { name: string; preset: Definition },
  before: Replaced | null,
): Replaced {
  const untouched = before !== null && same(current, before.preset)
  const isNothing = same(current, emptyDefinition) || same(current, by.preset)
  const lost = isNothing ? null : current
  const other = untouched && !before.isBack ? before.other : lost
  return { by: by.name, preset: by.preset, other, isBack: false }
}

/** What to show now, and what is kept for the way back; null where there is no way back. */
export function swap(current: Definition, replaced: Replaced): { shown: Definition; replaced: Replaced } | null {
  if (replaced.other === null) return null
  return { shown: replaced.other, replaced: { ...replaced, other: current, isBack: !replaced.isBack } }
}
