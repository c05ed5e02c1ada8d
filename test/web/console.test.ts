import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Locator } from 'playwright-core'
import { startDynamics } from '../../simulators/dynamics/server.ts'
import { connectBody, type ServedHub, type Simulator, serveHub, startSimulator, until } from '../server/served-hub.ts'
import type { TestScope } from '../support/database.ts'
import { feedChange, longTransaction } from '../support/held-feed.ts'
import {
  axeFindings,
  buildConsole,
  firstCopies,
  settled,
  showTheme,
  startBrowser,
  type Visitor,
  visit,
} from './console.ts'

/** No person reads one. */
const anId = /[0-9a-f]{8}-[0-9a-f]{4}-/

async function control(simulator: Simulator, path: string, body: unknown): Promise<Record<string, string>> {
  const response = await fetch(`${simulator.control}${path}`, { method: 'POST', body: JSON.stringify(body) })
  assert.equal(response.status, 200, await response.clone().text())
  return (await response.json()) as Record<string, string>
}

async function signIn({ page }: Visitor, hub: ServedHub): Promise<void> {
  await page.goto(await hub.signInLink())
  await page.waitForURL(`${hub.url}/`)
}

/** A connected organisation with a few records that break the model. */
async function copied(t: TestScope, records: number): Promise<{ hub: ServedHub; simulator: Simulator; id: string }> {
  const simulator = await startDynamics({ port: 0, records, seed: 5, protection: false, broken: 3 })
  t.after(() => simulator.close())
  const hub = await serveHub(t, { simulator, work: true })
  const { json } = await hub.ask('/api/v1/connections', { json: connectBody(simulator) })
  await until('the first copy ended', async () => {
    const { connections } = (await hub.ask('/api/v1/status')).json
    const tables: { enabled: boolean; firstPassAt: string | null }[] = connections[0].tables
    return tables.filter((table) => table.enabled).every((table) => table.firstPassAt !== null)
  })
  return { hub, simulator, id: json.id }
}

