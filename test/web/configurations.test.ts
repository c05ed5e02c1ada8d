import assert from 'node:assert/strict'
import { test } from 'node:test'
import { serveHub, startSimulator, until } from '../server/served-hub.ts'
import { addEntity, goToTab, openConfigured, pickField, press } from './configuration-console.ts'
import { buildConsole, looksWell, settled, startBrowser, visit } from './console.ts'

// biome-ignore lint/suspicious/noExplicitAny: answers of the API
type Json = any

test('1 A new CRM configuration for Microsoft Dynamics', async (t) => {
  await buildConsole()
  const simulator = await startSimulator(t)
  const hub = await serveHub(t, { simulator, work: true })
  const visitor = await visit(await startBrowser(t))
  const { page, faults } = visitor
  await page.goto(await hub.signInLink())
  await page.waitForURL(`${hub.url}/`)
  const made = async (): Promise<Json[]> => (await hub.ask('/api/v1/crm-configurations')).json.configurations

  await t.test('1.1 the room of agent integrations, which teaches while it is empty', async () => {
    await page.getByRole('link', { name: 'CRM configurations' }).click()
    await page.getByText('What agents see of a CRM, and what goes back into it').waitFor()
    await looksWell(visitor, 'the empty room')
  })
  await t.test('1.2 New CRM configuration', async () => {
    await page.getByRole('link', { name: 'New CRM configuration' }).click()
    await page.getByRole('heading', { level: 1, name: 'New CRM configuration' }).waitFor()
  })
  await t.test('1.3 Integration type', async () => {
    await page.getByLabel('Integration type').selectOption({ label: 'Dynamics 365' })
    await looksWell(visitor, 'integration and name')
  })
  await t.test('1.4 Configuration name and description; without a name it does not go on', async () => {
    await press(page, 'Authenticate')
    assert.equal(await page.getByLabel('Configuration name').getAttribute('aria-invalid'), 'true')
    await page.getByLabel('Configuration name').fill('Service desk')
    await page.getByLabel('Description').fill('Calls of customers')
  })
  await t.test('1.5 Authenticate', async () => {
    await press(page, 'Authenticate')
    await page.getByText('Nothing is connected to Dynamics 365 yet.').waitFor()
    await looksWell(visitor, 'authentication')
  })
  await t.test('1.6 no account is listed: a new authentication is made on the way', async () => {
    await page.getByRole('link', { name: 'New authentication' }).click()
    await page.getByLabel('Address of the organisation').waitFor()
  })
  await t.test('1.6.1 its name', () => page.getByLabel('Name', { exact: true }).fill('System user'))
  await t.test('1.6.2 the address of Dynamics, which is cut to its domain', async () => {
    await page.getByLabel('Address of the organisation').fill(`${simulator.url}/main.aspx?appid=1`)
    await page.keyboard.press('Tab')
    await press(page, 'Enter tenant and authority by hand')
  })
  await t.test('1.6.3 the scope', () => page.getByLabel('Scope').fill(`${simulator.url}/.default`))
  await t.test('1.6.4 the client ID', () => page.getByLabel('Application (client) ID').fill(simulator.clientId))
  await t.test('1.6.5 the tenant ID', async () => {
    await page.getByLabel('Sign-in authority').fill(simulator.authority)
    await page.getByLabel('Tenant').fill(simulator.tenant)
  })
  await t.test('1.6.6 the client secret', () => page.getByLabel('Client secret').fill(simulator.clientSecret))
  await t.test('1.6.7 Create, which leads back with the new connection chosen and what was typed kept', async () => {
    await press(page, 'Check and connect')
    await page.waitForURL(/\/configurations\/new$/)
    await page.getByRole('radio', { name: /^System user/, checked: true }).waitFor()
    await looksWell(visitor, 'the listed accounts')
    assert.deepEqual(await made(), [], 'nothing is kept before the end')
  })
  await t.test('1.7 Next', () => press(page, 'Next'))
  await t.test('1.8 external_screenpop_domain_md is filled in from the connection, and cut to its origin', async () => {
    const domain = page.getByLabel('Screen-pop domain')
    assert.equal(await domain.inputValue(), simulator.url)
    await page.getByText('external_screenpop_domain_md', { exact: false }).waitFor()
    await domain.fill(`${simulator.url}/main.aspx`)
    await page.getByText(`Trimmed to ${simulator.url}`).waitFor()
    await looksWell(visitor, 'screen pop')
    await press(page, 'Next')
  })
  await t.test('1.9 Finish, with a notice that the authentication is active', async () => {
    await page.getByText('Everybody who may use the desktop', { exact: true }).waitFor()
    await looksWell(visitor, 'who uses it')
    await press(page, 'Finish')
    await page.getByText('The authentication is active', { exact: false }).first().waitFor()
    await page.getByRole('heading', { level: 1, name: 'Service desk' }).waitFor()
  })
  await t.test('1.10 Save: it is kept, and what is changed later is saved', async () => {
    const [kept] = await made()
    assert.deepEqual(
      [kept.name, kept.description, kept.screenPopDomain, kept.state],
      ['Service desk', 'Calls of customers', simulator.url, 'active'],
    )
    await page.getByLabel('Description').fill('Calls and chats')
    await press(page, 'Save')
    await until('the change', async () => (await made())[0].description === 'Calls and chats')
    await settled(visitor)
    await looksWell(visitor, 'overview')
  })
  assert.deepEqual(faults, [])
})

