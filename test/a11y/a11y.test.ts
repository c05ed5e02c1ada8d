import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkConsole } from './checks.ts'
import { unlisted } from './pages.ts'
import { consoleRoutes } from './routes.ts'

test('Every route of the console is one that is looked at', () => {
  const routes = consoleRoutes()
  assert.ok(routes.includes('/') && routes.includes('/connections/:id/tables/:entity') && routes.includes('/*'))
  assert.deepEqual(unlisted(routes), [])
  const grown = consoleRoutes(`createBrowserRouter([{ path: '/', children: [{ path: 'new/:id', lazy: load }] }])`)
  assert.deepEqual(grown, ['/new/:id'])
  assert.match(unlisted(grown)[0] ?? '', /^\/new\/:id has no line/)
})

test('Pages hold to every rule in each language, and are used by keyboard alone', { timeout: 280_000 }, async (t) => {
  const { violations, views, stops, journeys } = await checkConsole(t, { short: true })
  assert.deepEqual(violations, [])
  assert.ok(views === 15 && stops > 50 && journeys > 5, `${views} views, ${stops} stops, ${journeys} journeys`)
})
