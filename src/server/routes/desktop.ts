import { uuidv7 } from '#core/ids.ts'
import { buildCard, type Viewer } from '#desktop/card.ts'
import { search } from '#desktop/find-caller.ts'
import { labelled } from '#desktop/labelled.ts'
import { linkByHand, pin, unlink } from '#desktop/link.ts'
import { saveNote } from '#desktop/note.ts'
import { openInteractions } from '#desktop/open-interactions.ts'
import { findRunnable, runByHand } from '#desktop/run-by-hand.ts'
import { shownInteractions } from '#desktop/shown-interaction.ts'
import { latestEventAt, loadInteraction } from '#desktop/store.ts'
import type { Principal } from '#people/principal.ts'
import { allow } from '../access.ts'
import { askerOf, noteAct } from '../acts.ts'
import { type Api, failures, given, IdPath } from '../api.ts'
import { ActInput, Card, CardMatches, CardSearch, Desktop, Note, NoteInput, RunInput } from '../contract/desktop.ts'
import { Id } from '../contract/shapes.ts'
import type { DesktopLive } from '../desktop-live.ts'
import { noPerson, refuseOthers, viewerOf } from '../desktop-viewer.ts'
import type { Hub } from '../hub.ts'
import { forWhom, identify } from '../plugins/sign-in.ts'
import { viewFor } from '../seen.ts'
import { eventStreamHeaders } from '../step-stream.ts'
import { takeTold } from '../told-events.ts'
import { accountFor } from '../write-account.ts'
import { refuseWrite } from '../write-rights.ts'

const json = 'application/json; charset=utf-8'

export function desktopRoutes(app: Api, hub: Hub, live: DesktopLive): void {
  cardRoutes(app, hub)
  runRoute(app, hub)
  liveRoute(app, hub, live)

  app.get(
    '/desktop',
    { ...allow('use:desktop'), schema: { response: { 200: Desktop, ...failures } } },
    async (request, reply) => {
      const viewer = await deskOf(hub, request.principal!)
      const ids = await openInteractions(hub.pool, viewer.personId)
      const cards = await Promise.all(ids.map((id) => buildCard(hub.desktop, id, viewer)))
      return reply.type(json).send(JSON.stringify({ cards, personId: viewer.personId }) as never)
    },
  )
}

/** A person's own; a program's everybody's where it may read all interactions, else nobody's. */
async function deskOf(hub: Hub, principal: Principal): Promise<Viewer> {
  const viewer = await viewerOf(hub, principal)
  if (viewer.personId !== null || principal.permissions.has('read:interactions')) return viewer
  return { ...viewer, personId: noPerson }
}

function liveRoute(app: Api, hub: Hub, live: DesktopLive): void {
  const options = {
    config: { ...allow('use:desktop').config, crowd: 'live' as const },
    schema: { response: { ...failures } },
    exposeHeadRoute: false,
  }
  app.get('/desktop/live', options, async (request, reply) => {
    const viewer = await deskOf(hub, request.principal!)
    const { raw: stream } = reply
    stream.writeHead(200, {
      ...(reply.getHeaders() as Record<string, string>),
      ...{ ...eventStreamHeaders, ...forWhom(request.principal!) },
    })
    reply.hijack()
    stream.write('retry: 1000\n\n')
    live.follow({
      ...{ stream, viewer, shown: new Set(await openInteractions(hub.pool, viewer.personId)) },
      viewerNow: async () => {
        const principal = await identify(request, hub)
        return principal.permissions.has('use:desktop') ? deskOf(hub, principal) : null
      },
    })
  })
}

