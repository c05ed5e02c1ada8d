import { queryOptions } from '@tanstack/react-query'
import type {
  CallbackAddress,
  ConsentInput,
  ConsentStart,
  LinkableConnection,
  LinkableList,
} from '../../../src/server/contract/linked-accounts.ts'
import { client } from './client.ts'
import { act, get } from './request.ts'

export type { LinkableConnection }

export const ownAccountsQuery = queryOptions({
  queryKey: ['me', 'linked-accounts'],
  queryFn: async ({ signal }) => (await get<LinkableList>('/me/linked-accounts', {}, signal)).connections,
})

export async function unlinkAccount(connection: string): Promise<void> {
  await act('DELETE', `/me/linked-accounts/${connection}`)
  await client.invalidateQueries({ queryKey: ownAccountsQuery.queryKey })
}

/** Leaves the console for the CRM's window, which sends the browser back to `return`. */
export async function goToWindow(input: ConsentInput): Promise<void> {
  const { url } = await act<ConsentStart>('POST', '/consents', input)
  location.assign(url)
}

/** Where a CRM sends people back to; null: it has no window in which they could sign in. */
export const callbackQuery = (kind: 'connections' | 'authentications', id: string) =>
  queryOptions({
    queryKey: [kind, id, 'callback-address'],
    queryFn: async ({ signal }) =>
      (await get<CallbackAddress>(`/${kind}/${id}/callback-address`, {}, signal)).callbackUrl,
  })
