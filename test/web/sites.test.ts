import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { APIResponse, Route } from 'playwright-core'
import { serveHub, until } from '../server/served-hub.ts'
import { buildConsole, drawn, looksWell, startBrowser, visit } from './console.ts'

const phone = 'https://phone.example.com'

interface Late {
  route: Route
  response: APIResponse
}

/** Carried out by the hub at once; the page hears of it when the test says so. */
const late = (told: (late: Late) => void) => async (route: Route) => told({ route, response: await route.fetch() })

test('Sites that may embed the panel are listed, added and removed in the console', async (t) => {
  await buildConsole()
  const hub = await serveHub(t)
  const visitor = await visit(await startBrowser(t))
  const { page } = visitor
  const listed = async () => (await hub.ask('/api/v1/desktop/settings')).json
  await page.goto(await hub.signInLink())
  await page.waitForURL((url) => url.pathname !== '/sign-in')
  await page.getByRole('link', { name: 'Embedding sites' }).click()
  await page.getByText('No other site may embed the desktop').waitFor()
  const field = page.getByRole('textbox', { name: 'Site' })
  const add = page.getByRole('button', { name: 'Add', exact: true })

  await t.test('what may not be listed is refused with the reason', async () => {
    for (const [typed, why] of [
      ['', /Type the address/],
      ['https://*.example.com', /No stars/],
      ['http://phone.example.com', /Only https/],
      [`${phone}/agent`, /Without a path/],
      ['https://anna@phone.example.com', /no address of a site/],
      [hub.url, /This is the hub itself/],
    ] as const) {
      await field.fill(typed)
      await add.click()
      await page.getByText(why).waitFor()
    }
    assert.deepEqual((await listed()).frameOrigins, [])
    await looksWell(visitor, 'a site that is refused')
  })

  await t.test('a site that is added may frame the panel, also as a name alone', async () => {
    await field.fill('phone.example.com')
    await field.press('Enter')
    await page.getByRole('cell', { name: phone, exact: true }).waitFor()
    assert.deepEqual((await listed()).frameOrigins, [phone])
    assert.equal(await field.inputValue(), '')
    const { headers } = await hub.ask('/desktop/panel', { key: null })
    assert.match(headers.get('content-security-policy') ?? '', /frame-ancestors [^;]*https:\/\/phone\.example\.com/)
    await looksWell(visitor, 'a listed site')
  })

  await t.test('a removal acts at once, and can be taken back', async () => {
    await page.getByRole('button', { name: `Remove ${phone}` }).click()
    await until('it is gone', async () => (await listed()).frameOrigins.length === 0)
    await page.getByRole('button', { name: 'Undo' }).click()
    await until('it is back', async () => (await listed()).frameOrigins.length === 1)
  })

  await t.test('Teams has a switch of its own', async () => {
    // The page may still wait for the answer to the undo: the press waits behind it.
    await page.getByRole('switch', { name: 'Teams may embed the desktop' }).click()
    await until('Teams may', async () => (await listed()).teams)
    assert.deepEqual((await listed()).frameOrigins, [phone])
    await page.getByRole('switch', { name: 'Teams may embed the desktop', checked: true }).waitFor()
  })

  await t.test('an answer older than what was saved does not come back, and a newer one is not missed', async () => {
    const path = '**/api/v1/desktop/settings'
    const older = Promise.withResolvers<Late>()
    const saved = Promise.withResolvers<Late>()
    // The first save breaks off, so that the page asks how things stand; of both this and the second save it hears late.
    const turns = [(route: Route) => route.abort(), late(older.resolve), late(saved.resolve)]
    await page.route(path, (route) => turns.shift()?.(route) ?? route.continue())
    await field.fill('https://fourth.example.com')
    await add.click()
    const asked = await older.promise
    await add.click()
    const put = await saved.promise
    const { frameOrigins, ...more } = await listed()
    assert.deepEqual(frameOrigins, [phone, 'https://fourth.example.com'])
    const json = { ...more, frameOrigins: [...frameOrigins, 'https://fifth.example.com'] }
    assert.equal((await hub.ask('/api/v1/desktop/settings', { method: 'PUT', json })).status, 200)
    await put.route.fulfill({ response: put.response })
    await page.getByRole('cell', { name: 'https://fifth.example.com', exact: true }).waitFor()
    await asked.route.fulfill({ response: asked.response })
    await (await asked.route.request().response())?.finished()
    await drawn(page)
    assert.equal(await page.getByRole('cell', { name: /^https:.*(fourth|fifth)/ }).count(), 2)
    await page.unroute(path)
  })

  await t.test('who changed something elsewhere meanwhile is not written over', async () => {
    const { version, teams } = await listed()
    const json = { frameOrigins: ['https://other.example.com'], teams, version }
    assert.equal((await hub.ask('/api/v1/desktop/settings', { method: 'PUT', json })).status, 200)
    await field.fill('https://third.example.com')
    await add.click()
    await page.getByRole('cell', { name: 'https://other.example.com', exact: true }).waitFor()
    assert.deepEqual((await listed()).frameOrigins, ['https://other.example.com'])
  })
})
