import type { ServerResponse } from 'node:http'
import { drained } from '../exchange/http.ts'
import { partiesIn, partiesName } from './parties.ts'
import { columnsOf } from './query.ts'
import { rowWriter } from './row-json.ts'
import type { Simulator } from './simulator.ts'
import { entryOf, idOf, type Row, rowsById, type Table, versionOf } from './table.ts'

/** Every row and every tombstone, one JSON object a line; `?entity=contact` for one table. */
export async function writeDump(sim: Simulator, response: ServerResponse, query: URLSearchParams): Promise<void> {
  response.writeHead(200, { 'content-type': 'application/x-ndjson' })
  const wanted = query.getAll('entity')
  for (const table of sim.org.tables.values()) {
    if (wanted.length > 0 && !wanted.includes(table.definition.logical)) continue
    await dumpTable(sim, table, response)
  }
  response.end()
}

async function dumpTable(sim: Simulator, table: Table, response: ServerResponse): Promise<void> {
  const write = rowWriter(sim.org, table, columnsOf(table), { annotations: null, bare: true })
  const line = (row: Row, deleted: boolean) => {
    const broken = typeof row !== 'number' && row.broken ? `,"broken":${JSON.stringify(row.broken)}` : ''
    const head = `{"entity":"${table.definition.logical}","id":"${idOf(table, row)}","version":${versionOf(table, row)}`
    return `${head},"deleted":${deleted}${broken},"fields":${withParties(table, row, write(row))}}\n`
  }
  let chunk = ''
  const flush = async () => {
    if (!response.write(chunk) && !response.destroyed) await drained(response)
    chunk = ''
  }
  for (const row of rowsById(table, null)) {
    chunk += line(row, false)
    if (chunk.length > 262_144) await flush()
    if (response.destroyed) return
  }
  for (const entry of table.entries.values()) if (entry.deleted) chunk += line(entry, true)
  await flush()
}

function withParties(table: Table, row: Row, text: string): string {
  const name = partiesName(table)
  if (name === null) return text
  return `${text.slice(0, -1)},"${name}":${JSON.stringify(partiesIn(table, entryOf(table, row).fields))}}`
}
