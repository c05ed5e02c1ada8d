import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ActName } from '#server/contract/audit-log.ts'
import { en } from '../../web/src/text/en.ts'
import { fr } from '../../web/src/text/fr.ts'
import { nl } from '../../web/src/text/nl.ts'

test('every act has its sentence in each language', () => {
  for (const [language, { auditLog }] of Object.entries({ en, fr, nl })) {
    for (const name of ActName.options) assert.ok(auditLog.acts[name], `${name} has no words in ${language}`)
  }
})
