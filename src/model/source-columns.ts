/**
 * What the contact centre's connector solution adds to account and contact ("Configure connector for any CRM solution"):
 * which CRM a row comes from, its id there, its address there.
 */
export const sourceColumns = {
  crm: 'msdyn_source_crm',
  id: 'msdyn_source_crm_id',
  url: 'msdyn_source_crm_url',
} as const
