import assert from 'node:assert/strict'
import { test } from 'node:test'
import { until } from '../server/served-hub.ts'
import { enter, type Scene, stage } from './agent-scene.ts'
import { looksWell, pressKeys, settled, startBrowser, visit } from './console.ts'

/** What an administrator said the desktop is to show and to do. */
async function configure({ hub, connection }: Scene): Promise<void> {
  const post = async (path: string, json: unknown): Promise<string> => {
    const made = await hub.ask(`/api/v1/crm-configurations${path}`, { json })
    assert.equal(made.status, 201, made.text)
    return made.json.id
  }
  const id = await post('', { name: 'Service desk', connectionId: connection })
  const part = (kind: string, name: string, definition: unknown) => post(`/${id}/parts`, { kind, name, definition })
  const fields = [{ field: 'emailaddress1' }, { field: 'createdon', label: 'Known since' }]
  const data = await part('dynamic_data', 'Person', { entities: [{ entity: 'contact', fields }] })
  const company = await part('create', 'Company', {
    ...{ standard: false, entity: 'account', link: false },
    fields: [{ field: 'name', value: 'Company of {ani}' }],
  })
  const person = await part('create', 'Person', {
    ...{ standard: false, entity: 'contact', link: true },
    fields: [{ field: 'lastname', value: 'Caller {ani}' }],
  })
  await hub.ask(`/api/v1/connections/${connection}/tables`, { json: { table: 'incident' } })
  const incident = await part('create', 'Case', {
    ...{ standard: false, entity: 'incident', link: false },
    fields: [
      { field: 'title', value: 'Case of {ani}' },
      { field: '_customerid_value', value: '{linked}' },
    ],
  })
  const mapping = await part('memorialization', 'Voice', {
    channel: 'voice',
    entities: [
      {
        entity: 'contact',
        target: 'linked',
        rows: [{ field: 'description', from: 'voice', data: 'dispositionNotes' }],
      },
    ],
  })
  await post(`/${id}/agent-workflows`, {
    name: 'All',
    definition: {
      ...{
        dynamicDataIds: [data],
        createIds: [company, person, incident],
        memorializationIds: [mapping],
        timeline: null,
      },
      ...{ dispositions: ['Solved', 'Call back'], tags: ['Invoice'], screenPop: { when: 'accepted', how: 'tab' } },
    },
  })
}

