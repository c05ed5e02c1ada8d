import { z } from 'zod'
import { tokenText } from '#connectors/sign-in.ts'

/** Salesforce's JSON, as far as the connector reads it. */

/** No `expires_in`: how long a session lives is the organisation's policy, and is not told. */
export const tokenReply = z.looseObject({
  access_token: tokenText,
  refresh_token: tokenText.nullish(),
  instance_url: z.string().min(1),
})

export const tokenError = z.looseObject({
  error: z.string().max(200),
  error_description: z.string().default(''),
})

/** Refusals are lists; the first names the reason. */
export const errorList = z
  .array(z.looseObject({ errorCode: z.string(), message: z.string(), fields: z.array(z.string()).optional() }))
  .min(1)

export const versionList = z.array(z.looseObject({ version: z.string(), url: z.string() })).min(1)

export const pageEnvelope = z.looseObject({ done: z.boolean(), totalSize: z.number(), records: z.array(z.unknown()) })

export const bulkJob = z.looseObject({
  id: z.string().min(1),
  state: z.enum(['UploadComplete', 'InProgress', 'JobComplete', 'Failed', 'Aborted']),
  errorMessage: z.string().nullish(),
})

export const objectList = z.looseObject({
  sobjects: z.array(
    z.looseObject({
      name: z.string().min(1),
      label: z.string().nullish(),
      queryable: z.boolean().nullish(),
      replicateable: z.boolean().nullish(),
    }),
  ),
})

const wireField = z.looseObject({
  name: z.string().min(1),
  label: z.string().nullish(),
  type: z.string(),
  length: z.number().nullish(),
  nillable: z.boolean().nullish(),
  createable: z.boolean().nullish(),
  updateable: z.boolean().nullish(),
  defaultedOnCreate: z.boolean().nullish(),
  externalId: z.boolean().nullish(),
  unique: z.boolean().nullish(),
  nameField: z.boolean().nullish(),
  filterable: z.boolean().nullish(),
  deprecatedAndHidden: z.boolean().nullish(),
  referenceTo: z.array(z.string()).nullish(),
  picklistValues: z
    .array(z.looseObject({ value: z.string(), label: z.string().nullish(), active: z.boolean().nullish() }))
    .nullish(),
})
export type WireField = z.infer<typeof wireField>

export const objectDescription = z.looseObject({
  name: z.string().min(1),
  label: z.string().nullish(),
  queryable: z.boolean().nullish(),
  fields: z.array(wireField),
})

/** Of a create, an upsert, or an object of the Tooling API. */
export const saveResult = z.looseObject({
  id: z.string().min(15),
  success: z.literal(true),
  created: z.boolean().nullish(),
})

/** What became of the requests of a composite one; none of them has to be as its request would be answered alone. */
export const compositeReply = z.looseObject({
  compositeResponse: z.array(
    z.looseObject({
      referenceId: z.string(),
      httpStatusCode: z.number(),
      httpHeaders: z.record(z.string(), z.string()).nullish(),
      body: z.unknown(),
    }),
  ),
})

/** What became of the rows of a collection, in their order. */
export const collectionReply = z.array(
  z.looseObject({
    id: z.string().nullish(),
    success: z.boolean(),
    errors: z
      .array(z.looseObject({ statusCode: z.string(), message: z.string(), fields: z.array(z.string()).nullish() }))
      .default([]),
  }),
)
