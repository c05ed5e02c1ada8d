/** As jsonb takes it: what a CRM said or holds may have NUL in it, or half a character. */
export const storableJson = (value: unknown): string =>
  JSON.stringify(value, (_, one) => (typeof one === 'string' ? one.toWellFormed().replaceAll('\0', '') : one))
