import type { Browser, Page } from 'playwright-core'
import { until } from '../server/served-hub.ts'
import { keysArrive } from '../web/console.ts'
import { hasFocus, tabTo } from './keys.ts'
import { ask, open, type Violation } from './looks.ts'
import type { World } from './world.ts'

type Journey = (page: Page, world: World) => Promise<void>

const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { level: 1, name }).waitFor()

async function press(page: Page, ...keys: string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key)
}

async function write(page: Page, label: string | RegExp, text: string): Promise<void> {
  await tabTo(page, page.getByLabel(label, typeof label === 'string' ? { exact: true } : {}))
  await page.keyboard.type(text)
}

/** Nothing but the address of the hub is given; every step of it is a key. */
const journeys: Record<string, Journey> = {
  async 'sign in by the one-time link'(page, { hub }) {
    await page.goto(`${hub.url}/sign-in`)
    await heading(page, 'Sign in')
    await keysArrive(page)
    await tabTo(page, page.locator('summary'))
    await press(page, 'Enter')
    await tabTo(page, page.locator('details input'))
    await page.keyboard.type(await hub.signInLink())
    await press(page, 'Enter')
    await page.waitForURL(`${hub.url}/`)
    await page.getByRole('heading', { level: 1 }).waitFor()
  },

  async 'skip what stands on every page'(page) {
    const skip = page.getByRole('link', { name: 'Skip to' }).or(page.locator('a[href="#content"]')).first()
    await tabTo(page, skip, 'Shift+Tab')
    await press(page, 'Enter', 'Tab')
    await until('the focus is in the page', () =>
      page.evaluate<boolean>(`document.activeElement.closest('main') !== null`),
    )
  },

  async 'find a caller and open the record'(page, { record }) {
    await press(page, 'g', 'r')
    await heading(page, 'Records')
    const field = page.getByRole('searchbox', { name: 'Find a record' })
    await field.waitFor()
    await press(page, '/')
    await until('the field has the focus', () => hasFocus(field))
    await page.keyboard.type(record.phone)
    await page.getByText('matches exactly').first().waitFor()
    await tabTo(page, page.getByRole('link', { name: record.name, exact: true }).first())
    await press(page, 'Enter')
    await heading(page, record.name)
  },

  async 'go by the palette, and close it where one was'(page) {
    const link = page.getByRole('link', { name: 'Home', exact: true }).first()
    await tabTo(page, link)
    await press(page, 'Control+k')
    const palette = page.getByRole('combobox')
    await until('the palette has the focus', () => hasFocus(palette))
    await press(page, 'Tab', 'Tab', 'Shift+Tab')
    if (!(await ask<boolean>(page, 'inRoom()'))) throw new Error('Tab leaves the palette')
    await press(page, 'Escape')
    await palette.waitFor({ state: 'detached' })
    await until('the focus is back on the link', () => hasFocus(link))
    await press(page, 'Control+k')
    await until('the palette has the focus', () => hasFocus(palette))
    await page.keyboard.type('audit log')
    const option = page.getByRole('option', { name: /^Audit log/ })
    await option.waitFor()
    for (let i = 0; i < 20 && (await option.getAttribute('aria-selected')) !== 'true'; i += 1) {
      await press(page, 'ArrowDown')
    }
    await press(page, 'Enter')
    await heading(page, 'Audit log')
  },

  async 'the first steps of a connection'(page, { hub }) {
    await press(page, 'g', 'c')
    await heading(page, 'Connections')
    await tabTo(page, page.locator('main a[href="/connections/new"]').first())
    await press(page, 'Enter')
    await tabTo(page, page.getByRole('button', { name: /Dynamics 365/ }).first())
    await press(page, 'Enter')
    const address = page.getByLabel('Address of the organisation')
    await until('the address has the focus', () => hasFocus(address))
    await page.keyboard.type(hub.url)
    await write(page, 'Name', 'Fabrikam')
    await tabTo(page, page.getByRole('button', { name: 'Next' }))
    await press(page, 'Enter')
    const byHand = page.getByRole('button', { name: 'Enter tenant and authority by hand' })
    await tabTo(page, byHand)
    await press(page, 'Enter')
    await write(page, /client\) ID/, '0c0ffee0-0000-4000-8000-000000000001')
    await tabTo(page, page.getByRole('button', { name: 'Back' }).first())
    await press(page, 'Enter')
    await page.getByLabel('Address of the organisation').waitFor()
  },

  async 'invite a person'(page) {
    // Not by its letters: the one before ends in a field.
    await tabTo(page, page.getByRole('link', { name: 'People', exact: true }).first(), 'Shift+Tab')
    await press(page, 'Enter')
    await heading(page, 'People')
    const opener = page.getByRole('button', { name: 'Invite someone' })
    await tabTo(page, opener)
    await press(page, 'Enter')
    await until('the address has the focus', () => hasFocus(page.getByLabel('E-mail address')))
    await page.keyboard.type('nora@example.com')
    await write(page, 'Name', 'Nora Lind')
    await tabTo(page, page.getByLabel(/^Auditor/))
    await press(page, 'Space')
    await tabTo(page, page.getByRole('button', { name: 'Make the link' }))
    await press(page, 'Enter')
    await page.getByText('It makes the account of Nora Lind').waitFor()
    await tabTo(page, page.getByRole('button', { name: 'Close' }))
    await press(page, 'Enter')
    await page.getByRole('row', { name: /nora@example\.com/ }).waitFor()
    await until('the focus is back on the button', () => hasFocus(opener))
  },

  async 'sign out'(page) {
    await tabTo(page, page.getByRole('button', { name: /account and sign-out/ }))
    await press(page, 'Enter')
    const item = page.getByRole('menuitem', { name: 'Sign out' })
    await item.waitFor()
    for (let i = 0; i < 3 && !(await hasFocus(item)); i += 1) await press(page, 'ArrowDown')
    await press(page, 'Enter')
    await heading(page, 'Sign in')
  },
}

/** All of them, one after the other in one window, without a pointer. */
export async function tryJourneys(
  browser: Browser,
  world: World,
  tell: (line: string) => void,
): Promise<{ tried: number; found: Violation[] }> {
  const visitor = await open(browser, { language: 'en', theme: 'light', width: 1280 })
  visitor.context.setDefaultTimeout(20_000)
  const found: Violation[] = []
  for (const [name, journey] of Object.entries(journeys)) {
    await journey(visitor.page, world).catch((error: Error) => {
      found.push({ page: name, view: 'en light 1280', rule: 'journey by keyboard', at: error.message.slice(0, 600) })
    })
    tell(`journey by keyboard: ${name} ${found.at(-1)?.page === name ? found.at(-1)?.at : 'well'}`)
    // One that broke off in a dialog leaves it to the next.
    if (found.at(-1)?.page === name) {
      await visitor.page.goto(`${world.hub.url}/`)
      await visitor.page.getByRole('heading', { level: 1 }).waitFor()
    }
  }
  for (const fault of visitor.faults) found.push({ page: 'journeys', view: 'en light 1280', rule: 'fault', at: fault })
  await visitor.context.close()
  return { tried: Object.keys(journeys).length, found }
}
