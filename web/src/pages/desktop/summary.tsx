import { ChevronDown16Regular } from '@fluentui/react-icons/svg/chevron-down'
import styles from './card.module.css'

/** What opens a part that is folded. */
export function Summary({ children }: { children: string }) {
  return (
    <summary className={styles.fold}>
      {children}
      <ChevronDown16Regular aria-hidden="true" />
    </summary>
  )
}
