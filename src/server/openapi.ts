import fastify, { type FastifyInstance, type RouteOptions } from 'fastify'
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod'
import { schemaCompilers } from './schema-compilers.ts'

type Document = Record<string, unknown>

/**
 * The OpenAPI document of all routes that are registered after this call, written when it is first asked for: what
 * writes it takes a tenth of a start, and few ask.
 */
export function openApiOf(app: FastifyInstance, version: string): () => Promise<Document> {
  const routes: RouteOptions[] = []
  app.addHook('onRoute', (route) => void routes.push(route))
  let document: Promise<Document> | undefined
  return () => {
    document ??= describe(routes, version)
    return document
  }
}

/** An application of its own, that nobody calls: the document is made of what is registered after its plugin. */
async function describe(routes: readonly RouteOptions[], version: string): Promise<Document> {
  const { default: fastifySwagger } = await import('@fastify/swagger')
  const app = fastify({ exposeHeadRoutes: false, schemaController: schemaCompilers })
  await app.register(fastifySwagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Jackfield',
        version,
        description: 'Any CRM in a contact centre: records, look-ups, writes, syncs.',
      },
      servers: [{ url: '/' }],
      components: { securitySchemes: { key: { type: 'http', scheme: 'bearer' } } },
      security: [{ key: [] }],
    },
    // The document says of each route whom it admits.
    transform: (described) => {
      const { schema, url } = jsonSchemaTransform(described)
      const { access = 'open' } = described.route.config ?? {}
      return { schema: { ...schema, 'x-access': typeof access === 'string' ? [access] : access }, url }
    },
    transformObject: jsonSchemaTransformObject,
  })
  for (const { method, url, schema = {}, config = {} } of routes) {
    if (method !== 'HEAD') app.route({ method, url, schema, config, handler: () => null })
  }
  await app.ready()
  return app.swagger() as unknown as Document
}
