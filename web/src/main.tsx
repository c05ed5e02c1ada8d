import { QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { RouterProvider } from 'react-router/dom'
import { client } from './api/client.ts'
import './base.css'
import { Look } from './frame/look.tsx'
import { router } from './routes.tsx'
import { Speech } from './text/use-text.tsx'

const root = document.getElementById('root')
if (root) {
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={client}>
        <Speech>
          <Look>
            <RouterProvider router={router} />
          </Look>
        </Speech>
      </QueryClientProvider>
    </StrictMode>,
  )
}
