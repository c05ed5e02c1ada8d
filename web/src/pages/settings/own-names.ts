import type { Language } from '../../text/language.ts'

/** Each language by its own name: found by those who read no other. */
export const ownNames: Record<Language, string> = { en: 'English', fr: 'Français', nl: 'Nederlands' }
