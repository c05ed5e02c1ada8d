import assert from 'node:assert/strict'
import { test } from 'node:test'
import { askTogether } from './ask-together.ts'

function slowAsk() {
  const asked: { questions: number[]; answer: () => void; fail: () => void }[] = []
  const ask = (questions: number[]) =>
    new Promise<string[]>((resolve, reject) => {
      const answer = () => resolve(questions.map((question) => `answer to ${question}`))
      asked.push({ questions, answer, fail: () => reject(new Error(`no answer to ${questions.join()}`)) })
    })
  return { ask, asked, questions: () => asked.map((each) => each.questions) }
}

test('who asks while a way is free is asked for alone; the others go together, each with its own answer', async () => {
  const slow = slowAsk()
  const ask = askTogether(slow.ask, { ways: 2, together: 3 })
  const answers = Promise.all([1, 2, 3, 4, 5, 6].map(ask))
  assert.deepEqual(slow.questions(), [[1], [2]])
  slow.asked[1]!.answer()
  await new Promise(setImmediate)
  assert.deepEqual(slow.questions(), [[1], [2], [3, 4, 5]])
  slow.asked[2]!.answer()
  await new Promise(setImmediate)
  assert.deepEqual(slow.questions().at(-1), [6])
  for (const { answer } of slow.asked) answer()
  assert.deepEqual(
    await answers,
    [1, 2, 3, 4, 5, 6].map((question) => `answer to ${question}`),
  )
})

test('a failure is told to those who asked together, and those who wait are asked for all the same', async () => {
  const slow = slowAsk()
  const ask = askTogether(slow.ask, { ways: 1, together: 2 })
  const answers = Promise.allSettled([1, 2, 3, 4].map(ask))
  slow.asked[0]!.answer()
  await new Promise(setImmediate)
  slow.asked[1]!.fail()
  await new Promise(setImmediate)
  slow.asked[2]!.answer()
  const told = (await answers).map((each) => (each.status === 'fulfilled' ? each.value : each.reason.message))
  assert.deepEqual(told, ['answer to 1', 'no answer to 2,3', 'no answer to 2,3', 'answer to 4'])
})
