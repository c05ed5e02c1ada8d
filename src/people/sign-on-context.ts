import type { Acts } from '#audit/append.ts'
import type { PeopleContext } from './context.ts'
import type { Clients } from './sign-on-client.ts'

/** What signing in by a provider needs of the hub. */
export interface SignOnContext extends PeopleContext {
  clients: Clients
  acts: Acts
}
