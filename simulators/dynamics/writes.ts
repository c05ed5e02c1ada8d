import { ServiceError } from './errors.ts'
import type { Reply } from './http.ts'
import type { Call } from './service.ts'
import type { Simulator } from './simulator.ts'

export function writes(_sim: Simulator, call: Call): Reply {
  throw new ServiceError(501, '0x80060888', `${call.request.method} is not supported.`)
}
