import { Button } from '@fluentui/react-components'
import { ArrowDownload16Regular } from '@fluentui/react-icons/svg/arrow-download'
import { Print16Regular } from '@fluentui/react-icons/svg/print'
import { createPortal } from 'react-dom'
import { CopyButton } from '../../parts/copy-button.tsx'
import { MainButton, Modal } from '../../parts/modal.tsx'
import { useText } from '../../text/use-text.tsx'
import styles from './account.module.css'

/** Shown this once: to be copied, downloaded or printed. A click beside it does not lose them. */
export function RecoveryCodes({ codes, onClose }: { codes: string[]; onClose(): void }) {
  const { t } = useText()
  const head = t.account.codesHead(location.host)
  const text = `${head}\n\n${codes.join('\n')}\n`
  return (
    <Modal
      title={t.account.codesTitle}
      content={styles.dialog}
      onClose={onClose}
      held
      acts={<MainButton onClick={onClose}>{t.account.codesKept}</MainButton>}
    >
      <p>{t.account.codesShown}</p>
      <ul className={styles.codes}>
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <div className={styles.codeActs}>
        <CopyButton text={text} />
        <Button size="small" icon={<ArrowDownload16Regular />} onClick={() => download(text, t.account.codesFile)}>
          {t.account.download}
        </Button>
        <Button size="small" icon={<Print16Regular />} onClick={() => print()}>
          {t.account.print}
        </Button>
      </div>
      {createPortal(<Paper head={head} codes={codes} />, document.body)}
    </Modal>
  )
}

/** What the printer gets instead of the page. */
function Paper({ head, codes }: { head: string; codes: string[] }) {
  return (
    <div className={styles.paper} aria-hidden="true">
      <h2>{head}</h2>
      <ol>
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ol>
    </div>
  )
}

function download(text: string, name: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([text], { type: 'text/plain' }))
  link.download = name
  link.click()
  URL.revokeObjectURL(link.href)
}
