import type { Reply } from './http.ts'

/** Somebody who can sign in: what the form sends, and what the page shows. */
export type Choice = { value: string; title: string; detail: string }

export type SignInPage = {
  /** Whose page it is: `Contoso`. */
  place: string
  app: string
  /** What the app would be allowed, one a line. */
  asks: readonly string[]
  people: readonly Choice[]
  /** What was asked for, to be sent again with the answer. */
  asked: URLSearchParams
  /** Where the answer is posted. */
  action: string
}

/** The names under which the form sends who signs in, and what they say to it. */
export const answered = { person: 'sign_in_as', decision: 'decision' } as const

export const escaped = (text: string) => text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`)

/** A page for a person: who signs in, what the app asks for, and both answers. */
export function signInPage({ place, app, asks, people, asked, action }: SignInPage): Reply {
  const hidden = [...asked]
    .filter(([name]) => name !== answered.person && name !== answered.decision)
    .map(([name, value]) => `<input type="hidden" name="${escaped(name)}" value="${escaped(value)}">`)
  const choices = people.map(
    ({ value, title, detail }, i) =>
      `<label><input type="radio" name="${answered.person}" value="${escaped(value)}" ${i === 0 ? 'checked' : ''} required> ${escaped(title)} <small>${escaped(detail)}</small></label>`,
  )
  const body = `<form method="post" action="${escaped(action)}">${hidden.join('')}
<fieldset><legend>Sign in as</legend>${choices.join('')}</fieldset>
<p><b>${escaped(app)}</b> would like to:</p><ul>${asks.map((one) => `<li>${escaped(one)}</li>`).join('')}</ul>
<p><button name="${answered.decision}" value="accept">Accept</button> <button name="${answered.decision}" value="decline">Cancel</button></p></form>`
  return page(200, `Sign in to ${place}`, body)
}

export const errorPage = (status: number, title: string, text: string): Reply =>
  page(status, title, `<p>${escaped(text)}</p>`)

const style =
  ':root{color-scheme:light dark}body{font:16px/1.5 system-ui;max-width:26rem;margin:3rem auto;padding:0 1rem}label{display:block;padding:.3rem 0}small{opacity:.75}button{font:inherit;padding:.4rem 1.2rem}'

function page(status: number, title: string, body: string): Reply {
  return {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'x-frame-options': 'DENY',
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    },
    body: `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escaped(title)}</title><style>${style}</style><h1>${escaped(title)}</h1>${body}</html>`,
  }
}

/** Sends the browser back with the answer; what the address had in its query stays. */
export function sendBack(redirectUri: string, answer: Readonly<Record<string, string | null>>): Reply {
  const url = new URL(redirectUri)
  for (const [name, value] of Object.entries(answer)) if (value !== null) url.searchParams.set(name, value)
  return { status: 302, headers: { location: url.href, 'cache-control': 'no-store' }, body: '' }
}
