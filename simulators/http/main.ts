import { parseArgs } from 'node:util'
import { startHttp } from './server.ts'

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    records: { type: 'string' },
    seed: { type: 'string' },
    json: { type: 'boolean', default: false },
    churn: { type: 'string', default: '0' },
    data: { type: 'string' },
    prepared: { type: 'boolean', default: false },
    attached: { type: 'boolean', default: false },
  },
})

const number = (text: string | undefined) => (text === undefined ? undefined : Number(text))
const running = await startHttp({
  port: Number(values.port),
  records: number(values.records),
  seed: number(values.seed),
  churn: Number(values.churn),
  dataFile: values.data,
  prepared: values.prepared,
})
const { url, user, clientId, secret, control, definition } = running
if (values.json) console.log(JSON.stringify({ url, user, clientId, secret, control, definition }))
else
  for (const [name, value] of Object.entries({ url, user, clientId, secret, control }))
    console.log(`${name.padEnd(13)} ${value}`)

const end = () => void running.close().then(() => process.exit(0))
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, end)
if (values.attached) process.stdin.once('close', end).resume()
