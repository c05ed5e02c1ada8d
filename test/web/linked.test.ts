import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { newAccount } from '../people/page.ts'
import { connectBody, type ServedHub, type Simulator, serveHub, startSimulator, until } from '../server/served-hub.ts'
import type { TestScope } from '../support/database.ts'
import { axeFindings, buildConsole, firstCopies, settled, startBrowser, type Visitor, visit } from './console.ts'

interface Scene {
  hub: ServedHub
  simulator: Simulator
  connection: string
  contact: { id: string; name: string }
}

/** A connected organisation, in which the hub alone writes so far. */
async function stage(t: TestScope): Promise<Scene> {
  await buildConsole()
  const simulator = await startSimulator(t)
  const hub = await serveHub(t, { simulator, work: true })
  const made = await hub.ask('/api/v1/connections', { json: connectBody(simulator) })
  assert.equal(made.status, 201, made.text)
  const contact = await until('a copied contact with a name', async () => {
    const { json } = await hub.ask('/api/v1/records?entity=contact&limit=20')
    return json.records?.find(({ name }: { name: string | null }) => name) as Scene['contact'] | undefined
  })
  await newAccount(hub, 'ann@example.com', ['agent'])
  return { hub, simulator, connection: made.json.id, contact }
}

async function enter({ page }: Visitor, hub: ServedHub, email?: string): Promise<void> {
  await page.goto(await hub.signInLink(email))
  await page.waitForURL((url) => url.pathname !== '/sign-in')
}

const press = (page: Page, name: string | RegExp) => page.getByRole('button', { name }).click()

/** In the CRM's own window. */
async function answer(page: Page, simulator: Simulator, decision: 'Accept' | 'Cancel'): Promise<void> {
  await page.waitForURL((url) => url.href.startsWith(simulator.authority))
  await press(page, decision)
}

