import { HubError, isHubError } from '#core/errors.ts'
import { inTransaction, type Pool, reachDisk, type Transaction } from '#database/pool.ts'
import { readAddress } from './address.ts'
import { agentsOf, saveAgents } from './agents.ts'
import { fold } from './fold.ts'
import type { Folded, InteractionEvent } from './interaction.ts'
import { interactionId } from './interaction-id.ts'
import { memorialsOf } from './memorial.ts'
import { beginInteraction } from './past-interactions.ts'
import {
  eventsOf,
  keepEvent,
  keptBytes,
  lockInteraction,
  type StoredInteraction,
  saveFolded,
  settleMs,
} from './store.ts'
import { type ChosenWorkflow, chooseWorkflow, loadWorkflow, unconfigured } from './workflow-for.ts'

export interface ToldEvent extends InteractionEvent {
  source: string
  interaction: string
}

export interface Taken {
  interaction: string
  event: string
  outcome: 'kept' | 'replayed'
}

/** One interaction has far fewer; whoever sends more is broken, and each of them is read again at every other. */
const mostEvents = 2_000
/** Beyond those: it can be closed, by the agent and by the hub, whatever was sent before. */
const mostClosing = 100
const closing = new Set(['ended', 'wrap_up_closed', 'dismissed'])

/** All of them are read at each one that comes: as Postgres keeps them, compressed. */
const mostBytes = 16 * 1024 * 1024

interface Taking {
  /** Kept with each event. */
  sentBy: string
  /** Something new of this interaction can be seen; that it is on the disk is not said before all are taken. */
  onSeen?: (interaction: string) => void
}

/**
 * Keeps events and makes their interactions anew, each interaction in a transaction of its own: when this returns, all is
 * on the disk. Who calls is shown before: a disk that stands still for a second holds up the sender, and not the card.
 */
export async function takeEvents(pool: Pool, told: readonly ToldEvent[], { sentBy, onSeen }: Taking): Promise<Taken[]> {
  const taken = new Map<ToldEvent, Taken>()
  const groups = Map.groupBy(told, ({ source, interaction }) => interactionId(source, interaction))
  let refusal: HubError | undefined
  for (const [id, events] of groups) {
    try {
      const kept = await inTransaction(pool, (tx) => takeOf(tx, id, events, sentBy), { waitsForDisk: false })
      if (kept.size > 0) onSeen?.(id)
      for (const event of events) {
        taken.set(event, { interaction: id, event: event.id, outcome: kept.has(event) ? 'kept' : 'replayed' })
      }
    } catch (error) {
      // One interaction that is refused keeps no other of the batch from being taken.
      if (!isHubError(error, 'input.invalid', 'input.too_large')) throw error
      refusal ??= error
    }
  }
  // Also for what another sender's transaction took: it is seen, and perhaps not on the disk yet.
  await reachDisk(pool)
  if (refusal) throw refusal
  return told.map((event) => taken.get(event)!)
}

async function takeOf(
  tx: Transaction,
  id: string,
  events: readonly ToldEvent[],
  sentBy: string,
): Promise<ReadonlySet<ToldEvent>> {
  const { source, interaction: externalId, at } = events[0]!
  const begin = async () => {
    await beginInteraction(tx, { id, source, externalId, at })
    return lockInteraction(tx, id)
  }
  // One that upkeep removes at this very moment begins again.
  const stored = await begin().catch((error: unknown) => {
    if (isHubError(error, 'resource.not_found')) return begin()
    throw error
  })
  const kept = new Set<ToldEvent>()
  for (const event of events) if (await keepEvent(tx, id, event, sentBy)) kept.add(event)
  if (kept.size > 0 && (await keptBytes(tx, id)) > mostBytes) {
    throw new HubError('input.too_large', 'The events of one interaction hold at most 16 MB', { field: 'interaction' })
  }
  if (kept.size > 0) await remake(tx, stored, [...kept])
  return kept
}

/** Makes the interaction of all its events; `news` are those that came just now. */
async function remake(tx: Transaction, stored: StoredInteraction, news: readonly InteractionEvent[]): Promise<void> {
  const { id, source } = stored
  const events = await eventsOf(tx, id)
  if (events.length > (news.every(({ type }) => closing.has(type)) ? mostEvents + mostClosing : mostEvents)) {
    throw new HubError('input.invalid', `An interaction has at most ${mostEvents} events`, { field: 'interaction' })
  }
  // Who is on it decides which workflow counts, and that whether a wrap-up follows: the agents are the same either way.
  const seen = fold(events, { wrapsUp: true })
  await saveAgents(tx, { id, source }, seen.agents)
  const workflow = await workflowOf(tx, stored, seen)
  const { wrapUpMinutes } = workflow?.definition ?? unconfigured
  const folded = wrapUpMinutes > 0 ? seen : fold(events, { wrapsUp: false })
  await saveFolded(tx, id, folded, {
    address: await readAddress(tx, folded.address, workflow?.configuration.connectionId ?? null),
    agentWorkflowId: workflow?.id ?? null,
    wrapUpUntil: folded.state === 'wrap_up' ? wrapUpEnd(events, wrapUpMinutes) : null,
    memorializeAt: isDue(folded, news) ? new Date(Date.now() + settleMs) : null,
  })
}

/**
 * Once an agent has taken it, it stays under the workflow that they saw; once something of it was written, under the one
 * that wrote it: another's may be of another CRM, where its activity is not.
 */
async function workflowOf(tx: Transaction, stored: StoredInteraction, folded: Folded): Promise<ChosenWorkflow | null> {
  if (stored.acceptedAt !== null || (await memorialsOf(tx, [stored.id])).has(stored.id)) {
    const standing = await loadWorkflow(tx, stored.agentWorkflowId)
    if (standing) return standing
  }
  const agents = (await agentsOf(tx, [stored.id])).get(stored.id) ?? []
  const personIds = agents.flatMap(({ personId }) => personId ?? [])
  return chooseWorkflow(tx, { ...folded, personIds })
}

/** By the latest event's time: a contact centre whose clock is ahead must not close what goes on. */
function wrapUpEnd(events: readonly InteractionEvent[], minutes: number): Date {
  const last = Math.max(Date.now(), ...events.map(({ at }) => at.getTime()))
  return new Date(last + minutes * 60_000)
}

/**
 * When what is to be written to the CRM is looked at: once it is over, at every change; of a digital conversation also
 * when it goes to another agent, or the contact ended it.
 */
function isDue({ state, channel }: Folded, news: readonly InteractionEvent[]): boolean {
  if (state === 'closed') return true
  return channel === 'digital' && news.some(({ type }) => type === 'transferred' || type === 'contact_left')
}
