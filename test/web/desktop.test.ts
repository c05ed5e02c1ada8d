import assert from 'node:assert/strict'
import { test } from 'node:test'
import pg from 'pg'
import type { Page } from 'playwright-core'
import { openHub } from '#app.ts'
import { readSettings } from '#env.ts'
import { type ServedHub, until } from '../server/served-hub.ts'
import type { TestScope } from '../support/database.ts'
import { enter, type Scene, stage } from './agent-scene.ts'
import { looksWell, settled, startBrowser, visit } from './console.ts'

const cardOf = (page: Page, name: string) => page.getByRole('article', { name })
const note = (page: Page, name: string) => cardOf(page, name).getByRole('textbox', { name: 'Note' })

async function savedNote(page: Page, id: string): Promise<{ notes: string }> {
  return page.evaluate<{ notes: string }>(
    `fetch('/api/v1/interactions/${id}').then((r) => r.json()).then((card) => card.note)`,
  )
}

test('An agent takes a call: who it is, a note that nothing loses, links, the end', async (t) => {
  const scene = await stage(t)
  const { hub, tell } = scene
  const [caller, other] = scene.contacts as [Scene['contacts'][0], Scene['contacts'][0]]
  const browser = await startBrowser(t)
  const visitor = await visit(browser)
  const { page, context } = visitor
  await enter(visitor, hub, '/desktop')
  let id = ''

  await t.test('nobody is there yet: the page shows what it will look like', async () => {
    await page.getByText('The next caller appears here').waitFor()
    await settled(visitor)
    await looksWell(visitor, 'an empty desktop')
  })

  await t.test('it rings: name, reason and title say who it is, without a reload', async () => {
    id = await tell('call-1', 'offered', { ani: caller.number, channelType: 'voice', skillName: 'Support' })
    const card = cardOf(page, caller.name)
    await card.getByText('Ringing').waitFor()
    await card.getByText(/Mobile Phone matches exactly/).waitFor()
    assert.match(await page.title(), new RegExp(`Ringing: ${caller.name}`))
    await page.getByRole('status').getByText(`New: ${caller.name}, Support`).waitFor({ state: 'attached' })
    await looksWell(visitor, 'a ringing card')
    await tell('call-1', 'accepted')
    await card.getByText('Talking').waitFor()
    assert.match(await page.title(), /^Desktop/)
  })

  await t.test('a note is saved by itself, and is there after a reload', async () => {
    await page.keyboard.press('Escape')
    await page.keyboard.press('n')
    await page.keyboard.type('Printer offline')
    await cardOf(page, caller.name).getByText('Saved', { exact: true }).waitFor()
    assert.equal((await savedNote(page, id)).notes, 'Printer offline')
    await page.reload()
    assert.equal(await note(page, caller.name).inputValue(), 'Printer offline')
  })

  await t.test('whoever leaves the field of tags is not fetched back to the card', async () => {
    await cardOf(page, caller.name).getByRole('textbox', { name: 'Add a tag' }).focus()
    const at = await page.evaluate<string>(`new Promise((done) => {
      document.activeElement.blur()
      // After every timer that leaving the field began.
      setTimeout(() => done(document.activeElement.tagName), 200)
    })`)
    assert.equal(at, 'BODY')
  })

  await t.test('a tab that dies while the hub cannot be reached loses nothing', async () => {
    await context.route('**/note', (route) => route.abort())
    await note(page, caller.name).fill('Printer offline since Monday')
    await page.getByText('Kept here, not yet saved').waitFor()
    await page.close()
    await context.unroute('**/note')
    visitor.page = await context.newPage()
    await visitor.page.goto(`${hub.url}/desktop`)
    await until('the note', async () => (await savedNote(visitor.page, id)).notes === 'Printer offline since Monday')
    assert.equal(await note(visitor.page, caller.name).inputValue(), 'Printer offline since Monday')
    await until('nothing is kept here', async () => (await keptHere(visitor.page)).length === 0)
  })

  await t.test('what is typed while the hub is down is saved when it is back', async () => {
    const { page } = visitor
    await hub.close()
    await note(page, caller.name).fill('Printer offline since Monday; sends a photo')
    await page.getByText('Kept here, not yet saved').waitFor()
    assert.equal((await keptHere(page)).length, 1)
    await reopen(t, hub)
    await cardOf(page, caller.name).getByText('Saved', { exact: true }).waitFor()
    assert.equal((await savedNote(page, id)).notes, 'Printer offline since Monday; sends a photo')
  })

  await t.test('two windows that wrote differently keep both texts', async () => {
    const { page } = visitor
    const second = await context.newPage()
    await second.goto(`${hub.url}/desktop`)
    assert.equal(await note(second, caller.name).inputValue(), 'Printer offline since Monday; sends a photo')
    let release = () => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    await second.route('**/note', async (route) => {
      await held
      await route.continue()
    })
    await note(second, caller.name).fill('Wants a technician')
    await note(page, caller.name).fill('Wants a call back')
    await cardOf(page, caller.name).getByText('Saved', { exact: true }).waitFor()
    release()
    await second.getByText('Changed in another window').waitFor()
    await second.getByRole('button', { name: 'Keep both' }).click()
    await cardOf(second, caller.name).getByText('Saved', { exact: true }).waitFor()
    assert.equal((await savedNote(second, id)).notes, 'Wants a call back\n\nWants a technician')
    await until('the other window', async () => (await note(page, caller.name).inputValue()).includes('technician'))
    await second.close()
  })

  await t.test('the record is unlinked, undone, and another found and linked', async () => {
    const { page } = visitor
    const linkedTo = async () => {
      const { json } = await hub.ask(`/api/v1/interactions/${id}`)
      return json.interaction.links.map(({ recordId }: { recordId: string }) => recordId)
    }
    await page.getByRole('button', { name: `Unlink ${caller.name}` }).click()
    await until('nobody linked', async () => (await linkedTo()).length === 0)
    await page.getByRole('button', { name: `Link ${caller.name}` }).waitFor()
    await page.getByRole('button', { name: 'Undo' }).click()
    await until('linked again', async () => (await linkedTo()).length === 1)
    await page.getByRole('button', { name: 'Find someone else' }).click()
    await page.getByRole('searchbox', { name: 'Name, number or e-mail' }).fill(other.number)
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: `Link ${other.name}` }).click()
    await until('both linked', async () => (await linkedTo()).includes(other.id))
    await page.getByRole('button', { name: `Pin ${other.name}` }).click()
    await page.getByRole('button', { name: `Unpin ${other.name}` }).waitFor()
    // It is given back a moment after the card is drawn anew.
    await until('the focus is not lost', () => page.evaluate<boolean>('document.activeElement !== document.body'))
  })

  await t.test('acts that wait for the answer to one before them are done though the page is left', async () => {
    const { page } = visitor
    const held = new pg.Client({ connectionString: hub.databaseUrl })
    await held.connect()
    try {
      await held.query('begin')
      await held.query('select from jackfield.interaction where id = $1 for update', [id])
      const sent = page.waitForRequest('**/acts')
      await page.getByRole('button', { name: `Unpin ${other.name}` }).click()
      await sent
      await page.getByRole('button', { name: `Unlink ${other.name}` }).click()
      const closed = page.waitForEvent('close')
      await page.close({ runBeforeUnload: true })
      await closed
      await held.query('commit')
    } finally {
      await held.end()
    }
    const linkedTo = async () => (await hub.ask(`/api/v1/interactions/${id}`)).json.interaction.links
    await until('one linked', async () => (await linkedTo()).length === 1)
    assert.deepEqual(
      (await linkedTo()).map(({ recordId }: { recordId: string }) => recordId),
      [caller.id],
    )
    visitor.page = await context.newPage()
    await visitor.page.goto(`${hub.url}/desktop`)
  })

  await t.test('the wrap-up is finished, taken back, and finished', async () => {
    const { page } = visitor
    const stateNow = async () => (await hub.ask(`/api/v1/interactions/${id}`)).json.interaction.state
    await tell('call-1', 'ended')
    await page.getByRole('button', { name: 'Finish wrap-up' }).click()
    await page.getByRole('button', { name: 'Undo' }).last().click()
    await page.getByRole('button', { name: 'Finish wrap-up' }).click()
    assert.equal(await stateNow(), 'wrap_up')
    // Leaving the page is no undoing.
    await page.goto(`${hub.url}/settings`)
    await until('closed', async () => (await stateNow()) === 'closed')
  })
  assert.deepEqual(
    visitor.faults.filter((fault) => !/Failed to fetch|ERR_/.test(fault)),
    [],
  )
})

