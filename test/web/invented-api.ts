import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestScope } from '../support/database.ts'

export interface InventedApi {
  url: string
  key: string
  people: Person[]
  /** Paths with their queries, as they were asked for. */
  asked: string[]
}

interface Person {
  no: string
  first: string
  last: string
  mail: string
  reach: { kind: string; number: string }[]
  firm: string
  updated_at: string
}

const names = ['Aerts', 'Baert', 'Claes', 'Daems', 'Evers', 'Faes', 'Gielen']

/** An API that nobody has a connector for: members by offset, one by its number, a key in a header. */
export async function inventApi(t: TestScope): Promise<InventedApi> {
  const key = 'invented-key-0123456789'
  const people = Array.from({ length: 23 }, (_, i) => personOf(i))
  const firms = Array.from({ length: 3 }, (_, i) => ({ no: `f${i}`, name: `Firm ${i}`, updated_at: timeOf(i) }))
  const asked: string[] = []
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://invented')
    asked.push(url.pathname + url.search)
    const answer = (status: number, body: unknown) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    }
    if (request.headers['x-key'] !== key) return answer(401, { error: 'no key' })
    const [, folder, name, id] = url.pathname.split('/')
    const rows = name === 'members' ? people : name === 'firms' ? firms : null
    if (folder !== 'club' || !rows) return answer(404, { error: 'no such place' })
    if (id === undefined) return answer(200, listOf(rows, url.searchParams))
    const one = rows.find(({ no }) => no === decodeURIComponent(id))
    return one ? answer(200, { it: one }) : answer(404, { error: 'no such member' })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(async () => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/club`, key, people, asked }
}

function listOf(rows: readonly { updated_at: string }[], query: URLSearchParams) {
  const since = query.get('after')
  const fitting = since === null ? rows : rows.filter((row) => row.updated_at >= since)
  const from = Number(query.get('skip') ?? 0)
  const size = Number(query.get('take') ?? 10)
  return { count: fitting.length, found: { rows: fitting.slice(from, from + size) } }
}

function personOf(i: number): Person {
  const last = names[i % names.length]!
  return {
    no: `m-${i}`,
    first: `Member${i}`,
    last,
    mail: `member${i}@club.example`,
    reach: [{ kind: 'mobile', number: `0470 12 ${String(10 + i)} 99` }],
    firm: `f${i % 3}`,
    updated_at: timeOf(i),
  }
}

const timeOf = (i: number) => new Date(Date.UTC(2026, 0, 1, 8, i)).toISOString()