test('People write by their own accounts: switched on, asked once, taken back, declined and unlinked', async (t) => {
  const scene = await stage(t)
  const { hub, simulator, connection, contact } = scene
  const browser = await startBrowser(t)
  const admin = await visit(browser)
  await enter(admin, hub)
  const visitor = await visit(browser)
  const { page } = visitor
  await enter(visitor, hub, 'ann@example.com')
  const jobTitle = page.getByRole('textbox', { name: 'Job Title' })

  await t.test('nobody is asked where the hub writes for all', async () => {
    await page.goto(`${hub.url}/account`)
    await page.getByRole('link', { name: 'Open: My CRM accounts' }).click()
    await page.getByText('You write by the hub’s account').waitFor()
    assert.deepEqual(await axeFindings(page), [])
  })

  await t.test(
    'a switch of the connection has people write as themselves, and tells the address to register',
    async () => {
      const at = admin.page
      await at.goto(`${hub.url}/connections/${connection}`)
      await at.getByText(`${hub.url}/api/v1/consents/${new URL(simulator.authority).host}/callback`).waitFor()
      await settled(admin)
      assert.deepEqual(await axeFindings(at), [])
      await at.getByRole('switch', { name: 'People write as themselves' }).click()
      await at.getByText('People write as themselves now').first().waitFor()
      assert.equal((await hub.ask(`/api/v1/connections/${connection}`)).json.settings.writesAsPerson, true)
    },
  )

  await t.test('who writes is asked once; declining leads back to what was typed, with the reason', async () => {
    await page.goto(`${hub.url}/records/${contact.id}`)
    await press(page, 'Change')
    await jobTitle.fill('Chief of calls')
    assert.deepEqual(await axeFindings(page), [])
    await press(page, 'Write to the CRM')
    await page.getByRole('dialog', { name: 'Link your account of Contoso' }).waitFor()
    assert.deepEqual(await axeFindings(page), [])
    await press(page, 'Go to the window')
    await answer(page, simulator, 'Cancel')
    await page.getByText('The CRM was not told yes').first().waitFor()
    await page.waitForURL((url) => url.search === '')
    assert.equal(await jobTitle.inputValue(), 'Chief of calls')
    assert.deepEqual(await axeFindings(page), [])
  })

  await t.test('accepting leads back too, and one click writes it in their name', async () => {
    await press(page, 'Write to the CRM')
    await press(page, 'Go to the window')
    await answer(page, simulator, 'Accept')
    await page.getByText('What you typed is here again').waitFor()
    assert.equal(await jobTitle.inputValue(), 'Chief of calls')
    await press(page, 'Write to the CRM')
    await page.getByText('It is on its way to the CRM').first().waitFor()
    const written = await until('the write', async () => {
      const { json } = await hub.ask(`/api/v1/writes?record=${contact.id}`)
      return json.writes.find(({ state }: { state: string }) => state === 'done')
    })
    assert.deepEqual([written.as, written.fields.jobtitle], ['person', 'Chief of calls'])
    await page
      .getByText(/own account/)
      .first()
      .waitFor()
    assert.equal(await page.evaluate(`sessionStorage.getItem('jackfield.entry')`), null)
    await page.reload()
    await page.getByRole('button', { name: 'Change' }).waitFor()
    assert.equal(await page.getByRole('alertdialog').count(), 0)
  })

  await t.test('it stands among one’s accounts; it is linked anew and unlinked there', async () => {
    await page.goto(`${hub.url}/account/crm`)
    await page.getByText(/As user [0-9a-f-]{36}/).waitFor()
    assert.deepEqual(await axeFindings(page), [])
    await press(page, 'Link anew: Contoso')
    await answer(page, simulator, 'Accept')
    await page.getByText('Your account is linked').waitFor()
    await page.waitForURL(`${hub.url}/account/crm`)
    await press(page, 'Unlink: Contoso')
    const dialog = page.getByRole('dialog', { name: 'Unlink your account of “Contoso”?' })
    assert.deepEqual(await axeFindings(page), [])
    await dialog.getByRole('button', { name: 'Unlink' }).click()
    await page.getByText('Not linked').waitFor()
    await press(page, 'Link: Contoso')
    await answer(page, simulator, 'Cancel')
    await page.getByRole('alert').getByText('The CRM was not told yes').first().waitFor()
    await page.getByText('Not linked').waitFor()
  })

  await t.test('a write that failed for want of the account leads to linking, which writes it', async () => {
    await linkByAccountPage(page, scene)
    await hub.ask(`/api/v1/connections/${connection}`, { method: 'PATCH', json: { state: 'paused' } })
    await page.goto(`${hub.url}/records/${contact.id}`)
    await press(page, 'Change')
    await jobTitle.fill('Kept for later')
    await press(page, 'Write to the CRM')
    await page.getByText('It is on its way to the CRM').first().waitFor()
    await page.goto(`${hub.url}/account/crm`)
    await press(page, 'Unlink: Contoso')
    await page.getByRole('dialog').getByRole('button', { name: 'Unlink' }).click()
    await page.getByText('Not linked').waitFor()
    await hub.ask(`/api/v1/connections/${connection}`, { method: 'PATCH', json: { state: 'active' } })
    await page.goto(`${hub.url}/writes`)
    await page.getByRole('link', { name: 'Link your account' }).first().waitFor()
    assert.deepEqual(await axeFindings(page), [])
    await admin.page.goto(`${hub.url}/attention`)
    await admin.page.getByRole('link', { name: 'Link your account' }).first().waitFor()
    await page.getByRole('link', { name: 'Link your account' }).first().click()
    await page.getByText('Not linked').waitFor()
    await linkByAccountPage(page, scene)
    await until('the write', async () => {
      const { json } = await hub.ask(`/api/v1/writes?record=${contact.id}`)
      return json.writes.every(({ state }: { state: string }) => state === 'done')
    })
  })

  await t.test('what was typed is for its person alone, and gone once they sign out', async () => {
    const keep = (person: string) =>
      page.evaluate(
        ([key, entry]) => sessionStorage.setItem(key!, entry!),
        [
          'jackfield.entry',
          JSON.stringify({ person, record: contact.id, mark: null, typed: { jobTitle: 'Somebody else’s' } }),
        ],
      )
    await keep('another')
    await page.goto(`${hub.url}/records/${contact.id}`)
    await page.getByRole('button', { name: 'Change' }).waitFor()
    assert.equal(await page.getByRole('alertdialog').count(), 0)
    await keep('another')
    await press(page, /Somebody/)
    await page.getByRole('menuitem', { name: 'Sign out' }).click()
    await page.waitForURL((url) => url.pathname === '/sign-in')
    assert.equal(await page.evaluate(`sessionStorage.getItem('jackfield.entry')`), null)
  })

  await inOtherLooks(browser, scene)
  assert.deepEqual([visitor.faults, admin.faults], [[], []])
})