test('A configured desktop: the record opens once, its data, what may be chosen, and what was written', async (t) => {
  const scene = await stage(t)
  const { hub, tell } = scene
  const caller = scene.contacts[0]!
  await configure(scene)
  const visitor = await visit(await startBrowser(t))
  const { page, context } = visitor
  await enter(visitor, hub, '/desktop')
  const card = page.getByRole('article', { name: caller.name })
  const id = await tell('call-1', 'offered', { ani: caller.number, channelType: 'voice' })
  await card.getByText('Ringing').waitFor()

  await t.test('its record opens in a tab when the call is taken, once', async () => {
    assert.equal(context.pages().length, 1)
    const opened = context.waitForEvent('page')
    await tell('call-1', 'accepted')
    const tab = await opened
    const { records } = (await hub.ask(`/api/v1/interactions/${id}`)).json
    await tab.waitForURL((url) => url.href === records[0].url)
    assert.equal(await tab.evaluate('opener'), null)
    await tab.close()
    await page.reload()
    await card.getByText('Talking').waitFor()
    await settled(visitor)
    assert.equal(context.pages().length, 1)
  })

  await t.test('a browser that holds the window back is told of, with a button', async () => {
    await page.evaluate('window.open = () => null')
    const other = scene.contacts[1]!
    await tell('call-2', 'offered', { ani: other.number, channelType: 'voice' })
    await tell('call-2', 'accepted')
    const second = page.getByRole('article', { name: other.name })
    await second.getByText('Your browser held back the window.').waitFor()
    assert.match((await second.getByRole('link', { name: 'Open the record' }).getAttribute('href')) ?? '', /main\.aspx/)
    await looksWell(visitor, 'a window that was held back')
    await tell('call-2', 'ended', { wrapUp: false })
  })

  await t.test('fields of the record have their labels, and only what is offered can be chosen', async () => {
    await card.getByText('Known since').waitFor()
    await card.getByRole('combobox', { name: 'Disposition' }).selectOption('Solved')
    await card.getByRole('combobox', { name: 'Add a tag' }).selectOption('Invoice')
    await card.getByRole('button', { name: 'Remove Invoice' }).waitFor()
    await card.getByText('Saved', { exact: true }).waitFor()
    const { note } = await page.evaluate<{ note: unknown }>(`fetch('/api/v1/interactions/${id}').then((r) => r.json())`)
    const { disposition, tags } = note as { disposition: string; tags: string[] }
    assert.deepEqual([disposition, tags], ['Solved', ['Invoice']])
  })

  await t.test('one press creates one company', async () => {
    await card.getByRole('button', { name: 'Create: Company' }).click()
    await page.getByText('Company: done').first().waitFor()
    const { json } = await hub.ask('/api/v1/writes?limit=50')
    const made = json.writes.filter(({ operation }: { operation: string }) => operation === 'create')
    assert.equal(made.length, 1)
  })

  await t.test('what was noted is written when the wrap-up is over, and the card says so', async () => {
    await card.getByRole('textbox', { name: 'Note' }).fill('Printer offline')
    await card.getByText('Saved', { exact: true }).waitFor()
    await tell('call-1', 'ended')
    await card.getByRole('button', { name: 'Finish wrap-up' }).click()
    await card.getByText('Closed').waitFor()
    await tell('call-1', 'wrap_up_closed')
    await card.getByText('Written to the CRM').first().waitFor()
    await looksWell(visitor, 'a call that was written')
    await card.getByRole('button', { name: 'Put away' }).click()
    await until('it is out of the way', async () => (await card.count()) === 0)
  })

  await t.test('what the CRM refused is sent again from the card, and whose it is to mend is said', async () => {
    const faults = (init: RequestInit) => fetch(`${scene.simulator.control}/faults`, init)
    const lost = { kind: 'privilege-lost', entity: 'contact', privilege: 'Write' }
    await faults({ method: 'POST', body: JSON.stringify(lost) })
    await tell('call-4', 'offered', { ani: caller.number, channelType: 'voice' })
    await tell('call-4', 'accepted')
    await card.getByRole('textbox', { name: 'Note' }).fill('Printer online')
    await card.getByText('Saved', { exact: true }).waitFor()
    await tell('call-4', 'ended')
    await card.getByRole('button', { name: 'Finish wrap-up' }).click()
    await card.getByText('Tell an administrator of the hub').waitFor()
    await looksWell(visitor, 'a write that the CRM refused')
    await faults({ method: 'DELETE' })
    await card.getByRole('button', { name: 'Send again' }).click()
    await card.getByText('Written to the CRM').first().waitFor()
    await card.getByRole('button', { name: 'Put away' }).click()
    await until('it is out of the way', async () => (await card.count()) === 0)
  })

  await t.test('what points at a record that is still to be made waits for it, and the card says so', async () => {
    const faults = (init: RequestInit) => fetch(`${scene.simulator.control}/faults`, init)
    await faults({ method: 'POST', body: JSON.stringify({ kind: '503', times: 0, on: 'write' }) })
    await tell('call-3', 'offered', { ani: '+32470123459', channelType: 'voice' })
    await tell('call-3', 'accepted')
    const unknown = page.getByRole('article').filter({ hasText: 'Create: Case' }).last()
    await unknown.getByRole('button', { name: 'Create: Person' }).click()
    await page.getByText('Person: done').first().waitFor()
    await unknown.getByRole('button', { name: 'Create: Case' }).click()
    await unknown.getByText('Case: runs once the CRM has made the linked record').waitFor()
    await looksWell(visitor, 'a workflow that waits')
    await faults({ method: 'DELETE' })
    // After so many refusals the outbox may pause for a minute.
    await unknown.getByText('Case: runs once').waitFor({ state: 'detached', timeout: 150_000 })
  })
  assert.deepEqual(visitor.faults, [])
})

