import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { parseArgs } from 'node:util'
import { listenOn } from '../exchange/http.ts'
import { answerOn } from '../exchange/server.ts'
import { callersOfFile, callersOfHub } from './callers.ts'
import { Centre } from './centre.ts'
import { control } from './control.ts'
import type { Agent, Caller } from './event.ts'
import { faultsOf } from './faults.ts'
import type { Door } from './sender.ts'

const { values } = parseArgs({
  options: {
    hub: { type: 'string' },
    'key-file': { type: 'string' },
    source: { type: 'string', default: 'simulated' },
    'secret-file': { type: 'string' },
    rate: { type: 'string', default: '6' },
    seed: { type: 'string', default: '1' },
    agents: { type: 'string', default: '' },
    'numbers-from': { type: 'string' },
    count: { type: 'string' },
    open: { type: 'string' },
    speed: { type: 'string', default: '1' },
    day: { type: 'boolean', default: false },
    faults: { type: 'string' },
    port: { type: 'string', default: '0' },
    stay: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    attached: { type: 'boolean', default: false },
  },
})

function needed(name: 'hub' | 'agents'): string {
  const value = values[name]
  if (!value) throw new Error(`--${name} is missing`)
  return value
}

const secretIn = (file: string) => readFileSync(file === '-' ? 0 : file, 'utf8').trim()

function positive(name: 'rate' | 'speed' | 'count' | 'open', text: string): number {
  const number = Number(text)
  if (number > 0 && Number.isFinite(number)) return number
  throw new Error(`--${name} is a number above 0`)
}

function doorOf(): Door {
  const reached = { hub: needed('hub').replace(/\/+$/, ''), source: values.source }
  if (values['key-file'] !== undefined) return { ...reached, key: secretIn(values['key-file']) }
  if (values['secret-file'] !== undefined) return { ...reached, secret: secretIn(values['secret-file']) }
  throw new Error('--key-file or --secret-file is missing')
}

/** An e-mail address is whose account at the hub it is; all else is a name of the centre's own. */
const agentOf = (word: string): Agent =>
  word.includes('@') ? { id: word, email: word, name: word.slice(0, word.indexOf('@')) } : { id: word, name: word }

async function callersFrom(door: Door): Promise<Caller[]> {
  const from = values['numbers-from'] ?? ('key' in door ? 'hub' : 'none')
  if (from === 'none') return []
  if (from !== 'hub') return callersOfFile(from)
  if ('key' in door) return callersOfHub(door.hub, door.key)
  throw new Error('numbers of the hub’s records take --key-file')
}

const tell = (facts: object) => {
  if (values.json) return console.log(JSON.stringify(facts))
  for (const [name, value] of Object.entries(facts)) if (value !== null) console.log(`${name.padEnd(10)} ${value}`)
}

async function start() {
  const door = doorOf()
  const agents = needed('agents').split(',').filter(Boolean).map(agentOf)
  const callers = await callersFrom(door)
  const seed = Number(values.seed)
  const count = values.count === undefined ? undefined : positive('count', values.count)
  const open = values.open === undefined ? Number.POSITIVE_INFINITY : positive('open', values.open)
  const server = createServer()
  const port = await listenOn(server, Number(values.port), 0)
  const [rate, speed] = [positive('rate', values.rate), positive('speed', values.speed)]
  tell({
    ...{ simulator: 'calls', hub: door.hub, source: door.source, by: 'key' in door ? 'key' : 'signature' },
    ...{
      rate,
      speed,
      seed,
      agents: agents.length,
      callers: callers.length,
      control: `http://127.0.0.1:${port}/control`,
    },
  })
  const faults = faultsOf(values.faults)
  const centre = new Centre({ door, seed, agents, callers, rate, speed, count, open, day: values.day, faults })
  answerOn(server, {
    control: (message, response, body) => control(centre, message, response, body),
    exchange: async (_message, response) => void response.writeHead(404).end(),
  })
  return { centre, server }
}

const { centre, server } = await start()
const ended = Promise.withResolvers<void>()
for (const signal of ['SIGTERM', 'SIGINT'] as const)
  process.once(signal, () => {
    centre.stop()
    ended.resolve()
  })
if (values.attached) process.stdin.once('close', () => process.exit(0)).resume()
await centre.done
tell(centre.counts())
if (values.stay) await ended.promise
centre.stop()
server.close()
server.closeAllConnections()
process.exit(centre.counts().refused > 0 ? 1 : 0)
