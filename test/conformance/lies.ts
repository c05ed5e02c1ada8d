import type { Connector, MarkPage, Page } from '#connectors/connector.ts'
import { HubError } from '#core/errors.ts'
import type { SourceRow } from '#model/reading.ts'
import type { World } from '../connectors/world.ts'

/** Changes the connector of a world, so that one behaviour does not hold any more. */
export type Lie = (world: World) => void

type Answered = { [Name in 'readPage' | 'readByIds']: Page } & { readMarks: MarkPage; readRow: SourceRow }

/** Lets one of the connector's acts answer something else. */
function falsely<Name extends keyof Answered>(
  name: Name,
  change: (answer: Answered[Name], args: Parameters<Connector[Name]>) => Answered[Name],
): Lie {
  return (world) => {
    const { connector } = world
    const real = connector[name] as (...args: unknown[]) => unknown
    const lying = (...args: unknown[]) => {
      const answer = real(...args)
      const given = args as Parameters<Connector[Name]>
      if (answer instanceof Promise) return answer.then((one: Answered[Name]) => change(one, given))
      return change(answer as Answered[Name], given)
    }
    world.connector = { ...connector, [name]: lying }
  }
}

/** Lets an act of the connector fail in another way. */
function failing(name: 'readPage' | 'readByIds' | 'readRow', change: (error: HubError) => unknown): Lie {
  return (world) => {
    const { connector } = world
    const real = connector[name] as (...args: unknown[]) => unknown
    const fail = (error: unknown) => {
      if (!(error instanceof HubError)) throw error
      const other = change(error)
      if (other instanceof Error) throw other
      return other
    }
    const lying = (...args: unknown[]) => {
      try {
        const answer = real(...args)
        return answer instanceof Promise ? answer.catch(fail) : answer
      } catch (error) {
        return fail(error)
      }
    }
    world.connector = { ...connector, [name]: lying }
  }
}

const nothing: Page = { rows: [], deleted: [], next: null, delta: null, asOf: null, bytes: 0 }
const asOther = (code: 'crm.unreachable' | 'crm.body_invalid' | 'crm.throttled') => () => new HubError(code, 'a lie')
const isLaterPage = (link: string, first: string) => link !== first

/** What paging by a number of rows to skip does when rows go meanwhile: the next page begins too late. */
const skipsBetweenPages: Lie = (world) => {
  const firsts = new Set<string>()
  const { firstLink } = world.connector
  falsely('readPage', (page, [, link]) => {
    const isLater = [...firsts].every((first) => isLaterPage(link, first))
    return isLater ? { ...page, rows: page.rows.slice(1) } : page
  })(world)
  world.connector.firstLink = (...args) => {
    const link = firstLink(...args)
    firsts.add(link)
    return link
  }
}

/** What is asked for twice is refused at once: no pause, no repeat. */
const impatient: Lie = (world) => {
  for (const session of [world.session, world.hasty]) {
    const call = session.call.bind(session)
    session.call = (path, options) => call(path, { ...options, retry: 'never' })
  }
}

const withoutLast = (page: Page): Page => (page.next === null ? { ...page, rows: page.rows.slice(0, -1) } : page)

/** A page that cannot be read is taken for the last one, without rows. */
const endsQuietly = failing('readPage', () => nothing)

/** One lie for each behaviour of a connector, which fits every CRM. */
export const lies: Record<string, Lie> = {
  'paging past the end': falsely('readPage', withoutLast),
  'an empty table': (world) => {
    falsely('readPage', (page) => {
      if (page.rows.length === 0) throw new HubError('crm.body_invalid', 'a page without rows is none')
      return page
    })(world)
  },
  'versions are listed for every row': falsely('readMarks', (page) => ({ ...page, entries: page.entries.slice(1) })),
  'a page changed while paging (query)': skipsBetweenPages,
  'a page changed while paging (tracked)': skipsBetweenPages,
  'changes since a time, with ties and while paging': skipsBetweenPages,
  '10,001 rows with one timestamp over page edges': skipsBetweenPages,
  'reading by id': falsely('readByIds', (page) => ({ ...page, rows: page.rows.slice(1) })),
  '429 with Retry-After': failing('readPage', asOther('crm.unreachable')),
  '429 without Retry-After': failing('readPage', asOther('crm.unreachable')),
  '5xx': failing('readPage', asOther('crm.throttled')),
  'truncated body': endsQuietly,
  'a web page with status 200': endsQuietly,
  'an error in a success': endsQuietly,
  'a connection cut within a page': impatient,
  'a next link to another host': (world) => {
    // As if the link had been followed, with the token.
    world.session.calls.push({ ...world.session.calls.at(-1)!, url: 'https://foreign.example/next' })
  },
  'token expired mid-page': (world) => {
    // As if a session asked for a new token at every rejection, again and again.
    const { session } = world
    const call = session.call.bind(session)
    session.call = async (path, options) => {
      const before = session.renewals
      const reply = await call(path, options)
      if (session.renewals > before && before > 0) session.renewals += 1
      return reply
    }
  },
  '401 that no new token mends': failing('readPage', asOther('crm.unreachable')),
  'delta expired': failing('readPage', asOther('crm.unreachable')),
  'versions tell later from earlier': (world) => {
    let kept: SourceRow | undefined
    falsely('readRow', (row) => {
      kept ??= row
      return { ...kept, sourceId: row.sourceId }
    })(world)
  },
  'tracked changes: made, changed, deleted, restored': falsely('readPage', (page) => ({ ...page, deleted: [] })),
  'privilege lost mid-run': endsQuietly,
  'column removed': (world) => {
    failing('readPage', asOther('crm.body_invalid'))(world)
    falsely('readPage', withoutLast)(world)
  },
  'a row without an id': failing('readRow', () => ({
    sourceId: 'none',
    mark: null,
    values: {},
    raw: Buffer.from('{}'),
  })),
  'odd characters': falsely('readRow', (row) => ({ ...row, values: trimmed(row.values) })),
  'characters that no store can keep': failing('readRow', () => ({
    sourceId: '1',
    mark: null,
    values: {},
    raw: Buffer.from('{}'),
  })),
  'leap day': falsely('readRow', (row) => ({ ...row, values: withoutLeapDays(row.values) })),
}

const mapTexts = (values: Record<string, unknown>, change: (text: string) => string) =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, typeof value === 'string' ? change(value) : value]),
  )
const trimmed = (values: Record<string, unknown>) => mapTexts(values, (text) => text.trim().normalize('NFC'))
const withoutLeapDays = (values: Record<string, unknown>) =>
  mapTexts(values, (text) => text.replace(/-02-29\b/, '-03-01'))
