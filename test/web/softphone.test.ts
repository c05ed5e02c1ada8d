import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import type { Frame, Page } from 'playwright-core'
import { newAccount } from '../people/page.ts'
import { serveHub, until } from '../server/served-hub.ts'
import type { TestScope } from '../support/database.ts'
import { buildConsole, startBrowser, visit } from './console.ts'

/** A softphone's page at another site: `localhost`, where the hub is `127.0.0.1`. */
async function softphone(t: TestScope, hub: string): Promise<string> {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html')
    response.end(`<!doctype html><title>Softphone</title><div id="desk" style="width:340px;height:700px"></div>
      <script type="module">
        import { embedDesktop } from '${hub}/client/jackfield-desktop.js'
        window.heard = []
        const note = (name) => (value) => window.heard.push([name, value])
        window.desk = embedDesktop(document.getElementById('desk'), {
          hub: '${hub}', onDial: note('dial'), onCardShown: note('card'), onScreenPop: note('pop'), onReady: note('ready'),
        })
      </script>`)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(async () => {
    server.closeAllConnections()
    server.close()
  })
  return `http://localhost:${(server.address() as AddressInfo).port}`
}

// biome-ignore lint/suspicious/noExplicitAny: what the page holds
type Held = any
const heard = (page: Page) => page.evaluate(() => (globalThis as Held).heard as [string, Held][])
const tell = (page: Page, event: object) =>
  page.evaluate((one) => (globalThis as Held).desk.tell(one).then(null, (e: Held) => e.code), event)

async function panelOf(page: Page, hub: string): Promise<Frame> {
  return until('the panel', () => page.frames().find((frame) => frame.url().startsWith(`${hub}/desktop/panel`)))
}

test('A softphone of another site embeds the panel', { timeout: 240_000 }, async (t) => {
  await buildConsole()
  const hub = await serveHub(t)
  const { id } = await newAccount(hub, 'ann@example.com')
  const phone = await softphone(t, hub.url)
  const browser = await startBrowser(t)
  const { context, page, faults } = await visit(browser, { width: 360, height: 760 })
  t.after(() => context.close())

  await t.test('and is shown nothing before somebody lists it', async () => {
    await page.goto(phone)
    await until('the refusal is said', () => faults.some((fault) => fault.includes('frame-ancestors')))
    faults.length = 0
    const json = { frameOrigins: [phone], teams: false, version: 0 }
    assert.equal((await hub.ask('/api/v1/desktop/settings', { method: 'PUT', json })).status, 200)
  })

  const window = await context.newPage()
  await window.goto(await hub.signInLink('ann@example.com'))
  await window.waitForURL((url) => url.pathname !== '/sign-in')

  await t.test('where the agent signs in by a window of the hub', async () => {
    await page.goto(phone)
    const panel = await panelOf(page, hub.url)
    const opened = context.waitForEvent('page')
    await panel.getByRole('button', { name: 'Sign in' }).click()
    const letIn = await opened
    await until('the window closes by itself', () => letIn.isClosed())
    await until('the panel is there', async () => (await heard(page)).some(([name]) => name === 'ready'))
    const cookies = (await context.cookies()).filter(({ name }) => name.endsWith('-frame'))
    assert.deepEqual(
      cookies.map(({ httpOnly, secure, sameSite }) => [httpOnly, secure, sameSite]),
      [[true, true, 'None']],
    )
  })

  await t.test('and tells of a call, which rings there, and is called back', async () => {
    const data = { ani: '+3225550100', channelType: 'voice', skillName: 'Support' }
    const taken = (await tell(page, { interaction: 'c1', id: 'ring', type: 'offered', data })) as Held
    assert.ok(taken.interaction)
    const panel = await panelOf(page, hub.url)
    await panel.getByText('Ringing').first().waitFor()
    const card = await until('the card is told', async () => (await heard(page)).find(([name]) => name === 'card')?.[1])
    assert.deepEqual(card, {
      ...{ id: taken.interaction, source: 'jackfield.softphone', interaction: 'c1', state: 'offered', record: null },
    })
    await tell(page, { interaction: 'c1', id: 'up', type: 'accepted' })
    await panel.getByRole('button', { name: /^Call \+32/ }).click()
    const dial = await until('the number', async () => (await heard(page)).find(([name]) => name === 'dial')?.[1])
    assert.deepEqual(dial, { number: '+3225550100', record: null })
    assert.equal(await tell(page, { interaction: 'c1', id: 'big', type: 'updated', data: { ani: 7 } }), 'input.invalid')
    const { rows } = await hub.hub.pool.query('select person_id from jackfield.interaction_agent')
    assert.deepEqual(rows, [{ person_id: id }])
  })

  await t.test('cannot act or read by the panel’s cookie', async () => {
    const asked = await page.evaluate(async (address) => {
      const ask = (init: RequestInit) =>
        fetch(address, { credentials: 'include', ...init }).then(
          ({ type }) => type,
          () => 'refused',
        )
      return [await ask({}), await ask({ mode: 'no-cors' }), await ask({ method: 'DELETE' })]
    }, `${hub.url}/api/v1/session`)
    assert.deepEqual([asked[0], asked[2]], ['refused', 'refused'])
    // The browser says so too, on the softphone's page.
    assert.ok(
      faults.every((fault) => fault.includes('blocked by CORS')),
      faults.join('\n'),
    )
    faults.length = 0
    const panel = await panelOf(page, hub.url)
    assert.equal(await panel.evaluate(() => fetch('/api/v1/session').then(({ status }) => status)), 200)
  })

  await t.test('and is led nowhere else within its page', async () => {
    const panel = await panelOf(page, hub.url)
    await panel.evaluate(`history.pushState(null, '', '/people'); dispatchEvent(new PopStateEvent('popstate'))`)
    await panel.getByRole('link', { name: 'Open it in a window of its own' }).waitFor()
  })

  await t.test('and is signed out with the window', async () => {
    await window.evaluate(() => fetch('/api/v1/session', { method: 'DELETE', headers: { 'x-jackfield': '1' } }))
    await page.goto(phone)
    await (await panelOf(page, hub.url)).getByRole('button', { name: 'Sign in' }).waitFor()
    assert.deepEqual(faults, [])
  })
})
