import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { startDynamics } from '../../simulators/dynamics/server.ts'
import { changeDirectory } from '../../simulators/entra/faults.ts'
import { shareDirectory } from '../connections/two-dynamics.ts'
import { type ServedHub, type Simulator, serveHub, startSimulator } from '../server/served-hub.ts'
import { axeFindings, buildConsole, firstCopies, settled, startBrowser, type Visitor, visit } from './console.ts'

const nextSecret = 'another~secret~of~the~app'

async function enter({ page }: Visitor, hub: ServedHub): Promise<void> {
  await page.goto(await hub.signInLink())
  await page.waitForURL(`${hub.url}/`)
}

const press = (page: Page, name: string | RegExp) => page.getByRole('button', { name }).click()

test('An authentication is made, shared by two connections, mended for both, and deleted when nothing uses it', async (t) => {
  await buildConsole()
  const north = await startSimulator(t)
  const south = await startDynamics({ records: 30, seed: 6, protection: false })
  t.after(() => south.close())
  shareDirectory(north, south)
  const hosts = [north, south].map(({ url }) => new URL(url).host).join(',')
  const hub = await serveHub(t, { work: true, environment: { JACKFIELD_ALLOW_HOSTS: hosts } })
  const browser = await startBrowser(t)
  const visitor = await visit(browser)
  const { page } = visitor
  await enter(visitor, hub)

  await t.test('the empty room tells what it is for, and makes one by itself', async () => {
    await page.getByRole('link', { name: 'Authentications', exact: true }).first().click()
    await page.getByText('One sign-in for several connections').waitFor()
    assert.deepEqual(await axeFindings(page), [])
    await page.getByRole('link', { name: 'Make an authentication' }).click()
    await press(page, 'Dynamics 365')
    await page.getByLabel('Address of the organisation').fill(`${north.url}/main.aspx?appid=1`)
    await page.getByLabel('Name', { exact: true }).fill('Service account')
    await byHand(page)
    await page.getByLabel('Application (client) ID').fill(north.clientId)
    await page.getByLabel('Client secret').fill('surely~another~secret')
    await page.getByLabel('Sign-in authority').fill(north.authority)
    await page.getByLabel('Tenant').fill(north.tenant)
    await press(page, 'Check and keep')
    await page.getByText('The check stopped here').waitFor()
    assert.deepEqual((await hub.ask('/api/v1/authentications')).json.authentications, [])
    await press(page, 'Change the entries')
    await page.getByLabel('Client secret').fill(north.clientSecret)
    await press(page, 'Check and keep')
    await page.getByRole('heading', { level: 1, name: 'Service account' }).waitFor()
    await page.getByText('Connect a CRM, and choose this authentication').waitFor()
    assert.deepEqual(await axeFindings(page), [])
  })

  await t.test('two organisations are connected by it, with no secret typed', async () => {
    await connect(page, hub, north, 'North')
    await connect(page, hub, south, 'South')
    const { authentications } = (await hub.ask('/api/v1/authentications')).json
    assert.deepEqual(
      authentications.map(({ connections }: { connections: { name: string }[] }) =>
        connections.map(({ name }) => name),
      ),
      [['North', 'South']],
    )
  })

  await t.test('it leads from a connection to what all share', async () => {
    await page.goto(`${hub.url}/connections`)
    await page.getByRole('link', { name: 'North', exact: true }).first().click()
    await page.getByRole('link', { name: 'Service account' }).click()
    const users = page.getByRole('table', { name: 'Used by' })
    await users.getByRole('link', { name: 'South' }).waitFor()
    assert.deepEqual(await axeFindings(page), [])
  })

  await t.test('while it is in use it is not deleted, and the dialog names by whom', async () => {
    await press(page, 'Delete')
    const dialog = page.getByRole('dialog', { name: '“Service account” is in use' })
    await dialog.getByRole('link', { name: 'North' }).waitFor()
    assert.equal(await dialog.getByRole('button', { name: 'Delete' }).count(), 0)
    assert.deepEqual(await axeFindings(page), [])
    await page.keyboard.press('Escape')
  })

  await t.test('a secret that ended is replaced once, and both connections are said to work again', async () => {
    await firstCopies(hub)
    changeDirectory(north.simulator.directory, { expireSecrets: true })
    for (const { id } of (await hub.ask('/api/v1/connections')).json.connections) {
      await hub.ask(`/api/v1/connections/${id}/check`, { method: 'POST' })
    }
    changeDirectory(north.simulator.directory, { secret: nextSecret })
    await page.goto(`${hub.url}/authentications`)
    await page.getByText('1 needs you').waitFor()
    assert.deepEqual(await axeFindings(page), [])
    await page.getByRole('link', { name: 'Service account' }).click()
    await page.getByRole('alert').getByText('expired').first().waitFor()
    await inOtherLooks(browser, hub, page.url())
    await press(page, 'Replace the secret')
    await page.getByText('Used by North and South').waitFor()
    await page.getByLabel('New client secret').fill(nextSecret)
    await press(page, 'Seal and check')
    await page.getByText('Works again: North and South').first().waitFor()
    await page.getByRole('alert').waitFor({ state: 'detached' })
  })

  await t.test('it is renamed, and deleted once its connections are gone', async () => {
    await page.getByRole('textbox', { name: 'Name' }).fill('Both regions')
    await press(page, 'Save')
    await page.getByRole('heading', { level: 1, name: 'Both regions' }).waitFor()
    const { connections } = (await hub.ask('/api/v1/connections')).json
    for (const { id } of connections) await hub.ask(`/api/v1/connections/${id}`, { method: 'DELETE' })
    await page.reload()
    await page.getByText('Connect a CRM, and choose this authentication').waitFor()
    await press(page, 'Delete')
    const dialog = page.getByRole('dialog', { name: 'Delete “Both regions”?' })
    await dialog.getByRole('button', { name: 'Delete' }).click()
    await page.getByText('One sign-in for several connections').waitFor()
    assert.deepEqual((await hub.ask('/api/v1/authentications')).json.authentications, [])
  })

  assert.deepEqual(visitor.faults, [])
})