test('From nothing to a caller found: connect, watch the sync, look up, mend', async (t) => {
  await buildConsole()
  const simulator = await startSimulator(t, 300)
  const hub = await serveHub(t, { simulator, work: true })
  const browser = await startBrowser(t)
  const visitor = await visit(browser)
  const { page, faults } = visitor

  await signIn(visitor, hub)
  await page.getByRole('heading', { level: 1, name: 'Nothing is connected yet' }).waitFor()
  await page.getByRole('link', { name: 'Connect a CRM' }).first().click()

  await page.getByRole('button', { name: 'Dynamics 365' }).click()
  await page.getByLabel('Address of the organisation').fill(`${simulator.url}/main.aspx?appid=1&pagetype=dashboard`)
  await page.getByLabel('Name').fill('Contoso')
  await page.getByRole('button', { name: 'Next' }).click()
  // The simulated directory is none of Microsoft's clouds, so its address has to be given by a person.
  await page.getByRole('button', { name: 'Enter tenant and authority by hand' }).click()
  await page.getByLabel(/client\) ID/).fill(simulator.clientId)
  await page.getByLabel('Client secret').fill('surely not the secret')
  await page.getByLabel('Sign-in authority').fill(simulator.authority)
  await page.getByLabel('Tenant').fill(simulator.tenant)
  await page.getByRole('button', { name: 'Check and connect' }).click()

  await page.getByText('The check stopped here').waitFor()
  assert.match((await page.getByRole('alert').textContent()) ?? '', /secret/i)
  assert.deepEqual((await hub.ask('/api/v1/connections')).json, { connections: [] })
  await page.getByRole('button', { name: 'Change the entries' }).click()
  await page.getByLabel('Client secret').fill(simulator.clientSecret)
  await page.getByRole('button', { name: 'Check and connect' }).click()

  await page.getByRole('heading', { name: 'Contoso: connected' }).waitFor()
  await page.getByRole('heading', { name: 'The first records' }).waitFor()
  await page.getByRole('link', { name: 'Watch the sync' }).click()
  await page.getByRole('heading', { level: 1, name: 'Sync runs' }).waitFor()
  await page.getByRole('row', { name: /Contacts.*Initial.*Done/ }).waitFor()

  const { records } = (await hub.ask('/api/v1/records?entity=contact&limit=200')).json
  const caller = records.find((record: { name: string | null; phones: { e164: string | null }[] }) => {
    return record.name && record.phones.some((phone) => phone.e164)
  })
  const number: string = caller.phones.find((phone: { e164: string | null }) => phone.e164).e164
  const spoken = `${number.slice(0, 3)} (0) ${number.slice(3).replace(/(..)/g, '$1 ')}`
  const search = page.getByRole('searchbox', { name: 'Find a record' })
  // A letter counts for a moment after its `g`: on a busy machine both are pressed again.
  await until('the records', async () => {
    await page.keyboard.press('g')
    await page.keyboard.press('r')
    return search.waitFor({ timeout: 3000 }).then(
      () => true,
      () => false,
    )
  })
  await search.fill(spoken.replace(' (0)', ''))
  await page.getByText('as a telephone number').waitFor()
  await page.getByText('matches exactly').first().waitFor()
  await page.getByRole('link', { name: caller.name, exact: true }).first().click()
  await page.getByRole('heading', { level: 1, name: caller.name }).waitFor()
  await page.getByRole('heading', { name: 'How to reach' }).waitFor()

  await firstCopies(hub)
  await control(simulator, '/directory', { expireSecrets: true })
  await control(simulator, '/faults', { kind: 'token-rejected', times: 0 })
  await hub.ask('/api/v1/runs', { json: { connection: (await hub.ask('/api/v1/connections')).json.connections[0].id } })
  await page.getByRole('link', { name: 'Home', exact: true }).click()
  await page.getByRole('heading', { level: 1, name: /needs you|need you/ }).waitFor()
  await fetch(`${simulator.control}/faults`, { method: 'DELETE' })
  const { secret = '' } = await control(simulator, '/directory', { newSecret: true })
  await page.getByRole('button', { name: 'Paste a new secret' }).first().click()
  await page.getByLabel('New client secret').fill(secret)
  const held = Promise.withResolvers<void>()
  await page.route('**/authentications/*/secret', async (route) => {
    await held.promise
    await route.continue()
  })
  const seal = page.getByRole('button', { name: 'Seal and check' })
  await seal.click()
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme })
    const contrast = await spinnerContrast(seal)
    assert.ok(contrast >= 3, `the spinner is seen at ${contrast} to 1 (${colorScheme})`)
  }
  held.resolve()
  await page.getByRole('heading', { level: 1, name: 'All is well' }).waitFor()
  assert.deepEqual(faults, [])
})

