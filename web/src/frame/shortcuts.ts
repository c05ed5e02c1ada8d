import { useEffect, useRef } from 'react'
import { useNavigate } from 'react-router'
import { isTyping } from '../parts/is-typing.ts'
import { setTheme, usePreferences } from './preferences.ts'
import { useAllRooms } from './rooms.ts'

const mac = /Mac|iPhone|iPad/.test(navigator.userAgent)
export const modifierName = mac ? '⌘' : 'Ctrl'

/** How long `g` waits for the letter after it. */
const CHORD_MS = 1200

/** The keys that work everywhere: letters only while no field is being typed in. */
export function useShortcuts(open: { palette(): void; help(): void }): void {
  const navigate = useNavigate()
  const { dark } = usePreferences()
  const rooms = useAllRooms()
  const chord = useRef(Number.NEGATIVE_INFINITY)
  useEffect(() => {
    function onKey(event: KeyboardEvent): void {
      if ((event.metaKey || event.ctrlKey) && !event.altKey && event.key.toLowerCase() === 'k') {
        event.preventDefault()
        open.palette()
        return
      }
      if (event.metaKey || event.ctrlKey || event.altKey || isTyping(event.target)) return
      if (performance.now() - chord.current < CHORD_MS) {
        chord.current = 0
        const room = rooms.find((each) => each.key === event.key)
        if (room) {
          event.preventDefault()
          navigate(room.to)
        }
        return
      }
      if (event.key === 'g') chord.current = performance.now()
      else if (event.key === '?') open.help()
      else if (event.key === 't') setTheme(dark ? 'light' : 'dark')
      else if (event.key === '/') focusSearch(event, open.palette)
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [navigate, open, dark, rooms])
}

function focusSearch(event: KeyboardEvent, openPalette: () => void): void {
  event.preventDefault()
  const search = document.querySelector<HTMLInputElement>('main input[type="search"]')
  if (search) {
    search.focus()
    search.select()
  } else openPalette()
}
