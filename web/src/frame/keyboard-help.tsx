import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
} from '@fluentui/react-components'
import { useText } from '../text/use-text.tsx'
import styles from './keyboard-help.module.css'
import { allRooms } from './rooms.ts'
import { modifierName } from './shortcuts.ts'

export function KeyboardHelp({ onClose }: { onClose(): void }) {
  const { t } = useText()
  const keys: [string[], string][] = [
    [[modifierName, 'K'], t.keyboard.palette],
    [['/'], t.keyboard.search],
    [['t'], t.keyboard.theme],
    [['?'], t.keyboard.help],
    [['↑', '↓'], t.keyboard.move],
    [['Enter'], t.keyboard.enter],
    [['Esc'], t.keyboard.escape],
  ]
  return (
    <Dialog open onOpenChange={(_, data) => (data.open ? undefined : onClose())}>
      <DialogSurface className={styles.surface}>
        <DialogBody>
          <DialogTitle>{t.keyboard.title}</DialogTitle>
          <DialogContent>
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
              {allRooms.map((room) => (
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
          </DialogContent>
          <DialogActions>
            <Button appearance="primary" onClick={onClose}>
              {t.act.close}
            </Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  )
}
