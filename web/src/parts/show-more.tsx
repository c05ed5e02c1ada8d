import { Button, Spinner } from '@fluentui/react-components'
import { useText } from '../text/use-text.tsx'

/** The foot of a list that comes in pages. */
export function ShowMore(props: { shown: number; hasMore: boolean; loading: boolean; onMore(): void }) {
  const { t } = useText()
  return (
    <>
      <span>{t.listing.rows(props.shown)}</span>
      {props.hasMore ? (
        <Button
          size="small"
          appearance="subtle"
          onClick={props.onMore}
          disabledFocusable={props.loading}
          icon={props.loading ? <Spinner size="extra-tiny" /> : null}
        >
          {t.act.showMore}
        </Button>
      ) : (
        <span>{t.listing.end}</span>
      )}
    </>
  )
}
