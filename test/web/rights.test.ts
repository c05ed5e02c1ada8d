import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { newAccount } from '../people/page.ts'
import { connectBody, type ServedHub, serveHub, startSimulator, until } from '../server/served-hub.ts'
import type { TestScope } from '../support/database.ts'
import { buildConsole, keysArrive, looksWell, startBrowser, type Visitor, visit } from './console.ts'

interface World {
  hub: ServedHub
  agent: string
  auditor: string
}

/** A hub with records and two people beside its administrator. */
async function peopled(t: TestScope): Promise<World> {
  const simulator = await startSimulator(t, 30)
  const hub = await serveHub(t, { simulator, work: true })
  await hub.ask('/api/v1/connections', { json: connectBody(simulator) })
  await until('the first copy', async () => {
    const [connection] = (await hub.ask('/api/v1/status')).json.connections
    const tables: { enabled: boolean; firstPassAt: string | null }[] = connection.tables
    return tables.every((table) => !table.enabled || table.firstPassAt)
  })
  const agent = 'agent@example.org'
  const auditor = 'auditor@example.org'
  await newAccount(hub, agent, ['agent'])
  await newAccount(hub, auditor, ['auditor'])
  return { hub, agent, auditor }
}

async function enter({ page }: Visitor, hub: ServedHub, email?: string): Promise<void> {
  await page.goto(await hub.signInLink(email))
  await page.waitForURL((url) => url.pathname !== '/sign-in')
}

const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { level: 1, name }).waitFor()

/** What stood for the content until it came is gone. */
const settled = (page: Page) => page.locator('main :is(table, form, h2, fieldset):visible').first().waitFor()

const roomsOf = (page: Page) =>
  page.getByRole('navigation', { name: 'Main' }).first().getByRole('link').allTextContents()

test('A role narrowed by kind and field, a team, and nothing offered that one may not do', async (t) => {
  await buildConsole()
  const world = await peopled(t)
  const { hub } = world
  const browser = await startBrowser(t)
  const admin = await visit(browser)
  await enter(admin, hub)
  await offersOnlyRights(browser, world)
  const role = await copiesRole(admin, browser, world)
  const team = await makesTeam(admin, hub)
  await inOtherLooks(browser, hub, [
    '/roles',
    `/roles/${role}`,
    '/roles/agent',
    '/teams',
    `/teams/${team}`,
    '/settings',
  ])
})

