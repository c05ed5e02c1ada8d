import { HubError } from '#core/errors.ts'
import type { Page } from './connector.ts'

export const emptyPage = (): Page => ({ rows: [], deleted: [], next: null, delta: null, asOf: null, bytes: 0 })

/** Each id once. More than are read in one call is a mistake of ours. */
export function idsOnce(ids: readonly string[], most: number): string[] {
  if (ids.length <= most) return [...new Set(ids)]
  throw new HubError('input.invalid', `${ids.length} ids were asked for at once; at most ${most} are read`)
}

/** As few questions as their length allows. */
export function questionsFor(
  ids: readonly string[],
  question: (ids: readonly string[]) => string,
  isShort: (question: string) => boolean,
): string[] {
  if (ids.length === 0) return []
  const whole = question(ids)
  if (ids.length === 1 || isShort(whole)) return [whole]
  const half = Math.ceil(ids.length / 2)
  return [ids.slice(0, half), ids.slice(half)].flatMap((some) => questionsFor(some, question, isShort))
}
