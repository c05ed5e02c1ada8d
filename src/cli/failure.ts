/** An error as the API or the command line tells it. `usage` and `hub.unreachable` are the command line's own codes. */
export interface Told {
  code: string
  message: string
  mend?: string | undefined
  field?: string | undefined
}

/** Ends a command; its code decides the exit code. */
export class Failure extends Error {
  readonly told: Told

  constructor(told: Told) {
    super(told.message)
    this.told = told
  }
}

export function usage(message: string): Failure {
  return new Failure({ code: 'usage', message })
}
