import { AddCircle20Regular } from '@fluentui/react-icons/svg/add-circle'
import { ArrowEnter20Regular } from '@fluentui/react-icons/svg/arrow-enter'
import { ArrowExit20Regular } from '@fluentui/react-icons/svg/arrow-exit'
import { ArrowUndo20Regular } from '@fluentui/react-icons/svg/arrow-undo'
import { Delete20Regular } from '@fluentui/react-icons/svg/delete'
import { Edit20Regular } from '@fluentui/react-icons/svg/edit'
import type { ChangeOperation } from '../api/changes.ts'

const icons = {
  created: AddCircle20Regular,
  changed: Edit20Regular,
  deleted: Delete20Regular,
  restored: ArrowUndo20Regular,
  left_scope: ArrowExit20Regular,
  entered_scope: ArrowEnter20Regular,
}

export function ChangeIcon({ operation }: { operation: ChangeOperation }) {
  const Icon = icons[operation]
  return <Icon aria-hidden="true" />
}
