import {
  Menu,
  MenuDivider,
  MenuGroup,
  MenuGroupHeader,
  MenuItemRadio,
  MenuList,
  MenuPopover,
  MenuTrigger,
} from '@fluentui/react-components'
import { ChevronDown16Regular } from '@fluentui/react-icons/svg/chevron-down'
import { Fragment } from 'react'
import styles from './filters.module.css'

export interface Choice {
  value: string
  text: string
}

export interface ChoiceGroup {
  title?: string
  choices: Choice[]
}

/** Fluent's radio items want a value for everything. */
const anyValue = '*'

/** A chip that says what is chosen, and opens the choices. */
export function MenuChip(props: {
  name: string
  /** The choice of no filter. */
  any: string
  value: string | null
  /** What is said of a value that is none of the choices. */
  unnamed?: string
  groups: ChoiceGroup[]
  onPick(value: string | null): void
}) {
  const { name, any, value, unnamed = '', onPick } = props
  const groups = props.groups.filter(({ choices }) => choices.length > 0)
  const chosen = groups.flatMap(({ choices }) => choices).find((one) => one.value === value)
  return (
    <Menu
      checkedValues={{ choice: [value ?? anyValue] }}
      onCheckedValueChange={(_, { checkedItems }) => {
        const picked = checkedItems[0] ?? anyValue
        onPick(picked === anyValue ? null : picked)
      }}
    >
      <MenuTrigger disableButtonEnhancement>
        <button type="button" className={styles.chip} data-on={value !== null}>
          <span className={styles.chipText}>{value === null ? name : `${name}: ${chosen?.text ?? unnamed}`}</span>
          <ChevronDown16Regular aria-hidden="true" />
        </button>
      </MenuTrigger>
      <MenuPopover className={styles.menu ?? ''}>
        <MenuList>
          <MenuItemRadio name="choice" value={anyValue}>
            {any}
          </MenuItemRadio>
          {groups.map(({ title, choices }, index) => (
            <Fragment key={title ?? `group ${choices[0]?.value}`}>
              {title || index > 0 ? <MenuDivider /> : null}
              <MenuGroup>
                {title ? <MenuGroupHeader>{title}</MenuGroupHeader> : null}
                {choices.map((choice) => (
                  <MenuItemRadio key={choice.value} name="choice" value={choice.value}>
                    {choice.text}
                  </MenuItemRadio>
                ))}
              </MenuGroup>
            </Fragment>
          ))}
        </MenuList>
      </MenuPopover>
    </Menu>
  )
}
