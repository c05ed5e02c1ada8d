import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inspect } from 'node:util'
import { gzipSync } from 'node:zlib'
import { createLog } from '#core/log.ts'
import { redactor } from '#core/redact.ts'
import { openDoor, serve } from './server.ts'

const canaries = {
  token: 'eyJhbGciOiJSUzI1NiJ9.Y2FuYXJ5LXRva2Vu.c2lnbmF0dXJl',
  secret: 'canary~client/secret+8Q~"quoted"',
  code: 'canary-authorisation-code',
  sig: 'canary-signature',
  person: 'canary.person@example.com',
  body: 'canary-of-the-body',
}

test('no secret and no value of a person is in any error or log line, however the call fails', async (t) => {
  t.after(redactor.register(canaries.secret))
  const server = await serve(t, (request, response) => {
    const kind = request.url?.split('/')[1]
    if (kind === 'reset') response.socket?.destroy()
    else if (kind === 'redirect') {
      const there = encodeURIComponent(canaries.secret)
      response.writeHead(302, { location: `https://${there.slice(0, 6)}.example/?code=${canaries.code}` }).end()
    } else if (kind === 'gzip')
      response.setHeader('content-encoding', 'gzip').end(gzipSync(canaries.body).subarray(0, 15))
    else if (kind === 'garbage') response.socket?.end(`${canaries.body} is no HTTP\r\n\r\n`)
    else if (kind === 'header') response.setHeader('x-long', canaries.body.repeat(4000)).end()
    else if (kind === 'json') response.end(`{"token":"${canaries.body}`)
    else if (kind === 'large') response.end(canaries.body.repeat(100))
    else response.writeHead(401).end(canaries.body)
  })
  const lines: string[] = []
  const log = createLog({ level: 'debug', write: (line) => lines.push(line) })
  const { door } = openDoor(t, [server], { log })
  const path = `(emailaddress1='${canaries.person}')?code=${canaries.code}&sig=${canaries.sig}&token=${canaries.token}`
  const kinds = ['reset', 'redirect', 'gzip', 'garbage', 'header', 'json', 'large', 'status', 'silent', 'invalid']
  let failures = 0
  for (const kind of kinds) {
    const call = door.call(`${server.url}/${kind}/contacts${path}`, {
      method: kind === 'redirect' ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${canaries.token}${kind === 'invalid' ? '\n' : ''}` },
      body: `client_secret=${encodeURIComponent(canaries.secret)}`,
      deadlineMs: 60_000,
      maxBytes: 1000,
      check: (reply) => void reply.json(),
    })
    const error: unknown = await call.then(
      () => undefined,
      (reason: unknown) => reason,
    )
    if (!error) continue
    failures++
    log.error('the call failed', { error })
    lines.push(`${(error as Error).message} ${(error as Error).stack}`, JSON.stringify(error))
    lines.push(inspect(error, { depth: 20, showHidden: true }))
  }
  assert.ok(failures >= 8)
  const all = lines.join('\n')
  for (const [kind, canary] of Object.entries(canaries)) {
    for (const form of [canary, encodeURIComponent(canary), JSON.stringify(canary).slice(1, -1)]) {
      const place = all.indexOf(form)
      assert.equal(place, -1, `${kind}: ${all.slice(Math.max(place - 300, 0), place + 50)}`)
    }
  }
  assert.match(all, /the connection was closed|the connection was cut/)
})
