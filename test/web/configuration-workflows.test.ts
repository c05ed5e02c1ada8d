import assert from 'node:assert/strict'
import { test } from 'node:test'
import { until } from '../server/served-hub.ts'
import { goToTab, openConfigured, pickField, press } from './configuration-console.ts'
import { drawn, keysArrive, looksWell, settled } from './console.ts'

// biome-ignore lint/suspicious/noExplicitAny: answers of the API
type Json = any

test('Workflows of a CRM configuration, and what runs for which skill', async (t) => {
  const { hub, visitor, ask, id, goTo, inOtherLooks } = await openConfigured(t)
  const { page } = visitor
  const part = async (name: string): Promise<Json> =>
    (await ask('/parts')).json.parts.find((one: Json) => one.name === name)
  const workflows = async (): Promise<Json[]> => (await ask('/agent-workflows')).json.workflows

  await t.test('a standard create offers the standard fields and those alone, with variables chosen', async () => {
    await goTo('/workflows')
    await page.getByText('Make and change records').waitFor()
    await looksWell(visitor, 'no workflow yet')
    await page.getByRole('link', { name: 'New create workflow' }).click()
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Unknown caller')
    await page.getByRole('combobox', { name: 'Entity type' }).selectOption({ label: 'Contact' })
    const value = page.getByRole('textbox', { name: /^Value of Last Name/ })
    await value.fill('From ')
    await press(page, /^Insert a variable into Value of Last Name/)
    await page.keyboard.type('number')
    await page.keyboard.press('Enter')
    assert.equal(await value.inputValue(), 'From {ani}')
    await page.getByRole('combobox', { name: 'It runs' }).selectOption({ label: 'by itself, when it is accepted' })
    await page.getByRole('checkbox', { name: 'Only under a condition' }).check()
    await settled(visitor)
    await looksWell(visitor, 'a create workflow')
    await press(page, 'Save')
    await page.getByRole('link', { name: 'Unknown caller' }).waitFor()
    const { definition } = await part('Unknown caller')
    assert.deepEqual(
      [definition.standard, definition.run, definition.condition.operator],
      [true, 'on_accepted', 'no_match'],
    )
  })

  await t.test('an update writes to linked records', async () => {
    await page.getByRole('link', { name: 'New update workflow' }).click()
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Last topic')
    await page.getByRole('combobox', { name: 'Entity type' }).selectOption({ label: 'Contact' })
    await pickField(page, 'new field', 'description')
    await page.getByRole('textbox', { name: 'Value of Description' }).fill('{script.topic}')
    await press(page, 'Save')
    await page.getByRole('link', { name: 'Last topic' }).waitFor()
    await looksWell(visitor, 'both workflows')
  })

  await t.test('a search by fields, with an order, and a record made where nothing is found', async () => {
    await goToTab(page, 'Search')
    await page.getByRole('link', { name: 'New search workflow' }).click()
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('By name')
    await looksWell(visitor, 'a search by caller')
    await page.getByRole('combobox', { name: 'Looks for' }).selectOption({ label: 'Fields of your choice' })
    await page.getByRole('combobox', { name: 'Entity type' }).selectOption({ label: 'Contact' })
    await pickField(page, 'Condition 1', 'lastname')
    await page.getByRole('textbox', { name: 'Value' }).fill('{customerName}')
    await press(page, 'Add a field to order by')
    await page.keyboard.type('createdon')
    await page.keyboard.press('Enter')
    await page.getByLabel('With nothing').selectOption({ label: 'make a record' })
    await page.getByLabel('By the create workflow').selectOption({ label: 'Unknown caller' })
    await press(page, 'Move Has an open case up')
    await looksWell(visitor, 'a search by fields')
    await press(page, 'Save')
    await page.getByRole('link', { name: 'By name' }).waitFor()
    const { definition } = await part('By name')
    assert.deepEqual([definition.by, definition.none, definition.prefer[0]], ['custom', 'create', 'open_case'])
  })

  await t.test('AGENT WORKFLOW CONFIGURATION: in one place, what runs for which skill and channel', async () => {
    await goToTab(page, 'Agent workflows')
    await page.getByText('Say what runs for whom').waitFor()
    await looksWell(visitor, 'no agent workflow yet')
    await page.getByRole('link', { name: 'New agent workflow' }).click()
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Support')
    await page.getByRole('textbox', { name: 'Add a skill' }).fill('Support')
    await page.keyboard.press('Enter')
    await press(page, 'Voice')
    await page.getByRole('combobox', { name: 'Search' }).selectOption({ label: 'By name' })
    await page.getByRole('checkbox', { name: 'Unknown caller' }).check()
    await page.getByRole('checkbox', { name: 'Last topic' }).check()
    await page.getByRole('textbox', { name: 'Add a disposition' }).fill('Solved')
    await page.keyboard.press('Enter')
    await page.getByLabel('Opens the record').selectOption({ label: 'when it is accepted' })
    await page.getByRole('checkbox', { name: 'Completed when the interaction is over' }).uncheck()
    await looksWell(visitor, 'an agent workflow')
    await press(page, 'Save')
    await page.getByRole('link', { name: 'Support' }).waitFor()
    const [one] = await workflows()
    assert.deepEqual([one.skills, one.channels, one.definition.dispositions], [['Support'], ['voice'], ['Solved']])
    assert.deepEqual([one.definition.timeline.entity, one.definition.timeline.complete], ['phone_call', false])
  })

  await t.test('their order is changed by keys, and what one uses is not deleted', async () => {
    await ask('/agent-workflows', { json: { name: 'All others', definition: {} } })
    await page.reload()
    await keysArrive(page)
    /** Until the page has the answer too, which it shows in place of what it expected. */
    const moved = async (move: () => Promise<void>) => {
      const answered = page.waitForResponse('**/agent-workflows/order')
      await move()
      await (await answered).finished()
      await drawn(page)
    }
    await moved(() => page.getByRole('button', { name: 'Move All others up' }).press('Enter'))
    await until('the order', async () => (await workflows())[0]?.name === 'All others')
    const link = page.getByRole('link', { name: 'All others' })
    await link.focus()
    await moved(() => link.press('Alt+ArrowDown'))
    await until('the order back', async () => (await workflows())[1]?.name === 'All others')
    await page.getByText('All others now stands at place 2').waitFor({ state: 'attached' })
    await until('the focus went along', () => page.evaluate("document.activeElement.textContent === 'All others'"))
    await link.press('Alt+ArrowUp')
    await until('the order', async () => (await workflows())[0]?.name === 'All others')
    await looksWell(visitor, 'the list in its order')
    const { id: search } = await part('By name')
    await goTo(`/search/${search}`)
    const remove = page.getByRole('button', { name: 'Delete' })
    await remove.waitFor()
    assert.equal(await remove.getAttribute('aria-disabled'), 'true')
  })

  await t.test('the rights that all of it needs are named', async () => {
    await goTo('')
    const rights = page.getByRole('region', { name: 'Rights that it needs in the CRM' })
    await rights.getByText('Contact').first().waitFor()
    await looksWell(visitor, 'rights')
  })

  await t.test('narrow, dark, and in two more languages it holds to every rule', async () => {
    const [{ id: search }, { id: create }] = [await part('By name'), await part('Unknown caller')]
    const [{ id: workflow }] = await workflows()
    const at = ['/workflows', `/search/${search}`, `/workflows/${create}`, `/agent-workflows/${workflow}`]
    await inOtherLooks(async (other) => {
      for (const path of ['/agent-workflows', ...at]) {
        await other.page.goto(`${hub.url}/configurations/${id}${path}`)
        await settled(other)
        await looksWell(other, path)
      }
    })
  })

  await t.test('it is deleted after it was said what goes and what stays', async () => {
    await goTo('')
    await press(page, 'Delete')
    const dialog = page.getByRole('dialog', { name: 'Delete “Service desk”?' })
    await dialog.getByText('These stay', { exact: false }).waitFor()
    await looksWell(visitor, 'before it is deleted')
    await dialog.getByRole('button', { name: 'Delete' }).click()
    await page.getByText('What agents see of a CRM, and what goes back into it').waitFor()
  })
  assert.deepEqual(visitor.faults, [])
})
