/** Options that every simulator takes, for `parseArgs`. */
export const commonOptions = {
  port: { type: 'string', default: '0' },
  records: { type: 'string' },
  seed: { type: 'string' },
  json: { type: 'boolean', default: false },
  churn: { type: 'string', default: '0' },
  data: { type: 'string' },
  prepared: { type: 'boolean', default: false },
  attached: { type: 'boolean', default: false },
} as const

export const numberIn = (text: string | undefined) => (text === undefined ? undefined : Number(text))

type Given = { port: string; records?: string; seed?: string; churn: string; data?: string; prepared: boolean }

export const commonSettings = (values: Given) => ({
  port: Number(values.port),
  records: numberIn(values.records),
  seed: numberIn(values.seed),
  churn: Number(values.churn),
  dataFile: values.data,
  prepared: values.prepared,
})

/** Says how the service is reached, and closes it at a signal or, if `attached`, when its starter goes. */
export function announceAndServe(
  running: { close: () => Promise<void> },
  facts: Record<string, unknown>,
  { json, attached }: { json: boolean; attached: boolean },
): void {
  if (json) console.log(JSON.stringify(facts))
  else
    for (const [name, value] of Object.entries(facts))
      if (typeof value === 'string') console.log(`${name.padEnd(13)} ${value}`)
  const end = () => void running.close().then(() => process.exit(0))
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, end)
  if (attached) process.stdin.once('close', end).resume()
}