test('A CRM is connected by a window instead of a secret, and signed in to again when that is over', async (t) => {
  await buildConsole()
  const simulator = await startSimulator(t)
  const hub = await serveHub(t, { simulator, work: true })
  const browser = await startBrowser(t)
  const visitor = await visit(browser)
  const { page } = visitor
  await enter(visitor, hub)
  const callback = `${hub.url}/api/v1/consents/${new URL(simulator.authority).host}/callback`

  await t.test('the wizard tells what to register, and leads to the window', async () => {
    await page.goto(`${hub.url}/connections/new`)
    await press(page, 'Dynamics 365')
    await page.getByLabel('Address of the organisation').fill(simulator.url)
    await page.getByLabel('Name', { exact: true }).fill('Contoso')
    await press(page, 'Enter tenant and authority by hand')
    await page.getByRole('radio', { name: /In a window, as a person/ }).check()
    await page.getByText('the redirect address is shown here in the next step').waitFor()
    await page.getByLabel('Application (client) ID').fill(simulator.clientId)
    await page.getByLabel('Client secret').fill(simulator.clientSecret)
    await page.getByLabel('Sign-in authority').fill(simulator.authority)
    await page.getByLabel('Tenant').fill(simulator.tenant)
    assert.deepEqual(await axeFindings(page), [])
    await press(page, 'On to the window')
    await page.getByText(callback).waitFor()
    assert.deepEqual(await axeFindings(page), [])
    await press(page, 'Open the window')
  })

  await t.test('declined, it says so and can be tried again; what was entered is there, but no secret', async () => {
    await answer(page, simulator, 'Cancel')
    await page.getByText('The CRM was not told yes').first().waitFor()
    await page.waitForURL((url) => !url.search.includes('consent='))
    assert.ok(!page.url().includes(encodeURIComponent(simulator.clientSecret)), page.url())
    await page.getByText(callback).waitFor()
    assert.deepEqual((await hub.ask('/api/v1/connections')).json.connections, [])
    assert.deepEqual(await axeFindings(page), [])
    await press(page, 'Open the window')
  })

  await t.test('accepted, one click checks and connects', async () => {
    await answer(page, simulator, 'Accept')
    await page.getByText('Signed in', { exact: true }).waitFor()
    assert.deepEqual(await axeFindings(page), [])
    await press(page, 'Check and connect')
    await page.getByText('The first copy has begun').waitFor()
    const [connection] = (await hub.ask('/api/v1/connections')).json.connections
    assert.deepEqual([connection.name, connection.state], ['Contoso', 'active'])
  })

  await t.test('once the CRM takes it no more, the page of the authentication leads to the window again', async () => {
    const [connection] = (await hub.ask('/api/v1/connections')).json.connections
    await firstCopies(hub)
    for (const given of simulator.simulator.directory.refreshTokens.values()) given.revoked = true
    await hub.ask(`/api/v1/connections/${connection.id}/check`, { method: 'POST' })
    await page.goto(`${hub.url}/connections/${connection.id}`)
    await page.getByRole('link', { name: 'Sign in anew' }).click()
    await page.getByRole('heading', { level: 1, name: 'Contoso' }).waitFor()
    await page.getByText(callback).waitFor()
    assert.deepEqual(await axeFindings(page), [])
    await press(page, 'Sign in anew')
    await answer(page, simulator, 'Accept')
    await page.getByText('Signed in', { exact: true }).waitFor()
    const stateNow = async () => (await hub.ask(`/api/v1/connections/${connection.id}`)).json.state
    await until('it works again', async () => (await stateNow()) === 'active')
  })
  assert.deepEqual(visitor.faults, [])
})

async function linkByAccountPage(page: Page, { hub, simulator }: Scene): Promise<void> {
  await page.goto(`${hub.url}/account/crm`)
  await press(page, 'Link: Contoso')
  await answer(page, simulator, 'Accept')
  await page.getByText('Your account is linked').waitFor()
}

/** The pages and the form, dark and light, narrow, in each language. */
async function inOtherLooks(browser: Browser, { hub, connection, contact }: Scene): Promise<void> {
  const looks = [
    { locale: 'fr-FR', theme: 'dark', width: 320, change: 'Modifier' },
    { locale: 'nl-NL', theme: 'light', width: 390, change: 'Wijzigen' },
    { locale: 'en-GB', theme: 'dark', width: 1280, change: 'Change' },
  ] as const
  for (const { change, ...look } of looks) {
    const visitor = await visit(browser, look)
    await enter(visitor, hub)
    const looksWell = async (what: string) => {
      assert.deepEqual(await axeFindings(visitor.page), [], `${what} ${look.locale}`)
      const wide = await visitor.page.evaluate('document.documentElement.scrollWidth')
      assert.ok(Number(wide) <= look.width, `${what} fits ${look.width} px`)
    }
    for (const at of ['/account/crm', `/connections/${connection}`, `/records/${contact.id}`]) {
      await visitor.page.goto(hub.url + at)
      await settled(visitor)
      await looksWell(at)
    }
    await visitor.page.getByRole('button', { name: change, exact: true }).click()
    await visitor.page.getByRole('alertdialog').getByRole('textbox').first().waitFor()
    await looksWell('the form')
    assert.deepEqual(visitor.faults, [])
    await visitor.context.close()
  }
}
