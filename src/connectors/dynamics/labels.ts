import type { Labels, Option } from '#model/field.ts'
import type { WireAttributeDetail, WireLabel } from './wire.ts'

// Windows language identifiers carry the language in their low ten bits, the region above it ([MS-LCID] §2.1).
const languages: Record<number, string> = {
  6: 'da',
  7: 'de',
  9: 'en',
  10: 'es',
  11: 'fi',
  12: 'fr',
  16: 'it',
  19: 'nl',
  20: 'no',
  21: 'pl',
  22: 'pt',
  29: 'sv',
}

/** By language; of two regions of one language the first is kept. */
export function labelsOf(label: WireLabel | null | undefined): Labels {
  const labels: Labels = {}
  for (const { Label, LanguageCode } of [...(label?.LocalizedLabels ?? []), label?.UserLocalizedLabel].flatMap(
    (one) => one ?? [],
  )) {
    const language = languages[LanguageCode & 0x3ff]
    if (language && Label) labels[language] ??= Label
  }
  return labels
}

type OptionSet = WireAttributeDetail['OptionSet']

/** Also of a yes-no column, whose two options stand by themselves. */
export function optionsOf(sets: readonly OptionSet[]): Option[] {
  for (const set of sets) {
    const options = [...(set?.Options ?? []), set?.FalseOption, set?.TrueOption].flatMap((option) => option ?? [])
    if (options.length > 0) return options.map(({ Value, Label }) => ({ value: Value, labels: labelsOf(Label) }))
  }
  return []
}
