import type { Page } from 'playwright-core'
import {
  connectBody,
  type Reply,
  type ServedHub,
  type Simulator,
  serveHub,
  startSimulator,
} from '../server/served-hub.ts'
import type { TestScope } from '../support/database.ts'
import { buildConsole, firstCopies, startBrowser, type Visitor, visit } from './console.ts'

/** A console at a hub whose organisation is connected and copied, with one CRM configuration of it. */
export interface ConfiguredConsole {
  hub: ServedHub
  simulator: Simulator
  visitor: Visitor
  id: string
  /** Below the configuration's own address. */
  ask(path: string, init?: Parameters<ServedHub['ask']>[1]): Promise<Reply>
  goTo(path: string): Promise<void>
  inOtherLooks(look: (visitor: Visitor) => Promise<void>): Promise<void>
}

const looks = [
  { locale: 'fr-FR', theme: 'dark', width: 320 },
  { locale: 'nl-NL', theme: 'light', width: 390 },
  { locale: 'en-GB', theme: 'dark', width: 1280 },
] as const

export async function openConfigured(t: TestScope): Promise<ConfiguredConsole> {
  await buildConsole()
  const simulator = await startSimulator(t)
  const hub = await serveHub(t, { simulator, work: true })
  const connected = await hub.ask('/api/v1/connections', { json: connectBody(simulator) })
  const json = { name: 'Service desk', connectionId: connected.json.id }
  const { id } = (await hub.ask('/api/v1/crm-configurations', { json })).json
  await firstCopies(hub)
  const browser = await startBrowser(t)
  const enter = async (visitor: Visitor) => {
    await visitor.page.goto(await hub.signInLink())
    await visitor.page.waitForURL(`${hub.url}/`)
    return visitor
  }
  const visitor = await enter(await visit(browser))
  return {
    ...{ hub, simulator, visitor, id },
    ask: (path, init) => hub.ask(`/api/v1/crm-configurations/${id}${path}`, init),
    goTo: async (path) => void (await visitor.page.goto(`${hub.url}/configurations/${id}${path}`)),
    inOtherLooks: async (look) => {
      for (const each of looks) {
        const other = await enter(await visit(browser, each))
        await look(other)
        await other.context.close()
      }
    },
  }
}

export const press = (page: Page, name: string | RegExp) =>
  page
    .getByRole('button', { name, exact: typeof name === 'string' })
    .first()
    .click()

export const goToTab = (page: Page, name: string) =>
  page.getByRole('navigation', { name: 'Parts of the configuration' }).getByRole('link', { name }).click()

/** Opens the list of the row's field, and takes the first that fits what is typed. */
export async function pickField(page: Page, row: string, field: string): Promise<void> {
  await page
    .getByRole('group', { name: row, exact: true })
    .last()
    .getByRole('button', { name: 'External CRM field' })
    .click()
  await page.keyboard.type(field)
  await page.getByRole('dialog').getByRole('option').first().waitFor()
  await page.keyboard.press('Enter')
}

export async function addEntity(page: Page, name: string): Promise<void> {
  await page.getByLabel('Select entity type').selectOption({ label: name })
  await press(page, 'Add entity')
}
