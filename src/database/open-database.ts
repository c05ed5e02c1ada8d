import { HubError, isHubError } from '#core/errors.ts'
import { findEmbedded, startEmbedded } from './embedded.ts'
import { isDatabaseUnavailable } from './pool.ts'

export interface DatabaseChoice {
  /** Absent: the embedded one of the data folder. */
  url: string | undefined
  dataFolder: string
  /** Refuse where another hub holds the data folder, instead of using that hub's database. */
  alone: boolean
  log: (line: string) => void
}

export interface Database {
  url: string
  /** True where another hub runs it. */
  beside: boolean
  announce(url: string): Promise<void>
  stop(): Promise<void>
}

const nothing = async () => undefined

/** The database that is meant, running: a given one, or the embedded one, started where nobody runs it yet. */
export async function openDatabase({ url, dataFolder, alone, log }: DatabaseChoice): Promise<Database> {
  if (url) return { url, beside: false, announce: nothing, stop: nothing }
  try {
    const embedded = await startEmbedded({ dataFolder, log })
    return { url: embedded.url, beside: false, announce: embedded.announce, stop: embedded.stop }
  } catch (error) {
    const running = isHubError(error, 'database.in_use') && !alone ? await findEmbedded(dataFolder) : undefined
    if (running === undefined) throw error
    return { url: running, beside: true, announce: nothing, stop: nothing }
  }
}

/**
 * Names the database that cannot be reached, or that lets nobody in by this address (classes 28 and 3D), without its
 * password; any other error passes.
 */
export function nameOutOfReach(error: unknown, url: string): unknown {
  const { code, message } = error as { code?: unknown; message: string }
  const refused = typeof code === 'string' && /^(28|3D)/.test(code)
  if (isHubError(error) || !(refused || isDatabaseUnavailable(error))) return error
  const { host, pathname } = new URL(url)
  const why = message || String(code)
  return new HubError('database.unavailable', `The database ${host}${pathname} cannot be used: ${why}`, {
    cause: error,
    mend: 'Start it, or correct DATABASE_URL.',
  })
}
