import type { ReactNode } from 'react'
import { type Permission, useMay } from '../api/session.ts'
import { useText } from '../text/use-text.tsx'
import styles from './may.module.css'

/** What is offered only to those who may do it. */
export function May({ needs, children }: { needs: Permission; children: ReactNode }) {
  return useMay(needs) ? children : null
}

/** A form that others than those who may change it only look at. */
export function Changeable({ needs, children }: { needs: Permission; children: ReactNode }) {
  const { t } = useText()
  if (useMay(needs)) return children
  return (
    <fieldset disabled className={styles.looked}>
      <legend>{t.denied.look}</legend>
      {children}
    </fieldset>
  )
}
