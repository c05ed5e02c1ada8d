import { existsSync } from 'node:fs'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'
import { allow } from '../access.ts'

const notBuilt = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Jackfield</title>
<h1>The console is not built yet</h1>
<p>Run <code>npm run build:web</code> in the project's folder and load this page again. The API works without it.</p></html>`

// Built files carry a hash of their content in the name, so what a name stands for never changes.
const forever = 'public, max-age=31536000, immutable'
const askAgain = 'no-cache'

/** Everything that is neither API nor hook: the console's files, and its one page for the addresses that it routes itself. */
export async function registerWebFiles(app: FastifyInstance, folder: string): Promise<void> {
  await app.register(fastifyStatic, {
    root: folder,
    serve: false,
    index: false,
    cacheControl: false,
    dotfiles: 'deny',
    suppressWarning: true,
  })
  app.get('/*', { ...allow('open'), schema: { hide: true } }, (request, reply) => {
    const path = (request.params as { '*': string })['*']
    // Neither a dot file, nor a way out of the folder, nor a name that no file has is any page of the console.
    if (/^(api|hooks)(\/|$)|(^|\/)\.|\0/.test(path)) return reply.callNotFound()
    if (path.startsWith('assets/')) {
      if (!existsSync(join(folder, path))) return reply.callNotFound()
      return reply.header('cache-control', forever).sendFile(path)
    }
    reply.header('cache-control', askAgain)
    if (/\.[a-z0-9]{1,10}$/i.test(path)) return reply.sendFile(path)
    if (existsSync(join(folder, 'index.html'))) return reply.sendFile('index.html')
    return reply.code(503).type('text/html; charset=utf-8').send(notBuilt)
  })
}
