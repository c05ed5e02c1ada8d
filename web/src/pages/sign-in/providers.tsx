import { Button, Divider } from '@fluentui/react-components'
import { PersonKey20Regular } from '@fluentui/react-icons/svg/person-key'
import { useQuery } from '@tanstack/react-query'
import { useSearchParams } from 'react-router'
import { signOnQuery, startOf } from '../../api/sign-on.ts'
import { useText } from '../../text/use-text.tsx'
import { ownPath } from './own-path.ts'
import styles from './sign-in.module.css'

/** One button for each provider by which people sign in; nothing where there is none, or where the hub is not heard. */
export function Providers() {
  const { t } = useText()
  const { data } = useQuery(signOnQuery)
  const [search] = useSearchParams()
  if (!data?.length) return null
  return (
    <div className={styles.providers}>
      {data.map(({ id, name }) => (
        <Button key={id} as="a" href={startOf(id, ownPath(search.get('to')))} icon={<PersonKey20Regular />}>
          {t.signOn.with(name)}
        </Button>
      ))}
      <Divider>{t.signIn.or}</Divider>
    </div>
  )
}

/** What came of a sign-in at a provider: the address holds a code alone, since anybody could write a text into one. */
export function SignOnProblem() {
  const { t } = useText()
  const [search] = useSearchParams()
  const code = search.get('problem')
  if (code === null) return null
  const { what, mend } = t.problems[code] ?? { what: t.signOn.failed, mend: t.signOn.failedText }
  return (
    <div className={styles.over} role="alert">
      <p className={styles.overWhat}>{what}</p>
      <p>{mend}</p>
    </div>
  )
}
