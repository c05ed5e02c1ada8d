import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react'
import { usePreferences } from '../frame/preferences.ts'
import { en, type Text } from './en.ts'
import { type Format, formatFor } from './format.ts'
import type { Language } from './language.ts'

interface Spoken {
  t: Text
  f: Format
  language: Language
}

const SpokenContext = createContext<Spoken>({ t: en, f: formatFor('en'), language: 'en' })

const loaders: Record<Language, () => Promise<Text>> = {
  en: () => Promise.resolve(en),
  fr: () => import('./fr.ts').then((module) => module.fr),
  nl: () => import('./nl.ts').then((module) => module.nl),
}

/** The texts and formats of the person's language; a language other than English comes as its own file. */
export function Speech({ children }: { children: ReactNode }) {
  const { language } = usePreferences()
  const [loaded, setLoaded] = useState<{ language: Language; t: Text } | null>(
    language === 'en' ? { language, t: en } : null,
  )
  useEffect(() => {
    let wanted = true
    loaders[language]()
      .catch(() => en)
      .then((t) => {
        if (wanted) setLoaded({ language, t })
      })
    return () => {
      wanted = false
    }
  }, [language])
  const spoken = useMemo(
    () => (loaded ? { t: loaded.t, f: formatFor(loaded.language), language: loaded.language } : null),
    [loaded],
  )
  return spoken ? <SpokenContext.Provider value={spoken}>{children}</SpokenContext.Provider> : null
}

export function useText(): Spoken {
  return useContext(SpokenContext)
}
