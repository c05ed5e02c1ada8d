import { builtInRoles } from '#people/role.ts'
import type { Finding } from './finding.ts'
import { addressOf, nameOf, type Operation } from './operations.ts'
import { rules } from './rules.ts'
import { statusOf, type World } from './world.ts'

/** Each route has its rule, and keeps it: for every built-in role, for none, and for strangers. */
export async function checkAccess({ hub, operations, keys }: World): Promise<Finding> {
  const problems = operations.flatMap(compareWithRules)
  const documented = new Set(operations.map(nameOf))
  for (const name of Object.keys(rules)) if (!documented.has(name)) problems.push(`${name} has a rule and is no route`)
  let cases = 0
  for (const operation of operations) {
    const { method } = operation
    const address = addressOf(operation)
    const ask = (key: string | null, how = method) => {
      cases += 1
      // As a page of the hub's own asks: what others forge is tried elsewhere.
      const headers = { 'x-jackfield': '1', ...(key === null ? {} : { authorization: `Bearer ${key}` }) }
      return statusOf(hub, address, { method: how, headers })
    }
    const isOpen = operation.admits.includes('open')
    for (const stranger of [null, `jf_${'x'.repeat(43)}`]) {
      const status = await ask(stranger)
      if (!isOpen && status !== 401) problems.push(`${nameOf(operation)} answers a stranger with ${status}`)
    }
    if (method === 'GET' && !isOpen) {
      const status = await ask(null, 'HEAD')
      if (status !== 401 && status !== 404) problems.push(`HEAD ${operation.path} answers a stranger with ${status}`)
    }
    for (const [role, key] of keys) {
      const status = await ask(key)
      if (!isAsRuled(operation, role, status))
        problems.push(`${nameOf(operation)} answers the role “${role}” with ${status}`)
    }
  }
  return { check: 'access', cases, problems }
}

/** One's own account: a key has none, whatever its role. */
const isOfPerson = ({ path }: Operation) => /^\/api\/v1\/(me|session\/proof|sign-on\/sign-out)(\/|$)/.test(path)

function isAsRuled(operation: Operation, role: string, status: number): boolean {
  if (isOfPerson(operation)) return status >= 400 && status < 500
  return admits(operation, role) === (status !== 401 && status !== 403)
}

function compareWithRules(operation: Operation): string[] {
  const rule = rules[nameOf(operation)]
  const told = operation.admits.join(' or ')
  if (rule === undefined) return [`${nameOf(operation)} has no rule in test/security/rules.ts (it says: ${told})`]
  return rule === told ? [] : [`${nameOf(operation)} admits ${told || 'nobody'}, and the rule says ${rule}`]
}

function admits({ admits: needed }: Operation, role: string): boolean {
  if (needed.includes('open') || needed.includes('signed in')) return true
  const permissions: readonly string[] = builtInRoles.find(({ id }) => id === role)?.permissions ?? []
  return needed.some((permission) => permissions.includes(permission))
}
