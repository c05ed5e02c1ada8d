import { type ReactNode, useEffect, useId, useRef } from 'react'
import { Link } from 'react-router'
import { useText } from '../text/use-text.tsx'
import link from './link.module.css'
import styles from './page.module.css'

export interface Crumb {
  to: string
  text: string
}

let firstPage = true

/** Title, health line and acts of a page. The heading takes the focus when a page is entered, so that it is read out. */
export function PageHeader(props: {
  title: ReactNode
  /** The title as plain text, for the browser's tab. */
  tab: string
  health?: ReactNode
  actions?: ReactNode
  crumbs?: Crumb[]
  mark?: ReactNode
}) {
  const { t } = useText()
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    if (firstPage) firstPage = false
    else if (!document.activeElement?.matches('input, textarea')) heading.current?.focus({ preventScroll: true })
  }, [])
  return (
    <header className={styles.header}>
      <title>{`${props.tab} · ${t.product}`}</title>
      {props.crumbs ? (
        <nav className={styles.crumbs} aria-label={t.act.back}>
          {props.crumbs.map((crumb) => (
            <span key={crumb.to}>
              <Link to={crumb.to} className={link.quiet}>
                {crumb.text}
              </Link>
              <span aria-hidden="true">/</span>
            </span>
          ))}
        </nav>
      ) : null}
      <div className={styles.row}>
        {props.mark}
        <h1 ref={heading} tabIndex={-1} className={styles.title}>
          {props.title}
        </h1>
        {props.actions ? <div className={styles.actions}>{props.actions}</div> : null}
      </div>
      {props.health ? <div className={styles.health}>{props.health}</div> : null}
    </header>
  )
}

export function Section(props: {
  title: string
  text?: ReactNode
  actions?: ReactNode
  children: ReactNode
  /** Without the card around: tables bring their own edges. */
  bare?: boolean
  /** What an address names it by, behind the #. */
  place?: string
}) {
  const id = useId()
  return (
    <section className={styles.section} id={props.place} aria-labelledby={id}>
      <div className={styles.sectionHead}>
        <h2 id={id} className={styles.sectionTitle}>
          {props.title}
        </h2>
        {props.text ? <p className={styles.sectionText}>{props.text}</p> : null}
        {props.actions ? <div className={styles.actions}>{props.actions}</div> : null}
      </div>
      {props.bare ? props.children : <div className={styles.card}>{props.children}</div>}
    </section>
  )
}

/** Two sections next to each other where there is room. */
export function SideBySide({ children }: { children: ReactNode }) {
  return <div className={styles.sideBySide}>{children}</div>
}

/** Name and value pairs in one column. */
export function Pairs({ children }: { children: ReactNode }) {
  return <dl className={styles.pairs}>{children}</dl>
}

export function Pair({ name, children }: { name: ReactNode; children: ReactNode }) {
  return (
    <div className={styles.pair}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}
