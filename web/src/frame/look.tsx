import { FluentProvider } from '@fluentui/react-components'
import type { ReactNode } from 'react'
import styles from './look.module.css'
import { usePreferences } from './preferences.ts'
import { darkTheme, lightTheme } from './theme.ts'

/** Fluent with the theme that the person chose; every colour below is one of its variables. */
export function Look({ children }: { children: ReactNode }) {
  const { dark } = usePreferences()
  return (
    <FluentProvider theme={dark ? darkTheme : lightTheme}>
      {/* Not on the provider itself: what stands on it, its portals wear too. */}
      <div className={styles.root}>{children}</div>
    </FluentProvider>
  )
}