test('2 Data memorialization mappings', async (t) => {
  const { hub, visitor, ask, id, inOtherLooks } = await openConfigured(t)
  const { page } = visitor
  const row = (name: string) => page.getByRole('group', { name, exact: true })
  const mappings = async (): Promise<Json[]> =>
    (await ask('/parts')).json.parts.filter(({ kind }: Json) => kind === 'memorialization')

  await t.test('2.1 the configuration is chosen from the list', async () => {
    await page.getByRole('link', { name: 'CRM configurations' }).click()
    await page.getByRole('link', { name: 'Service desk' }).click()
    await page.getByRole('heading', { level: 1, name: 'Service desk' }).waitFor()
  })
  await t.test('2.2 the tab Data memorialization', async () => {
    await goToTab(page, 'Data memorialization')
    await page.getByText('Write each interaction back').waitFor()
    await looksWell(visitor, 'no mapping yet')
  })
  await t.test('2.3 New data mapping', async () => {
    await page.getByRole('link', { name: 'New data mapping' }).click()
    await page.getByRole('heading', { level: 1, name: 'New data mapping' }).waitFor()
  })
  await t.test('2.4 name and description', async () => {
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Calls')
    await page.getByLabel('Description').fill('What agents wrote')
  })
  await t.test('2.5 and 2.6 Select entity type, Add entity', async () => {
    await addEntity(page, 'Contact')
    await page.getByRole('region', { name: 'Contact' }).waitFor()
  })
  await t.test('2.7 External CRM field; a transcript that will not fit is said at once', async () => {
    await pickField(page, 'new field', 'description')
    await row('Description').getByLabel('Data', { exact: true }).selectOption({ label: 'Transcript' })
    await row('Description')
      .getByText(/a longer transcript is cut on a word/)
      .waitFor()
    await looksWell(visitor, 'a transcript that is cut')
  })
  await t.test('2.8 Select channel: a mapping of voice takes nothing of digital', async () => {
    const channels = row('Description').getByLabel('Select channel').getByRole('option')
    assert.deepEqual(await channels.allTextContents(), ['Voice', 'Script variable'])
  })
  await t.test('2.9 the data, or a script variable, which is kept in lower case', async () => {
    await press(page, 'Add field')
    await pickField(page, 'new field', 'jobtitle')
    await row('Job Title').getByLabel('Select channel').selectOption({ label: 'Script variable' })
    const variable = row('Job Title').getByRole('textbox', { name: 'Script variable' })
    await variable.fill('OrderKind')
    assert.equal(await variable.inputValue(), 'orderkind')
  })
  await t.test('2.10 Add field; data of a wrong type is said at its row, and refused', async () => {
    await press(page, 'Add field')
    await pickField(page, 'new field', 'birthdate')
    await row('Birthday').getByLabel('Data', { exact: true }).selectOption({ label: 'Agent' })
    await row('Birthday')
      .getByText(/does not take agentName/)
      .waitFor()
    await press(page, 'Save')
    await page
      .getByRole('alert')
      .getByText(/^Birthdate of contact/)
      .first()
      .waitFor()
    await row('Birthday').getByLabel('Data', { exact: true }).selectOption({ label: 'Start' })
    await row('Birthday')
      .getByText(/does not take/)
      .waitFor({ state: 'detached' })
  })
  await t.test('2.11 another entity beside it', async () => {
    await addEntity(page, 'Account')
    await pickField(page, 'new field', 'description')
    const account = page.getByRole('region', { name: 'Account' })
    await account.getByLabel('Data', { exact: true }).selectOption({ label: 'Notes' })
  })
  await t.test('what is not saved is kept over a walk to another page', async () => {
    await page.getByRole('link', { name: 'Home', exact: true }).first().click()
    await page.waitForURL(`${hub.url}/`)
    await page.goBack()
    await row('Job Title').waitFor()
    await page.getByRole('region', { name: 'Changes that are not saved' }).waitFor()
  })
  await t.test('2.12 Save; the mapping is active, and its twin for digital is offered', async () => {
    await press(page, 'Save')
    await page.getByRole('link', { name: 'Calls' }).waitFor()
    const [saved] = await mappings()
    assert.deepEqual(
      saved.definition.entities.map(({ entity, rows }: Json) => [entity, rows.map(({ data }: Json) => data)]),
      [
        ['contact', ['transcript', 'orderkind', 'startTime']],
        ['account', ['dispositionNotes']],
      ],
    )
    await page.getByText('The same for digital?').waitFor()
    await looksWell(visitor, 'the list with the offer')
    await press(page, 'Make it for digital')
    await page.getByRole('heading', { level: 1, name: 'Calls (digital)' }).waitFor()
    assert.deepEqual((await mappings()).map(({ active }) => active).sort(), [false, true])
    await page.getByRole('switch', { name: 'In use' }).click()
    await press(page, 'Save')
    await until('both are active', async () => (await mappings()).every(({ active }) => active))
  })
  await t.test('what somebody else changed meanwhile is shown, and mine put on top keeps both', async () => {
    const one = (await mappings()).find(({ name }) => name === 'Calls')
    await page.goto(`${hub.url}/configurations/${id}/memorialization/${one.id}`)
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Calls of today')
    const { kind, name, active, definition } = one
    const part = { kind, name, active, definition, description: 'Theirs' }
    const theirs = await ask(`/parts/${one.id}`, { method: 'PUT', json: { version: one.version, part } })
    assert.equal(theirs.status, 200, theirs.text)
    await press(page, 'Save')
    await page.getByText('Somebody else changed these settings meanwhile').waitFor()
    await looksWell(visitor, 'a conflict')
    await press(page, 'Put mine on top')
    await press(page, 'Save')
    await until('both changes', async () => {
      const now = (await ask(`/parts/${one.id}`)).json
      return now.name === 'Calls of today' && now.description === 'Theirs'
    })
  })
  await t.test('narrow, dark, and in two more languages it holds to every rule', async () => {
    const [{ id: part }] = await mappings()
    await inOtherLooks(async (other) => {
      for (const at of ['', '/memorialization', `/memorialization/${part}`]) {
        await other.page.goto(`${hub.url}/configurations/${id}${at}`)
        await settled(other)
        await looksWell(other, at)
      }
    })
  })
  assert.deepEqual(visitor.faults, [])
})

