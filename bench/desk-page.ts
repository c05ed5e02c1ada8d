import { launchBrowser } from '../test/support/browser.ts'

/** The agent's browser: when each card was painted. */
export interface DeskPage {
  /** Milliseconds since 1970 by the same clock as ours: when a card that says who it is was on the screen, by interaction. */
  painted(): Promise<Record<string, number>>
  shown(): Promise<number>
  close(): Promise<void>
}

// Runs in the page. A frame that was asked for within a frame begins when the one before it is on the screen.
const WATCH = `
  globalThis.painted = {}
  const seen = new Set()
  const look = () => {
    for (const card of document.querySelectorAll('article[data-card]')) {
      const id = card.dataset.card
      if (seen.has(id) || !card.querySelector('h2[data-plain="false"]')) continue
      seen.add(id)
      requestAnimationFrame(() => requestAnimationFrame(() => {
        globalThis.painted[id] = performance.timeOrigin + performance.now()
      }))
    }
  }
  new MutationObserver(look).observe(document.body, { childList: true, subtree: true, attributes: true })
  look()
`

export async function openDesk(signIn: string, url: string): Promise<DeskPage> {
  const browser = await launchBrowser()
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'en-GB' })
  const page = await context.newPage()
  await page.goto(signIn)
  await page.waitForURL((at) => at.pathname !== '/sign-in')
  await page.goto(`${url}/desktop`)
  await page.waitForLoadState('networkidle').catch(() => undefined)
  // A console that was built before there was a desktop would paint no card, and the run would end with every one missing.
  const title = await page.locator('h1').first().textContent()
  if (!title?.includes('Desktop')) throw new Error(`/desktop shows “${title}”: build the console (npm run build:web)`)
  // From outside the page: its policy lets nothing else in.
  await page.evaluate(WATCH)
  return {
    painted: () => page.evaluate<Record<string, number>>('globalThis.painted'),
    shown: () => page.locator('article[data-card]').count(),
    close: () => browser.close(),
  }
}
