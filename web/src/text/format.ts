import type { Language } from './language.ts'
import { locales } from './words.ts'

/** Numbers, sizes and times as one language writes them. */
export interface Format {
  count(n: number): string
  decimal(n: number, digits: number): string
  percent(part: number, whole: number): string
  bytes(n: number): string
  /** `14:02`, with the day when it is not today. */
  moment(iso: string): string
  day(iso: string): string
  /** A date without a time, which no time zone moves. */
  calendarDay(day: string): string
  /** A number given as text: grouped, and with every digit that it has. */
  digits(text: string): string
  clock(time: number): string
  /** Everything: weekday, date, seconds, zone. */
  exact(iso: string): string
  relative(iso: string, now: number): string
  /** A whole span in its largest unit: `5 min`, `1 h`. */
  span(seconds: number): string
  /** `4 min 10 s` */
  duration(ms: number): string
  list(items: string[]): string
  language(code: string): string
  country(code: string): string
}

const made = new Map<Language, Format>()

export function formatFor(language: Language): Format {
  const known = made.get(language)
  if (known) return known
  const format = make(locales[language])
  made.set(language, format)
  return format
}

const DAY = 86_400
const steps: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_557_600],
  ['month', 2_629_800],
  ['week', 604_800],
  ['day', DAY],
  ['hour', 3600],
  ['minute', 60],
]

function make(locale: string): Format {
  const number = new Intl.NumberFormat(locale)
  const styles = dateStyles(locale)
  const soon = new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'short' })
  const far = new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'long' })
  const list = new Intl.ListFormat(locale, { type: 'conjunction' })
  const regions = new Intl.DisplayNames(locale, { type: 'region' })
  const tongues = new Intl.DisplayNames(locale, { type: 'language' })
  const unit = (n: number, name: string) =>
    new Intl.NumberFormat(unitLocale(locale), {
      style: 'unit',
      unit: name,
      unitDisplay: 'short',
      maximumFractionDigits: 0,
    }).format(n)

  return {
    count: (n) => number.format(n),
    decimal: (n, digits) =>
      new Intl.NumberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(n),
    percent: (part, whole) => percentText(locale, part, whole),
    bytes: (n) => bytesText(locale, n),
    moment: (iso) => momentText(new Date(iso), styles),
    day: (iso) => styles.date.format(new Date(iso)),
    calendarDay: (day) => styles.calendar.format(new Date(`${day}T00:00:00Z`)),
    digits: (text) => digitsText(locale, text),
    clock: (time) => styles.seconds.format(time),
    exact: (iso) => styles.full.format(new Date(iso)),
    relative: (iso, now) => relativeText(soon, far, (Date.parse(iso) - now) / 1000),
    span: (seconds) =>
      seconds % 86_400 === 0
        ? unit(seconds / 86_400, 'day')
        : seconds % 3600 === 0
          ? unit(seconds / 3600, 'hour')
          : seconds % 60 === 0
            ? unit(seconds / 60, 'minute')
            : unit(seconds, 'second'),
    duration: (ms) => durationText(ms / 1000, unit),
    list: (items) => list.format(items),
    language: (code) => tongues.of(code) ?? code,
    country: (code) => regions.of(code) ?? code,
  }
}

/** British short units have a plural (`5 mins`), which jumps from figure to figure; the American ones have none. */
function unitLocale(locale: string): string {
  return locale === 'en-GB' ? 'en' : locale
}

/** The ways in which a moment is written. */
function dateStyles(locale: string) {
  const short = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit' })
  const seconds = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', second: '2-digit' })
  const dayShort = new Intl.DateTimeFormat(locale, { weekday: 'short', hour: '2-digit', minute: '2-digit' })
  const dayLong = new Intl.DateTimeFormat(locale, {
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
  })
  const date = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', year: 'numeric' })
  const calendar = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' })
  const full = new Intl.DateTimeFormat(locale, {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'short',
  })
  return { short, seconds, dayShort, dayLong, date, calendar, full }
}

/** Never rounds up to 100 %: 998,213 of 998,214 is not everything. */
function percentText(locale: string, part: number, whole: number): string {
  const share = whole === 0 ? 1 : part / whole
  const digits = share > 0.99 && share < 1 ? 2 : 0
  const floored = Math.floor(share * 100 * 10 ** digits) / 10 ** digits / 100
  return new Intl.NumberFormat(locale, {
    style: 'percent',
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(floored)
}

function bytesText(locale: string, bytes: number): string {
  const names = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte']
  let value = bytes
  let index = 0
  while (value >= 1000 && index < names.length - 1) {
    value /= 1000
    index += 1
  }
  const options: Intl.NumberFormatOptions = {
    style: 'unit',
    unit: names[index] ?? 'byte',
    unitDisplay: 'short',
    maximumFractionDigits: value < 10 && index > 0 ? 1 : 0,
  }
  return new Intl.NumberFormat(locale, options).format(value)
}

function momentText(at: Date, styles: Record<'short' | 'dayShort' | 'dayLong' | 'date', Intl.DateTimeFormat>): string {
  const now = new Date()
  const days = (now.getTime() - at.getTime()) / 86_400_000
  if (at.toDateString() === now.toDateString()) return styles.short.format(at)
  if (Math.abs(days) < 6) return styles.dayShort.format(at)
  return at.getFullYear() === now.getFullYear() ? styles.dayLong.format(at) : styles.date.format(at)
}

function relativeText(soon: Intl.RelativeTimeFormat, far: Intl.RelativeTimeFormat, seconds: number): string {
  const size = Math.abs(seconds)
  for (const [unit, length] of steps) {
    if (size >= length) return (length >= DAY ? far : soon).format(Math.trunc(seconds / length), unit)
  }
  // Below ten seconds a ticking figure says nothing: "now".
  return size < 10 ? soon.format(0, 'second') : soon.format(Math.trunc(seconds / 10) * 10, 'second')
}

function durationText(total: number, unit: (n: number, name: string) => string): string {
  const seconds = Math.max(0, Math.round(total))
  const days = Math.floor(seconds / 86_400)
  const hours = Math.floor((seconds % 86_400) / 3600)
  const minutes = Math.floor((seconds % 3600) / 60)
  const rest = seconds % 60
  if (days > 0) return `${unit(days, 'day')} ${unit(hours, 'hour')}`
  if (hours > 0) return `${unit(hours, 'hour')} ${unit(minutes, 'minute')}`
  if (minutes > 0) return `${unit(minutes, 'minute')} ${unit(rest, 'second')}`
  return unit(rest, 'second')
}

/** A text keeps what a JavaScript number would round away. */
function digitsText(locale: string, text: string): string {
  if (!/^-?\d+(?:\.\d+)?$/.test(text)) return text
  const digits = text.split('.')[1]?.length ?? 0
  return new Intl.NumberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(
    text as unknown as number,
  )
}
