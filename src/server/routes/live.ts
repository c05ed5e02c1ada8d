import type { Principal } from '#people/principal.ts'
import { allow } from '../access.ts'
import { type Api, failures } from '../api.ts'
import type { Hub } from '../hub.ts'
import { type Follower, type Following, type Live, send } from '../live.ts'
import { forWhom, identify } from '../plugins/sign-in.ts'
import { viewFor } from '../seen.ts'
import { eventStreamHeaders } from '../step-stream.ts'

export function liveRoutes(app: Api, hub: Hub, live: Live): void {
  const options = {
    config: { ...allow(['read:status', 'read:records']).config, crowd: 'live' as const },
    schema: { response: { ...failures } },
    // Asked for its head alone, a stream would hold a place for ever and say nothing.
    exposeHeadRoute: false,
  }
  app.get('/live', options, async (request, reply) => {
    const last = request.headers['last-event-id']
    const { cursor, reset } = await live.begin(typeof last === 'string' && last !== '' ? last : undefined)
    const may = (await following(hub, request.principal!))!
    const { raw: stream } = reply
    stream.writeHead(200, {
      ...(reply.getHeaders() as Record<string, string>),
      ...{ ...eventStreamHeaders, ...forWhom(request.principal!) },
    })
    reply.hijack()
    stream.write('retry: 1000\n\n')
    const follower: Follower = {
      stream,
      may,
      cursor,
      whatMay: async () => {
        try {
          return await following(hub, await identify(request, hub))
        } catch {
          return null
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

async function following(hub: Hub, principal: Principal): Promise<Following | null> {
  const [state, records] = [principal.permissions.has('read:status'), principal.permissions.has('read:records')]
  return state || records ? { state, view: records ? await viewFor(hub, principal) : null } : null
}
