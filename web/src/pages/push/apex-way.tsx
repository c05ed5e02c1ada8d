import { Button, Menu, MenuItem, MenuList, MenuPopover, MenuTrigger } from '@fluentui/react-components'
import { ArrowDownload20Regular } from '@fluentui/react-icons/svg/arrow-download'
import { ArrowSync20Regular } from '@fluentui/react-icons/svg/arrow-sync'
import { Delete20Regular } from '@fluentui/react-icons/svg/delete'
import { Key20Regular } from '@fluentui/react-icons/svg/key'
import { MoreHorizontal20Regular } from '@fluentui/react-icons/svg/more-horizontal'
import { Send20Regular } from '@fluentui/react-icons/svg/send'
import { ShieldCheckmark20Regular } from '@fluentui/react-icons/svg/shield-checkmark'
import { useMutation } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import type { Connection } from '../../api/connections.ts'
import { type Act, type PushState, pushPackage } from '../../api/pushes.ts'
import { download } from '../../parts/file-button.tsx'
import { useNames } from '../../parts/names.ts'
import { RelativeTime } from '../../parts/time.tsx'
import { useToasts } from '../../parts/toasts.tsx'
import { useText } from '../../text/use-text.tsx'
import styles from './push.module.css'
import { Way } from './way.tsx'

const PushDialog = lazy(async () => ({ default: (await import('./push-dialog.tsx')).PushDialog }))

const icons = {
  install: <ArrowSync20Regular />,
  test: <Send20Regular />,
  check: <ShieldCheckmark20Regular />,
  renew: <Key20Regular />,
  remove: <Delete20Regular />,
}

/** The code that stands in the organisation itself: installed, tried and removed from here. */
export function ApexWay({ connection, state }: { connection: Connection; state: PushState }) {
  const { t, f } = useText()
  const names = useNames()
  const [act, setAct] = useState<Act | null>(null)
  const { installed } = state
  const missing = f.list(installed?.missing.map(names.many) ?? [])
  const isReady = state.address !== null && connection.state === 'active'
  const first: Act = installed?.isCurrent ? 'test' : 'install'
  const label = first === 'test' ? t.push.test : installed ? t.push.installAgain : t.push.install
  return (
    <Way
      name={t.push.apex}
      health={installed ? (installed.isCurrent ? 'ok' : 'warn') : 'none'}
      state={installed ? <RelativeTime at={installed.at} say={t.push.installed} /> : t.push.notInstalled}
      facts={installed ? t.push.tellsOf(f.list(installed.told.map(names.many))) : null}
      about={
        <>
          {installed && !installed.isCurrent ? (
            <p className={styles.warn}>{missing ? t.push.notTold(missing) : t.push.outdated}</p>
          ) : null}
          {state.address === null ? <p className={styles.warn}>{t.push.noAddress}</p> : null}
          <p>{t.push.apexText}</p>
        </>
      }
      acts={
        <>
          <Button
            appearance={first === 'install' ? 'primary' : 'secondary'}
            disabledFocusable={!isReady}
            onClick={() => setAct(first)}
          >
            {label}
          </Button>
          <MoreActs connection={connection.id} isInstalled={installed !== null} isReady={isReady} onAct={setAct} />
        </>
      }
    >
      <Suspense>{act ? <PushDialog connection={connection} act={act} onClose={() => setAct(null)} /> : null}</Suspense>
    </Way>
  )
}

function MoreActs(props: { connection: string; isInstalled: boolean; isReady: boolean; onAct(act: Act): void }) {
  const { t } = useText()
  const toasts = useToasts()
  const fetched = useMutation({
    mutationFn: () => pushPackage(props.connection),
    onSuccess: ({ name, bytes }) => download(name, bytes),
    onError: (error) => toasts.failed(error),
  })
  const acts: Act[] = props.isInstalled ? ['test', 'install', 'check', 'renew', 'remove'] : ['check', 'test', 'remove']
  return (
    <Menu positioning="below-end">
      <MenuTrigger disableButtonEnhancement>
        <Button icon={<MoreHorizontal20Regular />} aria-label={t.push.moreActs} disabledFocusable={!props.isReady} />
      </MenuTrigger>
      <MenuPopover>
        <MenuList>
          {acts.map((act) => (
            <MenuItem key={act} icon={icons[act]} subText={t.push.actTexts[act]} onClick={() => props.onAct(act)}>
              {t.push.acts[act]}
            </MenuItem>
          ))}
          <MenuItem icon={<ArrowDownload20Regular />} subText={t.push.downloadText} onClick={() => fetched.mutate()}>
            {t.push.download}
          </MenuItem>
        </MenuList>
      </MenuPopover>
    </Menu>
  )
}
