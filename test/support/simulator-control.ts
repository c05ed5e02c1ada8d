/** An answer that is no success. */
export class Refused extends Error {
  readonly status: number
  readonly body: string
  constructor(asked: string, status: number, body: string) {
    super(`${asked}: ${status} ${body.slice(0, 300)}`)
    this.status = status
    this.body = body
  }
}

/** Asks a simulator's door for tests, whose address is `control`. */
export async function askControl<T = unknown>(
  control: string,
  path: string,
  body?: unknown,
  method = 'POST',
): Promise<T> {
  const sent = body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
  const reply = await fetch(`${control}${path}`, { method, ...sent })
  const text = await reply.text()
  if (!reply.ok) throw new Refused(`control ${path}`, reply.status, text)
  return JSON.parse(text) as T
}

/** Every row that the simulator holds, deleted ones too, past its API. */
export async function readDump<Row>(control: string, entity?: string): Promise<Row[]> {
  const reply = await fetch(`${control}/dump${entity === undefined ? '' : `?entity=${entity}`}`)
  const text = await reply.text()
  if (!reply.ok) throw new Refused('control /dump', reply.status, text)
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Row)
}

/**
 * Has a list that was read go in a circle: where its third page led to the fourth, it leads to the second from now on.
 * `path` is what its address holds and no other list's of that kind.
 */
export async function leadBack(control: string, { kind, path }: { kind: string; path: string }): Promise<void> {
  const { recent } = await askControl<{ recent: { kind: string; url: string }[] }>(
    control,
    '/requests',
    undefined,
    'GET',
  )
  const pages = recent.filter((asked) => asked.kind === kind && asked.url.includes(path))
  const linkTo = (page: number) =>
    pages.findLast(({ url }) => decodeURIComponent(url).includes(`pagenumber="${page}"`))!.url
  await askControl(control, '/faults', { kind: 'replace', from: linkTo(4), to: linkTo(2), times: 0, on: [kind] })
}
