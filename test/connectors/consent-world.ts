import { createHash, randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { crmReply } from '#connections/crm-reply.ts'
import type { OpenDoor } from '#connectors/call.ts'
import type { AuthenticationInput, Consent, ConsentToken } from '#connectors/connector.ts'
import { createDoor, type Door } from '#core/http.ts'
import { openPage } from '../simulators/sign-in-page.ts'
import { quickly } from '../support/crm-session.ts'

/** The hub's own door, which may reach these addresses. */
export function openDoor(...urls: string[]): OpenDoor & Pick<Door, 'close'> {
  const door = createDoor({ allowHosts: new Set(urls.map((url) => new URL(url).host)), random: quickly })
  return { call: async (url, options) => crmReply(await door.call(url, options)), close: door.close }
}

export const redirectUri = 'https://hub.example/api/v1/consents/crm.example/callback'

/** What the hub makes for one window. */
export function makeAsked() {
  const verifier = randomBytes(48).toString('base64url')
  const challenge = createHash('sha256').update(verifier).digest('base64url')
  return { verifier, redirectUri, state: randomBytes(24).toString('base64url'), challenge }
}

export interface Subject {
  consent: Consent
  door: OpenDoor
  url: string
  app: AuthenticationInput
}

/** Opens the window, lets `person` accept, and says what the browser brings back. */
export async function come(subject: Subject, person: string) {
  const { verifier, ...asked } = makeAsked()
  const page = await openPage(subject.consent.window(subject.url, subject.app.settings, asked))
  const { searchParams } = await page.answer(person)
  return { code: searchParams.get('code') ?? '', verifier, redirectUri, state: searchParams.get('state'), asked }
}

export async function signIn(subject: Subject, person: string): Promise<ConsentToken> {
  const { code, verifier } = await come(subject, person)
  return subject.consent.redeem(subject.door, subject.url, subject.app, { code, verifier, redirectUri })
}

export interface Answer {
  status: number
  body: string
  headers?: Record<string, string>
}

/** A sign-in service that answers whatever a test has it say, and how often it was asked. */
export async function startLiar(): Promise<{ url: string; asked: number; say(answer: Answer): void; close(): void }> {
  let answer: Answer = { status: 200, body: '' }
  const server = createServer((message, response) => {
    liar.asked += 1
    message.resume().on('end', () => response.writeHead(answer.status, answer.headers).end(answer.body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const liar = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: 0,
    say: (next: Answer) => {
      answer = next
    },
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
  return liar
}
