import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { ActName } from '#server/contract/audit-log.ts'
import { en } from '../../web/src/text/en.ts'
import { fr } from '../../web/src/text/fr.ts'
import { nl } from '../../web/src/text/nl.ts'
import { connectBody, type ServedHub, serveHub, startSimulator, until } from '../server/served-hub.ts'
import { type TestScope, testDatabase } from '../support/database.ts'
import { axeFindings, buildConsole, startBrowser, type Visitor, visit } from './console.ts'

const masterKey = '5c'.repeat(32)

/** A hub after a day: one act cut short by a stop, a look-up, refusals, an erased person. */
async function lived(t: TestScope): Promise<ServedHub & { removed: string; altered: string }> {
  const { url: databaseUrl } = await testDatabase(t)
  const environment = { JACKFIELD_MASTER_KEY: masterKey }
  const before = await serveHub(t, { databaseUrl, environment })
  const { acts, pool } = before.hub.audit
  const subject = { kind: 'connection', id: '0c0ffee0-0000-4000-8000-000000000001' }
  await acts.append(pool, {
    actor: { kind: 'operator', id: 'operator' },
    act: 'connection.remove',
    subject,
    outcome: 'begun',
  })
  await before.close()

  const simulator = await startSimulator(t, 12)
  const hub = await serveHub(t, { databaseUrl, environment, simulator, work: true })
  const made = async (name: string, scopes: string[]) =>
    (await hub.ask('/api/v1/keys', { json: { name, scopes } })).json
  const phone = await made('Telephone switch, Brussels', ['read:records'])
  const { id: removed } = await made('Fax server', ['read:status'])
  const { id: altered } = await made('Night report', ['read:status'])
  await hub.ask('/api/v1/connections', { json: connectBody(simulator) })
  await hub.ask('/api/v1/lookup?phone=%2B32478912345', { key: phone.key })
  for (let i = 0; i < 3; i += 1) await hub.ask('/api/v1/keys', { key: phone.key })
  await hub.ask('/api/v1/status', { key: 'jf_nobody' })
  const person = { kind: 'person', id: 'p1' } as const
  const personal = { 'person:p1': { name: 'Marie Dubois', address: '10.4.0.9', agent: 'Probe/1' } }
  await hub.hub.audit.acts.append(hub.hub.audit.pool, {
    actor: person,
    act: 'person.sign_out',
    outcome: 'done',
    personal,
  })
  await hub.hub.audit.acts.persons.erase(hub.hub.pool, 'person:p1')
  await until('all is sealed', async () => (await hub.ask('/api/v1/audit-log/seal')).json.unsealed === 0)
  return { ...hub, removed, altered }
}

async function signIn({ page }: Visitor, hub: ServedHub, path: string): Promise<void> {
  await page.goto(await hub.signInLink())
  await page.waitForURL(`${hub.url}/`)
  await page.goto(hub.url + path)
}

const row = ({ page }: Visitor, text: string | RegExp) => page.locator('main li', { hasText: text }).first()

test('every act has its sentence in each language', () => {
  for (const [language, { auditLog }] of Object.entries({ en, fr, nl })) {
    for (const name of ActName.options) assert.ok(auditLog.acts[name], `${name} has no words in ${language}`)
  }
})

