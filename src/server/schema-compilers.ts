import type { FastifyServerOptions } from 'fastify'
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod'

type Factories = NonNullable<NonNullable<FastifyServerOptions['schemaController']>['compilersFactory']>

/** Given from the start, since Fastify would first load its own (ajv and fast-json-stringify) for nothing. */
export const schemaCompilers = {
  compilersFactory: {
    buildValidator: () => validatorCompiler,
    buildSerializer: () => serializerCompiler,
    // Its types know schemas of ajv alone.
  } as unknown as Factories,
}
