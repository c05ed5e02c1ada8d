import { HubError } from '#core/errors.ts'
import type { CheckedAgainst } from './check-against.ts'
import { checkCreate, checkUpdate } from './check-create.ts'
import { checkDynamicData } from './check-dynamic-data.ts'
import { checkMapping } from './check-mapping.ts'
import { checkSearch } from './check-search.ts'
import type { Notice, PartDefinition } from './definitions.ts'

export function checkPart(part: PartDefinition, against: CheckedAgainst): Notice[] {
  switch (part.kind) {
    case 'search':
      return checkSearch(part.definition, against)
    case 'dynamic_data':
      return checkDynamicData(part.definition, against)
    case 'memorialization':
      return checkMapping(part.definition, against)
    case 'create':
      return checkCreate(part.definition, against)
    case 'update':
      return checkUpdate(part.definition, against)
  }
}

/** Throws the first error among them, naming its field. */
export function refuseErrors(notices: readonly Notice[]): void {
  const error = notices.find(({ level }) => level === 'error')
  if (!error) return
  const { code, message, field, entity } = error
  throw new HubError(code === 'field_unknown' ? 'field.unknown' : 'input.invalid', message, {
    field: field ?? entity ?? 'definition',
  })
}
