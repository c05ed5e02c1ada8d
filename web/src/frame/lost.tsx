import { useLocation } from 'react-router'
import { ButtonLink } from '../parts/button-link.tsx'
import { EmptyState } from '../parts/empty-state.tsx'
import { PageHeader } from '../parts/page.tsx'
import { useText } from '../text/use-text.tsx'

export function Lost() {
  const { t } = useText()
  const { pathname } = useLocation()
  return (
    <>
      <PageHeader title={t.error.notFoundWhat} tab={t.error.notFoundWhat} />
      <EmptyState
        title={pathname}
        text={t.error.notFoundMend}
        action={
          <ButtonLink to="/" appearance="primary">
            {t.error.goHome}
          </ButtonLink>
        }
      />
    </>
  )
}
