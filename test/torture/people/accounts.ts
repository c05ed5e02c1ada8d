import { type Credential, type HubApi, sessionOf } from '../clients.ts'
import type { World } from '../world.ts'

/** A person who is signed in. */
export interface Person {
  id: string
  name: string
  api: HubApi
}

const password = 'the pear tree stands in the yard'

/** Invited by whoever has a key, accepted in a browser of their own. */
export async function newPerson({ api, apiAs }: World, name: string, role: string): Promise<Person> {
  const email = `${name.toLowerCase()}@example.org`
  const { token } = await api.insist<{ token: string }>('POST', '/invitations', { email, name, roles: [role] })
  const session: Credential = sessionOf()
  const own = apiAs(session)
  const { id } = await own.ask<{ id: string }>('POST', '/invitations/accept', { token, name, password })
  return { id, name, api: own }
}
