import { randomInt } from 'node:crypto'

/** Where each row of a walk was met: numbers by numbers, none of them zero. */
export interface MetRows {
  readonly size: number
  get(id: number): number | undefined
  set(id: number, place: number): void
}

const smallest = 4_096

/**
 * A Map would hold two numbers of the heap for each row, and collections of garbage would move them and look through
 * them. Here they lie in two arrays, at most half full, at the first free slot behind the one that the id names.
 */
export function createMetRows(slots = smallest): MetRows {
  let ids = new Float64Array(slots)
  let places = new Float64Array(slots)
  let size = 0
  // Nobody else's: who could foresee the slots could send ids that all crowd into one.
  const factor = 2 * randomInt(2 ** 30) + 1

  const slotOf = (id: number) => {
    const mask = places.length - 1
    let slot = (Math.imul(id, factor) >>> 8) & mask
    while (places[slot] !== 0 && ids[slot] !== id) slot = (slot + 1) & mask
    return slot
  }
  const put = (id: number, place: number) => {
    const slot = slotOf(id)
    if (places[slot] === 0) size += 1
    ids[slot] = id
    places[slot] = place
  }
  const grow = () => {
    const held = { ids, places }
    ids = new Float64Array(2 * held.ids.length)
    places = new Float64Array(ids.length)
    size = 0
    for (const [slot, place] of held.places.entries()) if (place !== 0) put(held.ids[slot]!, place)
  }
  return {
    get size() {
      return size
    },
    get(id) {
      const place = places[slotOf(id)]!
      return place === 0 ? undefined : place
    },
    set(id, place) {
      put(id, place)
      if (2 * size > places.length) grow()
    },
  }
}