test('A field that was made read-only since stands in the first lines, which lead to it', async (t) => {
  const { visitor, simulator, ask, goTo } = await openConfigured(t)
  const { page } = visitor
  const rows = [{ field: 'description', from: 'voice', data: 'dispositionNotes' }]
  const definition = { channel: 'voice', entities: [{ entity: 'contact', target: 'linked', rows }] }
  const json = { kind: 'memorialization', name: 'Calls', definition }
  assert.equal((await ask('/parts', { json })).status, 201)
  const body = JSON.stringify({ entity: 'contact', readOnly: 'description' })
  assert.equal((await fetch(`${simulator.control}/schema`, { method: 'POST', body })).status, 200)
  await goTo('')
  await page.getByRole('link', { name: '1 right is missing' }).click()
  const missing = page.getByRole('row', { name: /Missing/ })
  await until('it is seen', async () => ((await missing.boundingBox())?.y ?? Number.POSITIVE_INFINITY) < 800)
  await looksWell(visitor, 'a right that is missing')
  await goToTab(page, 'Data memorialization')
  await page.getByRole('row', { name: /Calls.*notice/ }).waitFor()
  await page.getByRole('link', { name: 'Calls' }).click()
  await page
    .locator('header')
    .getByText(/notice/)
    .waitFor()
})

