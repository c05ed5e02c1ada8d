import { parseArgs } from 'node:util'
import { announceAndServe, commonOptions, commonSettings } from '../exchange/command-line.ts'
import { startDynamics } from './server.ts'

const { values } = parseArgs({
  options: {
    ...commonOptions,
    broken: { type: 'string', default: '0' },
    protection: { type: 'string' },
  },
})
const running = await startDynamics({
  ...commonSettings(values),
  broken: Number(values.broken),
  protection: values.protection === undefined ? undefined : values.protection !== 'off',
})
const { url, authority, tenant, clientId, clientSecret, control } = running
announceAndServe(running, { url, authority, tenant, clientId, clientSecret, control }, values)
