import type { Finding } from './finding.ts'
import { addressOf, nameOf } from './operations.ts'
import { statusOf, type World } from './world.ts'

/** Whether a page of another site can act with the cookie of somebody who is signed in. */
export async function checkForgery({ hub, operations, cookie }: World): Promise<Finding> {
  const problems: string[] = []
  let cases = 0
  const forged: Record<string, string>[] = [
    {},
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: `${hub.url}.evil.example` },
  ]
  for (const operation of operations) {
    if (operation.method === 'GET') continue
    const ask = (headers: Record<string, string>) => {
      cases += 1
      const init = {
        method: operation.method,
        headers: { cookie, 'content-type': 'text/plain', ...headers },
        body: '{}',
      }
      return statusOf(hub, addressOf(operation), init)
    }
    for (const headers of forged) {
      // A sign-in is judged in its handler, behind the form of its body.
      if (operation.admits.includes('open')) continue
      const status = await ask(headers)
      if (status !== 403) problems.push(`${nameOf(operation)} answers a forged request with ${status}`)
    }
    // It is the page that is refused, not the person: from our own page the same is let in.
    if (['DELETE /api/v1/session', 'POST /api/v1/sign-on/sign-out'].includes(nameOf(operation))) continue
    const own = await ask({ origin: hub.url })
    if (own === 401 || own === 403) problems.push(`${nameOf(operation)} refuses the hub's own page: ${own}`)
  }
  for (const headers of forged) {
    cases += 1
    const { status } = await hub.ask('/api/v1/session', { key: null, json: { token: 'x' }, headers })
    if (status !== 403) problems.push(`A sign-in from another site is answered with ${status}`)
  }
  return { check: 'forgery', cases, problems }
}
