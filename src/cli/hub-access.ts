import { type Api, type Call, createApi } from './api.ts'
import { usage } from './failure.ts'
import { callRemote } from './remote.ts'

/** A hub that this process built itself. */
export interface LocalHub {
  /** True where another process runs the hub whose database this is. */
  beside: boolean
  databaseVersion: string
  database(): Promise<{ version: string; durability: Readonly<Record<string, string>>; skewMs: number }>
  call: Call
  listen(at: { host: string; port: number }): Promise<string>
  /** Of the person with this e-mail address, else of the first administrator. */
  signInLink(origin: string, email?: string): Promise<string>
  startWork(): void
  close(): Promise<void>
}

export interface OpenRequest {
  data?: string | undefined
  /** `host:port` pairs that may be private, besides those of the environment. */
  allowHosts?: readonly string[]
  role?: 'web' | 'work' | 'all'
  /** Refuse where another hub holds the data folder. */
  alone?: boolean
  /** A command says what it does itself; only a hub that serves logs as it goes. */
  quiet?: boolean
  /** Where the log goes instead of standard error. */
  logFile?: string
}

/** What the command line gets from the process: given by main.ts, which alone may build a hub. */
export interface Machine {
  open(request: OpenRequest): Promise<LocalHub>
  /** Whether there is a hub: a database of its own is named, or the data folder holds one. */
  hasHub(data?: string): boolean
  /** Settings that commands show or default to. */
  settings(data?: string): {
    dataFolder: string
    host: string
    port: number
    databaseUrl: string | undefined
    publicUrl: string | undefined
  }
  /** Where the hub that holds the data folder listens. */
  runningAt(data?: string): Promise<string | undefined>
  environment: Readonly<Record<string, string | undefined>>
}

export interface AccessOptions {
  data?: string
  url?: string
  key?: string
  /** A hub is made where there is none: for what a hub begins with. */
  mayBeNew?: boolean
}

export interface Access {
  api: Api
  /** Has the work done by this process when no other hub does it. */
  work(): void
  close(): Promise<void>
}

/**
 * The hub that is meant: over the network where an address is given, else the data folder's own, within this process;
 * beside a hub that runs on it if there is one.
 */
export async function openAccess(machine: Machine, options: AccessOptions): Promise<Access> {
  const url = options.url ?? machine.environment.JACKFIELD_URL
  if (url) {
    const key = options.key ?? machine.environment.JACKFIELD_KEY
    if (!key) throw usage('An address needs a key: --key, or JACKFIELD_KEY in the environment')
    return { api: createApi(callRemote(url, key)), work: () => undefined, close: async () => undefined }
  }
  if (!options.mayBeNew && !machine.hasHub(options.data)) {
    const folder = machine.settings(options.data).dataFolder
    throw usage(`There is no hub in ${folder}. Name its folder with --data, or start one there: jackfield serve`)
  }
  const hub = await machine.open({ data: options.data, quiet: true })
  return {
    api: createApi((asked) => hub.call(asked)),
    work: () => {
      if (!hub.beside) hub.startWork()
    },
    close: () => hub.close(),
  }
}

/** A connection by its id, its name or the beginning of its id. */
export async function findConnection(api: Api, text: string): Promise<{ id: string; name: string; state: string }> {
  const { connections } = await api.get<{ connections: { id: string; name: string; state: string }[] }>('/connections')
  return theOne('connection', connections, text)
}

/** The one of these that is named by its id, its name or the beginning of its id. */
export function theOne<One extends { id: string; name: string }>(kind: string, all: readonly One[], text: string): One {
  const exact = all.filter(({ id, name }) => id === text.toLowerCase() || name === text)
  const found = exact.length > 0 ? exact : all.filter(({ id }) => id.startsWith(text.toLowerCase()))
  if (found.length === 1) return found[0]!
  const known = all.map(({ id, name }) => `${id} ${name}`).join('; ') || 'none'
  throw usage(`${found.length === 0 ? 'No' : 'More than one'} ${kind} is “${text}”. There are: ${known}`)
}
