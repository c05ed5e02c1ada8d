import { createContext, useContext, useMemo } from 'react'
import type { PartNotice } from '../../api/configuration-parts.ts'
import type { Configuration, ConfigurationFields, ConfiguredEntity } from '../../api/configurations.ts'
import type { SourceField } from '../../api/tables.ts'
import { humanise, useNames } from '../../parts/names.ts'
import { useText } from '../../text/use-text.tsx'

/** What all editors of a configuration's parts stand on. */
export interface PartGround {
  configuration: Configuration
  offered: ConfigurationFields
  notices: readonly PartNotice[]
  /** Somebody wanted to save: what is missing is shown. */
  tried: boolean
}

export const PartContext = createContext<PartGround | null>(null)

export function useGround(): PartGround {
  const ground = useContext(PartContext)
  if (!ground) throw new Error('useGround outside an editor of a part')
  return ground
}

/** Entities and fields of the CRM in the person's language. */
export function useEntityWords(offered: ConfigurationFields | undefined) {
  const { t } = useText()
  const names = useNames()
  const find = (entity: string) => offered?.entities.find((each) => each.entity === entity)
  const one = (entity: string) => names.label(find(entity)?.labels ?? {}, t.entity[entity]?.[0] ?? entity)
  function field(entity: string, name: string): string {
    const found = find(entity)?.fields.find((each) => each.field === name)
    return names.label(found?.labels ?? {}, name)
  }
  return { find, one, field }
}

export function useDataWords(): (name: string) => string {
  const { t } = useText()
  return (name) => t.configurationParts.data[name] ?? humanise(name)
}

/** An entity's fields as the pickers of the other editors know them. */
export function useSourceFields(entity: ConfiguredEntity | undefined): SourceField[] {
  return useMemo(
    () =>
      (entity?.fields ?? []).map(({ field, maxLength, ...rest }) => ({
        ...rest,
        name: field,
        readable: true,
        ...(maxLength === null ? {} : { maxLength }),
      })),
    [entity],
  )
}
