import {
  Button,
  Menu,
  MenuGroup,
  MenuGroupHeader,
  MenuItemLink,
  MenuList,
  MenuPopover,
  MenuTrigger,
} from '@fluentui/react-components'
import { ArrowDownload20Regular } from '@fluentui/react-icons/svg/arrow-download'
import { type ActFilter, exportAddress } from '../../api/audit-log.ts'
import { useText } from '../../text/use-text.tsx'

/** The browser saves the file itself, however long it is. */
export function ExportMenu({ filter }: { filter: ActFilter }) {
  const { t } = useText()
  const w = t.auditLog
  return (
    <Menu positioning="below-end">
      <MenuTrigger disableButtonEnhancement>
        <Button icon={<ArrowDownload20Regular />}>{w.export}</Button>
      </MenuTrigger>
      <MenuPopover>
        <MenuList>
          <MenuGroup>
            <MenuGroupHeader>{w.exportText}</MenuGroupHeader>
            <MenuItemLink href={exportAddress(filter, 'csv')} download>
              {w.exportCsv}
            </MenuItemLink>
            <MenuItemLink href={exportAddress(filter, 'json')} download>
              {w.exportJson}
            </MenuItemLink>
          </MenuGroup>
        </MenuList>
      </MenuPopover>
    </Menu>
  )
}
