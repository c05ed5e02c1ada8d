import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { OpenDoor } from '#connectors/call.ts'
import { discover } from './discover.ts'

const url = 'https://contoso.crm4.dynamics.com'
const tenant = '6babcaad-604b-40ac-a9d7-9fd97c0b779f'

const door = (status: number, challenge?: string): OpenDoor => ({
  call: () => Promise.resolve({ status, headers: { 'www-authenticate': challenge }, body: Buffer.from(''), text: '' }),
})
const challenge = (uri: string) => `Bearer authorization_uri=${uri}, resource_id=${url}/`

test('tenant and authority come from the organisation’s own challenge', async () => {
  assert.deepEqual(
    await discover(door(401, challenge(`https://login.microsoftonline.com/${tenant}/oauth2/authorize`)), url),
    { tenant, authority: 'https://login.microsoftonline.com' },
  )
  assert.deepEqual(
    await discover(
      door(401, `Bearer authorization_uri="https://login.microsoftonline.us/${tenant}/oauth2/authorize"`),
      url,
    ),
    { tenant, authority: 'https://login.microsoftonline.us' },
  )
  assert.equal(
    (await discover(door(401, challenge(`https://login.windows.net/${tenant}/oauth2/authorize`)), url)).authority,
    'https://login.microsoftonline.com',
  )
})

test('a sign-in elsewhere is believed only when a person gave it', async () => {
  const elsewhere = door(401, challenge(`https://login.evil.example/${tenant}/oauth2/authorize`))
  await assert.rejects(discover(elsewhere, url), { code: 'connection.not_the_crm', message: /login\.evil\.example/ })
  await assert.rejects(discover(elsewhere, url, { authority: 'https://login.microsoftonline.com' }))
  assert.deepEqual(await discover(elsewhere, url, { authority: 'https://login.evil.example/' }), {
    tenant,
    authority: 'https://login.evil.example',
  })
  const tricks = [
    `http://login.microsoftonline.com/${tenant}/x`,
    `https://login.microsoftonline.com:8443/${tenant}/x`,
    `https://login.microsoftonline.com.evil.example/${tenant}/x`,
    `https://login.microsoftonline.com@evil.example/${tenant}/x`,
  ]
  for (const uri of tricks) await assert.rejects(discover(door(401, challenge(uri)), url), uri)
})

test('what does not challenge so is no Dynamics', async () => {
  const others = [
    door(200),
    door(404),
    door(401),
    door(401, 'Basic realm="x"'),
    door(401, challenge('https://login.microsoftonline.com/common/oauth2/authorize')),
    door(403, challenge(`https://login.microsoftonline.com/${tenant}/oauth2/authorize`)),
  ]
  for (const other of others) await assert.rejects(discover(other, url), { code: 'connection.not_the_crm' })
})
