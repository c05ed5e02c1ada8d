import type { Reply } from '../server/served-hub.ts'
import type { Finding } from './finding.ts'
import { addressOf, nameOf, type Operation, placesOf, sampleOf, withValue } from './operations.ts'
import type { World } from './world.ts'

const poisons = [
  `'; drop table jackfield.record; --`,
  `1) union select hash from jackfield.api_key --`,
  '{"$gt":""}',
  '../../../etc/passwd',
  `' or '1'='1`,
  '%',
  '$1',
  '\0',
  '\ud800',
  '\r\nset-cookie: a=b',
  '<script>alert(1)</script>',
  '$'.concat('{jndi:ldap://127.0.0.1:1/a}'),
  '💥',
  'x'.repeat(10_000),
  '-1',
  '1e309',
  'NaN',
  '99999999999999999999999',
  '__proto__',
  '[object Object]',
]

/** Texts that other programs choke on, in each parameter and in each place of each body: refused in words, or harmless. */
export async function checkInjection(world: World, short: boolean): Promise<Finding> {
  const { hub, operations } = world
  const tried = short ? poisons.slice(0, 2) : poisons
  const problems: string[] = []
  let cases = 0
  for (const operation of operations) {
    if (nameOf(operation) === 'DELETE /api/v1/session') continue
    for (const ask of questions(operation, tried, short)) {
      cases += 1
      const reply = await hub.ask(ask.path, {
        method: operation.method,
        ...(ask.json === undefined ? {} : { json: ask.json }),
      })
      const wrong = wrongIn(reply)
      if (wrong) problems.push(`${nameOf(operation)} ${ask.where}: ${wrong}`)
    }
  }
  const { rows } = await hub.hub.pool.query('select count(*)::int as count from jackfield.record')
  if (rows[0].count === 0) problems.push('The records are gone')
  return { check: 'injection', cases, problems }
}

interface Question {
  path: string
  where: string
  json?: unknown
}

/** Deeper than this a place has its like beside it many times over: the short form tries one oddity in each, in turn. */
const shallow = 3

function* questions(operation: Operation, tried: readonly string[], short: boolean): Iterable<Question> {
  const isStream = operation.path.endsWith('/live')
  for (const poison of isStream ? [] : tried) {
    for (const { name, in: place } of operation.parameters) {
      const where = `${name}=${JSON.stringify(poison.slice(0, 40))}`
      if (place === 'path')
        yield { path: withBody(operation, { [name]: poison.toWellFormed() }), where, ...bodyOf(operation) }
      else
        yield {
          path: `${addressOf(operation)}?${name}=${encodeURIComponent(poison.toWellFormed())}`,
          where,
          ...bodyOf(operation),
        }
    }
  }
  if (operation.body === null) return
  const sample = sampleOf(operation.body)
  const oddities = [...tried, null, [], {}, -1, { x: tried[0] }]
  for (const [i, { at }] of placesOf(operation.body).entries()) {
    const here = short && at.length > shallow ? [oddities[i % oddities.length]] : oddities
    for (const poison of here) {
      const where = `${at.join('.') || 'body'}=${JSON.stringify(poison)?.slice(0, 40)}`
      yield { path: addressOf(operation), where, json: withValue(sample, at, poison) }
    }
  }
}

const withBody = (operation: Operation, values: Record<string, string>) => addressOf(operation, values)
const bodyOf = ({ body }: Operation) => (body === null ? {} : { json: sampleOf(body) })

/** What an answer may not be: a fault of the hub, one without a code, or one that tells of its inside. */
function wrongIn({ status, text, json, headers }: Reply): string | null {
  const isVendors = status === 502 || status === 503 || status === 504
  if (status >= 500 && !isVendors) return `${status} ${text.slice(0, 200)}`
  if (headers.get('set-cookie')?.includes('a=b')) return 'a header was let in'
  if (status < 400) return null
  // A provider is told as OpenID Connect Back-Channel Logout 1.0 §2.8 has it.
  const code = typeof json?.error === 'string' ? json.error : json?.error?.code
  if (!/^[a-z]+(_[a-z]+)*(\.[a-z_]+)?$/.test(code ?? '')) return `no code: ${text.slice(0, 200)}`
  return /node_modules|\/src\/|syntax error|invalid input syntax|violates|root:x:/.test(text)
    ? text.slice(0, 200)
    : null
}
