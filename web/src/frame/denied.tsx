import { ButtonLink } from '../parts/button-link.tsx'
import { EmptyState } from '../parts/empty-state.tsx'
import { PageHeader } from '../parts/page.tsx'
import { useText } from '../text/use-text.tsx'
import { useAllRooms } from './rooms.ts'

/** An address typed or kept from before: it is said whose it is not, instead of a page full of refusals. */
export function Denied() {
  const { t } = useText()
  const [first] = useAllRooms()
  return (
    <>
      <PageHeader title={t.denied.title} tab={t.denied.title} />
      <EmptyState
        title={t.denied.title}
        text={t.denied.text}
        action={
          first ? (
            <ButtonLink to={first.to} appearance="primary">
              {t.denied.go}
            </ButtonLink>
          ) : null
        }
      />
    </>
  )
}
