import { parseArgs } from 'node:util'
import { startDynamics } from '../simulators/dynamics/server.ts'

/**
 * A simulated organisation whose contacts have the numbers of the baseline lookup.mjs, written as it does: contact i has
 * +324 and seventy million plus i; every hundredth also has a number that it shares with nine others.
 */
const options = {
  records: { type: 'string', default: '30000' },
  prepared: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
} as const
const { values } = parseArgs({ options })
const running = await startDynamics({ port: 0, records: Number(values.records), prepared: values.prepared })

const contacts = running.simulator.org.tables.get('contact')!.base!
const numbers: Record<string, (index: number) => string | null> = {
  mobilephone: (index) => `+324${70_000_000 + index + 1}`,
  telephone1: (index) => ((index + 1) % 100 === 0 ? `+3226${100_000 + Math.floor((index + 1) / 1000)}` : null),
  telephone2: () => null,
  telephone3: () => null,
}
Object.assign(contacts.values, numbers)

const { url, authority, tenant, clientId, clientSecret, control } = running
console.log(JSON.stringify({ url, authority, tenant, clientId, clientSecret, control }))
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => void running.close().then(() => process.exit(0)))
}
