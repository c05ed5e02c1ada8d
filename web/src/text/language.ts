/** Those that the console speaks. */
export const languages = ['en', 'fr', 'nl'] as const
export type Language = (typeof languages)[number]
