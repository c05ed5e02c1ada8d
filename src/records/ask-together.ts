/**
 * Joins what is asked while earlier questions are on their way into one question: the busier the database, the more of
 * them share a way to it. Whoever asks while a way is free is asked for alone and at once.
 *
 * `ask` answers in the order of the questions; when it throws, all that were asked together get its error.
 */
export function askTogether<Question, Answer>(
  ask: (questions: Question[]) => Promise<Answer[]>,
  limits: { ways: number; together: number },
): (question: Question) => Promise<Answer> {
  interface Waiting {
    question: Question
    resolve: (answer: Answer) => void
    reject: (error: unknown) => void
  }
  const waiting: Waiting[] = []
  let free = limits.ways

  function send(): void {
    while (free > 0 && waiting.length > 0) {
      free -= 1
      void carry(waiting.splice(0, limits.together))
    }
  }

  async function carry(asked: Waiting[]): Promise<void> {
    try {
      const answers = await ask(asked.map(({ question }) => question))
      for (const [i, { resolve }] of asked.entries()) resolve(answers[i]!)
    } catch (error) {
      for (const { reject } of asked) reject(error)
    } finally {
      free += 1
      send()
    }
  }

  return (question) =>
    new Promise((resolve, reject) => {
      waiting.push({ question, resolve, reject })
      send()
    })
}
