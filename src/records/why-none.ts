/** Why a look-up met nobody, for programs; `whyNone` says the same in a sentence. */
export type ReasonNone =
  | { code: 'number_unknown' | 'email_unknown' | 'name_unknown'; value: string }
  | { code: 'not_a_number' | 'name_too_short' | 'nothing_connected' | 'variable_empty' }
  | { code: 'search_met_nothing' | 'search_too_slow'; value: string }
  | { code: 'first_copy_unfinished'; entities: string[] }

export function sentenceOf(reason: ReasonNone): string {
  switch (reason.code) {
    case 'number_unknown':
      return `No record has the number ${reason.value}`
    case 'email_unknown':
      return `No record has the e-mail address ${reason.value}`
    case 'name_unknown':
      return `No record's name begins so: ${reason.value}`
    case 'not_a_number':
      return 'This is no telephone number, or one too short to tell callers apart'
    case 'name_too_short':
      return 'A name needs two letters at least'
    case 'nothing_connected':
      return 'No CRM is connected yet'
    case 'variable_empty':
      return 'What the search asks for was not told'
    case 'search_met_nothing':
      return `No record of ${reason.value} fits the search`
    case 'search_too_slow':
      return `The search over ${reason.value} takes too long: it asks for a field that has no index`
    case 'first_copy_unfinished':
      return `The first copy is not finished for: ${reason.entities.join(', ')}`
  }
}