test('3 Dynamic data mappings', async (t) => {
  const { visitor, ask, goTo } = await openConfigured(t)
  const { page } = visitor
  const shown = async (): Promise<Json> => (await ask('/parts')).json.parts[0]

  await t.test('3.1 the configuration is chosen from the list', async () => {
    await goTo('')
    await page.getByRole('heading', { level: 1, name: 'Service desk' }).waitFor()
  })
  await t.test('3.2 the tab Dynamic data', async () => {
    await goToTab(page, 'Dynamic data')
    await page.getByText('Show agents what matters').waitFor()
    await looksWell(visitor, 'no mapping yet')
  })
  await t.test('3.3 New data mapping', () => page.getByRole('link', { name: 'New data mapping' }).click())
  await t.test('3.4 name and description', () =>
    page.getByRole('textbox', { name: 'Name', exact: true }).fill('Who it is'),
  )
  await t.test('3.5 and 3.6 Select entity type, Add entity', () => addEntity(page, 'Contact'))
  await t.test('3.7 External CRM field', async () => {
    await pickField(page, 'new field', 'jobtitle')
    await page.getByText('1 of 5 text fields, 0 of 3 others').waitFor()
  })
  await t.test('3.8 Add field; five texts and three others, and no more', async () => {
    for (const field of ['department', 'birthdate']) {
      await press(page, 'Add field')
      await pickField(page, 'new field', field)
    }
    await page.getByText('2 of 5 text fields, 1 of 3 others').waitFor()
    await page.getByLabel('Label of Birthday').fill('Born')
    await page.getByRole('button', { name: 'Move Birthday up' }).press('Enter')
    await page.getByLabel('Label of Birthday').press('Alt+ArrowUp')
    await page.getByText('Birthday now stands at place 1').waitFor({ state: 'attached' })
    await looksWell(visitor, 'dynamic data')
    for (const field of ['firstname', 'lastname', 'middlename', 'suffix']) {
      await press(page, 'Add field')
      await pickField(page, 'new field', field)
    }
    await page.getByText('6 of 5 text fields, 1 of 3 others').waitFor()
    await page.getByText(/at most 5 text fields/).waitFor()
    await page.getByRole('button', { name: 'Take out Suffix' }).click()
    await page.getByText('5 of 5 text fields, 1 of 3 others').waitFor()
  })
  await t.test('3.9 Save; the mapping stands active in its tab', async () => {
    await press(page, 'Save')
    await page.getByRole('link', { name: 'Who it is' }).waitFor()
    const { active, definition } = await shown()
    assert.equal(active, true)
    assert.deepEqual(definition.entities[0].fields.slice(0, 3), [
      { field: 'birthdate', label: 'Born' },
      { field: 'jobtitle', label: null },
      { field: 'department', label: null },
    ])
    await looksWell(visitor, 'the list')
  })
  assert.deepEqual(visitor.faults, [])
})
