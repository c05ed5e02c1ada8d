import { useText } from '../text/use-text.tsx'

/** Names of entities, fields and causes in the person's language. */
export function useNames() {
  const { t, language } = useText()
  return {
    one: (entity: string) => t.entity[entity]?.[0] ?? humanise(entity),
    many: (entity: string) => t.entity[entity]?.[1] ?? humanise(entity),
    label: (labels: Record<string, string>, fallback: string) => labels[language] ?? labels.en ?? humanise(fallback),
    cause: (cause: string) => t.cause[cause] ?? humanise(cause),
  }
}

/** `address1_city` → `Address1 city`: the best that can be said of a name that nobody labelled. */
export function humanise(name: string): string {
  const words = name
    .replace(/[_.]+/g, ' ')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .trim()
    .toLowerCase()
  return words.charAt(0).toUpperCase() + words.slice(1)
}
