import { parseArgs } from 'node:util'
import { announceAndServe, commonOptions, commonSettings, numberIn } from '../exchange/command-line.ts'
import { startSalesforce } from './server.ts'

const { values } = parseArgs({
  options: {
    ...commonOptions,
    others: { type: 'string' },
    broken: { type: 'string', default: '0' },
    limit: { type: 'string' },
  },
})
const running = await startSalesforce({
  ...commonSettings(values),
  others: numberIn(values.others),
  broken: Number(values.broken),
  limits: values.limit === undefined ? undefined : { max: Number(values.limit) },
})
const { url, clientId, clientSecret, username, privateKey, control } = running
announceAndServe(running, { url, clientId, clientSecret, username, privateKey, control }, values)
