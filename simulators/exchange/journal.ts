import { appendFileSync, existsSync, readFileSync, truncateSync } from 'node:fs'

/** What a kept service was started with; its file's first line. */
export type Head = { version: 1; seed: number; records: number; port: number }

type Asked = { dataFile?: string | undefined; seed?: number | undefined; records?: number | undefined }

/** The head of the file that was asked for, or null where there is no file yet. */
export function keptHead<H extends Head>({ dataFile, seed, records }: Asked): H | null {
  if (dataFile === undefined || !existsSync(dataFile)) return null
  const [line, ...more] = readFileSync(dataFile, 'utf8').split('\n', 2)
  if (more.length === 0) return null
  const kept = JSON.parse(line!) as H
  if ((seed ?? kept.seed) !== kept.seed || (records ?? kept.records) !== kept.records)
    throw new Error(`${dataFile} holds another organisation: seed ${kept.seed}, ${kept.records} records`)
  return kept
}

/** Each line behind the head; one that was cut off by a kill is taken out of the file. */
export function replayLines(file: string, each: (line: string) => void): void {
  const text = readFileSync(file, 'utf8')
  const end = text.lastIndexOf('\n') + 1
  if (end < text.length) truncateSync(file, Buffer.byteLength(text.slice(0, end)))
  for (const line of text.slice(0, end).split('\n').slice(1)) if (line !== '') each(line)
}

export function appendLines(file: string, items: readonly unknown[]): void {
  appendFileSync(file, items.map((item) => `${JSON.stringify(item)}\n`).join(''))
}
