import type { ActName } from '#audit/act.ts'
import type { Permission } from '#model/permission.ts'
import type { Principal } from '#people/principal.ts'

/**
 * Who may use a route: holders of a permission (or of any of several), anybody signed in, or everybody. Each route states
 * one; none is implied.
 */
export type Access = Permission | readonly Permission[] | 'signed in' | 'open'

/** Requests that must not crowd each other out: pages that stay open, callers that wait to be known, and all others. */
export type Crowd = 'live' | 'lookup' | 'rest'

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access
    /** Whose places it takes while it is under way; `rest` where none is named. */
    crowd?: Crowd
  }
  interface FastifyRequest {
    principal: Principal | null
  }
}

type Config = { access: Access; act?: ActName | 'no act' }

/**
 * For a route's options: `{ ...allow('read:records'), schema }`. An unsafe route names what using it is written down as
 * beside; a safe one may.
 */
export function allow(access: Access, act?: ActName | 'no act'): { config: Config } {
  return { config: act === undefined ? { access } : { access, act } }
}

/** The permissions of which one is needed; none where being signed in is enough. */
export function neededFor(access: Access): readonly Permission[] {
  if (access === 'open' || access === 'signed in') return []
  return typeof access === 'string' ? [access] : access
}
