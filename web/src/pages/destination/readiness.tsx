import { Button } from '@fluentui/react-components'
import { CheckmarkCircle20Filled } from '@fluentui/react-icons/svg/checkmark-circle'
import { DismissCircle20Filled } from '@fluentui/react-icons/svg/dismiss-circle'
import { QuestionCircle20Regular } from '@fluentui/react-icons/svg/question-circle'
import { SubtractCircle20Regular } from '@fluentui/react-icons/svg/subtract-circle'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Link } from 'react-router'
import { keepSaved } from '../../api/client.ts'
import { makeColumns, type Readiness, type Requirement, readinessQuery } from '../../api/destinations.ts'
import { ErrorNotice } from '../../parts/error-notice.tsx'
import { May } from '../../parts/may.tsx'
import { useNames } from '../../parts/names.ts'
import { Section } from '../../parts/page.tsx'
import { SkeletonBlock } from '../../parts/skeletons.tsx'
import { useToasts } from '../../parts/toasts.tsx'
import { useText } from '../../text/use-text.tsx'
import { useCrmTitle } from '../destination-mapping/crm-title.ts'
import styles from './destinations.module.css'

/** Each prerequisite, checked at the organisation itself; what is missing comes with its mend. */
export function ReadinessSection({ id }: { id: string }) {
  const { t } = useText()
  const readiness = useQuery(readinessQuery(id))
  const lacking = readiness.data?.requirements.filter(({ state }) => state === 'unmet').length ?? 0
  const again = (
    <Button size="small" disabledFocusable={readiness.isFetching} onClick={() => void readiness.refetch()}>
      {readiness.isFetching ? t.destination.checking : t.destination.checkAgain}
    </Button>
  )
  return (
    <Section
      title={t.destination.readiness}
      text={readiness.data ? (readiness.data.ready ? t.destination.ready : t.destination.lacking(lacking)) : null}
      actions={again}
    >
      {readiness.isError ? <ErrorNotice error={readiness.error} onRetry={() => void readiness.refetch()} /> : null}
      {readiness.isPending ? <SkeletonBlock height={160} /> : null}
      {readiness.data ? <Requirements id={id} readiness={readiness.data} /> : null}
    </Section>
  )
}

function Requirements({ id, readiness }: { id: string; readiness: Readiness }) {
  const [open, setOpen] = useState(false)
  const { t } = useText()
  const { requirements } = readiness
  const fine = requirements.filter(({ state, mend }) => state === 'met' && mend === null)
  const others = requirements.filter((one) => !fine.includes(one))
  const shown = open ? requirements : others
  return (
    <>
      <ul className={styles.requirements}>
        {shown.map((one) => (
          <Line key={`${one.name} ${one.subject} ${one.message}`} id={id} requirement={one} />
        ))}
        {fine.length > 0 && !open ? (
          <li data-state="met">
            <CheckmarkCircle20Filled aria-hidden="true" />
            <button type="button" className={styles.more} onClick={() => setOpen(true)}>
              {t.destination.metOnes(fine.length)}
            </button>
          </li>
        ) : null}
      </ul>
      {requirements.some(({ makes }) => makes !== null) ? (
        <May needs="edit:integrations">
          <Consent id={id} requirements={requirements} />
        </May>
      ) : null}
    </>
  )
}

const icons = {
  met: CheckmarkCircle20Filled,
  unmet: DismissCircle20Filled,
  asked: QuestionCircle20Regular,
  not_needed: SubtractCircle20Regular,
}

function Line({ id, requirement }: { id: string; requirement: Requirement }) {
  const { t, language } = useText()
  const { name, subject, state, message, mend, blocks } = requirement
  const Icon = icons[state]
  const own = language === 'en'
  return (
    <li data-state={state === 'unmet' && !blocks ? 'waits' : state}>
      <Icon aria-label={t.destination.states[state]} />
      <div>
        <p>
          <strong>{t.destination.requirements[name].title}</strong>
          {subject ? <Subject id={id} name={name} subject={subject} /> : null}
        </p>
        {own ? null : (
          <p className={styles.said}>
            {state === 'unmet' || state === 'asked' || mend !== null
              ? t.destination.requirements[name].mend
              : t.destination.states[state]}
          </p>
        )}
        {own || state === 'unmet' || state === 'met' ? (
          <p className={styles.said} lang="en">
            {message}
          </p>
        ) : null}
        {mend && own ? <p className={styles.said}>{mend}</p> : null}
      </div>
    </li>
  )
}

/** A table, a connection, or the part of the mapping, which can be changed. */
function Subject({ id, name, subject }: { id: string; name: Requirement['name']; subject: string }) {
  const { t } = useText()
  const names = useNames()
  const titleOf = useCrmTitle()
  const [crm = '', entity = ''] = subject.split(' ')
  if (name === 'mapping') {
    return (
      <Link to={`/destinations/${id}/${entity}/${crm}`} className={styles.subject}>
        {t.destination.partOf(names.many(entity), titleOf(crm))}
      </Link>
    )
  }
  const isTable = subject === 'account' || subject === 'contact'
  return <span className={styles.subject}>{isTable ? names.many(subject) : subject}</span>
}

function Consent({ id, requirements }: { id: string; requirements: Requirement[] }) {
  const { t, f } = useText()
  const toasts = useToasts()
  const make = useMutation({
    mutationFn: () => makeColumns(id),
    onSuccess: (left) => {
      keepSaved(['destinations', id, 'readiness'], left)
      toasts.done(t.destination.made)
    },
    onError: (error) => toasts.failed(error),
  })
  const names = requirements.flatMap(({ makes }) =>
    makes ? [makes.option ? `“${makes.option}”` : `${makes.table}.${makes.column}`] : [],
  )
  return (
    <div className={styles.consent}>
      <p>{t.destination.consent(f.list(names))}</p>
      <Button appearance="primary" disabledFocusable={make.isPending} onClick={() => make.mutate()}>
        {make.isPending ? t.destination.making : t.destination.make}
      </Button>
    </div>
  )
}
