/** Where each field of the model stands on the page, and in which order; what is not named here is business. */
const members = {
  identity: [
    'name',
    'salutation',
    'fullName',
    'firstName',
    'middleName',
    'lastName',
    'suffix',
    'subject',
    'title',
    'jobTitle',
    'department',
    'companyName',
    'customer',
    'parent',
    'primaryContact',
    'accountNumber',
    'accountRole',
    'userName',
    'gender',
    'birthDate',
    'code',
    'symbol',
    'description',
  ],
  reach: ['mobilePhone', 'phone', 'email', 'fax', 'website', 'preferredContactMethod'],
  address: ['street', 'street2', 'postalCode', 'city', 'province', 'country'],
  business: [],
  ownership: ['owner', 'state', 'status', 'disabled', 'team', 'user', 'createdAt', 'modifiedAt'],
} as const satisfies Record<string, readonly string[]>

export type FieldGroup = keyof typeof members
export const groups = Object.keys(members) as FieldGroup[]

export function groupOf(field: string): FieldGroup {
  return groups.find((group) => (members[group] as readonly string[]).includes(field)) ?? 'business'
}

/** The hub answers fields in no order of meaning. */
export function inOrder(group: FieldGroup, a: string, b: string): number {
  const order = members[group] as readonly string[]
  return order.indexOf(a) - order.indexOf(b) || a.localeCompare(b)
}