/** The simulated directory is none of Microsoft's clouds, so its address has to be given by a person. */
const byHand = (page: Page) => press(page, 'Enter tenant and authority by hand')

async function connect(page: Page, hub: ServedHub, { url }: Pick<Simulator, 'url'>, name: string): Promise<void> {
  await page.goto(`${hub.url}/connections/new`)
  await press(page, 'Dynamics 365')
  await page.getByLabel('Address of the organisation').fill(url)
  await page.getByLabel('Name', { exact: true }).fill(name)
  await byHand(page)
  await page.getByRole('radio', { name: /^Service account/ }).check()
  assert.deepEqual(await axeFindings(page), [])
  assert.equal(await page.getByLabel('Client secret').count(), 0)
  await press(page, 'Check and connect')
  await page.getByText('The first copy has begun').waitFor()
}

/** Both pages, with something wrong on them. */
async function inOtherLooks(browser: Browser, hub: ServedHub, address: string): Promise<void> {
  const looks = [
    { locale: 'fr-FR', theme: 'dark', width: 320 },
    { locale: 'nl-NL', theme: 'light', width: 390 },
    { locale: 'en-GB', theme: 'dark', width: 1280 },
  ] as const
  for (const look of looks) {
    const visitor = await visit(browser, look)
    await enter(visitor, hub)
    for (const at of [`${hub.url}/authentications`, address]) {
      await visitor.page.goto(at)
      await settled(visitor)
      assert.deepEqual(await axeFindings(visitor.page), [], `${at} ${look.locale}`)
      const wide = await visitor.page.evaluate('document.documentElement.scrollWidth')
      assert.ok(Number(wide) <= look.width, `${at} fits ${look.width} px`)
    }
    assert.deepEqual(visitor.faults, [])
    await visitor.context.close()
  }
}
