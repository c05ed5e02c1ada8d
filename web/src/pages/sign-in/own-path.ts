/** Any origin will do: only what leads away from it counts. */
const HERE = 'http://here.invalid'

/** Where signing in must not lead back to. */
const DOORS = ['/sign-in', '/invitation']

/**
 * The page that was asked for before signing in, if it is one of this console. Whoever sends somebody a link may write
 * anything there: what leads to another site, in any notation that a browser reads so, becomes the first page.
 */
export function ownPath(asked: string | null | undefined): string {
  if (!asked?.startsWith('/') || /[\\\p{Cc}]/u.test(asked)) return '/'
  let url: URL
  try {
    url = new URL(asked, HERE)
  } catch {
    return '/'
  }
  const path = url.pathname + url.search + url.hash
  // `/.//other.example` is ours as it stands, and another's when it is read again.
  if (url.origin !== HERE || path.startsWith('//')) return '/'
  if (DOORS.includes(url.pathname) || url.pathname.startsWith('/api/')) return '/'
  return path
}
