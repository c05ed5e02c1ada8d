export const victims = ['hub', 'worker', 'postgres', 'crm'] as const
export const phases = ['initial sync', 'incremental sync', 'hints', 'write-back'] as const
export type Victim = (typeof victims)[number]
export type Phase = (typeof phases)[number]

/** Lighter troubles that accompany a round. */
export interface Company {
  /** Tokens live for seconds, and their issuer is slow: renewals meet. */
  shortTokens: boolean
  /** Now and then an answer crawls while what it tells is overtaken. */
  crawling: boolean
  /** Pushes come twice, late and in another order. */
  unrulyPushes: boolean
  /** The CRM's clock is so many minutes off. */
  skewMinutes: number
  /** Delta links are stamped when a walk begins, rather than when it ends. */
  tokenAtStart: boolean
  /** Answers to writes get lost. */
  lostAnswers: boolean
  /** Passes run every second beside the pushes. */
  overlap: boolean
  /** The first copy is broken off by a death while the database hangs. */
  roughStart: boolean
  /** Bodies are cut off now and then. */
  cutBodies: boolean
  /** An audit runs, and its list of ids breaks off. */
  brokenAudit: boolean
  /** Sessions of the database stop for moments within their transactions. */
  jolts: boolean
  /** A worker sleeps for longer than a lease lives. */
  nap: boolean
}
