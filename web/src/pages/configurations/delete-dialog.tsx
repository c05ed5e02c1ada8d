import { Button } from '@fluentui/react-components'
import { useMutation } from '@tanstack/react-query'
import { useNavigate } from 'react-router'
import { type Configuration, refreshConfigurations, removeConfiguration } from '../../api/configurations.ts'
import { ErrorNotice } from '../../parts/error-notice.tsx'
import { MainButton, Modal } from '../../parts/modal.tsx'
import { useToasts } from '../../parts/toasts.tsx'
import { useText } from '../../text/use-text.tsx'
import { usePartCounts } from './configuration-state.tsx'
import styles from './configurations.module.css'

/** Asks once more, since its parts do not come back; and says what stays. */
export function DeleteDialog({ configuration, onClose }: { configuration: Configuration; onClose(): void }) {
  const { t } = useText()
  const toasts = useToasts()
  const navigate = useNavigate()
  const counts = usePartCounts()
  const { id, name, parts } = configuration
  const remove = useMutation({
    mutationFn: () => removeConfiguration(id),
    onSuccess: async () => {
      await navigate('/configurations')
      await refreshConfigurations()
      toasts.done(t.configurations.removed(name))
    },
  })
  return (
    <Modal
      title={t.configurations.removeTitle(name)}
      content={styles.dialog}
      onClose={onClose}
      acts={
        <>
          <Button onClick={onClose}>{t.act.cancel}</Button>
          <MainButton busy={remove.isPending} onClick={() => remove.mutate()}>
            {t.configurations.remove}
          </MainButton>
        </>
      }
    >
      <p>{t.configurations.removeText}</p>
      <p className={styles.none}>{counts(parts)}</p>
      <p>{t.configurations.removeKeeps}</p>
      {remove.error ? <ErrorNotice error={remove.error} subject={name} /> : null}
    </Modal>
  )
}
