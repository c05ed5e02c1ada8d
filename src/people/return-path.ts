/** Where somebody goes who was on the way to nowhere in particular. */
const home = '/'
const longest = 1_000

/**
 * The path of our own to which a sign-in returns; anything that could lead a browser elsewhere is the console's first
 * page. Judged as it stands, as it decodes, and as browsers read it: `/.//host` is `//host` once its dots are gone.
 */
export function returnPath(text: string | null | undefined): string {
  if (!text || text.length > longest || ![text, decoded(text)].every(isPlain)) return home
  const base = 'http://own.invalid'
  if (!URL.canParse(text, base)) return home
  const { origin, pathname, search, hash } = new URL(text, base)
  const isOwn = origin === base && isPlain(pathname) && !/^\/(api|sign-in)(\/|$)/i.test(pathname)
  return isOwn ? pathname + search + hash : home
}

/** One slash at its beginning, and nothing that browsers read as another or drop. */
const isPlain = (path: string) => /^\/(?![/\\])[^\\\p{Cc}]*$/u.test(path)

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return ''
  }
}
