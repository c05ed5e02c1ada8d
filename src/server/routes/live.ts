import { allow } from '../access.ts'
import { type Api, failures } from '../api.ts'
import type { Hub } from '../hub.ts'
import { type Follower, type Live, send } from '../live.ts'
import { identify } from '../plugins/sign-in.ts'
import { eventStreamHeaders } from '../step-stream.ts'

export function liveRoutes(app: Api, hub: Hub, live: Live): void {
  const options = {
    config: { ...allow('read:status').config, crowd: 'live' as const },
    schema: { response: { ...failures } },
    // Asked for its head alone, a stream would hold a place for ever and say nothing.
    exposeHeadRoute: false,
  }
  app.get('/live', options, async (request, reply) => {
    const last = request.headers['last-event-id']
    const { cursor, reset } = await live.begin(typeof last === 'string' && last !== '' ? last : undefined)
    const { raw: stream } = reply
    stream.writeHead(200, { ...(reply.getHeaders() as Record<string, string>), ...eventStreamHeaders })
    reply.hijack()
    stream.write('retry: 1000\n\n')
    const follower: Follower = {
      stream,
      seesRecords: request.principal!.scopes.has('read:records'),
      cursor,
      stillAllowed: async () => {
        try {
          return (await identify(request, hub)).scopes.has('read:status')
        } catch {
          return false
        }
      },
    }
    if (reset) send(follower, { event: 'reset', data: { reason: 'What changed since is no longer kept' } })
    try {
      await live.follow(follower)
    } catch (error) {
      // The head is out: whoever follows comes back by itself.
      hub.log.debug('a live page could not begin', { error })
      stream.end()
    }
  })
}
