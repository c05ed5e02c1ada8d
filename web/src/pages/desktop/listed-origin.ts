/** Whether an origin is on the list: as it stands, or as a name below one with a star. */
export function isListed(origins: readonly string[], origin: string): boolean {
  return origins.some((one) => {
    const [scheme, name] = one.split('://*.', 2)
    if (name === undefined) return one === origin
    return origin.startsWith(`${scheme}://`) && origin.endsWith(`.${name}`)
  })
}
