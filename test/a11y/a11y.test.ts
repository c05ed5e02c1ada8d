import assert from 'node:assert/strict'
import { test } from 'node:test'
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
