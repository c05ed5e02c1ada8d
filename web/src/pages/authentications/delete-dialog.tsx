import { Button } from '@fluentui/react-components'
import { useMutation } from '@tanstack/react-query'
import { Link, useNavigate } from 'react-router'
import { type Authentication, refreshAuthentications, removeAuthentication } from '../../api/authentications.ts'
import { ApiError } from '../../api/request.ts'
import { ErrorNotice } from '../../parts/error-notice.tsx'
import link from '../../parts/link.module.css'
import { MainButton, Modal } from '../../parts/modal.tsx'
import { useToasts } from '../../parts/toasts.tsx'
import { useText } from '../../text/use-text.tsx'
import styles from './authentications.module.css'

/** Asks once more, for a secret does not come back; one in use says by whom, as the hub does when it refuses. */
export function DeleteDialog({ authentication, onClose }: { authentication: Authentication; onClose(): void }) {
  const { t } = useText()
  const toasts = useToasts()
  const navigate = useNavigate()
  const { id, name } = authentication
  const remove = useMutation({
    mutationFn: () => removeAuthentication(id),
    onSuccess: () => {
      toasts.done(t.authentications.removed(name))
      void navigate('/authentications')
      void refreshAuthentications()
    },
    onError: () => void refreshAuthentications(),
  })
  const refusedFor = remove.error instanceof ApiError ? remove.error.body.connections : undefined
  const users = refusedFor ?? authentication.connections
  const isHeld = users.length > 0
  return (
    <Modal
      title={isHeld ? t.authentications.heldTitle(name) : t.authentications.removeTitle(name)}
      surface={styles.surface}
      content={styles.dialog}
      onClose={onClose}
      acts={
        isHeld ? (
          <MainButton onClick={onClose}>{t.act.close}</MainButton>
        ) : (
          <>
            <Button onClick={onClose}>{t.act.cancel}</Button>
            <MainButton busy={remove.isPending} onClick={() => remove.mutate()}>
              {t.authentications.remove}
            </MainButton>
          </>
        )
      }
    >
      <p>{isHeld ? t.authentications.heldText : t.authentications.removeText}</p>
      {isHeld ? (
        <ul className={styles.users}>
          {users.map((user) => (
            <li key={user.id}>
              <Link to={`/connections/${user.id}`} className={link.coloured}>
                {user.name}
              </Link>
            </li>
          ))}
        </ul>
      ) : null}
      {remove.isError && !refusedFor ? <ErrorNotice error={remove.error} subject={name} /> : null}
    </Modal>
  )
}
