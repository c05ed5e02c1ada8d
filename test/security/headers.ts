import type { Reply } from '../server/served-hub.ts'
import type { Finding } from './finding.ts'
import { addressOf, nameOf } from './operations.ts'
import type { World } from './world.ts'

const onPages: Record<string, RegExp> = {
  'content-security-policy': /default-src 'none'.*script-src 'self'.*frame-ancestors 'none'/,
  'x-content-type-options': /^nosniff$/,
  'referrer-policy': /^no-referrer$/,
  'x-frame-options': /^DENY$/,
  'cross-origin-opener-policy': /^same-origin$/,
  'cross-origin-resource-policy': /^same-origin$/,
  'permissions-policy': /camera=\(\)/,
}
const onApi: Record<string, RegExp> = {
  'content-security-policy': /default-src 'none'; frame-ancestors 'none'/,
  'x-content-type-options': /^nosniff$/,
  'cache-control': /^no-store$/,
}
const never = ['server', 'x-powered-by', 'access-control-allow-origin', 'access-control-allow-credentials']

/** The headers that keep browsers from doing what they need not, on answers of every kind, refusals too. */
export async function checkHeaders({ hub, operations }: World): Promise<Finding> {
  const problems: string[] = []
  let cases = 0
  const look = (what: string, reply: Reply, wanted: Record<string, RegExp>) => {
    for (const [name, form] of Object.entries(wanted)) {
      cases += 1
      if (!form.test(reply.headers.get(name) ?? ''))
        problems.push(`${what} (${reply.status}): ${name} is ${reply.headers.get(name)}`)
    }
    for (const name of never) if (reply.headers.has(name)) problems.push(`${what}: ${name} is sent`)
  }
  for (const path of ['/', '/records', '/nothing/here.js', '/assets/none.js'])
    look(path, await hub.ask(path, { key: null }), onPages)
  for (const operation of operations) {
    if (operation.path.endsWith('/live') || nameOf(operation) === 'DELETE /api/v1/session') continue
    // Where an answer sends a browser, the page there is another matter.
    const init = { method: operation.method, headers: { origin: 'https://evil.example' }, redirect: 'manual' as const }
    look(nameOf(operation), await hub.ask(addressOf(operation), init), onApi)
    look(`${nameOf(operation)} to a stranger`, await hub.ask(addressOf(operation), { ...init, key: null }), onApi)
  }
  const token = new URL(await hub.signInLink()).hash.slice(1)
  const signIn = await hub.ask('/api/v1/session', { key: null, json: { token }, headers: { 'x-jackfield': '1' } })
  for (const attribute of ['HttpOnly', 'SameSite=Strict', 'Path=/']) {
    cases += 1
    if (!signIn.headers.get('set-cookie')?.includes(attribute)) problems.push(`The cookie is not ${attribute}`)
  }
  return { check: 'headers', cases, problems }
}
