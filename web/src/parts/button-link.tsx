import { Button, type ButtonProps } from '@fluentui/react-components'
import { useHref, useLinkClickHandler } from 'react-router'

/** Looks like a button, is a link: opens in a new tab with the middle mouse button as links do. */
export function ButtonLink({ to, ...props }: Omit<ButtonProps, 'as'> & { to: string }) {
  const href = useHref(to)
  const go = useLinkClickHandler<HTMLAnchorElement>(to)
  return (
    <Button
      {...(props as object)}
      as="a"
      href={href}
      onClick={(event: React.MouseEvent<HTMLAnchorElement>) => go(event)}
    />
  )
}