test('Every page holds to every rule of axe, light and dark, wide and narrow', async (t) => {
  await buildConsole()
  const { hub, simulator, id } = await copied(t, 60)
  const browser = await startBrowser(t)
  const run = (await hub.ask('/api/v1/runs?limit=1')).json.runs[0].id
  const record = (await hub.ask('/api/v1/records?entity=contact&limit=1')).json.records[0]
  const pages = [
    '/',
    '/attention',
    '/connections',
    '/connections/new',
    `/connections/${id}`,
    `/connections/${id}/tables/contact`,
    '/runs',
    `/runs/${run}`,
    '/records',
    `/records?q=${encodeURIComponent(record.name ?? 'a')}`,
    `/records/${record.id}`,
    '/writes',
    '/keys',
    '/keys?new=1',
    '/settings',
    '/nowhere',
  ]
  const found: string[] = []
  assert.ok((await hub.ask('/api/v1/attention')).json.counts.parked > 0, 'something waits for a person')
  await control(simulator, '/directory', { expireSecrets: true })
  await control(simulator, '/faults', { kind: 'token-rejected', times: 0 })
  await hub.ask('/api/v1/runs', { json: { connection: id } })
  await until('the connection broke', async () => {
    return (await hub.ask(`/api/v1/connections/${id}`)).json.state === 'needs_attention'
  })
  for (const [width, theme, other] of [
    [1280, 'light', 'dark'],
    [320, 'dark', 'light'],
  ] as const) {
    const visitor = await visit(browser, { theme, width })
    const { page } = visitor
    const look = async () => {
      found.push(...(await axeFindings(page)).map((finding) => `${theme} ${width}: ${finding}`))
      await showTheme(page, other)
      found.push(...(await axeFindings(page, 'of colours')).map((finding) => `${other} ${width}: ${finding}`))
      await showTheme(page, theme)
    }
    await page.goto(`${hub.url}/sign-in`)
    await page.getByRole('heading', { level: 1 }).waitFor()
    await look()
    await signIn(visitor, hub)
    for (const path of pages) {
      await page.goto(hub.url + path)
      await settled(visitor).catch(async (error) => {
        throw new Error(`${path} did not come: ${(await page.textContent('body'))?.slice(0, 500)} ${visitor.faults}`, {
          cause: error,
        })
      })
      await look()
      const over = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth')
      assert.ok(over <= 0, `${path} is ${over} px wider than ${width} px`)
    }
    assert.deepEqual(visitor.faults, [])
    await visitor.context.close()
  }
  assert.deepEqual(found, [])
})

