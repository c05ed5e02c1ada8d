import type { Subject, World } from '../connectors/world.ts'
import type { TestScope } from '../support/database.ts'
import type { Behaviour } from './behaviour.ts'
import { type HubScene, openHub } from './hub.ts'

/** Where the behaviours of one connector are tried: a world each, or the one hub of them all. */
export interface Stage {
  /** Starts what the behaviour needs and what others share. */
  open(behaviour: Behaviour): Promise<void>
  play(behaviour: Behaviour): Promise<void>
}

export interface StageOptions {
  /** The hub's `main.ts`, where it is not the project's. */
  program?: string
  /** Changes a world before it is used: a lie that has to be found out. */
  spoil?: (world: World) => void
}

export function createStage(subject: Subject, t: TestScope, options: StageOptions = {}): Stage {
  const { program, spoil = () => undefined } = options
  let opening: Promise<HubScene> | undefined
  const scene = () => {
    opening ??= openHub(t, {
      start: (size) => subject.start(size),
      ...(program === undefined ? {} : { program }),
    }).then((opened) => {
      spoil(opened.world)
      return opened
    })
    return opening
  }
  return {
    async open({ of }) {
      if (of === 'hub') await scene()
    },
    async play(behaviour) {
      if (behaviour.of === 'hub') {
        const opened = await scene()
        try {
          return await behaviour.run(opened)
        } finally {
          await opened.world.calm()
        }
      }
      const world = await subject.start()
      try {
        spoil(world)
        await behaviour.run(world)
      } finally {
        await world.close()
      }
    },
  }
}
