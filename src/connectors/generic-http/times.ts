import type { TimeFormat } from './definition.ts'

/** How a time is asked for. A date alone is of the day it began: a little is read twice, nothing is left out. */
export function writeTime(time: Date, format: TimeFormat): string {
  switch (format) {
    case 'epoch_seconds':
      return String(Math.floor(time.getTime() / 1000))
    case 'epoch_milliseconds':
      return String(time.getTime())
    case 'date':
      return time.toISOString().slice(0, 10)
    default:
      return `${time.toISOString().slice(0, 19)}Z`
  }
}

const isoForm = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?))?\s*(Z|[+-]\d{2}:?\d{2})?$/

// As most APIs write times, of a day that every month has: told by a look, without taking it to pieces.
const usualForm = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?Z$/

/** A time as ISO text; a text without a zone is UTC. Null for what is no time. */
export function readTime(value: unknown, format: TimeFormat): string | null {
  if (format === 'epoch_seconds' || format === 'epoch_milliseconds') {
    const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
    if (typeof number !== 'number' || !Number.isFinite(number)) return null
    const time = new Date(format === 'epoch_seconds' ? number * 1000 : number)
    return Number.isNaN(time.getTime()) ? null : time.toISOString()
  }
  if (typeof value !== 'string') return null
  if (usualForm.test(value)) return value
  const [, date, time, zone] = isoForm.exec(value.trim()) ?? []
  if (date === undefined) return null
  const iso = time === undefined ? date : `${date}T${time}${withColon(zone ?? 'Z')}`
  return Number.isNaN(Date.parse(iso)) ? null : iso
}

const withColon = (zone: string) => (/^[+-]\d{4}$/.test(zone) ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone)
