import { useText } from '../../text/use-text.tsx'
import { textAt, valueAt, withValue } from './definition-draft.ts'
import { ChoiceField, JsonField, NamesField, PairsField, PathsField, TextField, useForm } from './definition-field.tsx'
import styles from './http-api.module.css'

const entities = ['account', 'contact', 'lead', 'opportunity', 'incident', 'task', 'phone_call', 'appointment', 'user']
const pagings = ['none', 'page', 'offset', 'cursor', 'next_link', 'link_header']
const times = ['iso', 'epoch_seconds', 'epoch_milliseconds', 'date']

/** One table of the definition: how its list is asked for and read, and what tells its changes. */
export function TableFields({ index }: { index: number }) {
  const { t } = useText()
  const { definition } = useForm()
  const at = (path: string) => `tables.${index}.${path}`
  const posts = textAt(definition, at('list.method')) === 'POST'
  return (
    <div className={styles.groups}>
      <Group title={t.http.request}>
        <TextField path={at('entity')} name="entity" required suggestions={entities} />
        <div className={styles.pair}>
          <ChoiceField path={at('list.method')} name="method" options={['GET', 'POST']} />
          <TextField path={at('list.path')} name="path" required placeholder="/people" />
        </div>
        <PairsField path={at('list.query')} name="query" placeholder="sort: id" />
        {posts ? <JsonField path={at('list.body')} name="body" placeholder={'{ "sort": "id" }'} /> : null}
        <details className={styles.more}>
          <summary>{t.wizard.advanced}</summary>
          <div className={styles.fields}>
            <PairsField path={at('list.headers')} name="headers" placeholder="X-Version: 2" />
            <ChoiceField path={at('format')} name="format" options={['json', 'ndjson']} />
          </div>
        </details>
      </Group>
      <Group title={t.http.pages}>
        <PagingFields index={index} posts={posts} />
      </Group>
      <Group title={t.http.reading}>
        <TextField path={at('records')} name="records" placeholder="data.items" />
        <TextField path={at('id')} name="id" required placeholder="id" />
        <NamesField path={at('name')} name="names" placeholder={'first_name + last_name'} />
        <PathsField path={at('phones')} name="phones" placeholder="phones[0].number" />
        <PathsField path={at('emails')} name="emails" placeholder="email" />
        <PathsField path={at('country')} name="countryPath" placeholder="address.country" />
        <TextField path={at('webUrl')} name="webUrl" placeholder="https://acme.example/people/{id}" />
      </Group>
      <Group title={t.http.changes}>
        <div className={styles.halves}>
          <TextField path={at('version.path')} name="version" placeholder="updated_at" />
          <ChoiceField path={at('version.format')} name="versionFormat" options={[...times, 'integer']} />
        </div>
        <TextField path={at('modified')} name="modified" placeholder="updated_at" />
        <SinceFields index={index} posts={posts} />
        <ItemFields index={index} />
      </Group>
    </div>
  )
}

function Group({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <fieldset className={styles.group}>
      <legend>{title}</legend>
      <div className={styles.fields}>{children}</div>
    </fieldset>
  )
}

function PagingFields({ index, posts }: { index: number; posts: boolean }) {
  const { definition, change } = useForm()
  const at = (path: string) => `tables.${index}.${path}`
  const kind = textAt(definition, at('paging.kind')) || 'none'
  function choose(next: string): void {
    const before = valueAt(definition, at('paging')) as Record<string, unknown> | undefined
    const size = { sizeParameter: before?.sizeParameter ?? '', size: before?.size ?? 100 }
    const paging = next === 'none' ? { kind: next } : { kind: next, ...size }
    change(withValue(definition, at('paging'), paging))
  }
  return (
    <>
      <ChoiceField path={at('paging.kind')} name="paging" options={pagings} onChoose={choose} />
      {['page', 'offset', 'cursor'].includes(kind) ? (
        <TextField path={at('paging.parameter')} name="pageParameter" required placeholder={kind} />
      ) : null}
      {kind === 'page' ? <TextField path={at('paging.first')} name="first" type="number" placeholder="1" /> : null}
      {kind === 'cursor' ? (
        <TextField path={at('paging.cursor')} name="cursor" required placeholder="meta.next" />
      ) : null}
      {kind === 'next_link' ? (
        <TextField path={at('paging.link')} name="link" required placeholder="links.next" />
      ) : null}
      {kind === 'none' ? null : (
        <div className={styles.pair}>
          <TextField path={at('paging.size')} name="size" type="number" placeholder="100" />
          <TextField path={at('paging.sizeParameter')} name="sizeParameter" placeholder="limit" />
        </div>
      )}
      {kind !== 'none' && posts ? (
        <ChoiceField path={at('paging.in')} name="within" options={['query', 'body']} />
      ) : null}
      <TextField path={at('total')} name="total" placeholder="meta.total" />
    </>
  )
}

function SinceFields({ index, posts }: { index: number; posts: boolean }) {
  const { definition } = useForm()
  const at = (path: string) => `tables.${index}.${path}`
  const asked = textAt(definition, at('since.parameter')) !== ''
  return (
    <>
      <TextField path={at('since.parameter')} name="since" placeholder="updated_since" />
      {asked ? (
        <div className={styles.halves}>
          <ChoiceField path={at('since.format')} name="sinceFormat" options={times} />
          <TextField path={at('since.value')} name="sinceValue" placeholder="{since}" />
        </div>
      ) : null}
      {asked && posts ? <ChoiceField path={at('since.in')} name="within" options={['query', 'body']} /> : null}
    </>
  )
}

function ItemFields({ index }: { index: number }) {
  const { t } = useText()
  const { definition, change } = useForm()
  const path = `tables.${index}.item`
  const item = valueAt(definition, path) as Record<string, unknown> | undefined
  const way = item === undefined ? 'none' : 'parameter' in item ? 'parameter' : 'path'
  const made: Record<string, unknown> = {
    path: { path: `${textAt(definition, `tables.${index}.list.path`)}/{id}`, record: '' },
    parameter: { parameter: 'ids' },
  }
  return (
    <>
      <ItemChoice way={way} onChoose={(next) => change(withValue(definition, path, made[next]))} />
      {way === 'path' ? (
        <>
          <TextField path={`${path}.path`} name="itemPath" required placeholder="/people/{id}" />
          <TextField path={`${path}.record`} name="itemRecord" placeholder="data" />
        </>
      ) : null}
      {way === 'parameter' ? (
        <TextField path={`${path}.parameter`} name="itemParameter" required placeholder="ids" />
      ) : null}
      {way === 'none' ? <p className={styles.note}>{t.http.noItem}</p> : null}
    </>
  )
}

function ItemChoice({ way, onChoose }: { way: string; onChoose(way: string): void }) {
  const { t } = useText()
  return (
    <fieldset className={styles.ways}>
      <legend>{t.http.fields.item}</legend>
      {['none', 'path', 'parameter'].map((each) => (
        <label key={each}>
          <input type="radio" checked={way === each} onChange={() => onChoose(each)} />
          {t.http.itemWays[each]}
        </label>
      ))}
    </fieldset>
  )
}
