export interface Seen {
  /** How much is done; only more than ever before is progress. */
  done: number
  /** The hub says that its calls wait for the CRM's quota, and until when. */
  waitsForQuota: boolean
}

export interface Patience {
  /** True when nothing moved on for too long, or all of it took longer than anything could explain. */
  isOver(seen: Seen): boolean
}

interface Limits {
  /** Without any progress. */
  idleSeconds: number
  /** In all. */
  mostSeconds: number
}

/** Waits for what moves on, and counts the time in which nothing does. */
export function createPatience({ idleSeconds, mostSeconds }: Limits, now = () => performance.now()): Patience {
  const began = now()
  let movedAt = began
  let best = Number.NEGATIVE_INFINITY
  return {
    isOver({ done, waitsForQuota }) {
      const at = now()
      if (done > best || waitsForQuota) movedAt = at
      best = Math.max(best, done)
      return at - movedAt > idleSeconds * 1000 || at - began > mostSeconds * 1000
    },
  }
}
