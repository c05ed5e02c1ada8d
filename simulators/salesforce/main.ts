import { parseArgs } from 'node:util'
import { startSalesforce } from './server.ts'

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    records: { type: 'string' },
    others: { type: 'string' },
    seed: { type: 'string' },
    json: { type: 'boolean', default: false },
    churn: { type: 'string', default: '0' },
    broken: { type: 'string', default: '0' },
    data: { type: 'string' },
    limit: { type: 'string' },
    prepared: { type: 'boolean', default: false },
    attached: { type: 'boolean', default: false },
  },
})

const number = (text: string | undefined) => (text === undefined ? undefined : Number(text))
const running = await startSalesforce({
  port: Number(values.port),
  records: number(values.records),
  others: number(values.others),
  seed: number(values.seed),
  churn: Number(values.churn),
  broken: Number(values.broken),
  dataFile: values.data,
  prepared: values.prepared,
  limits: values.limit === undefined ? undefined : { max: Number(values.limit) },
})
const { url, clientId, clientSecret, username, privateKey, control } = running
const facts = { url, clientId, clientSecret, username, privateKey, control }
if (values.json) console.log(JSON.stringify(facts))
else for (const [name, value] of Object.entries(facts)) console.log(`${name.padEnd(13)} ${value}`)

const end = () => void running.close().then(() => process.exit(0))
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, end)
if (values.attached) process.stdin.once('close', end).resume()
