import type { Manifest } from '#connectors/connector.ts'
import type { World } from '../connectors/world.ts'
import type { HubScene } from './hub.ts'

export type Ability = keyof Manifest['abilities']

interface Named {
  /** What the hub relies on, in words that fit every CRM. */
  name: string
  /** Without these a connector cannot show it. */
  needs: readonly Ability[]
}

/** Something that the hub relies on: of a connector against its CRM, or of a whole hub with that connector. */
export type Behaviour = Named &
  ({ of: 'connector'; run: (world: World) => Promise<void> } | { of: 'hub'; run: (scene: HubScene) => Promise<void> })

/** Behaviours that are tried on a world of their own. */
export function ofConnector(
  name: string,
  run: (world: World) => Promise<void>,
  needs: readonly Ability[] = [],
): Behaviour {
  return { name, needs, of: 'connector', run }
}

/** Behaviours that share one hub: each makes rows of its own. */
export function ofHub(
  name: string,
  run: (scene: HubScene) => Promise<void>,
  needs: readonly Ability[] = [],
): Behaviour {
  return { name, needs, of: 'hub', run }
}

/** Why a connector cannot show a behaviour, in its manifest's words; null where it can. */
export function lackOf({ needs }: Behaviour, { abilities }: Manifest): string | null {
  for (const ability of needs) {
    const has = abilities[ability]
    if (has !== true) return `${ability}: ${has.lacks}`
  }
  return null
}
