import { useEffect } from 'react'
import { canAutofillPasskeys, PasskeyNotShown, stopAsking } from '../../api/passkeys.ts'
import { type Session, signInByPasskey } from '../../api/session.ts'

/** The hub takes an answer to its challenge for six minutes. */
const ANEW_MS = 5 * 60_000

/** Offers passkeys in the address field, as long as nobody asked for one by the button. */
export function usePasskeyAutofill(wanted: boolean, onSignedIn: (session: Session) => void): void {
  useEffect(() => {
    if (!wanted) return
    let here = true
    const offer = async () => {
      if (!(await canAutofillPasskeys())) return
      try {
        const session = await signInByPasskey(true)
        if (here) onSignedIn(session)
      } catch (error) {
        // An offer that nobody took, or that this address cannot have, is nothing to tell.
        if (here && !(error instanceof PasskeyNotShown)) console.debug(error)
      }
    }
    void offer()
    // A newer offer ends the one before.
    const timer = setInterval(() => void offer(), ANEW_MS)
    return () => {
      here = false
      clearInterval(timer)
      void canAutofillPasskeys().then((could) => (could && !here ? stopAsking() : undefined))
    }
  }, [wanted, onSignedIn])
}
