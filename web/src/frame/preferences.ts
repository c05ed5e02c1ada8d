import { useSyncExternalStore } from 'react'
import { type Language, languages } from '../text/language.ts'

export type ThemeChoice = 'system' | 'light' | 'dark'

interface Preferences {
  theme: ThemeChoice
  /** What is shown now. */
  dark: boolean
  language: Language
}

const systemDark = matchMedia('(prefers-color-scheme: dark)')
const listeners = new Set<() => void>()
let current: Preferences = read()

function stored(key: string): string | null {
  try {
    return localStorage.getItem(`jackfield.${key}`)
  } catch {
    return null
  }
}

function keep(key: string, value: string): void {
  try {
    localStorage.setItem(`jackfield.${key}`, value)
  } catch {
    // Storage is shut off: the choice lasts as long as the page.
  }
}

function read(): Preferences {
  const theme = (stored('theme') ?? 'system') as ThemeChoice
  const wanted = [stored('language') ?? '', ...navigator.languages].map((tag) => tag.slice(0, 2).toLowerCase())
  const language = wanted.find((tag): tag is Language => languages.includes(tag as Language)) ?? 'en'
  return { theme, dark: theme === 'dark' || (theme === 'system' && systemDark.matches), language }
}

function change(next: Partial<Preferences>): void {
  const theme = next.theme ?? current.theme
  current = { ...current, ...next, dark: theme === 'dark' || (theme === 'system' && systemDark.matches) }
  show()
  for (const listener of listeners) listener()
}

function show(): void {
  document.documentElement.dataset.theme = current.dark ? 'dark' : 'light'
  document.documentElement.lang = current.language
}

systemDark.addEventListener('change', () => change({}))
show()

export function setTheme(theme: ThemeChoice): void {
  keep('theme', theme)
  change({ theme })
}

export function setLanguage(language: Language): void {
  keep('language', language)
  change({ language })
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export function usePreferences(): Preferences {
  return useSyncExternalStore(subscribe, () => current)
}
