import { useMemo } from 'react'
import type { Problem } from '../../../src/server/contract/shapes.ts'
import { PasskeyKnown, PasskeyNotShown } from '../api/passkeys.ts'
import { ApiError } from '../api/request.ts'
import type { Text } from '../text/en.ts'
import type { Format } from '../text/format.ts'
import type { Language } from '../text/language.ts'
import { useText } from '../text/use-text.tsx'

/** An error as a person reads it: what happened, what to do, and the details for whoever wants them. */
export interface Lines {
  what: string
  mend: string | null
  /** The CRM's own words, where it gave some. */
  crmSays: string | null
  details: [string, string][]
}

/**
 * The hub's own sentences name the very thing and are in English. In another language the code's sentence is shown and
 * the hub's own stands folded in the details.
 */
export function useProblem(): ProblemReader {
  const { t, f, language } = useText()
  return useMemo(() => readerOf(t, f, language), [t, f, language])
}

export interface ProblemReader {
  fromProblem(problem: Problem): Lines
  fromError(error: unknown): Lines
}

function readerOf(t: Text, f: Format, language: Language): ProblemReader {
  function fromProblem(problem: Problem): Lines {
    const known = t.problems[problem.code]
    const own = language === 'en' || !known
    const details: [string, string][] = [
      [t.error.code, problem.code],
      [t.error.message, problem.message],
    ]
    if (problem.vendor) details.push([t.error.crmSays, vendorText(problem.vendor)])
    if (problem.since) details.push([t.error.time, f.exact(problem.since)])
    return {
      what: own ? withoutId(problem.message) : known.what,
      mend: own ? (problem.mend ?? known?.mend ?? null) : known.mend,
      crmSays: problem.vendor?.text ?? null,
      details,
    }
  }

  function fromError(error: unknown): Lines {
    if (error instanceof PasskeyNotShown || error instanceof PasskeyKnown) return ofPasskey(error, t)
    if (!(error instanceof ApiError)) {
      return {
        what: t.error.unknownWhat,
        mend: t.error.unknownMend,
        crmSays: null,
        details: [[t.error.message, String(error)]],
      }
    }
    const { body, status, at } = error
    if (body.code === 'offline') {
      const details: [string, string][] = [
        [t.error.message, body.message],
        [t.error.time, f.exact(at)],
      ]
      return { what: t.error.offlineWhat, mend: t.error.offlineMend, crmSays: null, details }
    }
    const known = t.problems[body.code]
    const own = language === 'en' || !known
    const details: [string, string][] = [
      [t.error.code, body.code],
      [t.error.message, body.message],
      [t.error.status, String(status)],
    ]
    if (body.field) details.push([t.error.field, body.field])
    if (body.vendor) details.push([t.error.crmSays, vendorText(body.vendor)])
    if (body.requestId) details.push([t.error.request, body.requestId])
    details.push([t.error.time, f.exact(at)])
    const what = own ? (status >= 500 ? (known?.what ?? t.error.unknownWhat) : withoutId(body.message)) : known.what
    const mend = own ? (body.mend ?? known?.mend ?? t.error.unknownMend) : known.mend
    return {
      what,
      mend: body.retryAt ? `${mend} ${t.error.retryAt(f.relative(body.retryAt, Date.now()))}` : mend,
      crmSays: body.vendor?.text ?? null,
      details,
    }
  }

  return { fromProblem, fromError }
}

/** The browser's own words are for programmers. */
function ofPasskey(error: PasskeyNotShown | PasskeyKnown, t: Text): Lines {
  const known = error instanceof PasskeyKnown
  return {
    what: known ? t.signIn.known : t.signIn.notShown,
    mend: known ? t.signIn.knownText : t.signIn.notShownText,
    crmSays: null,
    details: [],
  }
}

function vendorText(vendor: {
  status?: number | null | undefined
  code?: string | null | undefined
  text?: string | null | undefined
}): string {
  return [vendor.status, vendor.code, vendor.text].filter((part) => part !== null && part !== undefined).join(' · ')
}

const ID_BEFORE = /^[\w ]*\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}: /i

/** A sentence without the record's id before it, which stands in the details: nobody reads ids. */
function withoutId(message: string): string {
  const rest = message.replace(ID_BEFORE, '')
  return rest.charAt(0).toUpperCase() + rest.slice(1)
}
