import { setTimeout as wait } from 'node:timers/promises'
import type { Control } from './clients.ts'
import type { Company, Phase } from './plan.ts'
import type { Chance } from './random.ts'
import { putOn, unrulyPushes } from './vendor-faults.ts'

/** What a page takes to answer, so that a strike finds work under way. Milliseconds. */
const answerMs = 60

/** The lighter troubles of a phase, from now until they are stopped. All of it is harmless to a hub without faults. */
export function startCompany(
  control: Control,
  company: Company,
  phase: Phase,
  chance: Chance,
): { stop(): Promise<void> } {
  let stopping = false
  const run = async () => {
    const slow = ['page', 'delta', 'byIds', 'enumerate']
    await putOn(control, [{ kind: 'latency', on: slow, times: 0, ms: answerMs }])
    if (phase === 'incremental sync') await putOn(control, [{ kind: 'webhook-drop', times: 0 }])
    else if (company.unrulyPushes) await putOn(control, unrulyPushes)
    while (!stopping) {
      if (company.crawling) await putOn(control, [crawl(chance)])
      if (company.lostAnswers) await putOn(control, [lostAnswer(chance)])
      await wait(700)
    }
  }
  const running = run()
  return {
    async stop() {
      stopping = true
      await running
      await control.clearFaults()
    },
  }
}

const crawl = (chance: Chance) => ({
  kind: 'slow-body',
  on: [chance.pick(['byIds', 'delta', 'page'])],
  times: 1,
  ms: chance.whole(500, 2_000),
})

const lostAnswer = (chance: Chance) =>
  chance.next() < 0.5
    ? { kind: 'drop-after', on: ['write'], times: 1 }
    : { kind: 'late-commit', on: ['write'], times: 1, ms: chance.whole(200, 1_800) }
