import { HubError } from '#core/errors.ts'
import { setIdentity } from '#desktop/agents.ts'
import { allow } from '../access.ts'
import { type Api, failures } from '../api.ts'
import { SoftphoneEventInput, SoftphoneEventTaken, softphoneSource } from '../contract/softphone.ts'
import type { Hub } from '../hub.ts'
import { takeTold } from '../told-events.ts'

/** What a softphone in the agent's own browser tells of, through the panel. */
export function softphoneRoutes(app: Api, hub: Hub): void {
  app.post(
    '/desktop/softphone-events',
    {
      // Events are kept with who sent them: they are an act's own record.
      ...allow('use:desktop', 'no act'),
      schema: { body: SoftphoneEventInput, response: { 200: SoftphoneEventTaken, ...failures } },
    },
    async (request) => {
      const { kind, id: personId, name } = request.principal!
      if (kind !== 'person') {
        throw new HubError('auth.denied', 'Only a person at the panel has a softphone', {
          mend: 'Programs send events by POST /api/v1/interaction-events.',
        })
      }
      const { interaction, at = new Date(hub.clock.now()).toISOString(), ...event } = request.body
      await setIdentity(hub.pool, { source: softphoneSource, agentId: personId, personId })
      // To whom it is handed on the softphone does not say: not to the agent that it was with.
      const agent = event.type === 'transferred' ? {} : { agent: { id: personId, name: name.slice(0, 200) } }
      const told = { ...event, ...agent, at, source: softphoneSource, interaction: `${personId}/${interaction}` }
      const [taken] = await takeTold(hub, [told], `person:${personId}`)
      return { interaction: taken!.interaction, outcome: taken!.outcome }
    },
  )
}
