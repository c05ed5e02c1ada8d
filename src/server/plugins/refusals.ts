import type { FastifyRequest } from 'fastify'
import type { Act } from '#audit/act.ts'
import type { Log } from '#core/log.ts'
import { type AuditLog, askerOf, personalOf } from '../acts.ts'

/** Of the same refused to the same one a second is written, with how often it was: a flood must not fill the disk. */
const oneEachMs = 1_000
const mostKept = 5_000

export interface Refusals {
  /** Writes that a request was refused before anything began; beside the request, which it must not slow. */
  note(request: FastifyRequest, code: string): void
  /** Writes what was only counted. */
  stop(): Promise<void>
}

export function createRefusals({ acts, pool }: AuditLog, log: Log): Refusals {
  const counted = new Map<string, { act: Act; times: number; timer: NodeJS.Timeout }>()
  const underWay = new Set<Promise<unknown>>()

  function write(act: Act): void {
    const writing: Promise<unknown> = acts
      .append(pool, act)
      .catch((error: unknown) => log.warn('a refusal was not written', { error }))
      .finally(() => underWay.delete(writing))
    underWay.add(writing)
  }

  function tell(name: string): void {
    const one = counted.get(name)
    if (!one) return
    counted.delete(name)
    if (one.times === 0) return
    write({ ...one.act, details: { ...one.act.details, times: one.times } })
    wait(name, one.act)
  }

  function wait(name: string, act: Act): void {
    counted.set(name, { act, times: 0, timer: setTimeout(() => tell(name), oneEachMs).unref() })
  }

  return {
    note(request, code) {
      const act = refusalOf(request, code)
      // Strangers are one: they have no name that could tell them apart and that they could not make up.
      const name = act.actor.kind === 'nobody' ? code : `${act.actor.kind} ${act.actor.id} ${act.act}`
      const known = counted.get(name)
      if (known) known.times += 1
      else if (counted.size < mostKept) {
        write(act)
        wait(name, act)
      }
    },
    async stop() {
      for (const { act, times, timer } of counted.values()) {
        clearTimeout(timer)
        if (times > 0) write({ ...act, details: { ...act.details, times } })
      }
      counted.clear()
      await Promise.all(underWay)
    },
  }
}

function refusalOf(request: FastifyRequest, code: string): Act {
  const { config, url } = request.routeOptions
  const asker = askerOf(request.principal)
  const name = config.act === undefined || config.act === 'no act' ? 'api.use' : config.act
  return {
    ...asker,
    act: name,
    outcome: 'refused',
    details: { code, method: request.method, route: url ?? '' },
    personal: personalOf(request, asker),
  }
}
