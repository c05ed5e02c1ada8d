/** Joins what the deliveries under way ask at about the same time, so that the CRM is called once for several. */
export interface Muster {
  /** Questions that may share a call, `atMost` of them in one; each gets its own answer or error. */
  gather<Question, Answer>(ask: AskMany<Question, Answer>, atMost: number): (question: Question) => Promise<Answer>
}

/** Answers in the order of the questions; when it throws, all that were asked together get its error. */
type AskMany<Question, Answer> = (questions: Question[]) => Promise<PromiseSettledResult<Answer>[]>

interface Waiting<Question, Answer> {
  question: Question
  resolve: (answer: Answer) => void
  reject: (error: unknown) => void
}

/**
 * A question waits for the others as long as another delivery is on its way to one, at most `waitMs`: a lone delivery
 * waits for nothing, and many that go in step are asked together at once.
 */
export function createMuster({ underWay, waitMs }: { underWay: () => number; waitMs: number }): Muster {
  const queues = new Set<() => void>()
  let waiting = 0
  /** Handed over, and not answered: on the way to no question. */
  let asked = 0
  let timer: NodeJS.Timeout | undefined
  const sendAll = () => {
    clearTimeout(timer)
    timer = undefined
    for (const send of queues) send()
  }
  return {
    gather<Question, Answer>(ask: AskMany<Question, Answer>, atMost: number) {
      const queue: Waiting<Question, Answer>[] = []
      const send = () => {
        while (queue.length > 0) {
          const together = queue.splice(0, atMost)
          waiting -= together.length
          asked += together.length
          void carry(ask, together).finally(() => {
            asked -= together.length
          })
        }
      }
      queues.add(send)
      return (question: Question) =>
        new Promise<Answer>((resolve, reject) => {
          queue.push({ question, resolve, reject })
          waiting += 1
          if (waiting + asked >= underWay()) sendAll()
          else if (queue.length >= atMost) send()
          else timer ??= setTimeout(sendAll, waitMs)
        })
    },
  }
}

async function carry<Question, Answer>(
  ask: AskMany<Question, Answer>,
  together: Waiting<Question, Answer>[],
): Promise<void> {
  try {
    const answers = await ask(together.map(({ question }) => question))
    for (const [at, { resolve, reject }] of together.entries()) {
      const answer = answers[at]!
      if (answer.status === 'fulfilled') resolve(answer.value)
      else reject(answer.reason)
    }
  } catch (error) {
    for (const { reject } of together) reject(error)
  }
}
