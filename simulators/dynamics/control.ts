import { changeDirectory } from '../entra/faults.ts'
import {
  type Control,
  changeNamed,
  commonControls,
  controlDoor,
  deliveriesOf,
  type Input,
} from '../exchange/control.ts'
import { addFault, describe } from '../exchange/faults.ts'
import { figuresOf } from '../exchange/prepared.ts'
import { applyRecords } from './control-records.ts'
import { schemaControl } from './control-schema.ts'
import { addPerson } from './directory.ts'
import { writeDump } from './dump.ts'
import { ServiceError } from './errors.ts'
import { applyLasting } from './lasting-faults.ts'
import { setProtection } from './limits.ts'
import { prepare } from './prepare.ts'
import type { Simulator } from './simulator.ts'

const controls: Record<string, Control<Simulator>> = {
  ...commonControls(strikeWith),
  'GET /': (sim) => facts(sim),
  'POST /records': (sim, input) => applyRecords(sim, input),
  'GET /settings': (sim) => ({ ...sim.org.settings, entra: sim.directory.settings }),
  'POST /settings': (sim, input) => changeSettings(sim, input),
  'GET /limits': (sim) => ({ protection: sim.limits.protection }),
  'POST /limits': (sim, input) => ({ protection: setProtection(sim.limits, input.protection ?? input) }),
  'POST /prepare': (sim, input) => prepare(sim, input),
  'POST /directory': (sim, input) => {
    sim.auth.known.clear()
    return changeDirectory(sim.directory, input)
  },
  'GET /people': ({ directory }) => ({ people: directory.people }),
  'POST /people': (sim, input) => addPerson(sim, input),
  'POST /schema': (sim, input) => schemaControl(sim, input),
  'GET /webhooks': ({ webhooks }) => deliveriesOf(webhooks),
}

export const control = controlDoor({
  controls,
  dump: writeDump,
  codeOf: (error) => (error instanceof ServiceError ? error.code : null),
})

function changeSettings(sim: Simulator, { entra, ...rest }: Input): unknown {
  changeNamed(sim.org.settings, rest)
  Object.assign(sim.directory.settings, entra ?? {})
  sim.auth.known.clear()
  return { ...sim.org.settings, entra: sim.directory.settings }
}

function strikeWith(sim: Simulator, spec: Input): unknown {
  const fault = addFault(sim.faults, spec)
  try {
    applyLasting(sim, fault)
  } catch (error) {
    sim.faults.list = sim.faults.list.filter((f) => f !== fault)
    throw error
  }
  return describe(fault)
}

function facts({ org, origin, prepared, churn }: Simulator): unknown {
  const rows = Object.fromEntries([...org.tables].map(([name, table]) => [name, table.live]))
  return {
    url: origin,
    organization: org.id,
    appUser: org.appUser,
    counter: org.counter,
    rows,
    prepared: figuresOf(prepared),
    churn: { rate: churn.rate, done: churn.done },
  }
}
