/** A set of interactions that this page alone knows of. */
class IdSet {
  #ids: ReadonlySet<string> = new Set()
  readonly #listeners = new Set<() => void>()

  readonly get = () => this.#ids

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  add(id: string): void {
    this.#set(new Set([...this.#ids, id]))
  }

  remove(id: string): void {
    this.#set(new Set([...this.#ids].filter((each) => each !== id)))
  }

  #set(ids: ReadonlySet<string>): void {
    this.#ids = ids
    for (const listener of this.#listeners) listener()
  }
}

/** Closed to the eye, while it can still be undone. */
export const closing = new IdSet()
/** Closed, and out of the way before the hub takes it off the desktop. */
export const putAway = new IdSet()
