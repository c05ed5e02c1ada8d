import type { Message } from './event-stream.ts'

export type LineState = 'connecting' | 'live' | 'lost' | 'closed'

/** What tabs of one browser tell each other of the line that one of them holds for all. */
export type News =
  | { kind: 'message'; message: Message }
  /** It stands again: what came before was not heard. */
  | { kind: 'stood' }
  | { kind: 'state'; state: LineState; lastId: string | null }
  /** Whether the line stands; `now`: somebody looks at the page, so that it is not waited for. */
  | { kind: 'ask'; now: boolean }
  /** Somebody else signed in to the browser: what these tabs show is nobody's to see there any more. */
  | { kind: 'somebody else' }

/** Whose turn it is holds the line. */
export interface Turn {
  /** Aborted where another tab holds the line by now. */
  lost: AbortSignal
  end(): void
}

export interface Sharing {
  tell(news: News): void
  /** Null: it is not waited for any longer. `steal`: whoever has it answers no more. */
  turn(signal: AbortSignal, steal: boolean): Promise<Turn | null>
  close(): void
}
