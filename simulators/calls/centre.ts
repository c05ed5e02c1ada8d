import { hash, randomStream } from '../organisation/random.ts'
import { callerFor } from './callers.ts'
import type { Agent, Caller, Event, Interaction } from './event.ts'
import { type Faults, sendings } from './faults.ts'
import { finalOf } from './final.ts'
import { channelFor, isVoice, planOf } from './plan.ts'
import { type Door, Sender } from './sender.ts'

export type Plan = {
  door: Door
  seed: number
  agents: readonly Agent[]
  callers: readonly Caller[]
  /** A minute of the centre's time. */
  rate: number
  /** How many times faster than the wall's clock the centre's time goes. */
  speed: number
  /** After so many it ends; none: never. */
  count: number | undefined
  /** At most so many are under way at once. */
  open: number
  /** The rate follows the hours of an office. */
  day: boolean
  faults: Faults
}

/** An agent has one call, or so many conversations. */
const mostDigital = 3
/** How often whoever waits for a free agent looks again, in milliseconds of the centre's time. */
const lookAgainMs = 1_000
/** Calls that begin together are told of by several hands, those of one interaction by one. */
const hands = 4

/** Of an office from 8 to 18, as parts of the rate; nights are quiet. */
const hours = [0.5, 1.1, 1.5, 1.3, 0.8, 0.7, 1.2, 1.4, 1.0, 0.5, 0.2, 0.05, 0.05, 0.05]

type Live = { interaction: Interaction; voice: boolean }

/** A contact centre that is at work until it is stopped or has done its count. */
export class Centre {
  readonly events = new Map<string, Event[]>()
  readonly interactions = new Map<string, Interaction>()
  readonly #plan: Plan
  readonly #senders: Sender[]
  readonly #live = new Set<Live>()
  readonly #timers = new Set<NodeJS.Timeout>()
  readonly #random: () => number
  readonly #stop = new AbortController()
  readonly #startedAt = Date.now()
  readonly #done = Promise.withResolvers<void>()
  #begun = 0
  #finished = 0

  constructor(plan: Plan) {
    this.#plan = plan
    this.#random = randomStream(hash(plan.seed, 1, 41))
    this.#senders = Array.from({ length: hands }, () => new Sender(plan.door, this.#stop.signal))
    this.#later(0, () => this.#arrive())
  }

  /** Settled when its count is done and everything was told, or when it was stopped. */
  get done(): Promise<void> {
    return this.#done.promise
  }

  counts() {
    const told = this.#senders.map(({ counts }) => counts)
    const sum = (name: 'sent' | 'replayed' | 'refused' | 'repeated') => told.reduce((all, one) => all + one[name], 0)
    return {
      ...{ begun: this.#begun, finished: this.#finished, open: this.#live.size },
      ...{ sent: sum('sent'), replayed: sum('replayed'), refused: sum('refused'), repeated: sum('repeated') },
      problem: told.find(({ problem }) => problem !== null)?.problem ?? null,
    }
  }

  /** Each interaction with its final values, as far as it was told. */
  *dump(): Generator<object> {
    for (const [id, interaction] of this.interactions) yield finalOf(interaction, this.events.get(id) ?? [])
  }

  setRate(rate: number): void {
    this.#plan.rate = rate
  }

  stop(): void {
    this.#stop.abort()
    for (const timer of this.#timers) clearTimeout(timer)
    this.#done.resolve()
  }

  /** `ms` of the wall's clock. */
  #later(ms: number, act: () => unknown): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      act()
    }, ms)
    this.#timers.add(timer)
  }

  #arrive(): void {
    const { count, speed, rate } = this.#plan
    if (count !== undefined && this.#begun >= count) return
    const voice = isVoice(channelFor(this.#plan.seed, this.#begun))
    const agents =
      this.#live.size < this.#plan.open ? this.#plan.agents.filter((agent) => this.#isFree(agent, voice)) : []
    const hour = Math.floor(((Date.now() - this.#startedAt) * speed) / 3_600_000) % 24
    const share = this.#plan.day ? (hours[hour] ?? 0.05) : 1
    // What comes by chance comes in bursts: the time between two is exponential.
    const gap = agents.length === 0 ? lookAgainMs : (-Math.log(1 - this.#random()) * 60_000) / (rate * share)
    if (agents.length > 0) this.#begin(agents, voice)
    this.#later(gap / speed, () => this.#arrive())
  }

  #isFree(agent: Agent, voice: boolean): boolean {
    const busy = [...this.#live].filter(({ interaction }) => interaction.agents.some(({ id }) => id === agent.id))
    if (busy.some((one) => one.voice)) return false
    return voice ? busy.length === 0 : busy.length < mostDigital
  }

  #begin(free: readonly Agent[], voice: boolean): void {
    const { seed, callers, agents } = this.#plan
    const index = this.#begun
    this.#begun += 1
    const agent = free[hash(seed, index, 12) % free.length]!
    const interaction = planOf({
      ...{ seed, index, agent, channelType: channelFor(seed, index), caller: callerFor(callers, seed, index) },
      others: agents.filter(({ id }) => id !== agent.id),
    })
    const live = { interaction, voice }
    this.#live.add(live)
    this.interactions.set(interaction.id, interaction)
    this.events.set(interaction.id, [])
    this.#follow(live, index)
  }

  #follow(live: Live, index: number): void {
    const { speed, faults, seed } = this.#plan
    const sender = this.#senders[index % hands]!
    const random = randomStream(hash(seed, index, 51))
    const { interaction } = live
    let left = interaction.steps.length
    for (const [number, step] of interaction.steps.entries()) {
      this.#later(step.after / speed, async () => {
        const event = this.#happen(interaction, number)
        await Promise.all(sendings(faults, random).map((ms) => this.#send(sender, event, ms)))
        left -= 1
        if (left === 0) this.#finish(live)
      })
    }
  }

  #send(sender: Sender, event: Event, late: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#later(late, () => void sender.add(event).then(resolve))
    return promise
  }

  #happen(interaction: Interaction, number: number): Event {
    const events = this.events.get(interaction.id)!
    const { after: _, ...step } = interaction.steps[number]!
    // Two events of one interaction never have the same moment, however fast the centre's time goes.
    const at = Math.max(Date.now(), Date.parse(events.at(-1)?.at ?? '1970-01-01T00:00:00Z') + 1)
    const event = {
      ...{ source: this.#plan.door.source, interaction: interaction.id, id: `${number + 1}-${step.type}` },
      ...{ data: {}, scriptVariables: {} },
      ...step,
      at: new Date(at).toISOString(),
    }
    events.push(event)
    return event
  }

  /** An interaction is over when all of it was told. */
  #finish(live: Live): void {
    this.#live.delete(live)
    this.#finished += 1
    if (this.#finished === this.#plan.count) this.#done.resolve()
  }
}
