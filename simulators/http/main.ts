import { parseArgs } from 'node:util'
import { announceAndServe, commonOptions, commonSettings } from '../exchange/command-line.ts'
import { startHttp } from './server.ts'

const { values } = parseArgs({ options: commonOptions })
const running = await startHttp(commonSettings(values))
const { url, user, clientId, secret, control, definition } = running
announceAndServe(running, { url, user, clientId, secret, control, definition }, values)
