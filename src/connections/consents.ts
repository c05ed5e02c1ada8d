import { beginConsent, type ConsentAsked, type Consented, type ConsentReturn, finishConsent } from './consent.ts'
import { type ConsentTarget, callbackPathOf } from './consent-app.ts'
import type { Context } from './context.ts'
import { type LinkableConnection, listLinkable, removeLinkedAccount } from './linked-account.ts'

/** Signing in to CRMs in their own windows: people to write as themselves, or the service where that is preferred. */
export interface Consents {
  /** Throws consent.unfit, input.invalid, connection.not_found, resource.not_found. */
  begin(asked: ConsentAsked): Promise<{ url: string; browserToken: string }>
  /** Throws consent.over where nothing was begun; what else went wrong is in the answer. */
  finish(came: ConsentReturn): Promise<Consented>
  /** Where the CRM is to send browsers back to, without the hub's own address; null where it has no such window. */
  callbackPath(target: ConsentTarget): Promise<string | null>
  /** The connections by which this person may write as themselves, and the accounts there that they linked. */
  linkable(personId: string): Promise<LinkableConnection[]>
  /** False where there was none. */
  unlink(connectionId: string, personId: string): Promise<boolean>
}

export function createConsents(context: Context): Consents {
  return {
    begin: (asked) => beginConsent(context, asked),
    finish: (came) => finishConsent(context, came),
    callbackPath: (target) => callbackPathOf(context, target),
    linkable: (personId) => listLinkable(context.pool, personId),
    unlink: (connectionId, personId) => removeLinkedAccount(context.pool, connectionId, personId),
  }
}
