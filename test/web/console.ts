import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { type ServedHub, until } from '../server/served-hub.ts'
import { launchBrowser } from '../support/browser.ts'
import type { TestScope } from '../support/database.ts'
import { type AxeException, axeExceptions, passedOver } from './axe-exceptions.ts'

const prepare = fileURLToPath(new URL('../../scripts/prepare.mjs', import.meta.url))
/** Far beyond any machine's slowness. */
const patience = 60_000

/** Builds web/dist where it is missing or older than what it is made of, as an installation does. */
export async function buildConsole(): Promise<void> {
  await promisify(execFile)(process.execPath, [prepare])
}

/** A browser that notes what a page should never do: throw, or be refused by its own content security policy. */
export interface Visitor {
  context: BrowserContext
  page: Page
  faults: string[]
}

export async function startBrowser(t: TestScope): Promise<Browser> {
  const browser = await launchBrowser()
  t.after(() => browser.close())
  return browser
}

export async function visit(
  browser: Browser,
  options: { theme?: 'light' | 'dark'; width?: number; height?: number; locale?: string } = {},
): Promise<Visitor> {
  const context = await browser.newContext({
    viewport: { width: options.width ?? 1280, height: options.height ?? 900 },
    colorScheme: options.theme ?? 'light',
    reducedMotion: 'reduce',
    locale: options.locale ?? 'en-GB',
  })
  context.setDefaultTimeout(patience)
  const page = await context.newPage()
  const faults: string[] = []
  page.on('pageerror', (error) => faults.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) faults.push(message.text())
  })
  return { context, page, faults }
}

/**
 * Chrome throws keys away, now and then on a busy machine and always just before a new page's content is on the screen:
 * no keydown is heard in the page. Such a one is pressed again, as a person would who sees that nothing came of it.
 */
export async function pressKeys(page: Page, ...keys: string[]): Promise<void> {
  await page.evaluate(
    "globalThis.keysHeard ??= (addEventListener('keydown', () => (globalThis.keysHeard += 1), { capture: true }), 0)",
  )
  const heard = () => page.evaluate<number>('globalThis.keysHeard')
  for (const key of keys) {
    const before = await heard()
    await until(`${key} arrives`, async () => {
      await page.keyboard.press(key)
      return (await heard()) > before
    })
  }
}

/** For keys that are pressed once, whatever comes of it. */
export async function keysArrive(page: Page): Promise<void> {
  const isPainted = "performance.getEntriesByName('first-contentful-paint').length > 0"
  await until('the page is painted', () => page.evaluate<boolean>(isPainted))
  await pressKeys(page, 'Shift')
}

interface Finding {
  id: string
  help: string
  nodes: { target: string[]; failureSummary?: string; html: string }[]
}

const axeSource = readFile(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8')

/** Of all that axe looks at, these alone change with a theme. */
const colourRules = ['color-contrast', 'link-in-text-block']

/**
 * What axe-core finds on the page, with all the rules that it runs by itself or with those of colours, less the exceptions
 * for single elements.
 */
export async function axeFindings(page: Page, rules: 'all' | 'of colours' = 'all'): Promise<string[]> {
  // Scripts that are evaluated from outside are not the page's own: its policy stays as strict as it is.
  if (!(await page.evaluate(`'axe' in globalThis`))) await page.evaluate(await axeSource)
  const chosen = rules === 'all' ? {} : { runOnly: { type: 'rule', values: colourRules } }
  const found = await page.evaluate(
    async ({ context, options }) => {
      // biome-ignore lint/suspicious/noExplicitAny: axe puts itself there
      const axe = (globalThis as any).axe
      return (await axe.run(context, options)).violations as Finding[]
    },
    {
      context: { exclude: passedOver.map(({ selector }) => [selector]) },
      options: { resultTypes: ['violations'], ...chosen },
    },
  )
  const path = new URL(page.url()).pathname
  return found.flatMap((finding) =>
    finding.nodes
      .filter((node) => !axeExceptions.some((exception) => excuses(exception, path, finding.id, node.target.join(' '))))
      .map(
        (node) =>
          `${path}: ${finding.id} (${finding.help}) at ${node.target.join(' ')}\n${node.html}\n${node.failureSummary ?? ''}`,
      ),
  )
}

function excuses(exception: AxeException, path: string, rule: string, target: string): boolean {
  return exception.page.test(path) && exception.rule === rule && exception.selector === target
}

/** Every table was read whole and once for changes: no run is under way that a test did not ask for. */
export async function firstCopies(hub: ServedHub): Promise<void> {
  await until('the first copies end', async () => {
    const connections: { tables: { enabled: boolean; firstPassAt: string | null }[] }[] = (
      await hub.ask('/api/v1/status')
    ).json.connections
    return connections.every(({ tables }) => tables.every((table) => !table.enabled || table.firstPassAt))
  })
}

/** As the person's system does at dusk, while the page stays open. */
export async function showTheme(page: Page, theme: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme: theme })
  await page.locator(`html[data-theme="${theme}"]`).waitFor({ state: 'attached' })
  await drawn(page)
}

/** What React draws of what it was told, and what the browser paints. */
export const drawn = (page: Page) =>
  page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))')

/** Nothing is fetched any more, and no grey stands for what comes. */
export async function settled({ page }: Visitor): Promise<void> {
  // Behind an open dialog the heading is there, though hidden from those who listen.
  await page.locator('h1').first().waitFor({ state: 'attached' })
  const grey = page.locator('[aria-busy="true"], [data-skeleton]')
  await until('the page is filled', async () => (await grey.count()) === 0)
}

/** At rest, when notices are gone again: without faults, within its width, and with nothing that axe-core finds. */
export async function looksWell({ page, faults }: Visitor, what: string): Promise<void> {
  await until('no notice stands', async () => (await page.locator('.fui-Toast').count()) === 0)
  assert.deepEqual(await axeFindings(page), [], what)
  const over = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth')
  assert.ok(over <= 0, `${what} is ${over} px too wide`)
  assert.deepEqual(faults, [], what)
}
