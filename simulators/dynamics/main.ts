import { parseArgs } from 'node:util'
import { startDynamics } from './server.ts'

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    records: { type: 'string' },
    seed: { type: 'string' },
    json: { type: 'boolean', default: false },
    prepared: { type: 'boolean', default: false },
    churn: { type: 'string', default: '0' },
    broken: { type: 'string', default: '0' },
    data: { type: 'string' },
    protection: { type: 'string' },
    attached: { type: 'boolean', default: false },
  },
})

const number = (text: string | undefined) => (text === undefined ? undefined : Number(text))
const running = await startDynamics({
  port: Number(values.port),
  records: number(values.records),
  seed: number(values.seed),
  prepared: values.prepared,
  churn: Number(values.churn),
  broken: Number(values.broken),
  dataFile: values.data,
  protection: values.protection === undefined ? undefined : values.protection !== 'off',
})
const { url, authority, tenant, clientId, clientSecret, control } = running
const facts = { url, authority, tenant, clientId, clientSecret, control }
if (values.json) console.log(JSON.stringify(facts))
else for (const [name, value] of Object.entries(facts)) console.log(`${name.padEnd(13)} ${value}`)

const end = () => void running.close().then(() => process.exit(0))
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, end)
if (values.attached) process.stdin.once('close', end).resume()
