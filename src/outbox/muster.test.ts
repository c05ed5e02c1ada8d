import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createMuster } from './muster.ts'

// Far beyond any machine's hiccup: whoever waits this long was not called together.
const forEver = 3_600_000

function asking(underWay: number, atMost: number, waitMs = forEver) {
  const calls: number[][] = []
  const ways = { underWay }
  const muster = createMuster({ underWay: () => ways.underWay, waitMs })
  const ask = muster.gather(async (questions: number[]) => {
    calls.push(questions)
    return questions.map((question) =>
      question < 0
        ? { status: 'rejected' as const, reason: new Error(`no ${question}`) }
        : { status: 'fulfilled' as const, value: question * 2 },
    )
  }, atMost)
  return { ask, calls, ways, muster }
}

test('who is alone waits for nobody', async () => {
  const { ask, calls } = asking(1, 25)
  assert.equal(await ask(1), 2)
  assert.deepEqual(calls, [[1]])
})

test('those who go in step are asked together, each with its own answer or error', async () => {
  const { ask, calls } = asking(3, 25)
  const [one, two, three] = await Promise.allSettled([ask(1), ask(-2), ask(3)])
  assert.deepEqual(calls, [[1, -2, 3]])
  assert.deepEqual(
    [one, three].map((each) => each.status === 'fulfilled' && each.value),
    [2, 6],
  )
  assert.ok(two.status === 'rejected' && /no -2/.test(String(two.reason)))
})

test('a call holds so many, and the rest follows', async () => {
  const { ask, calls } = asking(5, 2)
  await Promise.all([1, 2, 3, 4, 5].map(ask))
  assert.deepEqual(calls, [[1, 2], [3, 4], [5]])
})

test('who waits elsewhere is on the way no more', async () => {
  const { ask, calls, muster } = asking(3, 25)
  const other = muster.gather(
    async (questions: string[]) => questions.map((value) => ({ status: 'fulfilled' as const, value })),
    25,
  )
  assert.deepEqual(await Promise.all([ask(1), other('read'), ask(2)]), [2, 'read', 4])
  assert.deepEqual(calls, [[1, 2]])
})

test('who is late is not waited for', async () => {
  const { ask, calls } = asking(3, 25, 1)
  assert.deepEqual(await Promise.all([ask(1), ask(2)]), [2, 4])
  assert.deepEqual(calls, [[1, 2]])
})

test('what fails as a whole fails for each', async () => {
  const muster = createMuster({ underWay: () => 2, waitMs: forEver })
  const ask = muster.gather((_: number[]): Promise<PromiseSettledResult<number>[]> => {
    throw new Error('no line')
  }, 25)
  for (const each of await Promise.allSettled([ask(1), ask(2)])) {
    assert.ok(each.status === 'rejected' && /no line/.test(String(each.reason)))
  }
})