test('A hub whose CRM is copied', async (t) => {
  await buildConsole()
  const { hub, simulator, id } = await copied(t, 60)
  const browser = await startBrowser(t)

  await t.test('What waits is said in the person’s language, with the record’s name and without ids', async () => {
    const languages = [
      { locale: 'en-GB', well: 'Running well; 3 records need you', date: 'Birthday is not a date that exists' },
      {
        locale: 'fr-FR',
        well: 'Tout fonctionne ; 3 enregistrements vous attendent',
        date: '« Date de naissance » n’est pas une date qui existe',
      },
      { locale: 'nl-NL', well: 'Alles loopt; 3 records wachten op u', date: 'Geboortedatum is geen bestaande datum' },
    ]
    const nobody = ['No record has the number', 'Aucun enregistrement n’a le numéro', 'Geen record heeft het nummer']
    for (const [index, { locale, well, date }] of languages.entries()) {
      const visitor = await visit(browser, { locale, width: 320 })
      const { page, faults } = visitor
      await signIn(visitor, hub)
      await page.getByRole('heading', { level: 1, name: well }).waitFor()
      await page.goto(`${hub.url}/attention`)
      await page.getByText(date).waitFor()
      await settled(visitor)
      const text = (await page.locator('main').textContent()) ?? ''
      assert.match(text, /Broken Bad Date/)
      assert.doesNotMatch(text, anId)
      assert.doesNotMatch(text, /birthdate|record\.invalid/)
      await page.locator('article', { hasText: date }).locator('button[aria-expanded]').click()
      await page.getByText('record.invalid').waitFor()
      await page.goto(`${hub.url}/records?q=%2B9991234567890`)
      await page.getByText(`${nobody[index]} +9991234567890`).waitFor()
      assert.deepEqual(faults, [])
      await visitor.context.close()
    }
  })

  await t.test('Who holds the change feed back is said in the person’s language, until it ends', async () => {
    const long = await longTransaction(hub.databaseUrl)
    const by = (process: string, user: string) => `${process} ${long.pid} (${long.application}, ${user} ${long.user})`
    const languages = [
      {
        locale: 'en-GB',
        what: 'Changes wait for a long transaction in the hub’s database',
        who: `Held by ${by('process', 'user')}`,
      },
      {
        locale: 'fr-FR',
        what: 'Des modifications attendent une longue transaction dans la base du hub',
        who: `Retenues par ${by('le processus', 'utilisateur')}`,
      },
      {
        locale: 'nl-NL',
        what: 'Wijzigingen wachten op een lange transactie in de database van de hub',
        who: `Vastgehouden door ${by('proces', 'gebruiker')}`,
      },
    ]
    try {
      await feedChange(hub.databaseUrl, 90)
      for (const { locale, what, who } of languages) {
        const visitor = await visit(browser, { locale, width: 320 })
        const { page, faults } = visitor
        await signIn(visitor, hub)
        const row = page.getByRole('article', { name: what })
        await row.getByText(who).waitFor()
        await page.goto(`${hub.url}/attention`)
        await row.getByText(who).waitFor()
        assert.deepEqual(faults, [])
        await visitor.context.close()
      }
    } finally {
      await long.end()
    }
    const visitor = await visit(browser)
    await signIn(visitor, hub)
    await visitor.page.getByRole('heading', { name: 'Latest changes' }).waitFor()
    // Transactions of other databases hold it back too, for as long as they are.
    const said = visitor.page.getByRole('article', { name: /long transaction/ })
    await until('nobody is said to hold it back', async () => (await said.count()) === 0)
  })

  await t.test('A new owner is said by name, in the latest changes and in the record’s history', async () => {
    const list = async (entity: string) => (await hub.ask(`/api/v1/records?entity=${entity}&limit=100`)).json.records
    const [contact] = await list('contact')
    const relations = (await hub.ask(`/api/v1/records/${contact.id}/relations`)).json.relations
    const owners = relations.map((relation: { sourceId: string }) => relation.sourceId)
    const users: { name: string | null; source: { id: string } }[] = await list('user')
    const user = users.find((each) => each.name && !owners.includes(each.source.id))
    assert.ok(user?.name)

    const visitor = await visit(browser)
    const { page, faults } = visitor
    await signIn(visitor, hub)
    await page.getByRole('heading', { name: 'Latest changes' }).waitFor()
    const fields = { _ownerid_value: user.source.id, '_ownerid_value@type': 'systemuser' }
    await control(simulator, '/records', { entity: 'contact', operation: 'change', id: contact.source.id, fields })
    await hub.ask('/api/v1/runs', { json: { connection: id, entity: 'contact' } })
    const latest = page.getByRole('region', { name: 'Latest changes' })
    await latest.getByText(`Owner: ${user.name}`).waitFor()
    assert.doesNotMatch((await latest.textContent()) ?? '', anId)
    await latest.getByRole('link', { name: contact.name }).click()
    const history = page.getByRole('region', { name: 'History' })
    const owner = history.locator('dl > div').filter({ has: page.getByText('Owner', { exact: true }) })
    await owner.getByText(user.name).waitFor()
    assert.doesNotMatch((await history.textContent()) ?? '', anId)
    assert.deepEqual(faults, [])
  })
})

/** WCAG 2.2, 1.4.11: what a graphic stands out by from the button that it turns on. */
async function spinnerContrast(button: Locator): Promise<number> {
  const spinner = button.getByRole('progressbar')
  await spinner.waitFor()
  // biome-ignore lint/suspicious/noExplicitAny: the types of a browser are unknown here
  const colours: string[] = await spinner.evaluate((element: any) => {
    // biome-ignore lint/suspicious/noExplicitAny: as above
    const { getComputedStyle } = globalThis as any
    const turning = element.querySelector('.fui-Spinner__spinnerTail')
    return [getComputedStyle(turning).color, getComputedStyle(element.closest('button')).backgroundColor]
  })
  const light = colours.map(luminance).sort((a, b) => b - a)
  return (light[0]! + 0.05) / (light[1]! + 0.05)
}

function luminance(colour: string): number {
  const [r = 0, g = 0, b = 0] = colour.match(/[\d.]+/g)!.map((part) => {
    const value = Number(part) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}
