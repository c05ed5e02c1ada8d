import { type RefObject, useEffect, useRef, useState } from 'react'

/** Whoever moved the pointer onto something within this time is about to press it. */
const AIM_MS = 1500
const LOOK_AGAIN_MS = 250
const pressable = ':is(a, button, summary, select, [role="option"]):hover'

/** The newest value, but not while somebody aims at what it would move. */
export function useSteady<Value>(value: Value, room: RefObject<HTMLElement | null>): Value {
  const [shown, setShown] = useState(value)
  const aimedAt = useRef(0)
  useEffect(() => {
    const element = room.current
    if (!element) return
    const aim = (event: PointerEvent) => {
      // A finger aims and presses at once.
      if (event.pointerType === 'mouse') aimedAt.current = performance.now()
    }
    const press = () => {
      aimedAt.current = 0
    }
    element.addEventListener('pointermove', aim)
    element.addEventListener('click', press)
    return () => {
      element.removeEventListener('pointermove', aim)
      element.removeEventListener('click', press)
    }
  }, [room])
  useEffect(() => {
    if (value === shown) return
    const aims = () => performance.now() - aimedAt.current < AIM_MS && room.current?.querySelector(pressable) !== null
    if (!aims()) return setShown(value)
    const timer = setInterval(() => aims() || setShown(value), LOOK_AGAIN_MS)
    return () => clearInterval(timer)
  }, [value, shown, room])
  return shown
}
