import { useNames } from '../../parts/names.ts'
import type { Text } from '../../text/en.ts'
import { useText } from '../../text/use-text.tsx'

type Said = (t: Text, part: string, name: (entity: string) => string) => string

/** The hub gives its reasons as English sentences of a closed set; here each in the person's language. */
const sentences: [RegExp, Said][] = [
  [/^(.*) matches exactly$/, (t, field) => t.why.exact(field)],
  [/^(.*) matches; it is kept without its country$/, (t, field) => t.why.noCountry(field)],
  [/^(.*) ends in the same digits$/, (t, field) => t.why.ending(field)],
  [/^the name begins so$/, (t) => t.why.begins],
  [/^active$/, (t) => t.why.active],
  [/^inactive$/, (t) => t.why.inactive],
  [/^This is no telephone number/, (t) => t.why.noNumber],
  [/^No record has the number (.*)$/, (t, number) => t.why.nobodyNumber(number)],
  [/^No record has the e-mail address (.*)$/, (t, address) => t.why.nobodyEmail(address)],
  [/^No record's name begins so: (.*)$/, (t, name) => t.why.nobodyName(name)],
  [/^A name needs two letters/, (t) => t.why.twoLetters],
  [/^No CRM is connected yet$/, (t) => t.why.noCrm],
  [
    /^The first copy is not finished for: (.*)$/,
    (t, tables, name) => t.why.unfinished(tables.split(', ').map(name).join(', ')),
  ],
]

export function useWhy(): (sentence: string) => string {
  const { t } = useText()
  const names = useNames()
  return (sentence) => {
    for (const [pattern, say] of sentences) {
      const match = pattern.exec(sentence)
      if (match) return say(t, match[1] ?? '', names.many)
    }
    return sentence
  }
}
