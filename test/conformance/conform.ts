import { after, test } from 'node:test'
import { connectorOf } from '#connectors/registry.ts'
import { worlds } from '../connectors/worlds.ts'
import { type Behaviour, lackOf } from './behaviour.ts'
import { createScope } from './scope.ts'
import { createStage } from './stage.ts'

/** Every connector tried on these behaviours, each a test of its own; the hub of a connector serves all of the file. */
export function conform(name: string, behaviours: readonly Behaviour[]): void {
  for (const subject of worlds) {
    const scope = createScope(`${name} ${subject.crm}`)
    after(() => scope.end())
    const stage = createStage(subject, scope)
    for (const behaviour of behaviours) {
      const lack = lackOf(behaviour, connectorOf(subject.crm).manifest)
      const skip = lack === null ? false : `not applicable: ${lack}`
      test(`${subject.crm}: ${behaviour.name}`, { skip }, () => stage.play(behaviour))
    }
  }
}
