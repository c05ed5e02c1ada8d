import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { newAccount } from '../people/page.ts'
import { type ServedHub, until } from '../server/served-hub.ts'
import type { TestScope } from '../support/database.ts'
import { enter, type Scene, stage } from './agent-scene.ts'
import { startBrowser, visit } from './console.ts'

const tabs = 8

/** Lines that the hub sends cards by, or with `live` the news of its tables. */
async function lines(hub: ServedHub, kind: 'desktop' | 'live' = 'desktop'): Promise<number> {
  const { text } = await hub.ask('/metrics')
  return Number(new RegExp(`^jackfield_${kind}_followers (\\d+)$`, 'm').exec(text)?.[1])
}

const rings = (page: Page, name: string) => page.getByRole('article', { name }).getByText('Ringing').waitFor()

test('Eight tabs of one browser share one line', async (t) => {
  const scene = await stage(t)
  const { hub, tell } = scene
  const [caller, other] = scene.contacts as [Scene['contacts'][0], Scene['contacts'][0]]
  const visitor = await visit(await startBrowser(t))
  await enter(visitor, hub, '/desktop')
  const pages = [visitor.page]
  while (pages.length < tabs) {
    const page = await visitor.context.newPage()
    await page.goto(`${hub.url}/desktop`)
    pages.push(page)
  }
  for (const page of pages) await page.getByText('The next caller appears here').waitFor()

  await t.test('all of them paint a call, and load other things', async () => {
    await until('one line is held', async () => (await lines(hub)) === 1)
    await tell('all-1', 'offered', { ani: caller.number, channelType: 'voice' })
    for (const page of pages) await rings(page, caller.name)
    for (const page of pages) {
      assert.equal(await page.evaluate("fetch('/api/v1/session').then((reply) => reply.status)"), 200)
    }
    // On a busy machine a tab may have taken the line over from one that seemed to be held still.
    await until('one line is held still', async () => (await lines(hub)) === 1)
  })

  await t.test('when the one that holds it dies, another has it at once', async () => {
    await pages.shift()!.close()
    visitor.page = pages[0]!
    await until('another holds it', async () => (await lines(hub)) === 1)
    await tell('all-2', 'offered', { ani: other.number, channelType: 'voice' })
    for (const page of pages) await rings(page, other.name)
  })

  await t.test('when the browser holds its tab still, one that is seen takes the line over', async () => {
    // The next in the order of their coming holds it: it says nothing any more, and keeps its lock.
    await pages[0]!.evaluate(`globalThis.say = BroadcastChannel.prototype.postMessage
      BroadcastChannel.prototype.postMessage = () => undefined`)
    // As if somebody had come to look at another: whoever is seen asks at once.
    await pages[1]!.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    await tell('all-2', 'accepted')
    for (const page of pages) await page.getByRole('article', { name: other.name }).getByText('Talking').waitFor()
    await until('one line is held', async () => (await lines(hub)) === 1)
    await pages[0]!.evaluate('BroadcastChannel.prototype.postMessage = say')
  })

  await t.test('what somebody else who signs in here hears is told to none of them', async () => {
    const bert = await newAccount(hub, 'bert@example.com', ['agent'])
    // Pages are slow to come: all of Ann's tabs wait for one at once.
    const slow = Promise.withResolvers<void>()
    const waiting = new Set<Page>()
    for (const each of pages) {
      await each.route(`${hub.url}/desktop`, async (route) => {
        waiting.add(each)
        await slow.promise
        await route.continue()
      })
    }
    const page = await visitor.context.newPage()
    await page.goto(await hub.signInLink(bert.email))
    await page.waitForURL((url) => url.pathname !== '/sign-in')
    await page.goto(`${hub.url}/desktop`)
    await page.getByText('The next caller appears here').waitFor()
    await endSessionsOf(hub, 'ann@example.com')
    await until("all of Ann's wait", async () => waiting.size === pages.length)
    // Six lines to a host are all that there are, and the pages themselves need some.
    await until('only Bert holds lines', async () => (await lines(hub)) === 1 && (await lines(hub, 'live')) === 1)
    slow.resolve()
    // Whatever was Ann's is Bert's page by now, and shows nothing of hers.
    for (const each of pages) await each.getByText('The next caller appears here').waitFor()
    await until('all of them are his, by one line', async () => (await lines(hub)) === 1)
  })
})

async function endSessionsOf(hub: ServedHub, email: string): Promise<void> {
  const { people } = (await hub.ask('/api/v1/people')).json
  const { id } = people.find((person: { email: string }) => person.email === email)
  assert.equal((await hub.ask(`/api/v1/people/${id}/sessions`, { method: 'DELETE' })).status, 204)
}

