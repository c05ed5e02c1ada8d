import { type CSSProperties, type KeyboardEvent, type ReactNode, useRef } from 'react'
import { Link } from 'react-router'
import styles from './data-table.module.css'
import link from './link.module.css'

export interface Column<Row> {
  key: string
  head: ReactNode
  cell(row: Row): ReactNode
  /** Figures stand right, in figures of one width. */
  figure?: boolean
  /** Left out when the table is narrower: 1 always there, 2 from 560 px, 3 from 860 px, 4 from 1120 px. */
  rank?: 1 | 2 | 3 | 4
  width?: string
}

/**
 * 36 px rows under a head that stays. The first column's content is the row's link, which covers the row; arrow keys,
 * Home and End move from row to row.
 */
export function DataTable<Row>(props: {
  label: string
  columns: Column<Row>[]
  rows: readonly Row[]
  rowKey(row: Row): string
  href?(row: Row): string
  /** A row that a person should see before the others. */
  tone?(row: Row): 'bad' | 'faint' | undefined
  foot?: ReactNode
  /** Below 560 px: what stands under the first column, since the others are gone. */
  under?(row: Row): ReactNode
}) {
  const body = useRef<HTMLTableSectionElement>(null)
  const { columns, rows, href } = props
  const ends = lastOf(columns)
  return (
    <div className={styles.frame}>
      <table className={styles.table} aria-label={props.label}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th
                key={column.key}
                scope="col"
                data-rank={column.rank ?? 1}
                data-end={ends.get(column.key)}
                data-figure={column.figure}
                style={column.width ? ({ '--width': column.width } as CSSProperties) : undefined}
              >
                {column.head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody ref={body} onKeyDown={(event) => moveRow(event, body.current)}>
          {rows.map((row) => (
            <tr key={props.rowKey(row)} data-tone={props.tone?.(row)} data-link={Boolean(href)}>
              {columns.map((column, index) => (
                <td
                  key={column.key}
                  data-rank={column.rank ?? 1}
                  data-end={ends.get(column.key)}
                  data-figure={column.figure}
                >
                  {index === 0 && href ? (
                    <Link to={href(row)} className={`${link.covering} ${styles.link}`} data-row-link>
                      {column.cell(row)}
                    </Link>
                  ) : (
                    column.cell(row)
                  )}
                  {index === 0 && props.under ? <div className={styles.under}>{props.under(row)}</div> : null}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {props.foot ? <div className={styles.foot}>{props.foot}</div> : null}
    </div>
  )
}

/** Which column stands at the right edge, by how many ranks are shown. */
function lastOf<Row>(columns: Column<Row>[]): Map<string, string> {
  const ends = new Map<string, string>()
  for (const rank of [1, 2, 3, 4]) {
    const last = columns.filter((column) => (column.rank ?? 1) <= rank).at(-1)
    if (last) ends.set(last.key, `${ends.get(last.key) ?? ''} ${rank}`.trim())
  }
  return ends
}

const steps: Record<string, (index: number, count: number) => number> = {
  ArrowDown: (index) => index + 1,
  ArrowUp: (index) => index - 1,
  j: (index) => index + 1,
  k: (index) => index - 1,
  Home: () => 0,
  End: (_, count) => count - 1,
}

function moveRow(event: KeyboardEvent, body: HTMLElement | null): void {
  const step = steps[event.key]
  if (!step || !body || event.altKey || event.ctrlKey || event.metaKey) return
  const target = event.target as HTMLElement
  if (target.matches('input, select, textarea, [role="combobox"], [role="switch"]')) return
  const links = [...body.querySelectorAll<HTMLElement>('[data-row-link]')]
  const row = target.closest('tr')
  const now = links.findIndex((link) => link.closest('tr') === row)
  const next = links[Math.max(0, Math.min(links.length - 1, step(now, links.length)))]
  if (!next) return
  event.preventDefault()
  next.focus()
}
