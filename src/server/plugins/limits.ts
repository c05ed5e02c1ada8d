import type { IncomingMessage } from 'node:http'
import type { FastifyInstance } from 'fastify'
import { HubError } from '#core/errors.ts'

/** Dataverse webhooks are at most 256 KB ("Use webhooks", Microsoft Learn); no body here may pass this. */
export const mostBodyBytes = 1024 * 1024

// What comes beyond the limit is let run out, so that the sender, still sending, reads the 413 and not a cut connection.
const mostDrainedBytes = 16 * mostBodyBytes

/** Bounds what is under way, so that a flood is answered at once instead of being queued until memory ends. */
export function registerLimit(app: FastifyInstance, atOnce: number): void {
  let underWay = 0
  app.addHook('onRequest', (_request, reply, done) => {
    if (underWay >= atOnce) return done(tooBusy())
    underWay += 1
    // Answered, cut off or a stream that ended: each response closes exactly once.
    reply.raw.once('close', () => {
      underWay -= 1
    })
    done()
  })
}

export function tooBusy(): HubError {
  return new HubError('server.busy', 'Too many requests are under way', { mend: 'Ask again in a moment.' })
}

/** JSON bodies up to the limit; what could poison prototypes is refused. */
export function registerJsonBody(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error')
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(/^application\/([\w.-]+\+)?json/, (request, stream, done) => {
    readText(stream, (error, text) => {
      if (error) return done(error, undefined)
      if (text === '') return done(null, undefined)
      parse(request, text!, done)
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

/** A whole body as text, or input.too_large. */
export function readText(stream: IncomingMessage, done: (error: Error | null, text?: string) => void): void {
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
    done(null, (chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)).toString('utf8'))
  })
  stream.once('error', (error) => done(bytes > mostDrainedBytes ? tooLarge() : error))
}

function tooLarge(): HubError {
  return new HubError('input.too_large', `The body is larger than ${mostBodyBytes / 1024} KB`)
}
