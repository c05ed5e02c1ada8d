import { Button } from '@fluentui/react-components'
import { Add16Regular } from '@fluentui/react-icons/svg/add'
import { Delete16Regular } from '@fluentui/react-icons/svg/delete'
import { useId } from 'react'
import { useNames } from '../../parts/names.ts'
import { useText } from '../../text/use-text.tsx'
import { newTable, tablesOf, textAt, withValue } from './definition-draft.ts'
import { ChoiceField, PairsField, TextField, useForm } from './definition-field.tsx'
import styles from './http-api.module.css'
import { TableFields } from './table-fields.tsx'

const kinds = ['bearer', 'basic', 'api_key_header', 'api_key_query', 'client_credentials', 'none']

/** Name, address and sign-in of an API; at a connection that stands, the latter two cannot be changed. */
export function ApiFields({ standing = false }: { standing?: boolean }) {
  const { t } = useText()
  const { definition, change } = useForm()
  const kind = textAt(definition, 'authentication.kind')
  const choose = (next: string) => change(withValue(definition, 'authentication', { kind: next }))
  return (
    <div className={styles.fields}>
      <TextField path="name" name="apiName" required placeholder="Acme CRM" />
      <TextField path="baseUrl" name="baseUrl" required type="url" placeholder="https://api.acme.example/v2" />
      {standing ? null : <ChoiceField path="authentication.kind" name="kind" options={kinds} onChoose={choose} />}
      {standing ? null : <KindFields kind={kind} />}
      <details className={styles.more}>
        <summary>{t.wizard.advanced}</summary>
        <div className={styles.fields}>
          <PairsField path="headers" name="allHeaders" placeholder="Accept-Language: en" />
          {standing ? null : <TextField path="organisation" name="organisation" />}
          <TextField path="quota.calls" name="quotaCalls" type="number" />
          <TextField path="quota.seconds" name="quotaSeconds" type="number" placeholder="60" />
          <ChoiceField path="push.proof" name="proof" options={['signature', 'secret']} />
          <TextField path="push.id" name="pushId" placeholder="id" />
        </div>
      </details>
    </div>
  )
}

function KindFields({ kind }: { kind: string }) {
  if (kind === 'api_key_header') {
    return (
      <div className={styles.halves}>
        <TextField path="authentication.header" name="header" required placeholder="X-Api-Key" />
        <TextField path="authentication.prefix" name="prefix" />
      </div>
    )
  }
  if (kind === 'api_key_query') {
    return <TextField path="authentication.parameter" name="keyParameter" required placeholder="api_key" />
  }
  if (kind !== 'client_credentials') return null
  return (
    <>
      <TextField
        path="authentication.tokenUrl"
        name="tokenUrl"
        required
        type="url"
        placeholder="https://login.acme.example/oauth/token"
      />
      <div className={styles.halves}>
        <TextField path="authentication.scope" name="scope" />
        <TextField path="authentication.audience" name="audience" />
      </div>
      <ChoiceField path="authentication.credentials" name="credentials" options={['form', 'header']} />
    </>
  )
}

/** The tables as tabs, and the fields of the one that is open. */
export function TablesEditor({ index, onIndex }: { index: number; onIndex(index: number): void }) {
  const { t } = useText()
  const names = useNames()
  const id = useId()
  const { definition, change } = useForm()
  const tables = tablesOf(definition)
  function add(): void {
    const entity = tables.some((table) => table.entity === 'account') ? '' : 'account'
    change(withValue(definition, `tables.${tables.length}`, newTable(entity)))
    onIndex(tables.length)
  }
  function remove(): void {
    change(withValue(definition, `tables.${index}`, undefined))
    onIndex(0)
  }
  return (
    <section aria-labelledby={id}>
      <h3 id={id} className={styles.heading}>
        {t.http.tables}
      </h3>
      <div className={styles.tabs}>
        {tables.map((table, i) => (
          <button
            // biome-ignore lint/suspicious/noArrayIndexKey: two tables may bear one name while they are typed
            key={i}
            type="button"
            aria-pressed={i === index}
            onClick={() => onIndex(i)}
          >
            {textAt(table, 'entity') ? names.many(textAt(table, 'entity')) : t.http.newTable}
          </button>
        ))}
        <Button size="small" appearance="subtle" icon={<Add16Regular />} onClick={add}>
          {t.http.addTable}
        </Button>
        {tables.length > 1 ? (
          <Button size="small" appearance="subtle" icon={<Delete16Regular />} onClick={remove}>
            {t.http.removeTable}
          </Button>
        ) : null}
      </div>
      <TableFields key={index} index={index} />
    </section>
  )
}
