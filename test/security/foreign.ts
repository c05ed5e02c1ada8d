import type { Finding } from './finding.ts'
import { addressOf, nameOf, type Operation } from './operations.ts'
import type { Json, World } from './world.ts'

const marked = 'Zzyzx-of-another'

/** Whether somebody who sees only their own gets at another's by knowing or trying an id, by whatever route. */
export async function checkForeignIds(world: World): Promise<Finding> {
  const { hub, operations, simulator } = world
  const problems: string[] = []
  const ids = await realIds(world)
  let cases = 0
  const blind = await blindKeys(world)
  const tried = operations.flatMap((operation) => attempts(operation, ids).map((path) => ({ operation, path })))
  for (const { operation, path } of tried) {
    for (const [who, key] of blind) {
      cases += 1
      const { status, text } = await hub.ask(path, { key, method: operation.method })
      if (status >= 500) problems.push(`${operation.method} ${path}: ${status}`)
      if (text.includes(marked)) problems.push(`${nameOf(operation)} tells ${who} of another's record`)
    }
  }
  // The control: whoever may see it finds it by the same doors.
  const { text } = await hub.ask(`/api/v1/lookup?name=${marked.slice(0, 5)}`)
  if (!text.includes(marked)) problems.push(`The marked record is not found at all (${simulator.url})`)
  return { check: 'ids of others', cases, problems }
}

/** The route with each id in its place, where it reads or acts upon records. */
function attempts(operation: Operation, ids: readonly string[]): string[] {
  if (operation.path.endsWith('/live') || operation.admits.includes('open')) return []
  if (operation.method !== 'GET' && !/\/(records|writes)\b/.test(operation.path)) return []
  const named = operation.parameters.filter((one) => one.in === 'path' && !['crm', 'entity', 'act'].includes(one.name))
  const tried = named.length === 0 ? [''] : ids
  const paths = tried.map((id) => addressOf(operation, Object.fromEntries(named.map(({ name }) => [name, id]))))
  if (!operation.parameters.some(({ name }) => name === 'phone')) return paths
  const queries = [`?name=${marked.slice(0, 5)}`, '?phone=%2B3225557788', `?email=${marked}@example.org`]
  return paths.flatMap((path) => queries.map((query) => path + query))
}

async function blindKeys({ hub, keys }: World): Promise<[string, string][]> {
  const all = await hub.ask('/api/v1/session')
  const { json } = await hub.ask('/api/v1/keys', {
    json: { name: 'own only', scopes: all.json.permissions, role: 'office-worker' },
  })
  return [
    ['an office worker', keys.get('office-worker')!],
    ['an auditor', keys.get('auditor')!],
    ['a key with every scope that sees its own', json.key],
  ]
}

/** Of each kind of thing that has an id; the marked record is another's. */
async function realIds({ hub, simulator, connection }: World): Promise<string[]> {
  const fields = { lastname: marked, telephone1: '+3225557788', emailaddress1: `${marked}@example.org` }
  await fetch(`${simulator.control}/records`, {
    method: 'POST',
    body: JSON.stringify({ entity: 'contact', operation: 'create', fields }),
  })
  await hub.ask('/api/v1/runs', { json: { connection, entity: 'contact' } })
  const find = async (): Promise<Json> => {
    for (;;) {
      const { json } = await hub.ask(`/api/v1/lookup?name=${marked.slice(0, 5)}`)
      if (json.matches.length > 0) return json.matches[0]
    }
  }
  const { id: record } = await find()
  const write = await hub.ask('/api/v1/writes', {
    json: { operation: 'update', record, fields: { department: marked } },
  })
  const { json: roles } = await hub.ask('/api/v1/keys')
  const { json: runs } = await hub.ask('/api/v1/runs')
  const { json: authentications } = await hub.ask('/api/v1/authentications')
  return [record, write.json.id, connection, roles.keys[0].id, runs.runs[0].id, authentications.authentications[0].id]
}