function cardRoutes(app: Api, hub: Hub): void {
  const { pool } = hub

  app.post(
    '/interactions/:id/acts',
    {
      ...allow('use:desktop', 'interaction.handle'),
      schema: { params: IdPath, body: ActInput, response: { 200: Card, ...failures } },
    },
    async (request, reply) => {
      const { id } = request.params
      const principal = request.principal!
      await refuseOthers(hub, principal, id)
      const viewer = await viewerOf(hub, principal)
      noteAct(request, { details: given(request.body) })
      await handle(hub, { id, principal, viewer }, request.body)
      hub.wakeWorkers()
      hub.desktop.changed()
      return reply.type(json).send(JSON.stringify(await buildCard(hub.desktop, id, viewer)) as never)
    },
  )

  // Saved at every pause of typing: the note itself says whose it is and when it was saved.
  app.put(
    '/interactions/:id/note',
    {
      ...allow('use:desktop', 'no act'),
      schema: { params: IdPath, body: NoteInput, response: { 200: Note, ...failures } },
    },
    async (request, reply) => {
      await refuseOthers(hub, request.principal!, request.params.id)
      const { author, personId } = await viewerOf(hub, request.principal!)
      const note = await saveNote(pool, request.params.id, { author, personId }, given(request.body))
      hub.wakeWorkers()
      return reply.type(json).send(JSON.stringify(note) as never)
    },
  )

  app.post(
    '/interactions/:id/search',
    {
      ...allow('use:desktop', 'no act'),
      schema: { params: IdPath, body: CardSearch, response: { 200: CardMatches, ...failures } },
    },
    async (request, reply) => {
      await refuseOthers(hub, request.principal!, request.params.id)
      const view = await viewFor(hub, request.principal)
      const { text } = request.body
      const asker = askerOf(request.principal)
      const isAddress = /\d{3}|@/.test(text)
      const answer = isAddress
        ? await search(hub.lookUp, text, asker, view)
        : await hub.lookUp({ name: text.slice(0, 200) }, asker, view)
      const tables = await hub.finder.tables.all()
      const matches = answer.matches.map((match) => {
        const table = tables.find((one) => one.connectionId === match.connectionId && one.entity === match.entity)
        return table ? { ...match, reasons: labelled(match.reasons, table) } : match
      })
      return reply.type(json).send(JSON.stringify({ ...answer, matches }) as never)
    },
  )
}

const RunPath = IdPath.extend({ workflow: Id })

function runRoute(app: Api, hub: Hub): void {
  app.post(
    '/interactions/:id/workflows/:workflow',
    {
      ...allow('write:records', 'interaction.run_workflow'),
      schema: { params: RunPath, body: RunInput, response: { 200: Card, ...failures } },
    },
    async (request, reply) => {
      const { id, workflow: partId } = request.params
      const principal = request.principal!
      await refuseOthers(hub, principal, id)
      noteAct(request, { details: { workflow: partId } })
      const { connectionId, part, sourceIds } = await findRunnable(hub.pool, id, partId)
      const { entity, fields: given } = part.definition
      const fields = Object.fromEntries(given.map(({ field }) => [field, null]))
      if ('link' in part.definition)
        await refuseWrite(hub, principal, { connectionId, entity, operation: 'create', fields })
      for (const sourceId of sourceIds) {
        await refuseWrite(hub, principal, { connectionId, entity, operation: 'update', sourceId, fields })
      }
      const { key = uuidv7() } = request.body
      const account = await accountFor(hub, principal, { connectionId, as: undefined })
      await runByHand(hub.desktop, id, { ...{ partId, key, requestedBy: principal.name }, ...account })
      hub.wakeWorkers()
      hub.desktop.changed()
      const card = await buildCard(hub.desktop, id, await viewerOf(hub, principal))
      return reply.type(json).send(JSON.stringify(card) as never)
    },
  )
}

interface Handled {
  id: string
  principal: Principal
  viewer: Viewer
}

async function handle(hub: Hub, { id, principal, viewer }: Handled, asked: ActInput): Promise<void> {
  const { pool } = hub
  const by = `${principal.kind}:${principal.id}`
  switch (asked.act) {
    case 'link':
      return linkByHand({ pool, finder: { ...hub.finder, view: viewer.view } }, id, { recordId: asked.record, by })
    case 'unlink':
      if (await showsLink(hub, viewer, { id, recordId: asked.record }))
        await unlink(pool, id, { recordId: asked.record, by })
      return
    case 'pin':
    case 'unpin':
      if (await showsLink(hub, viewer, { id, recordId: asked.record }))
        await pin(pool, id, asked.record, asked.act === 'pin')
      return
    case 'close':
      return close(hub, id, principal)
  }
}

/** What is linked and hidden from somebody is handled as if it were not linked: nothing happens, and nothing is told. */
async function showsLink({ pool, finder }: Hub, { view }: Viewer, asked: { id: string; recordId: string }) {
  const stored = await loadInteraction(pool, asked.id)
  const [shown] = await shownInteractions(pool, { ...finder, view }, [stored])
  return shown!.links.some(({ recordId }) => recordId === asked.recordId)
}

/** The agent is done: the wrap-up is over, or a digital conversation is put away. An event like any other. */
async function close(hub: Hub, id: string, { kind, id: who }: Principal): Promise<void> {
  const { source, externalId: interaction, channel, state } = await loadInteraction(hub.pool, id)
  if (state === 'closed') return
  const type = channel === 'voice' ? 'wrap_up_closed' : 'dismissed'
  // After all that was told of it: a contact centre whose clock is ahead must not open it again.
  const at = new Date(Math.max(hub.clock.now(), (await latestEventAt(hub.pool, id)).getTime() + 1)).toISOString()
  const event = { source, interaction, id: `hub:${uuidv7()}`, type, at, data: {}, scriptVariables: {} } as const
  await takeTold(hub, [event], `${kind}:${who}`)
}
