/** What is written; both together keep a contact with its account. */
export const destinationEntities = ['account', 'contact'] as const
export type DestinationEntity = (typeof destinationEntities)[number]
