import { useCallback } from 'react'
import { useNavigate, useSearchParams } from 'react-router'
import { client } from '../../api/client.ts'
import { type Session, sessionQuery } from '../../api/session.ts'
import { ownPath } from './own-path.ts'

/** Signed in: nothing of whoever was here before stays, and the page comes that was asked for. */
export function useEnter(): (session: Session) => void {
  const navigate = useNavigate()
  const [search] = useSearchParams()
  const to = ownPath(search.get('to'))
  return useCallback(
    (session) => {
      client.clear()
      client.setQueryData(sessionQuery.queryKey, session)
      void navigate(to, { replace: true })
    },
    [navigate, to],
  )
}
