import assert from 'node:assert/strict'
import { test } from 'node:test'
import { serveHub } from '../server/served-hub.ts'
import { buildConsole, looksWell, startBrowser, visit } from './console.ts'

test('A key is made as a role, with the ticks of that role and whose records are its own', async (t) => {
  await buildConsole()
  const hub = await serveHub(t)
  const desk = { name: 'Front desk', copyOf: 'office-worker', permissions: ['read:records'] }
  const role = (await hub.ask('/api/v1/roles', { json: desk })).json
  const browser = await startBrowser(t)
  const admin = await visit(browser)
  const { page } = admin
  await page.goto(await hub.signInLink())
  await page.waitForURL((url) => url.pathname !== '/sign-in')
  await page.goto(`${hub.url}/keys`)
  await page.getByRole('button', { name: 'Make a key' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('textbox', { name: 'Name' }).fill('Switch')
  await dialog.getByLabel(/^See the state/).check()
  await dialog.getByLabel('Role', { exact: true }).selectOption({ label: 'Front desk' })
  assert.equal(await dialog.getByLabel(/^See the state/).isChecked(), false, 'the ticks are the role’s')
  assert.equal(await dialog.getByLabel(/^Read records/).isChecked(), true)
  await dialog.getByText('Its own are the records of').waitFor()
  await looksWell(admin, 'a key with a role')
  await dialog.getByRole('button', { name: 'Make a key' }).click()
  await page.getByText('Copy the key now').waitFor()
  await page.getByRole('button', { name: 'Close' }).click()
  // While it closes, what keeps the focus in it is hidden and can be come to.
  await dialog.waitFor({ state: 'detached' })
  await page.getByRole('row', { name: /Switch.*Front desk/ }).waitFor()
  await looksWell(admin, 'keys')
  const [made] = (await hub.ask('/api/v1/keys')).json.keys
  assert.deepEqual([made.name, made.role, made.scopes], ['Switch', role.id, ['read:records']])
  await admin.context.close()
})
