import { Select } from '@fluentui/react-components'
import { Add16Regular } from '@fluentui/react-icons/svg/add'
import { useText } from '../../text/use-text.tsx'
import { ColumnButton } from '../table-editor/column-picker.tsx'
import type { CustomSearch } from './definitions.ts'
import styles from './editor.module.css'
import { useEntityWords, useGround } from './entity-words.ts'
import { moved, OrderButtons, RemoveButton } from './row-parts.tsx'

/** As many as the hub takes. */
const most = 3

/** By what those that are found are ordered. */
export function SearchOrder(props: { value: CustomSearch; onChange(order: CustomSearch['order']): void }) {
  const { t } = useText()
  const { offered } = useGround()
  const entityWords = useEntityWords(offered)
  const words = t.configurationParts.search
  const { entity, order } = props.value
  return (
    <fieldset className={styles.group}>
      <legend>{words.order}</legend>
      <p className={styles.hint}>{words.orderHint}</p>
      {order.length > 0 ? (
        <ol className={styles.ranked} data-ordered>
          {order.map((by, index) => {
            const name = entityWords.field(entity, by.field)
            return (
              <li key={by.field}>
                <span>{name}</span>
                <Select
                  size="small"
                  aria-label={words.direction(name)}
                  value={by.descending ? 'descending' : 'ascending'}
                  onChange={(_, { value }) =>
                    props.onChange(order.with(index, { ...by, descending: value === 'descending' }))
                  }
                >
                  <option value="ascending">{words.ascending}</option>
                  <option value="descending">{words.descending}</option>
                </Select>
                <OrderButtons
                  {...{ name, index, count: order.length }}
                  onMove={(to) => props.onChange(moved(order, index, to))}
                />
                <RemoveButton
                  label={t.configurationParts.removeField(name)}
                  onRemove={() => props.onChange(order.filter(({ field }) => field !== by.field))}
                />
              </li>
            )
          })}
        </ol>
      ) : null}
      {order.length < most ? (
        <span>
          <ColumnButton
            quiet
            label={words.addOrder}
            column={null}
            types={null}
            without={order.map(({ field }) => field)}
            onPick={(field) => props.onChange([...order, { field, descending: false }])}
          >
            <Add16Regular aria-hidden="true" /> {words.addOrder}
          </ColumnButton>
        </span>
      ) : null}
    </fieldset>
  )
}
