/** Letters are keys only where they are not being typed. */
export function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && target.matches('input, textarea, select, [contenteditable], [role="combobox"]')
  )
}
