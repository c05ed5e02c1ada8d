import { randomUUID } from 'node:crypto'
import { createSealer } from '#audit/seal.ts'
import { createLog } from '#core/log.ts'
import { createPool } from '#database/pool.ts'
import { actsWith, leadership } from './log.ts'

/** A sealer in a process of its own. Told by its first argument where the database is, and the master key. */
const given = JSON.parse(process.argv[2] ?? '{}') as { url: string; key: string }

const pool = createPool({ url: given.url, max: 4, name: 'sealer under test' })
const log = createLog({ level: 'warn', format: 'text' })
const lead = leadership(pool, { id: randomUUID(), label: 'sealer under test' })
createSealer({ pool, keys: actsWith(given.key).keys, lead, log }).start()
process.stdout.write('ready\n')
// A sealer alone holds no process.
setInterval(() => undefined, 60_000)
