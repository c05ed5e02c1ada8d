import type { Clock } from './clock.ts'
import { systemClock } from './clock.ts'
import type { Redactor } from './redact.ts'
import { redactor as processRedactor } from './redact.ts'

export const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const
export type LogLevel = (typeof logLevels)[number]
export const logFormats = ['json', 'text'] as const
export type LogFormat = (typeof logFormats)[number]

type Fields = Record<string, unknown>

/** Structured and redacted; an error goes under the key `error`. */
export interface Log {
  readonly level: LogLevel
  debug(message: string, fields?: Fields): void
  info(message: string, fields?: Fields): void
  warn(message: string, fields?: Fields): void
  error(message: string, fields?: Fields): void
  /** The same log, with these fields on every line. */
  child(fields: Fields): Log
}

export interface LogOptions {
  level?: LogLevel
  format?: LogFormat
  clock?: Clock
  redactor?: Redactor
  /** One finished line, with its line end. Standard error when absent: standard output belongs to results. */
  write?: (line: string) => void
}

export function createLog(options: LogOptions = {}): Log {
  const sink = {
    level: options.level ?? 'info',
    format: options.format ?? 'json',
    clock: options.clock ?? systemClock,
    redactor: options.redactor ?? processRedactor,
    write: options.write ?? ((line: string) => void process.stderr.write(line)),
  }
  return bind(sink, {})
}

type Sink = Required<LogOptions>

function bind(sink: Sink, bound: Fields): Log {
  const threshold = logLevels.indexOf(sink.level)
  const at = (level: LogLevel) => {
    if (logLevels.indexOf(level) < threshold) return () => {}
    return (message: string, fields: Fields = {}) => sink.write(line(sink, level, { message, ...bound, ...fields }))
  }
  return {
    level: sink.level,
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: (fields) => bind(sink, { ...bound, ...fields }),
  }
}

function line(sink: Sink, level: LogLevel, fields: Fields): string {
  const time = new Date(sink.clock.now()).toISOString()
  const { message, ...rest } = sink.redactor.cleanValue(fields) as { message: string } & Fields
  if (sink.format === 'json') return `${JSON.stringify({ time, level, message, ...rest })}\n`
  const told = Object.entries(rest).filter(([, value]) => value !== undefined)
  const tail = told.map(([key, value]) => ` ${key}=${inText(value)}`)
  return `${time.slice(11, 23)} ${level.padEnd(5)} ${oneLine(message)}${tail.join('')}\n`
}

function inText(value: unknown): string {
  if (typeof value !== 'string') return oneLine(JSON.stringify(value) ?? 'undefined')
  return /^[\w.:/@+-]+$/.test(value) ? value : JSON.stringify(value)
}

/** A line break or terminal escape in a foreign text must not forge a log line. */
function oneLine(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, ' ')
}

/** Swallows everything; for tests and one-shot tools. */
export const silentLog: Log = createLog({ level: 'silent', write: () => {} })
