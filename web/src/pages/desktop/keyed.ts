/** What a letter presses in a card or goes to (`use-desk-keys.ts`), told to those who listen too. */
export const keyed = (key: string) => ({ 'data-key': key, 'aria-keyshortcuts': key })
