import type { ServerResponse } from 'node:http'
import { controlDoor } from '../exchange/control.ts'
import type { Centre } from './centre.ts'

export const control = controlDoor<Centre>({
  controls: {
    'GET /': (centre) => centre.counts(),
    'POST /rate': (centre, { rate }) => {
      centre.setRate(Math.max(0.001, Number(rate)))
      return { rate: Number(rate) }
    },
    'POST /stop': (centre) => {
      centre.stop()
      return centre.counts()
    },
  },
  dump: (centre, response: ServerResponse) => {
    response.writeHead(200, { 'content-type': 'application/x-ndjson' })
    for (const one of centre.dump()) response.write(`${JSON.stringify(one)}\n`)
    response.end()
  },
})
