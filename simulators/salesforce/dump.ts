import type { ServerResponse } from 'node:http'
import { drained } from '../exchange/http.ts'
import type { Simulator } from './simulator.ts'
import { idOf, isDeleted, type Row, reader, rowsById, type Table } from './table.ts'

/** Every row and every one in the recycle bin, one JSON object a line; `?entity=Contact` for one object. */
export async function writeDump(sim: Simulator, response: ServerResponse, query: URLSearchParams): Promise<void> {
  response.writeHead(200, { 'content-type': 'application/x-ndjson' })
  const wanted = query.getAll('entity').map((name) => name.toLowerCase())
  for (const [name, table] of sim.org.tables) {
    if (wanted.length > 0 && !wanted.includes(name)) continue
    await dumpTable(table, response)
  }
  response.end()
}

async function dumpTable(table: Table, response: ServerResponse): Promise<void> {
  const reads = table.definition.fields.map((f) => [JSON.stringify(f.name), reader(table, f.name)] as const)
  const line = (row: Row) => {
    const broken = typeof row !== 'number' && row.broken ? `,"broken":${JSON.stringify(row.broken)}` : ''
    const fields = reads.map(([key, read]) => `${key}:${JSON.stringify(read(row))}`).join(',')
    const version = typeof row === 'number' ? 0 : row.version
    return `{"entity":"${table.definition.name}","id":"${idOf(table, row)}","version":${version},"deleted":${isDeleted(row)}${broken},"fields":{${fields}}}\n`
  }
  let chunk = ''
  for (const row of rowsById(table)) {
    chunk += line(row)
    if (chunk.length <= 262_144) continue
    if (!response.write(chunk)) await drained(response)
    chunk = ''
    if (response.destroyed) return
  }
  response.write(chunk)
}
