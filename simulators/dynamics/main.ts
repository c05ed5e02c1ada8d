import { parseArgs } from 'node:util'
import { startDynamics } from './server.ts'

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    records: { type: 'string', default: '30000' },
    seed: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
  },
})

const running = await startDynamics({
  port: Number(values.port),
  records: Number(values.records),
  seed: Number(values.seed),
})
const { url, authority, tenant, clientId, clientSecret, control } = running
const facts = { url, authority, tenant, clientId, clientSecret, control }
if (values.json) console.log(JSON.stringify(facts))
else for (const [name, value] of Object.entries(facts)) console.log(`${name.padEnd(13)} ${value}`)

for (const signal of ['SIGTERM', 'SIGINT'] as const)
  process.once(signal, () => {
    void running.close().then(() => process.exit(0))
  })
