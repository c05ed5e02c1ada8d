import { useMutation } from '@tanstack/react-query'
import { useNavigate } from 'react-router'
import { client } from '../api/client.ts'
import { signOut } from '../api/session.ts'
import { useToasts } from '../parts/toasts.tsx'

export function useSignOut() {
  const navigate = useNavigate()
  const toasts = useToasts()
  return useMutation({
    mutationFn: signOut,
    onSuccess: async () => {
      await navigate('/sign-in', { replace: true })
      // Only now: the rooms would ask anew for what is gone.
      client.clear()
    },
    onError: (error) => toasts.failed(error),
  })
}