test('Several at once, unknown and withheld, by keyboard, in a side panel, in the dark and in French', async (t) => {
  const { hub, tell, contacts } = await stage(t)
  const caller = contacts[0]!
  const browser = await startBrowser(t)
  const visitor = await visit(browser, { width: 320, height: 720 })
  const { page } = visitor
  await enter(visitor, hub, '/desktop/panel')
  await tell('call-1', 'offered', { ani: caller.number, channelType: 'voice' })
  await tell('call-1', 'accepted')
  await cardOf(page, caller.name).getByText('Talking').waitFor()

  await t.test('an answer that is older than what the line told does not undo it', async () => {
    let answer = () => {}
    const told = new Promise<void>((resolve) => {
      answer = resolve
    })
    await page.route('**/api/v1/desktop', async (route) => {
      const response = await route.fetch()
      await told
      await route.fulfill({ response })
    })
    const line = page.waitForResponse('**/desktop/live')
    await page.reload()
    await line
    await tell('call-1', 'held')
    await page.waitForRequest('**/api/v1/desktop', { timeout: 1000 }).catch(() => undefined)
    answer()
    await cardOf(page, caller.name).getByText('On hold').waitFor()
    await page.unroute('**/api/v1/desktop')
    await tell('call-1', 'resumed')
    await cardOf(page, caller.name).getByText('Talking').waitFor()
  })

  await t.test('a second one rings: the card one is in stays, and a figure goes to the other', async () => {
    await note(page, caller.name).fill('In the middle of')
    await tell('call-2', 'offered', { ani: '+32 470 00 99 88', channelType: 'voice' })
    const there = page.getByRole('navigation', { name: 'Current interactions' })
    await there.getByRole('button', { name: /Ringing/ }).waitFor()
    assert.ok(await note(page, caller.name).isVisible())
    assert.equal(await page.evaluate('document.activeElement.value'), 'In the middle of')
    await looksWell(visitor, 'a panel of 320 px')
    await page.getByRole('heading', { name: caller.name }).focus()
    await page.keyboard.press('2')
    const unknown = cardOf(page, '+32 470 00 99 88')
    await unknown.getByText('No record has the number +32 470 00 99 88.').waitFor()
    assert.equal(await note(page, caller.name).isVisible(), false)
    await looksWell(visitor, 'an unknown caller')
  })

  await t.test('a lost network is said at once, and what came meanwhile is there when it is back', async () => {
    await visitor.context.setOffline(true)
    await page.getByText('The hub does not answer').waitFor()
    await tell('call-2', 'accepted')
    await visitor.context.setOffline(false)
    await page
      .getByRole('navigation')
      .getByRole('button', { name: /Talking.*99 88/ })
      .waitFor()
    await page.getByText('The hub does not answer').waitFor({ state: 'detached' })
  })

  await t.test('a withheld number is said to be one', async () => {
    await tell('call-3', 'offered', { channelType: 'voice' })
    const there = page.getByRole('navigation', { name: 'Current interactions' })
    await there.getByRole('button', { name: /withheld/ }).waitFor()
    await page.keyboard.press('3')
    await page.getByRole('heading', { name: 'Number withheld' }).waitFor()
  })

  await t.test('a call that is taken away leaves the others where they are', async () => {
    const there = page.getByRole('navigation', { name: 'Current interactions' })
    const places = () => there.getByRole('button').allTextContents()
    const before = await places()
    await tell('call-3', 'dismissed')
    await until(
      'it rings no more',
      async () => (await there.getByRole('button', { name: /Ringing.*withheld/ }).count()) === 0,
    )
    assert.deepEqual((await places()).slice(0, 2), before.slice(0, 2))
  })

  await t.test('as well in the dark, in French, and on a wide screen in Dutch', async () => {
    for (const look of [
      { theme: 'dark', width: 390, locale: 'fr-BE', path: '/desktop/panel' },
      { theme: 'light', width: 1280, locale: 'nl-BE', path: '/desktop' },
    ] as const) {
      const again = await visit(browser, look)
      await enter(again, hub, look.path)
      await again.page.getByRole('article').first().waitFor()
      await settled(again)
      await looksWell(again, `${look.path} in ${look.locale}`)
      await again.context.close()
    }
  })
  assert.deepEqual(visitor.faults, [])
})

const keptHere = (page: Page) =>
  page.evaluate<string[]>(`Object.keys(localStorage).filter((key) => key.startsWith('jackfield.note.'))`)

/** The same hub again, at the same address, as after a crash. */
async function reopen(t: TestScope, hub: ServedHub): Promise<void> {
  const settings = readSettings({
    DATABASE_URL: hub.databaseUrl,
    JACKFIELD_DATA: hub.dataFolder,
  })
  const logging = { level: 'info', format: 'json', write: () => undefined } as const
  const open = await openHub({ settings, logging, role: 'all', alone: true })
  t.after(() => open.close())
  await open.listen({ host: '127.0.0.1', port: Number(new URL(hub.url).port) })
}
