import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { serveHub, until } from '../server/served-hub.ts'
import { startSalesforceWorld } from '../simulators/salesforce-world.ts'
import { axeFindings, buildConsole, startBrowser, visit } from './console.ts'

// biome-ignore lint/suspicious/noExplicitAny: answers of the API
type Json = any

/** What a CRM holds may be anything: it is shown as what it is. */
const hostileName = '<img src=x onerror="document.title=1">'

test('Salesforce from the wizard to changes at once, a mapping and a filter', async (t) => {
  await buildConsole()
  // Without Change Data Capture, so that nothing but the push can be faster than the schedule.
  const world = await startSalesforceWorld({ records: 60, others: 4, seed: 6, settings: { captured: null } })
  t.after(() => world.running.close())
  const { url, clientId, clientSecret } = world.running
  const hub = await serveHub(t, { work: true, environment: { JACKFIELD_ALLOW_HOSTS: new URL(url).host } })
  const browser = await startBrowser(t)
  const { page, faults } = await visit(browser)
  const ways = page.getByRole('region', { name: 'Changes at once' })
  // While work is under way it is an alert: nobody closes it by a click beside it.
  const dialog = page.getByRole('dialog').or(page.getByRole('alertdialog'))
  const held = async (name: string) =>
    (await hub.ask('/api/v1/records?entity=contact&limit=1000')).json.records.find((one: Json) => one.name === name)
  await page.goto(await hub.signInLink())
  await page.waitForURL(`${hub.url}/`)

  let id = ''
  await t.test('it connects through the wizard, and its page says that no way tells at once', async () => {
    await page.goto(`${hub.url}/connections/new`)
    await page.getByRole('button', { name: 'Salesforce' }).click()
    await page.getByLabel('Address of the organisation').fill(`${url}/lightning/page/home`)
    await page.getByRole('button', { name: 'Next' }).click()
    await page.getByRole('textbox', { name: 'Consumer key', exact: true }).fill(clientId)
    await page.getByRole('textbox', { name: 'Consumer secret', exact: true }).fill(clientSecret)
    await page.getByRole('button', { name: 'Check and connect' }).click()
    await page.getByRole('heading', { name: /: connected/ }).waitFor()
    id = (await hub.ask('/api/v1/connections')).json.connections[0].id
    await page.getByRole('link', { name: 'Open the connection' }).click()
    await ways.getByText('Not installed', { exact: true }).waitFor()
    await ways.getByText('No push came today').waitFor()
    await until('the refused line', async () => {
      return (await hub.ask(`/api/v1/connections/${id}/push`)).json.listener?.state === 'not_offered'
    })
    await page.reload()
    await ways.getByText('Not offered', { exact: true }).waitFor()
    await until('the first copy', async () => {
      const { connections } = (await hub.ask('/api/v1/status')).json
      return connections[0].tables.every((table: Json) => !table.enabled || table.firstPassAt)
    })
    // From here on nothing but a push brings a change.
    await hub.hub.pool.query(
      `update jackfield.synced_table set schedule_seconds = 86400, next_pass_at = now() + interval '1 day'`,
    )
  })

  await t.test('what Salesforce refuses is named with its test and what to do, and nothing is installed', async () => {
    await world.control('POST', '/faults', { kind: 'test-failed', match: 'POST' })
    await ways.getByRole('button', { name: 'Install', exact: true }).click()
    await dialog.getByText('one trigger for each object').waitFor()
    assert.deepEqual(await axeFindings(page), [])
    assert.deepEqual((await world.control('GET', '/installed')).components, [], 'nothing is done before it is asked')
    await dialog.getByRole('button', { name: 'Install', exact: true }).click()
    await dialog.getByRole('heading', { name: 'The push does not work yet' }).waitFor()
    await dialog.getByText(/JackfieldPushTest_\w+\.\w+: System\.AssertException/).waitFor()
    await dialog.getByText('A rule or trigger of your own stands in the way').waitFor()
    assert.deepEqual(await axeFindings(page), [])
    await dialog.getByRole('button', { name: 'Close' }).click()
    await ways.getByText('Not installed', { exact: true }).waitFor()
  })

  await t.test('it is installed step by step until the test event has come, and a change comes by it', async () => {
    await ways.getByRole('button', { name: 'Install', exact: true }).click()
    await dialog.getByRole('button', { name: 'Install', exact: true }).click()
    await dialog.getByRole('heading', { name: 'The push is installed and works' }).waitFor()
    await dialog.getByText(/^after \d+(\.\d)? s$/).waitFor()
    assert.equal(await dialog.locator('li[data-ok="true"]').count(), 6)
    assert.deepEqual(await axeFindings(page), [])
    await page.keyboard.press('Escape')
    await ways.getByText(/^Installed /).waitFor()
    await ways.getByText('Tells of Accounts, Contacts and Users').waitFor()
    await world.records({ entity: 'Contact', operation: 'create', fields: { LastName: hostileName } })
    const record = await until('the contact', () => held(hostileName))
    await page.goto(`${hub.url}/records/${record.id}`)
    await page.getByRole('heading', { level: 1, name: hostileName }).waitFor()
    assert.equal(await page.locator('img[src="x"]').count(), 0)
    await page.goto(`${hub.url}/connections/${id}`)
    await ways.getByText(/^Installed /).waitFor()
  })

  await t.test('a test event is sent again, by a person where the hub may not', async () => {
    await ways.getByRole('button', { name: 'Send a test event' }).click()
    await dialog.getByRole('heading', { name: 'The push works' }).waitFor()
    await dialog.getByRole('button', { name: 'Close' }).click()
    await world.control('POST', '/settings', { mayExecuteApex: false })
    await ways.getByRole('button', { name: 'Send a test event' }).click()
    await dialog.getByText('Open a record there, change it and save it').waitFor()
    await world.records({ entity: 'Contact', operation: 'create', fields: { LastName: 'By hand' } })
    await dialog.getByRole('heading', { name: 'The push works' }).waitFor()
    await dialog.getByRole('button', { name: 'Close' }).click()
    await world.control('POST', '/settings', { mayExecuteApex: true })
  })

  await t.test('the package is handed out, and the address of outbound messages when it is asked for', async () => {
    await page.reload()
    const { url: address } = (await hub.ask(`/api/v1/connections/${id}/push/address`)).json
    assert.ok(!(await page.content()).includes(address))
    await ways.getByRole('button', { name: 'Show the address' }).click()
    await ways.getByText(address).waitFor()
    assert.deepEqual(await axeFindings(page), [])
    await ways.getByRole('button', { name: 'More acts of the push' }).click()
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name: /Download the package/ }).click(),
    ])
    assert.match(file.suggestedFilename(), /^JackfieldPush_\w+\.zip$/)
    assert.equal((await readFile(await file.path())).subarray(0, 2).toString(), 'PK')
  })

  await t.test(
    'a table that is switched on later is missed until it is installed again, with a new secret',
    async () => {
      const copied = { method: 'PATCH', json: { enabled: true } }
      assert.equal((await hub.ask(`/api/v1/connections/${id}/tables/lead`, copied)).status, 200)
      await page.reload()
      await ways.getByText('Not of Leads: install it again.').waitFor()
      await ways.getByRole('button', { name: 'More acts of the push' }).click()
      await page.getByRole('menuitem', { name: /New secret/ }).click()
      await dialog.getByRole('button', { name: 'Make and install' }).click()
      await dialog.getByRole('heading', { name: 'The new secret works' }).waitFor()
      await dialog.getByRole('button', { name: 'Close' }).click()
      await ways.getByText(/^Tells of .*Leads/).waitFor()
    },
  )

  await t.test('narrow, dark, and in two more languages it holds to every rule', async () => {
    const looks = [
      ['fr-FR', 'dark', 'Envoyer un événement de test', 'Le push fonctionne'],
      ['nl-NL', 'light', 'Testgebeurtenis sturen', 'De push werkt'],
    ] as const
    for (const [locale, theme, act, went] of looks) {
      const other = await visit(browser, { locale, theme, width: 320 })
      await other.page.goto(await hub.signInLink())
      await other.page.waitForURL(`${hub.url}/`)
      await other.page.goto(`${hub.url}/connections/${id}`)
      await other.page.getByRole('button', { name: act }).waitFor()
      assert.deepEqual(await axeFindings(other.page), [])
      await other.page.getByRole('button', { name: act }).click()
      await other.page.getByRole('heading', { name: went }).waitFor()
      assert.deepEqual(await axeFindings(other.page), [])
      const over = await other.page.evaluate<number>('document.documentElement.scrollWidth - innerWidth')
      assert.ok(over <= 0, `${over} px too wide in ${locale}`)
      assert.deepEqual(other.faults, [])
      await other.context.close()
    }
  })

  await t.test('it is taken away again, and nothing of it stays', async () => {
    await ways.getByRole('button', { name: 'More acts of the push' }).click()
    await page.getByRole('menuitem', { name: /Take it away/ }).click()
    await dialog.getByRole('button', { name: 'Take it away' }).click()
    await dialog.getByRole('heading', { name: 'The push is gone from Salesforce' }).waitFor()
    await dialog.getByRole('button', { name: 'Close' }).click()
    await ways.getByText('Not installed', { exact: true }).waitFor()
    assert.deepEqual((await world.control('GET', '/installed')).components, [])
  })

  await t.test('a field is mapped anew, a filter is built, and the preview says what comes of it', async () => {
    const bar = page.getByRole('region', { name: 'Changes that are not saved' })
    const contacts: Json[] = (await hub.ask('/api/v1/records?entity=contact&limit=1000')).json.records
    const title: string = contacts.find(({ sourceFields }) => sourceFields.Title).sourceFields.Title
    const staying = contacts.filter(({ sourceFields }) => sourceFields.Title === title)
    assert.ok(staying.length < contacts.length)
    await page.goto(`${hub.url}/connections/${id}/tables/contact`)
    await page.getByRole('button', { name: 'Department is made of: Department' }).click()
    await page.getByRole('combobox', { name: 'Search by name' }).fill('Title')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Add a condition' }).click()
    await page.getByRole('button', { name: 'Column: Choose a column' }).click()
    await page.getByRole('combobox', { name: 'Search by name' }).fill('Title')
    await page.keyboard.press('Enter')
    await page.getByLabel('Value', { exact: true }).fill(title)
    await page.getByText(/^Only rows where .+ is “.+” are copied\.$/).waitFor()
    assert.deepEqual(await axeFindings(page), [])
    await bar.getByRole('button', { name: 'Preview and save' }).click()
    await dialog.getByText(`${contacts.length - staying.length} leave`).waitFor()
    assert.deepEqual(await axeFindings(page), [])
    await dialog.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Rows are read again from the CRM.').waitFor()
    await page.keyboard.press('Escape')
    await until('the rest has left', async () => {
      const { records } = (await hub.ask('/api/v1/records?entity=contact&limit=1000')).json
      const inScope = records.filter((record: Json) => record.outOfScopeAt === null)
      return inScope.length === staying.length && inScope.every((one: Json) => one.fields.department === title)
    })
  })
  assert.deepEqual(faults, [])
})
