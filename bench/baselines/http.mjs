// Pages of JSON by a cursor in the reply, as most APIs have them.
import { run } from './pipeline.mjs'

await run('baseline-http', {
  rowsOf: (page) => page.items,
  nextOf: (page, address) => {
    const cursor = page.meta.next_cursor
    if (!cursor) return null
    const next = new URL(address)
    next.searchParams.set('cursor', cursor)
    return next.href
  },
  id: (row) => row.id,
  name: (row) => [row.first_name, row.last_name].filter(Boolean).join(' ') || null,
  email: (row) => row.email ?? null,
  version: (row) => Date.parse(row.updated_at),
  phones: (row) => row.phones.map(({ number }) => number),
})
