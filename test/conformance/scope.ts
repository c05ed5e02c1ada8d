import type { TestScope } from '../support/database.ts'

/** What ends with a whole file or run, rather than with the test that happened to open it. */
export interface Scope extends TestScope {
  /** Hooks run in the order of their making; those made meanwhile come last. */
  end(): Promise<void>
}

export function createScope(name: string): Scope {
  const hooks: (() => Promise<unknown> | unknown)[] = []
  return {
    name,
    after: (hook) => void hooks.push(hook),
    async end() {
      const errors: unknown[] = []
      for (let hook = hooks.shift(); hook !== undefined; hook = hooks.shift()) {
        try {
          await hook()
        } catch (error) {
          errors.push(error)
        }
      }
      if (errors.length > 0) throw new AggregateError(errors, `${name} did not end cleanly`)
    },
  }
}
