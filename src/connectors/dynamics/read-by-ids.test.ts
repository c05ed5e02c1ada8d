import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CrmReply, CrmSession } from '#connectors/call.ts'
import type { TableScope } from '#connectors/connector.ts'
import { readByIds } from './read-by-ids.ts'

const url = 'https://org.crm4.dynamics.com'
const ids = ['49b0be2e-d01c-ed11-b83e-000d3a572421', '49b0be2e-d01c-ed11-b83e-000d3a572422']

function sessionOf(answer: (asked: number) => object): CrmSession {
  let asked = 0
  const call = async (): Promise<CrmReply> => {
    asked += 1
    if (asked > 1_000) throw new Error('It goes on without end')
    const body = Buffer.from(JSON.stringify(answer(asked)))
    return { status: 200, headers: {}, body, text: body.toString() }
  }
  return { url, call } as unknown as CrmSession
}

const scope = {
  table: { name: 'contact', setName: 'contacts', idField: 'contactid', fields: [] },
  columns: [],
  filter: null,
} as unknown as TableScope

const linkTo = (page: number) => `${url}/api/data/v9.2/contacts?page=${page}`

test('rows by id are read over every page', async () => {
  const session = sessionOf((asked) => ({
    value: [{ contactid: ids[asked - 1] }],
    ...(asked < ids.length ? { '@odata.nextLink': linkTo(asked) } : {}),
  }))
  assert.equal((await readByIds(session, scope, ids, 'person')).rows.length, 2)
})

test('pages that lead from one to the other for ever end the reading', async () => {
  const session = sessionOf((asked) => ({ value: [], '@odata.nextLink': linkTo(asked % 2) }))
  await assert.rejects(readByIds(session, scope, ids, 'person'), { code: 'crm.pages_unsound' })
})
