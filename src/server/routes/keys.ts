import { z } from 'zod'
import { readPermissions } from '#model/permission.ts'
import { fullSight } from '#model/sight.ts'
import { createApiKey, listApiKeys, revokeApiKey, type ApiKey as StoredKey } from '#people/api-key.ts'
import { refuseBeyond } from '#people/grants.ts'
import { grantsOf } from '#people/role.ts'
import { findRole } from '#people/role-store.ts'
import { allow } from '../access.ts'
import { noteAct } from '../acts.ts'
import { type Api, failures, IdPath } from '../api.ts'
import { type ApiKey, ApiKeyInput, ApiKeyList, NewApiKey } from '../contract/keys.ts'
import type { Hub } from '../hub.ts'
import { time, timeOrNull } from '../shown.ts'

export function keyRoutes(app: Api, hub: Hub): void {
  app.get('/keys', { ...allow('manage:keys'), schema: { response: { 200: ApiKeyList, ...failures } } }, async () => {
    return { keys: (await listApiKeys(hub.pool)).map(shownKey) }
  })

  app.post(
    '/keys',
    { ...allow('manage:keys', 'key.create'), schema: { body: ApiKeyInput, response: { 201: NewApiKey, ...failures } } },
    async (request, reply) => {
      const principal = request.principal!
      const { name, role = null, owners } = request.body
      const scopes = readPermissions(request.body.scopes)
      refuseBeyond(principal, {
        permissions: new Set(scopes),
        sight: role === null ? fullSight : grantsOf([await findRole(hub.pool, role)], new Set(owners)).sight,
      })
      const { key, stored } = await createApiKey(hub.pool, { name, scopes, role, owners, createdBy: principal.name })
      noteAct(request, {
        subject: { kind: 'key', id: stored.id },
        details: { scopes, role },
        personal: { [`key:${stored.id}`]: { name } },
      })
      hub.log.info('API key made', { key: stored.id, name, scopes, role, by: principal.name })
      return reply.code(201).send({ ...shownKey(stored), key })
    },
  )

  app.delete(
    '/keys/:id',
    { ...allow('manage:keys', 'key.revoke'), schema: { params: IdPath, response: { 204: z.null(), ...failures } } },
    async (request, reply) => {
      await revokeApiKey(hub.pool, request.params.id)
      hub.credentials.forget()
      hub.log.info('API key revoked', { key: request.params.id, by: request.principal!.name })
      return reply.code(204).send(null)
    },
  )
}

function shownKey(stored: StoredKey): ApiKey {
  return {
    ...stored,
    createdAt: time(stored.createdAt),
    lastUsedAt: timeOrNull(stored.lastUsedAt),
    revokedAt: timeOrNull(stored.revokedAt),
  }
}
