import { text } from 'node:stream/consumers'
import { createPool } from '#database/pool.ts'
import { connectionsTo, startWorker } from './two-organisations.ts'

/** A work process of its own, to be killed. Told by standard input where the database and the organisations are. */
const [key = '', given = '{}'] = (await text(process.stdin)).split('\n')
const { url, hosts } = JSON.parse(given) as { url: string; hosts: { url: string; authority: string }[] }

const scope = { name: 'worker under test', after: () => undefined }
const pool = createPool({ url, max: 8, name: 'worker under test' })
startWorker(scope, pool, connectionsTo(scope, pool, hosts, Buffer.from(key, 'hex')))
process.stdout.write('ready\n')