test('Five calls at once, by keyboard alone', async (t) => {
  const scene = await stage(t)
  const { hub, tell } = scene
  const [caller, other] = scene.contacts as [Scene['contacts'][0], Scene['contacts'][0]]
  await configure(scene)
  const visitor = await visit(await startBrowser(t))
  const { page } = visitor
  await enter(visitor, hub, '/desktop')
  const calls = [
    { ani: caller.number },
    { ani: '+32 470 00 99 88' },
    {},
    { ani: other.number },
    { ani: '+32 470 00 99 77' },
  ]
  const ids: string[] = []
  for (const [index, data] of calls.entries()) {
    ids.push(await tell(`call-${index + 1}`, 'offered', { ...data, channelType: 'voice' }))
    // Cards stand in the order in which they came, and one without a number is found sooner.
    await page.getByRole('article').nth(index).waitFor()
    if (index < 4) await tell(`call-${index + 1}`, 'accepted')
  }
  const card = (name: string) => page.getByRole('article', { name })
  const here = card(caller.name)
  await page.getByRole('article').nth(4).getByText('Ringing').waitFor()
  const press = (...keys: string[]) => pressKeys(page, ...keys)
  /** Numbers are written with spaces at which no line breaks. */
  const at = (name: string) =>
    until(name, async () => {
      const text = await page.evaluate<string>('document.activeElement.textContent')
      return text.replace(/\s/g, ' ') === name
    })

  await t.test('a key lists the keys', async () => {
    await press('?')
    const help = page.getByRole('dialog')
    await help.getByText('To the one that rings').waitFor()
    await looksWell(visitor, 'the keys of the cards')
    await press('e', 'Escape')
    await help.waitFor({ state: 'detached' })
  })

  await t.test('to the one that rings, to another by its figure, and out of a field again', async () => {
    await press('r')
    await at('+32 470 00 99 77')
    await press('1')
    await at(caller.name)
    await press('n')
    await page.keyboard.type('Printer offline, n 2 e')
    await press('Escape')
    await at(caller.name)
    assert.equal(await here.getByRole('textbox', { name: 'Note' }).inputValue(), 'Printer offline, n 2 e')
  })

  await t.test('disposition and tag, and the focus stays in the card', async () => {
    await press('d', 'S', 'Escape')
    assert.equal(await here.getByRole('combobox', { name: 'Disposition' }).inputValue(), 'Solved')
    await press('a', 'I')
    await here.getByRole('button', { name: 'Remove Invoice' }).waitFor()
    await at(caller.name)
  })

  await t.test('pinned, unlinked, and taken back', async () => {
    const acts: string[] = []
    page.on('request', (request) => {
      if (request.url().endsWith('/acts')) acts.push(request.postDataJSON().act)
    })
    // The second key comes before the first one is answered.
    await press('p', 'u')
    await here.getByRole('button', { name: `Link ${caller.name}`, exact: true }).waitFor()
    assert.deepEqual(acts, ['pin', 'unlink'])
    await press('l')
    await at('Link')
    // The card is told by the line, and what can be taken back by the answer: either may be first.
    await page.locator('.fui-Toast', { hasText: `${caller.name} is no longer linked` }).waitFor()
    await press('z')
    await here.getByRole('button', { name: `Unlink ${caller.name}` }).waitFor()
  })

  await t.test('keys that come before the next frame reach the card that the first of them goes to', async () => {
    const typedIn = await page.evaluate<string>(`(async () => {
      for (const key of ['2', 'f']) {
        document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))
      }
      // Nothing takes the focus away again.
      for (const _ of [1, 2]) await new Promise(requestAnimationFrame)
      const field = document.activeElement
      return field.type + ' of ' + field.closest('article').getAttribute('aria-label')
    })()`)
    assert.equal(typedIn.replace(/\s/g, ' '), 'search of +32 470 00 99 88')
    await press('Escape')
    await at('+32 470 00 99 88')
    await press('1')
    await at(caller.name)
  })

  await t.test('somebody unknown is searched for and linked', async () => {
    await press('2', 'f')
    await page.keyboard.type(other.number)
    await press('Enter')
    await card('+32 470 00 99 88')
      .getByRole('button', { name: `Link ${other.name}` })
      .waitFor()
    await press('ArrowDown')
    await at('Link')
    const answered = Promise.withResolvers<void>()
    await page.route('**/acts', async (route) => {
      const response = await route.fetch()
      await answered.promise
      await route.fulfill({ response })
    })
    await press('Enter')
    await until('linked', async () => (await card(other.name).count()) === 2)
    // Whoever went on meanwhile is not taken back by the answer.
    await press('4')
    answered.resolve()
    await page.unrouteAll({ behavior: 'wait' })
    await page.evaluate('new Promise((done) => setTimeout(done, 200))')
    assert.equal(await page.evaluate<string>('document.activeElement.closest("[data-card]").dataset.card'), ids[3])
  })

  await t.test('a record is created', async () => {
    await press('4', 'c')
    await at('Create: Company')
    await press('Enter')
    await page.getByText('Company: done').first().waitFor()
  })

  await t.test('the wrap-up is finished, and that taken back', async () => {
    await tell('call-1', 'ended')
    await here.getByRole('button', { name: 'Finish wrap-up' }).waitFor()
    await press('1', 'e')
    await here.getByText('Closed').waitFor()
    await page.locator('.fui-Toast', { hasText: `${caller.name}: closed` }).waitFor()
    await press('z')
    await here.getByRole('button', { name: 'Finish wrap-up' }).waitFor()
  })
  assert.deepEqual(visitor.faults, [])
})
