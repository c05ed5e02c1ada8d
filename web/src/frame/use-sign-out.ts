import { useMutation } from '@tanstack/react-query'
import { useNavigate } from 'react-router'
import { client } from '../api/client.ts'
import { signOut } from '../api/sign-on.ts'
import { dropEntry } from '../parts/kept-entry.ts'
import { useToasts } from '../parts/toasts.tsx'

export function useSignOut() {
  const navigate = useNavigate()
  const toasts = useToasts()
  return useMutation({
    mutationFn: signOut,
    onSuccess: async ({ url }) => {
      dropEntry()
      // The provider’s own session ends there; it sends the browser back.
      if (url !== null) return location.assign(url)
      await navigate('/sign-in', { replace: true })
      // Only now: the rooms would ask anew for what is gone.
      client.clear()
    },
    onError: (error) => toasts.failed(error),
  })
}
