import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { OnDelete } from '#destination/destination.ts'
import type { TestScope } from '../support/database.ts'
import { control, rowsOf, synced, twoOrganisations, written } from './two-organisations.ts'

/** Contacts of one account, all written: the account's id and theirs in the source. */
async function filled(t: TestScope, onDelete: OnDelete) {
  const hub = await twoOrganisations(t)
  await hub.name(onDelete)
  hub.worker()
  await written(hub)
  const accounts = await rowsOf(hub.from, 'account')
  const contacts = [...(await rowsOf(hub.from, 'contact'))]
  const account = contacts
    .map(([, { fields }]) => String(fields._parentcustomerid_value))
    .find((id) => accounts.has(id))!
  const pointing = contacts.filter(([, { fields }]) => fields._parentcustomerid_value === account).map(([id]) => id)
  const rename = async () => {
    const fields = { lastname: 'Anew' }
    await control(
      hub.from,
      '/records',
      pointing.map((id) => ({ entity: 'contact', operation: 'change', id, fields })),
    )
    await synced(hub)
    await written(hub)
  }
  const shown = async () => {
    const rows = await rowsOf(hub.to, 'contact')
    return pointing.map((id) => {
      const { lastname, _parentcustomerid_value: parent } = rows.get(hub.idOf('contact', id))!.fields
      return [lastname, parent ?? null]
    })
  }
  return { hub, account, accountRow: hub.idOf('account', account), pointing, rename, shown }
}

test('a contact is written though the account that it points at was kept there, and somebody deleted its row', async (t) => {
  const { hub, account, accountRow, pointing, rename, shown } = await filled(t, 'keep')
  await control(hub.from, '/records', [{ entity: 'account', operation: 'delete', id: account }])
  await synced(hub)
  await written(hub)
  assert.ok((await rowsOf(hub.to, 'account')).has(accountRow), 'it is kept')

  await control(hub.to, '/records', [{ entity: 'account', operation: 'delete', id: accountRow }])
  await rename()
  const { rows } = await hub.pool.query('select problem from jackfield.destination_row where problem is not null')
  assert.deepEqual(rows, [])
  assert.deepEqual(
    await shown(),
    pointing.map(() => ['Anew', null]),
  )
})

test('an account whose row somebody deleted is made anew as soon as a contact is to point at it', async (t) => {
  const { hub, accountRow, pointing, rename, shown } = await filled(t, 'deactivate')
  await control(hub.to, '/records', [{ entity: 'account', operation: 'delete', id: accountRow }])
  await hub.pool.query(`update jackfield.destination_row set written_at = now() - interval '2 minutes'`)
  await rename()
  assert.ok((await rowsOf(hub.to, 'account')).has(accountRow))
  assert.deepEqual(
    await shown(),
    pointing.map(() => ['Anew', accountRow]),
  )
})
