import type { TestScope } from '../support/database.ts'
import { checkAccess } from './access.ts'
import { checkAddresses } from './addresses.ts'
import type { Finding } from './finding.ts'
import { checkForeignIds } from './foreign.ts'
import { checkForgery } from './forgery.ts'
import { checkHeaders } from './headers.ts'
import { checkInjection } from './injection.ts'
import { checkSecrets } from './secrets.ts'
import { openWorld, type World } from './world.ts'

/** In an order in which what one of them makes disturbs none after it. */
const checks: { name: string; run(world: World, short: boolean): Promise<Finding> }[] = [
  { name: 'access', run: checkAccess },
  { name: 'forgery', run: checkForgery },
  { name: 'headers', run: checkHeaders },
  { name: 'ids of others', run: checkForeignIds },
  { name: 'addresses', run: checkAddresses },
  { name: 'secrets', run: checkSecrets },
  { name: 'injection', run: checkInjection },
]

/** Tries a hub of its own by every route that its document tells of. */
export async function checkHub(
  t: TestScope,
  options: { short: boolean; onFinding?: (finding: Finding) => void },
): Promise<Finding[]> {
  const world = await openWorld(t)
  const findings: Finding[] = []
  for (const { run } of checks) {
    const finding = await run(world, options.short)
    options.onFinding?.(finding)
    findings.push(finding)
  }
  return findings
}
