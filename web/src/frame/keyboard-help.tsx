import { useMay } from '../api/session.ts'
import { MainButton, Modal } from '../parts/modal.tsx'
import { useText } from '../text/use-text.tsx'
import styles from './keyboard-help.module.css'
import { useAllRooms } from './rooms.ts'
import { modifierName } from './shortcuts.ts'

export function KeyboardHelp({ onClose }: { onClose(): void }) {
  const { t } = useText()
  const rooms = useAllRooms()
  const mayDesk = useMay('use:desktop')
  const keys: [string[], string][] = [
    [[modifierName, 'K'], t.keyboard.palette],
    [['/'], t.keyboard.search],
    [['t'], t.keyboard.theme],
    [['?'], t.keyboard.help],
    [['↑', '↓'], t.keyboard.move],
    [['Alt', '↑', '↓'], t.keyboard.order],
    [['Enter'], t.keyboard.enter],
    [['Esc'], t.keyboard.escape],
    ...(mayDesk
      ? ([
          [['1', '9'], t.keyboard.card],
          [['n'], t.keyboard.note],
          [['f'], t.keyboard.findSomeone],
          [['o'], t.keyboard.openInCrm],
        ] satisfies [string[], string][])
      : []),
  ]
  return (
    <Modal
      title={t.keyboard.title}
      surface={styles.surface}
      onClose={onClose}
      acts={<MainButton onClick={onClose}>{t.act.close}</MainButton>}
    >
      <p className={styles.intro}>{t.keyboard.intro}</p>
      <dl className={styles.keys}>
        {keys.map(([caps, text]) => (
          <div key={text}>
            <dt>
              {caps.map((cap) => (
                <kbd key={cap}>{cap}</kbd>
              ))}
            </dt>
            <dd>{text}</dd>
          </div>
        ))}
        {rooms.map((room) => (
          <div key={room.to}>
            <dt>
              <kbd>g</kbd>
              <span>{t.keyboard.after}</span>
              <kbd>{room.key}</kbd>
            </dt>
            <dd>
              {t.keyboard.go} {room.text(t)}
            </dd>
          </div>
        ))}
      </dl>
    </Modal>
  )
}
