import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { OpenDoor } from '#connectors/call.ts'
import { requestToken } from './auth.ts'

const nobodyAsked: OpenDoor = { call: () => Promise.reject(new Error('nobody is to be asked')) }

test('what is given once and for all has no lifetime, and nobody is asked for it', async () => {
  const ask = (settings: Record<string, string>) =>
    requestToken(nobodyAsked, 'https://api.example.com', { settings, secret: 'of-the-test' })
  assert.deepEqual(await ask({ kind: 'api_key_header' }), { value: 'of-the-test', expiresIn: null })
  const value = Buffer.from('ann:of-the-test').toString('base64')
  assert.deepEqual(await ask({ kind: 'basic', user: 'ann' }), { value, expiresIn: null })
  await assert.rejects(ask({ kind: 'basic', user: 'an:n' }), { code: 'input.invalid' })
})
