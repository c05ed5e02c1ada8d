import assert from 'node:assert/strict'
import { test } from 'node:test'
import { serveHub } from '../server/served-hub.ts'
import { startSalesforceWorld } from '../simulators/salesforce-world.ts'
import { buildConsole, looksWell, settled, startBrowser, visit } from './console.ts'

test('A Salesforce connection’s own settings: the version of the API, and the consent to the field for keys', async (t) => {
  await buildConsole()
  const settings = { captured: null, mayDeploy: false }
  const world = await startSalesforceWorld({ records: 10, others: 0, seed: 6, settings })
  t.after(() => world.running.close())
  const { url, clientId, clientSecret } = world.running
  const hub = await serveHub(t, { environment: { JACKFIELD_ALLOW_HOSTS: new URL(url).host } })
  const browser = await startBrowser(t)
  const visitor = await visit(browser)
  const { page } = visitor
  await page.goto(await hub.signInLink())
  await page.waitForURL(`${hub.url}/`)
  const connectionNow = async () => (await hub.ask('/api/v1/connections')).json.connections[0]
  const version = page.getByRole('textbox', { name: 'API version' })
  const keys = page.getByRole('region', { name: 'Keys of creates' })

  await t.test('the wizard takes a version among its other settings, and none that the hub cannot speak', async () => {
    await page.goto(`${hub.url}/connections/new`)
    await page.getByRole('button', { name: 'Salesforce' }).click()
    await page.getByLabel('Address of the organisation').fill(url)
    await page.getByRole('button', { name: 'Next' }).click()
    await page.getByRole('textbox', { name: 'Consumer key', exact: true }).fill(clientId)
    await page.getByRole('textbox', { name: 'Consumer secret', exact: true }).fill(clientSecret)
    await page.getByText('More settings').click()
    await version.fill('52.0')
    await page.getByText('Give a version such as 64.0, 60.0 or later.').waitFor()
    await page.getByRole('button', { name: 'Check and connect' }).click()
    assert.equal(await version.inputValue(), '52.0', 'it went no further')
    await version.fill('v64')
    await page.getByRole('button', { name: 'Check and connect' }).click()
    await page.getByRole('heading', { name: /: connected/ }).waitFor()
    assert.equal((await connectionNow()).settings.apiVersion, '64.0')
  })

  const { id } = await connectionNow()

  await t.test('it is changed on the page, where one that the organisation does not speak is refused', async () => {
    await page.goto(`${hub.url}/connections/${id}`)
    const save = page.getByRole('button', { name: 'Save', exact: true })
    assert.equal(await version.inputValue(), '64.0')
    await version.fill('99.0')
    await save.click()
    await page.getByRole('paragraph').filter({ hasText: 'speaks no version 99.0' }).waitFor()
    assert.equal((await connectionNow()).settings.apiVersion, '64.0')
    await version.fill('')
    await save.click()
    await page.getByText('Saved.').first().waitFor()
    assert.equal((await connectionNow()).settings.apiVersion, null)
  })

  await t.test('the page says that creates go without a key, why one cannot be made, and what is missing', async () => {
    await keys.getByText('Creates go without a key: one whose answer is lost waits for a person.').waitFor()
    await keys.getByRole('button', { name: 'Consent and make the field' }).click()
    await keys
      .getByText(/insufficient access rights/)
      .first()
      .waitFor()
    await page.getByRole('link', { name: /Creates of \d tables go without a key/ }).waitFor()
    await world.control('POST', '/settings', { mayDeploy: true, hidden: { Account: ['Jackfield_Id__c'] } })
    const again = keys.getByRole('button', { name: 'Make what is missing and look again' })
    await again.click()
    await keys.getByText('Made, but the hub’s user may not read and edit it').waitFor()
    await keys.getByText('Some creates go without a key').waitFor()
    await page.getByRole('link', { name: 'Creates of 1 table go without a key' }).waitFor()
    await settled(visitor)
    await looksWell(visitor, 'a connection without a key')
    await world.control('POST', '/settings', { hidden: {} })
    await again.click()
    await keys.getByText('Every create carries its key.').waitFor()
    assert.equal(await page.getByRole('link', { name: /go without a key/ }).count(), 0)
  })

  await t.test('narrow, dark, and in two more languages it holds to every rule', async () => {
    for (const [locale, theme, title] of [
      ['fr-FR', 'dark', 'Clés des créations'],
      ['nl-NL', 'light', 'Sleutels van nieuwe records'],
    ] as const) {
      const other = await visit(browser, { locale, theme, width: 320 })
      await other.page.goto(await hub.signInLink())
      await other.page.waitForURL(`${hub.url}/`)
      await other.page.goto(`${hub.url}/connections/${id}`)
      await other.page.getByRole('region', { name: title }).waitFor()
      await settled(other)
      await looksWell(other, locale)
      await other.context.close()
    }
  })
})
