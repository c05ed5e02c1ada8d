import { Button } from '@fluentui/react-components'
import { useRouteError } from 'react-router'
import { ApiError } from '../api/request.ts'
import { ErrorNotice } from '../parts/error-notice.tsx'
import { PageHeader } from '../parts/page.tsx'
import { useText } from '../text/use-text.tsx'

/** A page that could not be drawn or fetched. */
export function Broken() {
  const error = useRouteError()
  const { t } = useText()
  const shown = error instanceof ApiError ? error : new ApiError(400, { code: 'page', message: String(error) })
  return (
    <>
      <PageHeader title={t.error.pageWhat} tab={t.error.pageWhat} />
      <ErrorNotice
        error={shown}
        subject={t.error.pageMend}
        action={
          <Button size="small" onClick={() => location.reload()}>
            {t.act.reload}
          </Button>
        }
      />
    </>
  )
}
