import { isUtf8 } from 'node:buffer'
import type { IncomingMessage } from 'node:http'
import type { FastifyInstance } from 'fastify'
import { HubError } from '#core/errors.ts'
import type { Crowd } from '../access.ts'

/** Dataverse webhooks are at most 256 KB ("Use webhooks", Microsoft Learn); no body here may pass this. */
const mostBodyBytes = 1024 * 1024

// What comes beyond the limit is let run out, so that the sender, still sending, reads the 413 and not a cut connection.
const mostDrainedBytes = 16 * mostBodyBytes

/**
 * Bounds what is under way, so that a flood is answered at once instead of being queued until memory ends. Each crowd
 * has places of its own: a caller is looked up however many pages are open.
 */
export function registerLimit(app: FastifyInstance, atOnce: Record<Crowd, number>): void {
  const underWay: Record<Crowd, number> = { live: 0, lookup: 0, rest: 0 }
  app.addHook('onRequest', (request, reply, done) => {
    const { crowd = 'rest' } = request.routeOptions.config
    if (underWay[crowd] >= atOnce[crowd]) return done(tooBusy())
    // Postgres has no such character in its texts.
    if (request.url.includes('%00')) return done(new HubError('input.invalid', 'The address holds a NUL character'))
    underWay[crowd] += 1
    // Answered, cut off or a stream that ended: each response closes exactly once.
    reply.raw.once('close', () => {
      underWay[crowd] -= 1
    })
    done()
  })
}

export function tooBusy(): HubError {
  return new HubError('server.busy', 'Too many requests are under way', { mend: 'Ask again in a moment.' })
}

/** JSON bodies up to the limit; what could poison prototypes, or is no text that can be kept, is refused. */
export function registerJsonBody(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error')
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(/^application\/([\w.-]+\+)?json/, (request, stream, done) => {
    readBytes(stream, (error, bytes) => {
      if (error) return done(error, undefined)
      if (bytes!.length === 0) return done(null, undefined)
      if (!isUtf8(bytes!)) return done(new HubError('input.invalid', 'The body is not valid UTF-8'), undefined)
      parse(request, bytes!.toString('utf8'), (broken, body) => done(broken ?? unfit(body), body))
    })
  })
  app.addContentTypeParser('*', (_request, stream, done) => {
    readText(stream, (error, text) => {
      if (error || text === '') return done(error, undefined)
      done(
        new HubError('input.invalid', 'The body must be JSON, sent with “content-type: application/json”'),
        undefined,
      )
    })
  })
}

/** Deeper than any body of the contract. Beyond it whoever walks a body by recursion may come to the end of the stack. */
const deepest = 64

/** Why a body can be neither walked nor kept as it is. Without recursion: a body may be as deep as it is long. */
export function unfit(body: unknown): HubError | null {
  const left: [unknown, number][] = [[body, 0]]
  for (let next = left.pop(); next; next = left.pop()) {
    const [value, depth] = next
    if (typeof value === 'string' && !isKeepable(value)) return unkeepable()
    if (typeof value !== 'object' || value === null) continue
    if (depth === deepest) return new HubError('input.invalid', `The body is nested deeper than ${deepest} levels`)
    for (const [name, member] of Object.entries(value)) {
      if (!isKeepable(name)) return unkeepable()
      left.push([member, depth + 1])
    }
  }
  return null
}

/** Half of a surrogate pair would be kept as another character, and NUL not at all. */
const isKeepable = (text: string) => text.isWellFormed() && !text.includes('\0')
const unkeepable = () =>
  new HubError('input.invalid', 'A text of the body holds a NUL character, or half of a surrogate pair')

/** A whole body as text, or input.too_large. */
function readText(stream: IncomingMessage, done: (error: Error | null, text?: string) => void): void {
  readBytes(stream, (error, bytes) => done(error, bytes?.toString('utf8')))
}

/** A whole body as it came, or input.too_large. */
export function readBytes(stream: IncomingMessage, done: (error: Error | null, bytes?: Buffer) => void): void {
  const chunks: Buffer[] = []
  let bytes = 0
  stream.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes <= mostBodyBytes) chunks.push(chunk)
    else if (bytes > mostDrainedBytes) stream.destroy()
    else chunks.length = 0
  })
  stream.once('end', () => {
    if (bytes > mostBodyBytes) return done(tooLarge())
    done(null, chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks))
  })
  stream.once('error', () => done(bytes > mostDrainedBytes ? tooLarge() : cutOff()))
}

/** Its sender hears of it no more; what the socket says is no fault of ours, nor of a database. */
const cutOff = () => new HubError('input.invalid', 'The body ended before it was whole')

function tooLarge(): HubError {
  return new HubError('input.too_large', `The body is larger than ${mostBodyBytes / 1024} KB`)
}
