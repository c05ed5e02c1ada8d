import { useState } from 'react'
import type { Definition } from '../../api/http-apis.ts'
import { ApiError } from '../../api/request.ts'
import { cleaned, missingIn } from './definition-draft.ts'
import type { DefinitionForm } from './definition-field.tsx'
import { type Replaced, replace, swap } from './replaced.ts'

export interface Edited {
  definition: Definition
  replaced: Replaced | null
}

/** A definition being edited: faults of the hub stand at their field until something is changed. */
export function useDefinition(first: Edited, onChange?: (edited: Edited) => void) {
  const [definition, setDefinition] = useState(first.definition)
  const [replaced, setReplaced] = useState(first.replaced)
  const [tried, setTried] = useState(false)
  const [fault, setFault] = useState<DefinitionForm['fault']>(null)
  const form: DefinitionForm = {
    definition,
    missing: tried ? missingIn(definition) : [],
    fault,
    replaced,
    change: (next) => put(next, replaced),
    take: (preset, name) => put(preset, replace(definition, { name, preset }, replaced)),
    undo() {
      const swapped = replaced && swap(definition, replaced)
      if (swapped) put(swapped.shown, swapped.replaced)
    },
  }
  function put(next: Definition, kept: Replaced | null): void {
    setDefinition(next)
    setReplaced(kept)
    setFault(null)
    onChange?.({ definition: next, replaced: kept })
  }
  /** What can be sent; null: what is missing is marked. */
  function ready(): Definition | null {
    setTried(true)
    return missingIn(definition).length > 0 ? null : cleaned(definition)
  }
  function note(error: unknown): void {
    const body = error instanceof ApiError ? error.body : null
    setFault(
      body?.field
        ? { field: body.field, message: body.message.replace(/^The definition is wrong at [^ ]+: /, '') }
        : null,
    )
  }
  return { form, ready, note }
}
