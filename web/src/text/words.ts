import type { Language } from './language.ts'

/** The forms that a language has; `#` stands for the number as that language writes it. */
export interface Forms {
  zero?: string
  one: string
  many?: string
  other: string
}

export interface Words {
  count(n: number): string
  /** `zero` is a form of its own for the number 0, in every language. */
  plural(n: number, forms: Forms): string
}

/** Numbers and plurals for the texts of one language. */
export function words(language: Language): Words {
  const number = new Intl.NumberFormat(locales[language])
  const rules = new Intl.PluralRules(locales[language])
  const count = (n: number) => number.format(n)
  const plural = (n: number, forms: Forms) => {
    const rule = rules.select(n)
    const form =
      n === 0 && forms.zero !== undefined
        ? forms.zero
        : rule === 'one'
          ? forms.one
          : rule === 'many'
            ? (forms.many ?? forms.other)
            : forms.other
    return form.replaceAll('#', count(n))
  }
  return { count, plural }
}

/** How each language writes dates and numbers here: a 24-hour clock throughout. */
export const locales: Record<Language, string> = { en: 'en-GB', fr: 'fr-FR', nl: 'nl-NL' }
