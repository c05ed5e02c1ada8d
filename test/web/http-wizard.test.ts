import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { startSalesforce } from '../../simulators/salesforce/server.ts'
import { serveHub, until } from '../server/served-hub.ts'
import { axeFindings, buildConsole, startBrowser, visit } from './console.ts'
import { inventApi } from './invented-api.ts'

test('Connect an API that nobody knew, and a Salesforce, with nothing but the console', async (t) => {
  await buildConsole()
  const api = await inventApi(t)
  const crm = await startSalesforce({ records: 40, seed: 4 })
  t.after(() => crm.close())
  const hosts = [api.url, crm.url].map((url) => new URL(url).host).join(',')
  const hub = await serveHub(t, { work: true, environment: { JACKFIELD_ALLOW_HOSTS: hosts } })
  const browser = await startBrowser(t)
  const { page, faults } = await visit(browser)
  const field = (name: string) => page.getByRole('textbox', { name, exact: true })
  const panel = page.getByRole('region', { name: 'Try it' })
  await page.goto(await hub.signInLink())
  await page.waitForURL(`${hub.url}/`)

  await t.test('a preset fills the form in, and is told what it takes', async () => {
    await page.goto(`${hub.url}/connections/new`)
    await page.getByRole('button', { name: 'Any HTTP API' }).click()
    const gallery = page.getByRole('region', { name: 'Start from a preset' })
    await gallery.getByRole('button', { name: 'Pipedrive' }).click()
    await gallery.getByText('personal API token').waitFor()
    assert.equal(await field('Base address').inputValue(), 'https://api.pipedrive.com/api/v2')
    assert.equal(await field('Header of the key').inputValue(), 'x-api-token')
    await panel.getByRole('button', { name: 'Try Accounts' }).waitFor()
    assert.deepEqual(await axeFindings(page), [])
    const kept = JSON.parse(await saved(page))
    assert.deepEqual(
      kept.tables.map((table: { entity: string }) => table.entity),
      ['account', 'contact'],
    )
    assert.equal(await page.getByRole('button', { name: 'Undo' }).count(), 0, 'nothing was lost')
  })

  await t.test('presets tried after one another do not cost what was filled in', async () => {
    await page.goto(`${hub.url}/connections/new`)
    await page.getByRole('button', { name: 'Any HTTP API' }).click()
    await field('Base address').fill('https://mine.example')
    await field('Path of the list').fill('/mine')
    const gallery = page.getByRole('region', { name: 'Start from a preset' })
    await gallery.getByRole('button', { name: 'Pipedrive' }).click()
    await gallery.getByRole('button', { name: 'HubSpot' }).click()
    await page.getByText('HubSpot took the place of what you had filled in.').waitFor()
    assert.deepEqual(await axeFindings(page), [])
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByText('What you had filled in is back.').waitFor()
    assert.equal(await field('Base address').inputValue(), 'https://mine.example')
    assert.equal(await field('Path of the list').inputValue(), '/mine')
    await page.getByRole('button', { name: 'Take HubSpot after all' }).click()
    assert.equal(await field('Base address').inputValue(), 'https://api.hubapi.com')
    await field('Base address').fill('https://api.hubapi.example')
    await page.getByRole('button', { name: 'Undo' }).click()
    assert.equal(await field('Base address').inputValue(), 'https://mine.example')
    await page.getByRole('button', { name: 'Take HubSpot after all' }).click()
    assert.equal(await field('Base address').inputValue(), 'https://api.hubapi.example')
    const quota = page.getByLabel('Calls that the API allows')
    assert.equal(await quota.inputValue(), '100')
    await page.getByText('More settings').first().click()
    await quota.fill('')
    assert.equal(
      JSON.parse(await saved(page)).quota,
      undefined,
      'a number of calls that was taken away is told no more',
    )
  })

  await t.test('what is missing, and what the API refuses, is said at its place', async () => {
    await page.goto(`${hub.url}/connections/new`)
    await page.getByRole('button', { name: 'Any HTTP API' }).click()
    await panel.getByRole('button', { name: 'Try Contacts' }).click()
    await page.getByText('4 fields are to be filled in').waitFor()
    await field('Name').first().fill('The club')
    await field('Base address').fill(api.url)
    await page.getByLabel('How the hub signs in').selectOption('api_key_header')
    await field('Header of the key').fill('X-Key')
    await page.getByLabel('API key', { exact: false }).last().fill('another-key')
    await field('Path of the list').fill('members')
    await panel.getByRole('button', { name: 'Try Contacts' }).click()
    await page.getByText('an address begins with one slash', { exact: true }).waitFor()
    assert.equal(await field('Path of the list').getAttribute('aria-invalid'), 'true')
    await field('Path of the list').fill('/members')
    await panel.getByRole('button', { name: 'Try Contacts' }).click()
    await panel.getByRole('alert').waitFor()
    await page.getByLabel('API key', { exact: false }).last().fill(api.key)
    assert.deepEqual(await axeFindings(page), [])
  })

  await t.test('tried page by page, it shows the request without the key and what records become', async () => {
    await field('Path of the records').fill('found.rows')
    await page.getByLabel('How the next page is asked for').selectOption('offset')
    await field('Parameter').fill('skip')
    await page.getByLabel('Page size').fill('10')
    await field('Parameter of the size').fill('take')
    await field('Where the number of all records stands').fill('count')
    await field('Path of the id').fill('no')
    await page.getByLabel('Default country').selectOption('BE')
    await panel.getByRole('button', { name: 'Try Contacts' }).click()
    await panel.getByText('10 records on page 1 · 23 in all · more pages follow').waitFor()
    const request = (await panel.locator('pre').textContent()) ?? ''
    assert.match(request, /x-key: \[secret\]/i)
    assert.ok(!request.includes(api.key))
    await panel.getByRole('button', { name: 'Next page' }).click()
    await panel.getByText('10 records on page 2').waitFor()
    await panel.getByRole('cell', { name: 'm-10' }).waitFor()
    assert.deepEqual(await axeFindings(page), [])
  })

  await t.test('a field is taken over as what it is, by the keyboard', async () => {
    await panel.getByText(/fields and what becomes of them/).click()
    const names = ['first', 'last']
    for (const path of names) {
      await panel.getByLabel(`Use of ${path}`).focus()
      await panel.getByLabel(`Use of ${path}`).selectOption('name')
    }
    assert.equal(await field('Name').last().inputValue(), 'first\nlast')
    await field('Name').last().fill('first + last')
    await panel.getByLabel('Use of reach[0].number').selectOption('phone')
    assert.equal(await field('Telephone numbers').inputValue(), 'reach[0].number')
    const changed = panel.getByRole('button', { name: 'Last change: updated_at' })
    assert.equal(await changed.getAttribute('aria-pressed'), 'true')
    await panel.getByText('The form was changed since.').waitFor()
    await field('Path of the version').fill('updated_at')
    await field('Path of the last change').fill('updated_at')
    await field('Parameter “changed since”').fill('after')
    await page.getByLabel('At an address of its own').check()
    assert.equal(await field('Its address').inputValue(), '/members/{id}')
    await field('Path of the record in the reply').fill('it')
    await panel.getByRole('button', { name: 'Try Contacts' }).click()
    await panel.getByRole('cell', { name: 'Member0 Aerts' }).waitFor()
    await panel.getByRole('cell', { name: '+32470121099' }).waitFor()
  })

  let id = ''
  await t.test('it is saved as a preset without the key, and connects with a second table', async () => {
    await page.getByRole('button', { name: 'Add a table' }).click()
    await field('Path of the list').fill('/firms')
    await field('Path of the records').fill('found.rows')
    await field('Path of the id').fill('no')
    const preset = await saved(page)
    assert.ok(!preset.includes(api.key))
    assert.equal(JSON.parse(preset).tables[0].paging.kind, 'offset')
    await page.getByRole('button', { name: 'Check and connect' }).click()
    await page.getByRole('heading', { name: /: connected/ }).waitFor()
    await page
      .getByRole('link', { name: /^Member\d+ \w+$/ })
      .first()
      .waitFor()
    id = (await hub.ask('/api/v1/connections')).json.connections[0].id
    await until('the members are copied', async () => {
      const { records } = (await hub.ask('/api/v1/records?entity=contact&limit=100')).json
      return records.length === api.people.length
    })
  })

  await t.test('its push addresses are copied, and the secret that is shown once signs a push', async () => {
    await page.getByRole('link', { name: 'Open the connection' }).click()
    const push = page.getByRole('region', { name: 'Push' })
    await push.getByText('Contact changed').waitFor()
    assert.equal(await push.getByRole('listitem').count(), 7)
    await push.getByRole('button', { name: /Make a (new )?secret/ }).click()
    await push.getByText('Shown this once:').waitFor()
    const secret = (await push.locator('strong + code').textContent()) ?? ''
    const address =
      (await push.getByRole('listitem').filter({ hasText: 'Contact changed' }).locator('code').textContent()) ?? ''
    Object.assign(api.people[3]!, { last: 'Renamed', updated_at: new Date().toISOString() })
    const body = JSON.stringify({ id: 'm-3' })
    const now = String(Math.floor(Date.now() / 1000))
    const signature = createHmac('sha256', secret)
      .update(now + body)
      .digest('hex')
    const headers = { 'x-jackfield-timestamp': now, 'x-jackfield-signature': `sha256=${signature}` }
    const pushed = await fetch(address, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body,
    })
    assert.equal(pushed.status, 202)
    await until('the change has come', async () => {
      const { records } = (await hub.ask('/api/v1/records?entity=contact&limit=100')).json
      return records.some(({ name }: { name: string }) => name === 'Member3 Renamed')
    })
    await page.reload()
    await push.getByText('There is a secret.').waitFor()
    assert.equal(await push.getByText(secret).count(), 0)
  })

  await t.test('its definition is changed where it stands', async () => {
    await page.getByText('Show and change').click()
    await page.getByLabel('Page size').fill('7')
    await panel.getByRole('button', { name: 'Try Contacts' }).click()
    await panel.getByText('7 records on page 1').waitFor()
    assert.deepEqual(await axeFindings(page), [])
    await page.getByRole('button', { name: 'Check and save' }).click()
    await page.getByText('Saved. The tables are read again.').first().waitFor()
    const stored = (await hub.ask(`/api/v1/connections/${id}/definition`)).json
    assert.equal(stored.tables[0].paging.size, 7)
    await until('pages of 7 are read', () =>
      api.asked.some((path) => path.includes('take=7') && path.includes('skip=14')),
    )
  })

  await t.test('narrow, dark, and in two more languages it holds to every rule', async () => {
    const looks = [
      ['fr-FR', 'dark', 'Toute API HTTP', 'Essayer : Contacts'],
      ['nl-NL', 'light', 'Elke HTTP-API', 'Contactpersonen proberen'],
    ] as const
    for (const [locale, theme, choice, attempt] of looks) {
      const other = await visit(browser, { locale, theme, width: 320 })
      await other.page.goto(await hub.signInLink())
      await other.page.waitForURL(`${hub.url}/`)
      await other.page.goto(`${hub.url}/connections/new`)
      await other.page.getByRole('button', { name: choice }).click()
      await other.page.getByRole('button', { name: attempt }).click()
      await other.page.getByRole('alert').last().waitFor()
      assert.deepEqual(await axeFindings(other.page), [])
      const over = await other.page.evaluate<number>('document.documentElement.scrollWidth - innerWidth')
      assert.ok(over <= 0, `${over} px too wide in ${locale}`)
      assert.deepEqual(other.faults, [])
      await other.context.close()
    }
  })

  await t.test('Salesforce connects by a key of many lines, and by a secret', async () => {
    await beginSalesforce(page, { hub: hub.url, url: crm.url })
    await page.getByLabel('By a certificate (JWT bearer)').check()
    await field('Consumer key').fill(crm.clientId)
    await page.getByLabel('User name of the integration user').fill(crm.username)
    await page.getByLabel('Private key (PEM)').fill('-----BEGIN CERTIFICATE-----\nMII\n-----END CERTIFICATE-----')
    await field('Consumer key').focus()
    await page.getByText('This is the certificate').waitFor()
    await page.getByLabel('Private key (PEM)').fill(crm.privateKey)
    await page.getByText('More settings').click()
    await page.getByLabel('Audience').fill(crm.url)
    assert.deepEqual(await axeFindings(page), [])
    await page.getByRole('button', { name: 'Check and connect' }).click()
    await page.getByRole('heading', { name: /: connected/ }).waitFor()
    const connected = await salesforceOf(hub)
    assert.equal((await hub.ask(`/api/v1/connections/${connected.id}`, { method: 'DELETE' })).status, 204)

    await beginSalesforce(page, { hub: hub.url, url: crm.url })
    await field('Consumer key').fill(crm.clientId)
    await field('Consumer secret').fill(crm.clientSecret)
    await page.getByLabel(/Jackfield_Id__c/).check()
    await page.getByRole('button', { name: 'Check and connect' }).click()
    await page.getByRole('heading', { name: /: connected/ }).waitFor()
    assert.equal((await salesforceOf(hub)).settings.keyFields, true)
  })
  assert.deepEqual(faults, [])
})

async function beginSalesforce(page: Page, at: { hub: string; url: string }): Promise<void> {
  await page.goto(`${at.hub}/connections/new`)
  await page.getByRole('button', { name: 'Salesforce' }).click()
  await page.getByLabel('Address of the organisation').fill(at.url)
  await page.getByRole('button', { name: 'Next' }).click()
  await page.getByRole('heading', { name: 'As whom?' }).waitFor()
}

type Served = Awaited<ReturnType<typeof serveHub>>

async function salesforceOf(hub: Served) {
  const { connections } = (await hub.ask('/api/v1/connections')).json
  return connections.find(({ crm }: { crm: string }) => crm === 'salesforce')
}

/** The file that the page gives. */
async function saved(page: Page): Promise<string> {
  const coming = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Save as file' }).click()
  const parts: Buffer[] = []
  for await (const part of await (await coming).createReadStream()) parts.push(part as Buffer)
  return Buffer.concat(parts).toString()
}
