import { useMay } from '../api/session.ts'
import { MainButton, Modal } from '../parts/modal.tsx'
import type { Text } from '../text/en.ts'
import { useText } from '../text/use-text.tsx'
import styles from './keyboard-help.module.css'
import { useAllRooms } from './rooms.ts'
import { modifierName } from './shortcuts.ts'

type Key = [caps: string[], text: string]

/** `desk`: only what works where the cards stand alone, without the console around them. */
export function KeyboardHelp({ onClose, only }: { onClose(): void; only?: 'desk' }) {
  const { t } = useText()
  const mayDesk = useMay('use:desktop')
  return (
    <Modal
      title={t.keyboard.title}
      surface={styles.surface}
      onClose={onClose}
      acts={<MainButton onClick={onClose}>{t.act.close}</MainButton>}
    >
      <p className={styles.intro}>{t.keyboard.intro}</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: on a small screen it is scrolled by its keys */}
      <div className={styles.groups} tabIndex={0}>
        {mayDesk ? <Group title={t.desk.keys.title} keys={deskKeys(t)} /> : null}
        {only === 'desk' ? (
          <Group title={t.keyboard.everywhere} keys={anywhereKeys(t)} />
        ) : (
          <>
            <Group title={t.keyboard.everywhere} keys={[...consoleKeys(t), ...anywhereKeys(t)]} />
            <Rooms />
          </>
        )}
      </div>
    </Modal>
  )
}

function deskKeys({ desk: { keys } }: Text): Key[] {
  return [
    [['1 – 9'], keys.card],
    [['r'], keys.ringing],
    [['n'], keys.note],
    [['d'], keys.disposition],
    [['a'], keys.tag],
    [['Esc'], keys.field],
    [['f'], keys.find],
    [['l'], keys.link],
    [['u'], keys.unlink],
    [['p'], keys.pin],
    [['c'], keys.create],
    [['o'], keys.open],
    [['e'], keys.end],
  ]
}

const consoleKeys = ({ keyboard }: Text): Key[] => [
  [[modifierName, 'K'], keyboard.palette],
  [['/'], keyboard.search],
  [['t'], keyboard.theme],
  [['↑', '↓'], keyboard.move],
  [['Alt', '↑', '↓'], keyboard.order],
  [['Enter'], keyboard.enter],
]

const anywhereKeys = ({ keyboard }: Text): Key[] => [
  [['z'], keyboard.undo],
  [['Esc'], keyboard.escape],
  [['?'], keyboard.help],
]

function Group({ title, keys }: { title: string; keys: Key[] }) {
  return (
    <section className={styles.group}>
      <h3>{title}</h3>
      <dl>
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
      </dl>
    </section>
  )
}

function Rooms() {
  const { t } = useText()
  const rooms = useAllRooms()
  return (
    <section className={styles.group}>
      <h3>{t.keyboard.go}</h3>
      <dl>
        {rooms.map((room) => (
          <div key={room.to}>
            <dt>
              <kbd>g</kbd>
              <span>{t.keyboard.after}</span>
              <kbd>{room.key}</kbd>
            </dt>
            <dd>{room.text(t)}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
