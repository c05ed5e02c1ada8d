const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345'

/** An id in its form of 18 characters, whose last three say which of the others are capitals; null where it is none. */
export function longId(text: string): string | null {
  if (!/^(?:[A-Za-z0-9]{15}|[A-Za-z0-9]{18})$/.test(text)) return null
  const id = text.slice(0, 15)
  const checks = [0, 5, 10].map((from) => {
    const capitals = [...id.slice(from, from + 5)].map((letter) => /[A-Z]/.test(letter))
    return alphabet[capitals.reduce((sum, isCapital, place) => sum + (isCapital ? 2 ** place : 0), 0)]
  })
  const long = id + checks.join('')
  return text.length === 15 || text === long ? long : null
}
