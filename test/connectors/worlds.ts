import { startDynamicsWorld } from './dynamics-world.ts'
import type { World } from './world.ts'

/** One simulator for every connector; a new CRM joins here. */
export const worlds: { crm: string; start(): Promise<World> }[] = [{ crm: 'dynamics', start: startDynamicsWorld }]
