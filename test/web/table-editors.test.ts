import assert from 'node:assert/strict'
import { test } from 'node:test'
import { connectBody, serveHub, startSimulator, until } from '../server/served-hub.ts'
import { axeFindings, buildConsole, startBrowser, type Visitor, visit } from './console.ts'

// biome-ignore lint/suspicious/noExplicitAny: answers of the API
type Json = any

test('Map, filter, preview: what is shown before saving is what comes of it', async (t) => {
  await buildConsole()
  const simulator = await startSimulator(t, 80)
  const hub = await serveHub(t, { simulator, work: true })
  const { json: connection } = await hub.ask('/api/v1/connections', { json: connectBody(simulator) })
  const path = `/api/v1/connections/${connection.id}/tables/contact`
  const table = async (): Promise<Json> => (await hub.ask(path)).json
  await until('contacts are copied', async () => (await table()).firstPassAt)
  const contacts: Json[] = (await hub.ask('/api/v1/records?entity=contact&limit=1000')).json.records
  const city: string = contacts.find(({ sourceFields }) => sourceFields.address1_city).sourceFields.address1_city
  const staying = contacts.filter(({ sourceFields }) => sourceFields.address1_city === city)
  const browser = await startBrowser(t)
  const visitor = await visit(browser)
  const { page, faults } = visitor
  const address = `${hub.url}/connections/${connection.id}/tables/contact`
  const bar = page.getByRole('region', { name: 'Changes that are not saved' })
  const dialog = page.getByRole('dialog', { name: 'What this will do' })

  await page.goto(await hub.signInLink())
  await page.waitForURL(`${hub.url}/`)
  await page.goto(address)

  await t.test('a field is mapped anew among columns that fit, with real values beside them', async () => {
    const birthday = page.getByRole('button', { name: 'Birth date is made of: Birthday' })
    await birthday.click()
    const fitting = page.getByRole('dialog', { name: 'Birth date is made of' })
    await fitting.getByText('Only columns that fit: date, date and time.').waitFor()
    assert.equal(await fitting.getByRole('option', { name: /Job Title/ }).count(), 0)
    await page.keyboard.press('Escape')
    await focusIs(visitor, 'Birth date is made of: Birthday')

    await page.getByRole('button', { name: 'Job title is made of: Job Title' }).click()
    await page.getByRole('combobox', { name: 'Search by name' }).fill('department')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Take away Salutation' }).click()
    await page.getByText('Salutation will be taken away').waitFor()
    await bar.getByText('2 changes').waitFor()
    await bar.getByRole('button', { name: 'Undo' }).click()
    await bar.getByText('1 change', { exact: true }).waitFor()
  })

  await t.test('the preview names records before and after, and saving makes it so', async () => {
    await bar.getByRole('button', { name: 'Preview and save' }).click()
    await dialog.getByText('Job Title → Department').waitFor()
    assert.deepEqual(await axeFindings(page), [])
    const differing = contacts.filter(({ sourceFields }) => sourceFields.jobtitle !== sourceFields.department).length
    await dialog.getByText(`${differing} records show another value.`).waitFor()
    assert.equal((await table()).mapping.fields.jobTitle.from, 'jobtitle', 'nothing is saved yet')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Names, numbers and relations are as they were.').waitFor()
    await page.getByRole('button', { name: 'Close' }).click()
    assert.equal((await table()).mapping.fields.jobTitle.from, 'department')
    await page.getByRole('button', { name: 'Job title: back to the default' }).waitFor()
  })

  await t.test('a filter is built by the keyboard alone', async () => {
    const begin = page.getByRole('button', { name: 'Add a condition' })
    await begin.focus()
    await page.keyboard.press('Enter')
    await focusIs(visitor, 'Column: Choose a column')
    await page.keyboard.press('Enter')
    await focusIs(visitor, 'Search by name')
    await page.keyboard.type('address1_city')
    const focused = await page.evaluate<string>(`(() => {
      const enter = new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true })
      document.activeElement.dispatchEvent(enter)
      return document.activeElement.tagName
    })()`)
    assert.equal(focused, 'BUTTON', 'the focus is back before the next key can come')
    await focusIs(visitor, 'Column: City')
    await page.keyboard.press('Tab')
    await focusIs(visitor, 'Comparison')
    await page.keyboard.press('Tab')
    await page.keyboard.type(city)
    await page.getByText(`Only rows where City is “${city}” are copied.`).waitFor()
    const group = page.getByRole('group', { name: 'Group: all of these hold' })
    await group.getByRole('button', { name: 'Group', exact: true }).press('Enter')
    await focusIs(visitor, 'Column: Choose a column')
    await page.getByText('1 condition is not finished.').first().waitFor()
    const save = bar.getByRole('button', { name: 'Preview and save' })
    assert.equal(await save.getAttribute('aria-disabled'), 'true')
    await page.keyboard.press('Enter')
    await focusIs(visitor, 'Search by name')
    await page.keyboard.type('statecode')
    await page.keyboard.press('Enter')
    await focusIs(visitor, 'Column: Status')
    await page.keyboard.press('Tab')
    await focusIs(visitor, 'Comparison')
    await page.keyboard.press('Tab')
    await focusIs(visitor, 'Value')
    await page.keyboard.press('a')
    await page.getByText(`Only rows where City is “${city}” and Status is Active are copied.`).waitFor()
    assert.deepEqual(await axeFindings(page), [])
    await page.getByRole('button', { name: 'Remove this group' }).press('Enter')
    await page.getByText(`Only rows where City is “${city}” are copied.`).waitFor()
    await save.press('Enter')
    await dialog.getByText(`${contacts.length - staying.length} leave`).waitFor()
    const has = `The CRM has about ${staying.length} record`
    assert.ok((await dialog.textContent())?.includes(has), (await dialog.textContent()) ?? '')
    await dialog.getByRole('button', { name: 'Save' }).press('Enter')
    await page.getByText('Rows are read again from the CRM.').waitFor()
    await page.keyboard.press('Escape')
    await until('the rest has left', async () => {
      const { records } = (await hub.ask('/api/v1/records?entity=contact&limit=1000')).json
      return records.filter((record: Json) => record.outOfScopeAt === null).length === staying.length
    })
  })

  await t.test('what somebody else saved meanwhile is shown, and neither is lost', async () => {
    await page.getByRole('button', { name: 'Take away Suffix' }).click()
    const change = { scheduleSeconds: 900, version: (await table()).version }
    assert.equal((await hub.ask(path, { method: 'PATCH', json: change })).status, 200)
    await bar.getByRole('button', { name: 'Preview and save' }).click()
    await dialog
      .getByText(/changed by somebody else/)
      .first()
      .waitFor()
    await dialog.getByRole('button', { name: 'Back to the editor' }).click()
    await page.getByText('It is read every 15 min.').waitFor()
    await page.getByRole('button', { name: 'Put mine on top' }).click()
    await bar.getByRole('button', { name: 'Preview and save' }).click()
    await dialog.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('button', { name: 'Close' }).click()
    const saved = await table()
    assert.equal(saved.scheduleSeconds, 900)
    assert.equal(saved.mapping.fields.suffix, undefined)
    await page.getByRole('button', { name: 'Reset to defaults' }).click()
    await bar.getByText('2 changes').waitFor()
    await bar.getByRole('button', { name: 'Discard' }).click()
    await bar.waitFor({ state: 'detached' })
  })

  await t.test('columns that are gone are told, with a way to let them go', async () => {
    const wanted = ['salutation', 'middlename']
    for (const column of wanted) {
      const fault = { kind: 'column-removed', entity: 'contact', column }
      await fetch(`${simulator.control}/faults`, { method: 'POST', body: JSON.stringify(fault) })
    }
    const asked = { connection: connection.id, entity: 'contact', kind: 'full' }
    assert.equal((await hub.ask('/api/v1/runs', { json: asked })).status, 202)
    await until('the columns are missed', async () => (await table()).gone.length === 2)
    await page.reload()
    const gone = page.getByRole('region', { name: 'The CRM no longer shows 2 columns' })
    await gone.getByText('middlename').waitFor()
    await page.getByText('The CRM no longer shows this column; the last values are kept.').first().waitFor()
    assert.deepEqual(await axeFindings(page), [])
    await gone
      .getByRole('button', { name: /^Take out .* and its last values$/ })
      .first()
      .click()
    await bar.getByRole('button', { name: 'Preview and save' }).click()
    await dialog.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('button', { name: 'Close' }).click()
    await page.getByRole('region', { name: 'The CRM no longer shows a column' }).waitFor()
    const { columns, fields } = await table()
    const left = wanted.filter((name) => columns.includes(name))
    assert.equal(left.length, 1)
    assert.equal(fields.filter((field: Json) => field.gone !== undefined).length, 1)
  })

  await t.test('narrow, dark, and in two more languages it holds to every rule', async () => {
    const looks = [
      ['fr-FR', 'dark', 'Seules les lignes où « Ville » est'],
      ['nl-NL', 'light', 'Alleen rijen waarvoor geldt: '],
    ] as const
    for (const [locale, theme, sentence] of looks) {
      const other = await visit(browser, { locale, theme, width: 320 })
      await other.page.goto(await hub.signInLink())
      await other.page.waitForURL(`${hub.url}/`)
      await other.page.goto(address)
      await other.page.getByText(sentence).waitFor()
      assert.deepEqual(await axeFindings(other.page), [])
      const over = await other.page.evaluate<number>('document.documentElement.scrollWidth - innerWidth')
      assert.ok(over <= 0, `${over} px too wide in ${locale}`)
      assert.deepEqual(other.faults, [])
      await other.context.close()
    }
  })

  await t.test('the quota of calls is live on the connection’s page', async () => {
    await page.goto(`${hub.url}/connections/${connection.id}`)
    const quota = page.getByRole('region', { name: 'Calls to the CRM' })
    await quota.getByText('free now').waitFor()
    const { json } = await hub.ask(`/api/v1/connections/${connection.id}/quota`)
    assert.equal(json.limit, json.used + json.left)
    await quota.getByText(`${json.reserved} kept for calls and people`).waitFor()
    assert.deepEqual(await axeFindings(page), [])
  })
  assert.deepEqual(faults, [])
})

/** The focus stands on what is called so. */
async function focusIs({ page }: Visitor, name: string): Promise<void> {
  const now = () => page.evaluate<string>('document.activeElement?.getAttribute("aria-label") ?? ""')
  await until(`the focus is on ${name}`, async () => (await now()) === name).catch(async (error) => {
    throw new Error(`The focus is on “${await now()}”, not on “${name}”`, { cause: error })
  })
}
