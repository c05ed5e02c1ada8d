import type { Locator, Page } from 'playwright-core'
import { ask } from './looks.ts'

interface Stop {
  number: number
  what: string
  /** How often Tab may stay within it. */
  parts: number
  seen: boolean
  covered: boolean
  outside: boolean
  inMain: boolean
  place: { left: number; top: number; bottom: number }
}

export interface Walk {
  stops: number
  problems: string[]
}

/** Presses Tab until it comes round: what it never comes to, does not show, hides, or does not let go. */
export async function walk(page: Page): Promise<Walk> {
  const { expected, positive } = await ask<{ expected: number; positive: string[] }>(page, 'begin()')
  const problems = positive.map((what) => `${what} stands out of the order, by a tabindex above 0`)
  const limit = expected * 2 + 40
  const met = new Set<number>()
  let last = null as Stop | null
  let stayed = 0
  for (let pressed = 0; ; pressed += 1) {
    if (pressed > limit) {
      problems.push(`after ${limit} presses Tab has not come round: it is kept at ${last?.what}`)
      break
    }
    await page.keyboard.press('Tab')
    const stop: Stop | null = await ask<Stop | null>(page, 'stop()')
    if (stop && stop.number === 0 && met.size > 0) break
    stayed = stop !== null && stop.number === last?.number ? stayed + 1 : 0
    if (stop && stayed >= stop.parts) {
      problems.push(`${stop.what} does not let the focus go`)
      break
    }
    if (stop && !met.has(stop.number)) problems.push(...wrongAt(stop, last))
    if (stop) met.add(stop.number)
    last = stop
  }
  const missed = await ask<string[]>(page, 'missed()')
  return { stops: met.size, problems: [...problems, ...missed.map((what) => `Tab never comes to ${what}`)] }
}

function wrongAt(stop: Stop, last: Stop | null): string[] {
  const problems: string[] = []
  if (!stop.seen) problems.push(`one does not see the focus on ${stop.what}`)
  if (stop.covered) problems.push(`something covers ${stop.what} when it has the focus`)
  if (stop.outside) problems.push(`the focus leaves the dialog, to ${stop.what}`)
  if (last?.inMain && stop.inMain && goesBack(last, stop))
    problems.push(`Tab goes back from ${last.what} to ${stop.what}`)
  return problems
}

/** Upwards in the same column, or to one further left. */
function goesBack({ place: from }: Stop, { place: to }: Stop): boolean {
  return to.bottom <= from.top + 1 && to.left <= from.left
}

/** Presses Tab until this has the focus, as somebody does who sees it. */
export async function tabTo(page: Page, target: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  await target.waitFor()
  for (let pressed = 0; pressed < 150; pressed += 1) {
    if (await hasFocus(target)) return
    await page.keyboard.press(key)
  }
  throw new Error(`Tab does not come to ${target}: it is at ${await ask<string>(page, 'focused()')}`)
}

export function hasFocus(target: Locator): Promise<boolean> {
  return target.evaluate(
    (element) => element === (globalThis as unknown as { document: { activeElement: unknown } }).document.activeElement,
  )
}
