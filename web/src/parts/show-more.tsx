import { Button, Spinner } from '@fluentui/react-components'
import type { UseInfiniteQueryResult } from '@tanstack/react-query'
import { useText } from '../text/use-text.tsx'

/** The foot of a list that comes in pages. */
export function ShowMore({ list, shown }: { list: UseInfiniteQueryResult; shown: number }) {
  const { t } = useText()
  return (
    <>
      <span>{t.listing.rows(shown)}</span>
      {list.hasNextPage ? (
        <Button
          size="small"
          appearance="subtle"
          onClick={() => void list.fetchNextPage()}
          disabledFocusable={list.isFetchingNextPage}
          icon={list.isFetchingNextPage ? <Spinner size="extra-tiny" /> : null}
        >
          {t.act.showMore}
        </Button>
      ) : (
        <span>{t.listing.end}</span>
      )}
    </>
  )
}
