import { createLog } from '#core/log.ts'
import { createPool } from '#database/pool.ts'
import { quick, sessionTo, workerOn } from './hub-under-test.ts'

/** A work process of its own, to be killed or put to sleep. Told by its first argument where the database and the CRM are. */
const given = JSON.parse(process.argv[2] ?? '{}') as { url: string; crm: Parameters<typeof sessionTo>[0] }

const pool = createPool({ url: given.url, max: 8, name: 'worker under test' })
const log = createLog({ level: 'warn', format: 'text' })
const worker = workerOn({ pool, session: sessionTo(given.crm), timing: quick, log })
worker.start()
process.stdout.write('ready\n')
