import type { Principal, Scope } from '#people/scope.ts'

/** Who may use a route: holders of a scope, anybody signed in, or everybody. Each route states one; none is implied. */
export type Access = Scope | 'signed in' | 'open'

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access
  }
  interface FastifyRequest {
    principal: Principal | null
  }
}

/** For a route's options: `{ ...allow('read:records'), schema }`. */
export function allow(access: Access): { config: { access: Access } } {
  return { config: { access } }
}
