import { Navigation20Regular } from '@fluentui/react-icons/svg/navigation'
import { Search20Regular } from '@fluentui/react-icons/svg/search'
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useEffect, useMemo, useRef, useState } from 'react'
import { Link, Navigate, Outlet, ScrollRestoration, useLocation, useNavigation } from 'react-router'
import { live } from '../api/live.ts'
import { feedCache } from '../api/live-cache.ts'
import { sessionQuery, useMay } from '../api/session.ts'
import { Announcer } from '../parts/announcer.tsx'
import { ErrorNotice, isSignedOut } from '../parts/error-notice.tsx'
import { ProofRoom } from '../parts/proof.tsx'
import { ToastRoom } from '../parts/toasts.tsx'
import { useText } from '../text/use-text.tsx'
import { Denied } from './denied.tsx'
import styles from './frame.module.css'
import { LinkBanner } from './link-banner.tsx'
import { LineLost } from './live-lamp.tsx'
import { Mark } from './mark.tsx'
import { Opening } from './opening.tsx'
import { neededAt, useAllRooms } from './rooms.ts'
import { useShortcuts } from './shortcuts.ts'
import { Sidebar } from './sidebar.tsx'
import { isFramed, Unframed } from './unframed.tsx'

const Palette = lazy(async () => ({ default: (await import('./palette.tsx')).Palette }))
const KeyboardHelp = lazy(async () => ({ default: (await import('./keyboard-help.tsx')).KeyboardHelp }))

/** Everything around a room: who is signed in, the way from room to room, live news, toasts, the palette. */
export function Frame() {
  const session = useQuery(sessionQuery)
  const { pathname, search, hash } = useLocation()
  if (isFramed) return <Unframed />
  if (session.isPending) return <Opening />
  if (session.isError && isSignedOut(session.error)) {
    const asked = pathname + search + hash
    return <Navigate to={asked === '/' ? '/sign-in' : `/sign-in?to=${encodeURIComponent(asked)}`} replace />
  }
  // Who has seen the rooms keeps them while the hub is away: a banner says so.
  if (session.isError && !session.data) {
    return (
      <main className={styles.alone}>
        <ErrorNotice error={session.error} onRetry={() => void session.refetch()} />
      </main>
    )
  }
  return (
    <ToastRoom>
      <ProofRoom>
        <Rooms />
      </ProofRoom>
    </ToastRoom>
  )
}

function Rooms() {
  const { t } = useText()
  const [open, setOpen] = useState<'palette' | 'help' | 'menu' | null>(null)
  const openers = useMemo(() => ({ palette: () => setOpen('palette'), help: () => setOpen('help') }), [])
  const close = () => setOpen(null)
  useFocusKept(open)
  useShortcuts(openers)
  const mayFollow = useMay('read:status', 'read:records')
  useEffect(() => {
    if (!mayFollow) return
    const stopFeeding = feedCache()
    const closeLine = live.open()
    return () => {
      closeLine()
      stopFeeding()
    }
  }, [mayFollow])
  return (
    <div className={styles.frame}>
      <a href="#content" className={styles.skip}>
        {t.nav.skip}
      </a>
      <MobileBar open={open === 'menu'} onMenu={() => setOpen('menu')} onFind={openers.palette} />
      <MenuDrawer open={open === 'menu'} onClose={close} onFind={openers.palette} />
      <aside className={styles.side}>
        <Sidebar onFind={openers.palette} />
      </aside>
      <Progress />
      <main id="content" tabIndex={-1} className={styles.main}>
        <LineLost />
        <LinkBanner />
        <div className={styles.page}>
          <Room />
        </div>
      </main>
      <Suspense>
        {open === 'palette' ? <Palette onClose={close} /> : null}
        {open === 'help' ? <KeyboardHelp onClose={close} /> : null}
      </Suspense>
      <Announcer />
      <ScrollRestoration />
    </div>
  )
}

/** The room that one is in, where one may be; whoever comes to the front door is let in by the first that is open. */
function Room() {
  const { pathname } = useLocation()
  const rooms = useAllRooms()
  const needs = neededAt(pathname)
  const may = useMay(...(needs ?? []))
  if (needs === undefined || may) return <Outlet />
  return pathname === '/' && rooms[0] ? <Navigate to={rooms[0].to} replace /> : <Denied />
}

/** Whoever opened the palette by key was nowhere: the page takes the focus, so that Tab goes on from its head. */
function useFocusKept(open: string | null): void {
  const wasOpen = useRef(false)
  useEffect(() => {
    if (open) {
      wasOpen.current = true
      return
    }
    if (!wasOpen.current) return
    wasOpen.current = false
    // A dialog gives the focus back itself, a moment after it is gone.
    const timer = setTimeout(() => {
      if (document.activeElement === document.body) document.getElementById('content')?.focus({ preventScroll: true })
    }, 60)
    return () => clearTimeout(timer)
  }, [open])
}

function MobileBar(props: { open: boolean; onMenu(): void; onFind(): void }) {
  const { t } = useText()
  return (
    <header className={styles.bar}>
      <button
        type="button"
        className={styles.barButton}
        onClick={props.onMenu}
        aria-label={t.nav.open}
        aria-expanded={props.open}
      >
        <Navigation20Regular aria-hidden="true" />
      </button>
      <Link to="/" className={styles.barBrand}>
        <Mark size={22} />
        {t.product}
      </Link>
      <button type="button" className={styles.barButton} onClick={props.onFind} aria-label={t.nav.find}>
        <Search20Regular aria-hidden="true" />
      </button>
    </header>
  )
}

/** The same way about on a small screen: the browser's own modal dialog keeps the focus inside and gives it back. */
function MenuDrawer(props: { open: boolean; onClose(): void; onFind(): void }) {
  const { t } = useText()
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    if (props.open) dialog.current?.showModal()
    else dialog.current?.close()
  }, [props.open])
  return (
    <dialog ref={dialog} className={styles.drawer} aria-label={t.nav.main} onClose={props.onClose}>
      <div className={styles.drawerBody}>
        {props.open ? <Sidebar onFind={props.onFind} onGo={props.onClose} /> : null}
      </div>
      <button type="button" className={styles.scrim} onClick={props.onClose} aria-label={t.nav.close} tabIndex={-1} />
    </dialog>
  )
}

/** A room that takes long to come says so. */
function Progress() {
  const { state } = useNavigation()
  return state === 'idle' ? null : <div className={styles.progress} aria-hidden="true" />
}
