import { emptyPage, idsOnce, questionsFor } from '#connectors/by-ids.ts'
import type { CrmSession, Lane } from '#connectors/call.ts'
import type { Page, TableScope } from '#connectors/connector.ts'
import { HubError } from '#core/errors.ts'
import { askPage, largestPage, partiesOf, preferences, query, selectedColumns } from './pages.ts'
import { expandedParties } from './parties.ts'
import { guidForm } from './read-row.ts'

/** Ids read back in one call of `readByIds`; Dataverse takes at most 500 conditions in a query. */
export const idsPerRead = 100

// Of path and query. Dataverse takes 32 KB, but what stands between (proxies, Node's own server) often only 8 KB.
const longestUrl = 8000
const isShort = (link: string) => link.length <= longestUrl

type IdFilter = (idField: string, ids: readonly string[]) => string

/** How a set of ids is asked for. `in` is shorter, but was never tried against a live organisation. */
const idFilters = {
  or: (idField, ids) => ids.map((id) => `${idField}%20eq%20${id}`).join('%20or%20'),
  in: (idField, ids) =>
    `Microsoft.Dynamics.CRM.In(PropertyName='${idField}',PropertyValues=[${ids.map((id) => `'${id}'`).join(',')}])`,
} satisfies Record<string, IdFilter>

const idFilter: IdFilter = idFilters.or

/**
 * Rows by id, filter or not; what is not answered is absent, so every next link is followed. Throws crm.pages_unsound where
 * there are more pages than rows that were asked for.
 */
export async function readByIds(
  session: CrmSession,
  scope: TableScope,
  ids: readonly string[],
  lane: Lane,
): Promise<Page> {
  const whole: Page = emptyPage()
  const wanted = idsOnce(ids.map(canonical), idsPerRead)
  for (const link of questionsFor(wanted, (some) => linkTo(scope, some), isShort)) {
    let pages = 0
    for (let next: string | null = link; next !== null; pages += 1) {
      if (pages > wanted.length) throw endless(scope)
      const page: Page = await askPage(session, next, {
        what: `to read ${scope.table.name} by id`,
        headers: preferences(null, largestPage),
        walk: null,
        lane,
      })
      whole.rows.push(...page.rows)
      whole.bytes += page.bytes
      whole.asOf ??= page.asOf
      next = page.next
    }
  }
  return whole
}

const endless = ({ table }: TableScope) =>
  new HubError('crm.pages_unsound', `The pages of ${table.name} read by id do not end`, {
    mend: 'Check what stands between this hub and the organisation.',
  })

function canonical(id: string): string {
  const lower = id.toLowerCase()
  if (guidForm.test(lower)) return lower
  throw new HubError('input.invalid', 'an id of a Dynamics record is a GUID')
}

function linkTo(scope: TableScope, ids: readonly string[]): string {
  const link = query(scope, { select: selectedColumns(scope), filter: idFilter(scope.table.idField, ids), orderBy: '' })
  const parties = partiesOf(scope)
  return parties.length === 0 ? link : `${link}&$expand=${parties.map(expandedParties).join(',')}`
}
