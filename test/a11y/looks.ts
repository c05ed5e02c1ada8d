import type { Browser, BrowserContext, Page } from 'playwright-core'
import { axeFindings, settled, showTheme, type Visitor, visit } from '../web/console.ts'
import type { Address } from './pages.ts'
import type { World } from './world.ts'

export const languages = { en: 'en-GB', fr: 'fr-FR', nl: 'nl-NL' } as const
export type Language = keyof typeof languages
export type Theme = 'light' | 'dark'

export interface View {
  language: Language
  width: 320 | 1280
  /** The first is the one that the page is opened in. */
  themes: Theme[]
}

export interface Violation {
  page: string
  view: string
  rule: string
  at: string
}

const script = new URL('in-page.mjs', import.meta.url)

/** What test/a11y/in-page.mjs finds, asked by name. */
export const ask = <T>(page: Page, call: string): Promise<T> => page.evaluate<T>(`jackfieldLook.${call}`)

export async function open(
  browser: Browser,
  view: Pick<View, 'language' | 'width'> & { theme: Theme },
): Promise<Visitor> {
  const visitor = await visit(browser, { theme: view.theme, width: view.width, locale: languages[view.language] })
  await visitor.context.addInitScript({ path: script.pathname })
  return visitor
}

export async function signIn({ page }: { page: Page }, { hub }: Pick<World, 'hub'>): Promise<void> {
  await page.goto(await hub.signInLink())
  await page.waitForURL(`${hub.url}/`)
}

/** The banner of the one-time link, which stands on every page, is looked at on the first. */
export async function withoutBanner(context: BrowserContext): Promise<void> {
  await context.addInitScript(`sessionStorage.setItem('jackfield.link-banner', 'later')`)
}

/** Loaded anew, also where only what stands behind the # differs. */
export async function goTo(visitor: Visitor, { hub }: Pick<World, 'hub'>, address: string): Promise<void> {
  await visitor.page.goto('about:blank')
  await visitor.page.goto(hub.url + address)
  await settled(visitor).catch((error) => {
    throw new Error(`${address} did not come: ${visitor.faults}`, { cause: error })
  })
}

/** One page in one language and width; everything that can be seen of it without pressing a key. */
export async function lookAt(visitor: Visitor, view: View, { route }: Address): Promise<Violation[]> {
  const { page, faults } = visitor
  const found: Violation[] = []
  const [first, ...others] = view.themes
  const note = (rule: string, at: string, theme = first) =>
    found.push({ page: route, view: `${view.language} ${theme} ${view.width}`, rule, at })
  for (const finding of await axeFindings(page)) note('axe', finding)
  for (const theme of others) {
    await showTheme(page, theme)
    for (const finding of await axeFindings(page, 'of colours')) note('axe', finding, theme)
  }
  if (others.length > 0) await showTheme(page, first!)
  const lang = await page.evaluate<string>('document.documentElement.lang')
  if (lang !== view.language) note('language', `html[lang] is ${lang}`)
  const over = await ask<number>(page, 'tooWide()')
  if (over > 0) note('too wide', `${over} px wider than the screen`)
  for (const text of await ask<string[]>(page, 'cutTexts()')) note('cut off', text)
  for (const fault of faults.splice(0)) note('fault', fault)
  return found
}
