export const groups = ['identity', 'reach', 'address', 'business', 'ownership', 'dates'] as const
export type FieldGroup = (typeof groups)[number]

const members: Record<Exclude<FieldGroup, 'business'>, RegExp> = {
  identity:
    /^(?:name|fullName|salutation|firstName|middleName|lastName|suffix|jobTitle|department|gender|birthDate|companyName|accountNumber|userName|subject|title|code|symbol|customer|parent)$/,
  reach: /phone|email|fax|website|preferredContactMethod/i,
  address: /^(?:street\d?|city|province|postalCode|country)$/,
  ownership: /^(?:owner|state|status|disabled|team|user)$/,
  dates: /(?:At|Date)$/,
}

/** Where a field of the model stands on the page; what is not known by name is business. */
export function groupOf(field: string): FieldGroup {
  const found = groups.find((group) => group !== 'business' && members[group].test(field))
  return found ?? 'business'
}
