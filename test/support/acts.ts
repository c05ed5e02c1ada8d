import { randomBytes } from 'node:crypto'
import { type Acts, type Asker, createActs } from '#audit/append.ts'
import { createKeyring, toMasterKey } from '#secrets/keyring.ts'

/** Acts that are proven by a key of their own. */
export const testActs = (): Acts => createActs(createKeyring([toMasterKey(randomBytes(32))]))

/** Whom a test's acts are put down to. */
export const asker: Asker = { actor: { kind: 'operator', id: 'operator' }, sessionId: null }
