// Runs inside every page that is looked at; what it finds goes out as plain text and numbers.
{
  const interactive = 'a[href], button, input:not([type="hidden"]), select, textarea, summary, [tabindex]'
  /** One of these is a single stop of the Tab key; arrows lead about in it. */
  const composite = ['tablist', 'menu', 'menubar', 'toolbar', 'listbox', 'grid', 'tree', 'radiogroup']
    .map((role) => `[role="${role}"]`)
    .join(', ')
  /** By which styles a person sees where the focus is. */
  const seen = ['outlineStyle', 'outlineWidth', 'outlineColor', 'boxShadow', 'borderColor', 'borderWidth', 'transform']

  const isShown = (element) => {
    const { width, height } = element.getBoundingClientRect()
    return width > 0 && height > 0 && element.checkVisibility({ visibilityProperty: true })
  }

  const describe = (element) => {
    const role = element.getAttribute('role')
    const said = element.getAttribute('aria-label') ?? element.labels?.[0]?.textContent ?? element.textContent ?? ''
    const name = said.replace(/\s+/g, ' ').trim().slice(0, 50)
    return `${element.tagName.toLowerCase()}${role ? `[${role}]` : ''}${name ? ` “${name}”` : ''}`
  }

  const isVisuallyHidden = (element) => {
    for (let each = element; each; each = each.parentElement) {
      if (getComputedStyle(each).clipPath === 'inset(50%)') return true
    }
    return false
  }

  /** Fonts reach a little above and below their line: that is not cut. Pixels. */
  const slack = { x: 1.5, y: 6 }
  const hides = (overflow) => overflow === 'hidden' || overflow === 'clip'

  const isCutAt = (box, text, open, style) => {
    const wide = text.right > box.right + slack.x || text.left < box.left - slack.x
    const high = text.bottom > box.bottom + slack.y || text.top < box.top - slack.y
    return (open.x && hides(style.overflowX) && wide) || (open.y && hides(style.overflowY) && high)
  }

  /** What cuts this text off, or null. Where something scrolls it can be read. */
  const cutter = (element, text) => {
    const open = { x: true, y: true }
    for (let each = element; each && each !== document.documentElement; each = each.parentElement) {
      const style = getComputedStyle(each)
      if (style.display !== 'inline') {
        if (isCutAt(each.getBoundingClientRect(), text, open, style)) return each
        if (style.overflowX === 'auto' || style.overflowX === 'scroll') open.x = false
        if (style.overflowY === 'auto' || style.overflowY === 'scroll') open.y = false
      }
      if (style.position === 'fixed') return null
    }
    return open.x && (text.right > innerWidth + slack.x || text.left < -slack.x) ? document.documentElement : null
  }

  /** A title tells it whole, or it is a link to where it stands whole. */
  const canBeRead = (element) => element.closest('[title]:not([title=""]), a[href]') !== null

  const cutTexts = () => {
    const found = []
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const element = node.parentElement
      if (!node.data.trim() || element.closest('script, style, option, svg')) continue
      if (!isShown(element) || isVisuallyHidden(element) || canBeRead(element)) continue
      const range = document.createRange()
      range.selectNodeContents(node)
      const by = cutter(element, range.getBoundingClientRect())
      if (by) found.push(`“${node.data.trim().slice(0, 60)}” in ${describe(by).slice(0, 60)}`)
    }
    return found
  }

  /** The topmost thing that keeps the focus to itself, or the page. */
  const room = () => {
    const modals = document.querySelectorAll('dialog:modal, [role="dialog"][aria-modal="true"], [role="alertdialog"]')
    return [...modals].filter(isShown).at(-1) ?? document.body
  }

  const isOneOfRadios = (element) => {
    if (element.type !== 'radio' || !element.name) return false
    const group = [...document.querySelectorAll(`input[type="radio"][name="${CSS.escape(element.name)}"]`)]
    return element !== (group.find((each) => each.checked) ?? group[0])
  }

  /** A link in a picture whose page is linked from the words beside it too. */
  const hasTwin = (element) =>
    [...room().querySelectorAll('a[href]')].some((each) => each.tabIndex >= 0 && each.href === element.href)

  /** All that the Tab key has to come to; of a composite the keys beyond Tab lead on. */
  const expected = () =>
    [...room().querySelectorAll(interactive)].filter((element) => {
      if (element.matches(':disabled, [data-tabster-dummy]') || element.closest('[inert], [aria-hidden="true"]'))
        return false
      if (element.closest(composite) || isOneOfRadios(element) || !isShown(element)) return false
      const native = element.matches('a[href], button, input, select, textarea')
      // What a pointer presses beside an open dialog: the keys have Escape.
      return element.tabIndex >= 0 || (native && !element.parentElement?.matches('dialog') && !hasTwin(element))
    })

  const looks = (element) => {
    const styles = []
    for (let each = element, up = 0; each && up < 4; each = each.parentElement, up += 1) {
      for (const pseudo of [null, '::before', '::after']) {
        const style = getComputedStyle(each, pseudo)
        styles.push(...seen.map((name) => style[name]))
      }
    }
    return styles.join('|')
  }

  const frames = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))
  let before = new Map()
  let numbers = new Map()
  let reached = new Set()

  const isCovered = (element) => {
    const { left, top, width, height } = element.getBoundingClientRect()
    const points = [0.5, 0.1, 0.9].flatMap((x) => [0.5, 0.15, 0.85].map((y) => [left + width * x, top + height * y]))
    const label = element.labels?.[0]
    return points.every(([x, y]) => {
      const there = document.elementFromPoint(x, y)
      return !there || !(element.contains(there) || there.contains(element) || label?.contains(there))
    })
  }

  const begin = async () => {
    // Where the focus is already, one has to see what it looks like without.
    const focused = document.activeElement
    focused?.blur()
    await frames()
    before = new Map(expected().map((element) => [element, looks(element)]))
    numbers = new Map()
    reached = new Set()
    if (focused !== document.body) focused?.focus()
    const positive = [...document.querySelectorAll('[tabindex]')].filter((element) => element.tabIndex > 0)
    return { expected: before.size, positive: positive.map(describe) }
  }

  /** Where the focus is now, whether one sees it, and where that lies. */
  const stop = async () => {
    const element = document.activeElement
    if (!element || element === document.body || element.matches('[data-tabster-dummy]')) return null
    reached.add(element)
    if (!numbers.has(element)) numbers.set(element, numbers.size)
    const was = before.get(element)
    if (was === looks(element)) await frames()
    const { left, top, bottom } = element.getBoundingClientRect()
    return {
      number: numbers.get(element),
      what: describe(element),
      // A browser's field for dates has day, month, year and its calendar, each a stop of its own.
      parts: element.matches('input[type=date], input[type=time], input[type=datetime-local]') ? 7 : 1,
      seen: was === undefined || was !== looks(element),
      covered: isCovered(element),
      outside: !room().contains(element),
      inMain: element.closest('main') !== null,
      place: { left: left + scrollX, top: top + scrollY, bottom: bottom + scrollY },
    }
  }

  const missed = () =>
    [...before.keys()].filter((each) => each.isConnected && isShown(each) && !reached.has(each)).map(describe)

  globalThis.jackfieldLook = {
    ...{ cutTexts, begin, stop, missed },
    tooWide: () => document.documentElement.scrollWidth - innerWidth,
    focused: () => describe(document.activeElement),
    inRoom: () => room() !== document.body && room().contains(document.activeElement),
  }
}
