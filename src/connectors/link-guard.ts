import { hash } from 'node:crypto'
import { HubError } from '#core/errors.ts'

/**
 * Told each link of a walk before it is followed. Throws crm.pages_unsound where pages lead back to one that was shown:
 * the walk would have no end, and nobody could tell that it showed every record.
 */
export function createLinkGuard(list: string): (link: string) => void {
  const followed = new Set<string>()
  return (link) => {
    // Links may be kilobytes long, and a walk may follow half a million.
    const mark = hash('sha1', link, 'base64')
    if (followed.has(mark)) {
      throw new HubError('crm.pages_unsound', `The pages of ${list} go in a circle: one was offered twice`, {
        mend: 'Try again. If it comes again, show it to whoever runs the CRM: nothing that was copied before is lost.',
      })
    }
    followed.add(mark)
  }
}
