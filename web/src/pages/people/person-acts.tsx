import { Button, Menu, MenuItem, MenuList, MenuPopover, MenuTrigger } from '@fluentui/react-components'
import { Delete20Regular } from '@fluentui/react-icons/svg/delete'
import { Key20Regular } from '@fluentui/react-icons/svg/key'
import { MoreHorizontal20Regular } from '@fluentui/react-icons/svg/more-horizontal'
import { Pause20Regular } from '@fluentui/react-icons/svg/pause'
import { Play20Regular } from '@fluentui/react-icons/svg/play'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import { activatePerson, type Person, refreshPeople, removePerson, suspendPerson } from '../../api/people.ts'
import { NotProven, useProof, useProven } from '../../parts/proof.tsx'
import { useToasts } from '../../parts/toasts.tsx'
import { useText } from '../../text/use-text.tsx'
import { ResetDialog } from './reset-dialog.tsx'

/** Suspending acts at once and can be taken back; removing waits until its toast is gone, since nothing brings it back. */
function useActs(person: Person) {
  const { t } = useText()
  const toasts = useToasts()
  const navigate = useNavigate()
  const { ensure } = useProof()
  const put = useProven(
    (state: Person['state']) => (state === 'active' ? activatePerson(person.id) : suspendPerson(person.id)),
    {
      done: (_, state) => {
        void refreshPeople()
        if (state === 'active') toasts.done(t.person.activated(person.name))
        else toasts.done(t.person.suspended(person.name), () => put.run('active'))
      },
      failed: (error) => toasts.failed(error, person.name),
    },
  )
  function removeLater(): void {
    void navigate('/people')
    const act = async () => {
      await removePerson(person.id)
      await refreshPeople()
    }
    toasts.later(t.person.removed(person.name), act, () => void navigate(`/people/${person.id}`))
  }
  function remove(): void {
    ensure().then(removeLater, (error: unknown) => {
      if (!(error instanceof NotProven)) toasts.failed(error, person.name)
    })
  }
  return { put, remove }
}

export function PersonActs({ person, last }: { person: Person; last: boolean }) {
  const { t } = useText()
  const { put, remove } = useActs(person)
  const [resetting, setResetting] = useState(false)
  const active = person.state === 'active'
  return (
    <>
      {last ? null : (
        <Button
          icon={active ? <Pause20Regular /> : <Play20Regular />}
          disabledFocusable={put.busy}
          onClick={() => put.run(active ? 'suspended' : 'active')}
        >
          {active ? t.person.suspend : t.person.activate}
        </Button>
      )}
      <Menu>
        <MenuTrigger disableButtonEnhancement>
          <Button icon={<MoreHorizontal20Regular />} aria-label={t.person.more} />
        </MenuTrigger>
        <MenuPopover>
          <MenuList>
            <MenuItem icon={<Key20Regular />} onClick={() => setResetting(true)}>
              {t.person.reset}
            </MenuItem>
            {last ? null : (
              <MenuItem icon={<Delete20Regular />} onClick={remove}>
                {t.person.remove}
              </MenuItem>
            )}
          </MenuList>
        </MenuPopover>
      </Menu>
      {resetting ? <ResetDialog person={person} onClose={() => setResetting(false)} /> : null}
    </>
  )
}
