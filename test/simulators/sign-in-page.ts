/** What a browser does with a sign-in page: reads its form, and posts it with the person's choice. */
export interface Page {
  /** Whom it offers, as it writes them. */
  people: string[]
  answer(person: string, decision?: 'accept' | 'decline'): Promise<URL>
}

const attribute = (tag: string, name: string) =>
  new RegExp(`${name}="([^"]*)"`).exec(tag)?.[1]?.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(code)) ?? ''

export async function openPage(address: URL | string): Promise<Page> {
  const reply = await fetch(address, { redirect: 'manual' })
  const html = await reply.text()
  if (reply.status !== 200 || !/^text\/html/.test(reply.headers.get('content-type') ?? ''))
    throw new Error(`no page: ${reply.status} ${html.slice(0, 300)}`)
  const inputs = html.match(/<input [^>]*>/g) ?? []
  const of = (type: string) => inputs.filter((tag) => attribute(tag, 'type') === type)
  const action = new URL(attribute(/<form [^>]*>/.exec(html)?.[0] ?? '', 'action'), address)
  return {
    people: of('radio').map((tag) => attribute(tag, 'value')),
    async answer(person, decision = 'accept') {
      const form = new URLSearchParams(
        of('hidden').map((tag): [string, string] => [attribute(tag, 'name'), attribute(tag, 'value')]),
      )
      form.set(attribute(of('radio')[0] ?? '', 'name'), person)
      form.set('decision', decision)
      const answer = await fetch(action, { method: 'POST', body: form, redirect: 'manual' })
      if (answer.status !== 302) throw new Error(`no way back: ${answer.status} ${await answer.text()}`)
      return new URL(answer.headers.get('location')!)
    },
  }
}
