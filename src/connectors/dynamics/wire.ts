import { z } from 'zod'
import { tokenText } from '#connectors/sign-in.ts'

/** The vendor's JSON as it is accepted at the door; members that are not named here pass. */

export const errorBody = z.looseObject({ error: z.looseObject({ code: z.string(), message: z.string() }) })
/** Some gateways in front of the service answer so. */
export const bareErrorBody = z.looseObject({ Message: z.string() })

/** All of a page but its rows. */
export const pageEnvelope = z.looseObject({
  value: z.array(z.never()),
  '@odata.nextLink': z.string().min(1).optional(),
  '@odata.deltaLink': z.string().min(1).optional(),
  '@odata.count': z.number().optional(),
})

const guid = z.string().regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i)

export const whoAmI = z.looseObject({ OrganizationId: guid, UserId: guid, BusinessUnitId: guid.optional() })

export const deletedRow = z.looseObject({ '@odata.context': z.string().endsWith('/$deletedEntity'), id: guid })

export const tokenReply = z.looseObject({
  access_token: tokenText,
  expires_in: z.coerce.number().positive(),
  /** Of a person who signed in: a new one each time. */
  refresh_token: tokenText.nullish(),
})

export const tokenError = z.looseObject({
  error: z.string().max(200),
  error_description: z.string().default(''),
  error_codes: z.array(z.number()).default([]),
})

const localLabel = z.looseObject({ Label: z.string().nullish(), LanguageCode: z.number() })
const label = z.looseObject({
  LocalizedLabels: z.array(localLabel).nullish(),
  UserLocalizedLabel: localLabel.nullish(),
})
export type WireLabel = z.infer<typeof label>

export const tableDefinition = z.looseObject({
  LogicalName: z.string().min(1),
  EntitySetName: z.string().nullish(),
  PrimaryIdAttribute: z.string().nullish(),
  PrimaryNameAttribute: z.string().nullish(),
  DisplayName: label.nullish(),
  ChangeTrackingEnabled: z.boolean().nullish(),
})

export const tableList = z.looseObject({
  value: z.array(
    z.looseObject({
      LogicalName: z.string().min(1),
      EntitySetName: z.string().nullish(),
      DisplayName: label.nullish(),
    }),
  ),
})

export const attributeList = z.looseObject({
  value: z.array(
    z.looseObject({
      LogicalName: z.string().min(1),
      AttributeType: z.string(),
      AttributeTypeName: z.looseObject({ Value: z.string() }).nullish(),
      AttributeOf: z.string().nullish(),
      DisplayName: label.nullish(),
      RequiredLevel: z.looseObject({ Value: z.string() }).nullish(),
      IsValidForRead: z.boolean().nullish(),
      IsValidForCreate: z.boolean().nullish(),
      IsValidForUpdate: z.boolean().nullish(),
    }),
  ),
})
export type WireAttribute = z.infer<typeof attributeList>['value'][number]

const wireOption = z.looseObject({ Value: z.number(), Label: label.nullish() })
const optionSet = z.looseObject({
  Options: z.array(wireOption).nullish(),
  TrueOption: wireOption.nullish(),
  FalseOption: wireOption.nullish(),
})

/** What the casts of an attribute add: each kind fills its own members. */
export const attributeDetailList = z.looseObject({
  value: z.array(
    z.looseObject({
      LogicalName: z.string().min(1),
      MaxLength: z.number().nullish(),
      Targets: z.array(z.string()).nullish(),
      Format: z.string().nullish(),
      FormatName: z.looseObject({ Value: z.string().nullish() }).nullish(),
      DateTimeBehavior: z.looseObject({ Value: z.string() }).nullish(),
      OptionSet: optionSet.nullish(),
      GlobalOptionSet: optionSet.nullish(),
    }),
  ),
})
export type WireAttributeDetail = z.infer<typeof attributeDetailList>['value'][number]

export const relationshipList = z.looseObject({
  value: z.array(
    z.looseObject({
      ReferencingAttribute: z.string(),
      ReferencedEntity: z.string(),
      ReferencingEntityNavigationPropertyName: z.string().nullish(),
    }),
  ),
})

export const totalCount = z.looseObject({
  EntityRecordCountCollection: z.looseObject({ Keys: z.array(z.string()), Values: z.array(z.number()) }),
})

export const rowList = z.looseObject({ value: z.array(z.record(z.string(), z.unknown())) })

/** `/Date(1506384247000)/`, also with an offset that says in which zone it was written. */
const netDate = z.string().regex(/^\/Date\(-?\d+(?:[-+]\d{4})?\)\/$/)

/** Members that are dropped above 256 KB ("Use webhooks to create external handlers") are not asked for. */
export const remoteExecutionContext = z.object({
  MessageName: z.string().min(1).max(256),
  PrimaryEntityName: z.string().regex(/^[a-z][a-z0-9_]{0,127}$/i),
  PrimaryEntityId: guid,
  OrganizationId: guid,
  CorrelationId: guid,
  OperationCreatedOn: netDate,
})

export const stateOfRow = z.looseObject({ statecode: z.number() })

export const tablePrivileges = z.looseObject({
  Privileges: z.array(z.looseObject({ Name: z.string().min(1), PrivilegeType: z.string() })).nullish(),
})

export const privilegeList = z.looseObject({
  RolePrivileges: z.array(z.looseObject({ PrivilegeId: guid, PrivilegeName: z.string().nullish() })),
})