/** A role copied, narrowed, given, and kept while somebody has it; answers its id. */
async function copiesRole(admin: Visitor, browser: Browser, { hub, agent }: World): Promise<string> {
  const { page } = admin

  await page.getByRole('link', { name: 'Roles', exact: true }).first().click()
  await heading(page, 'Roles')
  const matrix = page.getByRole('table', { name: 'Roles' })
  await matrix
    .getByRole('row', { name: /^Read records/ })
    .getByText('Own')
    .waitFor()
  await looksWell(admin, 'the matrix')
  await page.getByRole('button', { name: 'New role' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Begins as').selectOption({ label: 'Agent' })
  await dialog.getByRole('textbox', { name: 'Name', exact: true }).fill('Front desk')
  await dialog.getByLabel('What for').fill('Takes calls at the door')
  await dialog.getByRole('button', { name: 'Make the role' }).click()
  await heading(page, /^Front desk/)

  await page.getByLabel(/^Write records/).uncheck()
  await page.getByText('Counts only with “Write records”.').waitFor()
  await page.getByRole('button', { name: 'Set a kind apart' }).click()
  await page.getByRole('combobox', { name: 'Find a kind' }).fill('opport')
  await page.keyboard.press('Enter')
  await page.getByLabel('Opportunities: Reads').selectOption({ label: 'None' })
  await page.getByRole('button', { name: 'Set a kind apart' }).click()
  await page.getByRole('combobox', { name: 'Find a kind' }).fill('contacts')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Hide a field of Contacts' }).click()
  await page.getByRole('combobox', { name: 'Find a field, or type its name' }).fill('jobTitle')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Show Job title of Contacts' }).waitFor()
  await page.getByText('Not saved yet').waitFor()
  await page.reload()
  await heading(page, /^Front desk/)
  assert.equal(await page.getByLabel('Opportunities: Reads').count(), 0, 'nothing is kept before it is saved')
  await narrowRole(page)
  await looksWell(admin, 'a role')

  const { roles } = (await hub.ask('/api/v1/roles')).json
  const made = roles.find((role: { name: string }) => role.name === 'Front desk')
  assert.deepEqual(made.permissions.toSorted(), ['read:records', 'use:desktop'])
  assert.deepEqual(made.entities, [
    { entity: 'contact', reads: 'all', writes: 'all', masked: ['jobTitle'] },
    { entity: 'opportunity', reads: 'none', writes: 'all', masked: [] },
  ])

  await page.goto(`${hub.url}/people`)
  await page.getByRole('link', { name: /agent@example\.org/ }).click()
  await page.getByLabel(/^Front desk/).check()
  await page.getByLabel(/^Agent/).uncheck()
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('The roles of Somebody are in force').first().waitFor()
  await page.goto(`${hub.url}/roles/${made.id}`)
  await page.getByText('Somebody has this role.').waitFor()
  assert.equal(await page.getByRole('button', { name: 'Remove' }).count(), 0)

  const desk = await visit(browser)
  await enter(desk, hub, agent)
  await heading(desk.page, 'Desktop')
  await desk.page.goto(`${hub.url}/records?entity=contact`)
  await desk.page.locator('[data-row-link]').first().click()
  await desk.page.getByRole('heading', { name: 'How to reach' }).waitFor()
  assert.equal(await desk.page.getByText('Job title').count(), 0, 'a hidden field is not shown')
  await desk.context.close()
  return made.id
}

/** What the journey did once, saved this time. */
async function narrowRole(page: Page): Promise<void> {
  await page.getByLabel(/^Write records/).uncheck()
  for (const kind of ['opportunities', 'contacts']) {
    await page.getByRole('button', { name: 'Set a kind apart' }).click()
    await page.getByRole('combobox', { name: 'Find a kind' }).fill(kind)
    await page.keyboard.press('Enter')
  }
  await page.getByLabel('Opportunities: Reads').selectOption({ label: 'None' })
  await page.getByRole('button', { name: 'Hide a field of Contacts' }).click()
  await page.getByRole('combobox', { name: 'Find a field, or type its name' }).fill('jobTitle')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('The role Front desk is in force as changed').first().waitFor()
  // A toast lies outside all landmarks for as long as it is there.
  await page.getByText('The role Front desk is in force as changed').last().waitFor({ state: 'detached' })
}

/** A team with its people and what it is in the CRM; answers its id. */
async function makesTeam(admin: Visitor, hub: ServedHub): Promise<string> {
  const { page } = admin
  await page.getByRole('link', { name: 'Teams', exact: true }).first().click()
  await page.getByText('People who share records').waitFor()
  await looksWell(admin, 'no team')
  await page.getByRole('button', { name: 'New team' }).click()
  await page.getByRole('dialog').getByRole('textbox', { name: 'Name', exact: true }).fill('Brussels')
  await page.getByRole('button', { name: 'Make the team' }).click()
  await heading(page, 'Brussels')

  const add = async () => {
    await page.getByRole('button', { name: 'Add a person' }).click()
    await page.getByRole('combobox', { name: 'Find a person' }).fill('agent@')
    await page.getByRole('option', { name: /agent@example\.org/ }).waitFor()
    await page.keyboard.press('Enter')
  }
  await add()
  const member = page.getByRole('row', { name: /agent@example\.org/ })
  await member.waitFor()
  await member.getByRole('button', { name: 'Take out: Somebody' }).click()
  await page.getByText('Nobody is in this team yet.').waitFor()
  await add()
  await member.waitFor()

  await page.getByRole('button', { name: 'Add a user or team' }).click()
  await page.getByRole('option').first().waitFor()
  const name = (await page.getByRole('option').first().locator('span').first().textContent()) ?? ''
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: /^Remove / }).waitFor()
  const { teams } = (await hub.ask('/api/v1/teams')).json
  assert.equal(teams[0].owners.length, 1, name)
  assert.equal(teams[0].members.length, 1)
  await page.reload()
  await page.getByRole('button', { name: /^Remove (?!a record)/ }).waitFor()
  await looksWell(admin, 'a team')
  return teams[0].id
}