test('Who did what is found, filtered, exported, and shown where somebody changed it', async (t) => {
  await buildConsole()
  const hub = await lived(t)
  const browser = await startBrowser(t)
  const visitor = await visit(browser)
  const { page, faults } = visitor
  await signIn(visitor, hub, '/audit-log')

  await row(visitor, 'Telephone switch, Brussels looked somebody up: a number ending in 45 · nobody found').waitFor()
  await row(visitor, /Telephone switch, Brussels wanted to use the API.*not allowed.*Refused/).waitFor()
  await row(visitor, /A stranger wanted to use the API/).waitFor()
  await row(visitor, /An erased person signed out.*Erased/).waitFor()
  const cut = row(visitor, /wanted to remove the connection.*Cut short/)
  await cut.locator('summary').focus()
  await page.keyboard.press('Enter')
  await cut.getByText('The hub stopped before the outcome was known').waitFor()
  assert.doesNotMatch((await page.locator('main').textContent()) ?? '', /Marie Dubois/)

  // What comes meanwhile waits until it is asked for.
  const first = () => page.locator('[data-act-row]').first().textContent()
  const newest = await first()
  await hub.newKey('read:status')
  const fresh = page.getByRole('button', { name: /new act.* · Show/ })
  await fresh.waitFor()
  assert.equal(await first(), newest)
  await fresh.click()
  await until('the newest act is the first', async () => (await first())?.includes('made the API key test'))

  await page.getByRole('button', { name: 'What', exact: true }).click()
  await page.getByRole('menuitemradio', { name: 'Make the API key' }).click()
  await page.waitForURL(/act=key\.create/)
  // What stood there before stands until the answer comes.
  await until('nothing else', async () => (await page.getByText('looked somebody up').count()) === 0)
  await row(visitor, 'made the API key Fax server').waitFor()
  await page.reload()
  await page.getByRole('button', { name: 'What: Make the API key' }).waitFor()
  await page.getByRole('button', { name: 'Export' }).click()
  const saving = page.waitForEvent('download')
  await page.getByRole('menuitem', { name: /CSV/ }).click()
  const saved = await saving
  assert.match(saved.suggestedFilename(), /^audit-log-.*\.csv$/)
  const lines = (await readFile(await saved.path(), 'utf8')).trim().split('\r\n')
  assert.ok(lines.length > 3)
  assert.ok(lines.slice(1).every((line) => line.includes('"key.create"')))
  await page.getByRole('button', { name: 'Clear filters' }).click()

  await page.getByRole('button', { name: 'Verify now' }).click()
  await page
    .locator('#content')
    .getByText(/All \d+ acts are as the hub wrote them/)
    .waitFor()
  const tamper = (text: string, id: string) =>
    hub.hub.pool.query(`${text} where act = 'key.create' and outcome = 'done' and subject_id = $1`, [id])
  await until('all is sealed', async () => (await hub.ask('/api/v1/audit-log/seal')).json.unsealed === 0)
  await tamper('delete from jackfield.act', hub.removed)
  await tamper(`update jackfield.act set details = '{"scopes":["read:audit"]}'`, hub.altered)
  await page.getByRole('button', { name: 'Verify now' }).click()
  const notice = page.getByRole('region', { name: 'The audit log is not as the hub wrote it' })
  await notice.getByText('An act was altered').waitFor()
  await row(visitor, /made the API key Night report.*An act was altered · Block \d+/).waitFor()
  await notice.locator('li', { hasText: 'An act was removed' }).getByRole('link', { name: 'Show in place' }).click()
  await page.waitForURL(/from=.*to=/)
  await page
    .getByRole('listitem')
    .filter({ hasText: /^An act was removed ?Block \d+/ })
    .waitFor()
  assert.deepEqual(await axeFindings(page), [])
  assert.deepEqual(faults, [])
  await visitor.context.close()

  await narrowAndDark(browser, hub)
})

/** Three languages hold to the rules of axe, on a narrow screen and in the dark. */
async function narrowAndDark(browser: Parameters<typeof visit>[0], hub: ServedHub): Promise<void> {
  const languages = [
    { locale: 'fr-FR', theme: 'dark', width: 320, said: 'Interrompu' },
    { locale: 'nl-NL', theme: 'light', width: 320, said: 'Afgebroken' },
    { locale: 'en-GB', theme: 'dark', width: 1280, said: 'Cut short' },
  ] as const
  for (const { said, ...options } of languages) {
    const visitor = await visit(browser, options)
    const { page, faults } = visitor
    await signIn(visitor, hub, '/audit-log')
    const cut = row(visitor, said)
    await cut.locator('summary').click()
    await cut.locator('dl').waitFor()
    assert.deepEqual(await axeFindings(page), [])
    const over = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth')
    assert.ok(over <= 0, `${over} px wider than ${options.width} px`)
    assert.deepEqual(faults, [])
    await visitor.context.close()
  }
}

test('who may not read the audit log is not offered it', async (t) => {
  const hub = await serveHub(t)
  const key = await hub.newKey('read:status')
  for (const path of ['/audit-log', '/audit-log/seal', '/audit-log/export']) {
    assert.equal((await hub.ask(`/api/v1${path}`, { key })).status, 403, path)
  }
})
