/** Waits for an end, but not longer than this; whether it came is not told. Throws what the end throws. */
export async function waitAtMost(ms: number, ending: Promise<unknown>): Promise<void> {
  const { promise: late, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, ms)
  try {
    await Promise.race([ending, late])
  } finally {
    clearTimeout(timer)
  }
}