/** What one may not do is not offered, and an address typed in says so. */
async function offersOnlyRights(browser: Browser, { hub, agent, auditor }: World): Promise<void> {
  const refused: string[] = []
  const seen = async (email: string) => {
    const visitor = await visit(browser)
    visitor.page.on('response', (response) => {
      if (response.status() === 403) refused.push(`${email}: ${new URL(response.url()).pathname}`)
    })
    await enter(visitor, hub, email)
    return visitor
  }

  const caller = await seen(agent)
  await heading(caller.page, 'Desktop')
  assert.deepEqual(await roomsOf(caller.page), ['Desktop', 'Records', 'Write-back', 'Settings'])
  await caller.page.goto(`${hub.url}/records`)
  await caller.page.locator('[data-row-link]').first().click()
  await caller.page.getByRole('link', { name: 'Open in CRM' }).waitFor()
  await looksWell(caller, 'a record as an agent sees it')
  for (const path of ['/writes', '/settings', '/account']) {
    await caller.page.goto(hub.url + path)
    await settled(caller.page)
  }
  for (const path of ['/connections', '/people', '/roles/agent', '/audit-log', '/connections/new', '/interactions']) {
    await caller.page.goto(hub.url + path)
    await heading(caller.page, 'Your roles do not let you in here')
  }
  await looksWell(caller, 'a room that is not theirs')
  await keysArrive(caller.page)
  await caller.page.keyboard.press('Control+k')
  await caller.page.getByRole('option', { name: /Settings/ }).waitFor()
  assert.equal(await caller.page.getByRole('option', { name: /Connect a CRM|Make an API key|People/ }).count(), 0)
  await caller.context.close()

  const reader = await seen(auditor)
  const { page } = reader
  await page.getByRole('link', { name: 'Audit log', exact: true }).first().waitFor()
  assert.deepEqual(await roomsOf(page), [
    ...['Home', 'Needs attention', 'Sync runs'],
    ...['Connections', 'Destinations', 'CRM configurations', 'Settings', 'Audit log'],
  ])
  await page.goto(`${hub.url}/connections`)
  await page.getByRole('link', { name: 'Contoso' }).click()
  await page.getByRole('table', { name: 'What is copied' }).waitFor()
  assert.equal(await page.getByRole('switch').count(), 0)
  assert.equal(await page.getByRole('button', { name: /Read changes now|^Pause|^More acts$/ }).count(), 0)
  await page.getByRole('link', { name: 'Contacts' }).first().click()
  await page.getByText('You may look at this and change nothing.').first().waitFor()
  for (const path of ['/', '/runs', '/attention', '/destinations', '/audit-log']) {
    await page.goto(hub.url + path)
    await settled(page)
  }
  assert.deepEqual(refused, [], 'no page asks for what its reader may not have')
  assert.deepEqual(reader.faults, [])
  await reader.context.close()
}

/** On a narrow screen, in the dark and in the other languages, with the same rules. */
async function inOtherLooks(browser: Browser, hub: ServedHub, paths: string[]): Promise<void> {
  const looks = [
    { locale: 'fr-FR', theme: 'dark', width: 320 },
    { locale: 'nl-NL', theme: 'light', width: 390 },
    { locale: 'en-GB', theme: 'dark', width: 1280 },
  ] as const
  for (const look of looks) {
    const visitor = await visit(browser, look)
    await enter(visitor, hub)
    for (const path of paths) {
      await visitor.page.goto(hub.url + path)
      await settled(visitor.page)
      await looksWell(visitor, `${path} in ${look.locale}, ${look.theme}, ${look.width} px`)
    }
    await visitor.context.close()
  }
}