/** Ann talks to a caller, in a browser at which Bert, who may do more, signs in after her. */
async function annAtACall(t: TestScope) {
  const scene = await stage(t)
  const { hub, tell } = scene
  const [caller] = scene.contacts as [Scene['contacts'][0]]
  await newAccount(hub, 'bert@example.com', ['supervisor'])
  const visitor = await visit(await startBrowser(t))
  const { page, context } = visitor
  await enter(visitor, hub, '/desktop')
  const id = await tell('shift', 'offered', { ani: caller.number, channelType: 'voice' })
  await tell('shift', 'accepted')
  const bertSignsIn = async () => {
    const next = await context.newPage()
    await next.goto(await hub.signInLink('bert@example.com'))
    await next.waitForURL((url) => url.pathname !== '/sign-in')
  }
  return { hub, tell, caller, page, bertSignsIn, id }
}

test('What somebody typed never becomes the note of whoever signs in after them', async (t) => {
  const { hub, caller, page, bertSignsIn, id } = await annAtACall(t)
  // As if the line to the hub were down: the browser keeps it.
  await page.route('**/note', (route) => route.abort())
  await page.getByRole('article', { name: caller.name }).getByRole('textbox', { name: 'Note' }).fill('Said by Ann')
  await page.getByText('Kept here, not yet saved').waitFor()
  await bertSignsIn()
  await page.unroute('**/note')
  // Whatever makes the page try again: here the agent who looks away from it. Where it heard of Bert before, it sends nothing.
  await page.evaluate("dispatchEvent(new Event('blur'))").catch(() => undefined)
  await until('the page is Bert’s', async () =>
    page.evaluate("document.body.innerText.includes('Said by Ann')").then(
      (shows) => !shows,
      () => false,
    ),
  )
  const { note, otherNotes } = (await hub.ask(`/api/v1/interactions/${id}`)).json
  assert.deepEqual([note.notes, otherNotes], ['', []])
})

test('What somebody finished is closed by nobody who signs in while it can still be undone', async (t) => {
  const { hub, tell, page, bertSignsIn, id } = await annAtACall(t)
  await tell('shift', 'ended')
  const answers: number[] = []
  page.on('response', (response) => {
    if (response.url().endsWith('/acts')) answers.push(response.status())
  })
  // The page does not hear of Bert: its line is down.
  await page.route('**/live', (route) => route.abort())
  const finish = page.getByRole('button', { name: 'Finish wrap-up' })
  // What the page heard is drawn by its clock, which stands still below.
  await finish.waitFor()
  // However long Bert takes, the time to undo is not over before.
  await page.clock.install()
  await page.clock.pauseAt(Date.now() + 60_000)
  await finish.click()
  await bertSignsIn()
  await page.clock.runFor(11_000)
  await until('it was sent', () => answers.length > 0)
  assert.deepEqual(answers, [401])
  assert.equal((await hub.ask(`/api/v1/interactions/${id}`)).json.interaction.state, 'wrap_up')
})

test('Without locks, as over plain http, each tab that is seen has a line of its own', async (t) => {
  const scene = await stage(t)
  const { hub, tell } = scene
  const [caller] = scene.contacts as [Scene['contacts'][0]]
  const visitor = await visit(await startBrowser(t))
  await visitor.context.addInitScript("Object.defineProperty(Navigator.prototype, 'locks', { value: undefined })")
  await enter(visitor, hub, '/desktop')
  const second = await visitor.context.newPage()
  await second.goto(`${hub.url}/desktop`)
  await until('two lines', async () => (await lines(hub)) === 2)
  await tell('own-1', 'offered', { ani: caller.number, channelType: 'voice' })
  for (const page of [visitor.page, second]) await rings(page, caller.name)
})

test('Without locks a tab that is out of sight for long hears by another one', async (t) => {
  const scene = await stage(t)
  const { hub, tell } = scene
  const [caller] = scene.contacts as [Scene['contacts'][0]]
  const visitor = await visit(await startBrowser(t))
  await visitor.context.addInitScript("Object.defineProperty(Navigator.prototype, 'locks', { value: undefined })")
  await enter(visitor, hub, '/desktop')
  const hidden = await visitor.context.newPage()
  await hidden.clock.install()
  await hidden.goto(`${hub.url}/desktop`)
  await until('two lines', async () => (await lines(hub)) === 2)
  await hidden.evaluate(`Object.defineProperty(document, 'hidden', { value: true, configurable: true })
    document.dispatchEvent(new Event('visibilitychange'))`)
  await until('it gave its line up', async () => {
    await hidden.clock.runFor(30_000)
    return (await lines(hub)) === 1
  })
  await tell('loose-1', 'offered', { ani: caller.number, channelType: 'voice' })
  for (const page of [visitor.page, hidden]) await rings(page, caller.name)
  await visitor.page.close()
  visitor.page = hidden
  await until('it has a line again', async () => {
    await hidden.clock.runFor(2_000)
    return (await lines(hub)) === 1
  })
})
