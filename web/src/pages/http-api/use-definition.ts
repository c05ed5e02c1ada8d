import { useState } from 'react'
import type { Definition } from '../../api/http-apis.ts'
import { ApiError } from '../../api/request.ts'
import { cleaned, missingIn } from './definition-draft.ts'
import type { DefinitionForm } from './definition-field.tsx'

/** A definition being edited: faults of the hub stand at their field until something is changed. */
export function useDefinition(first: Definition, onChange?: (definition: Definition) => void) {
  const [definition, setDefinition] = useState(first)
  const [tried, setTried] = useState(false)
  const [fault, setFault] = useState<DefinitionForm['fault']>(null)
  const form: DefinitionForm = {
    definition,
    missing: tried ? missingIn(definition) : [],
    fault,
    change(next) {
      setDefinition(next)
      setFault(null)
      onChange?.(next)
    },
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
