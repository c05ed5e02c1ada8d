import type { Text } from '../en.ts'
import { words } from '../words.ts'

const { plural, count } = words('nl')

export const signIn: Pick<Text, 'signIn' | 'secondStep' | 'invitation' | 'password' | 'proof' | 'device' | 'codes'> = {
  signIn: {
    title: 'Aanmelden',
    working: 'Bezig met aanmelden',
    email: 'E-mailadres',
    password: 'Wachtwoord',
    show: 'Wachtwoord tonen',
    hide: 'Wachtwoord verbergen',
    go: 'Aanmelden',
    or: 'of',
    passkey: 'Aanmelden met een wachtwoordsleutel',
    missing: 'Vul dit eerst in.',
    help: 'Kunt u er niet in?',
    helpLost:
      'Wachtwoord of apparaat kwijt: vraag een beheerder uw account opnieuw in te stellen. U krijgt een link die u één keer aanmeldt.',
    helpFirst: 'Voor het eerst hier, of geen beheerder meer: de hub toont een eenmalige link bij het starten, net als',
    over: 'Die link is al gebruikt, of de tijd is om',
    overText: 'Meld u op een andere manier aan, of vraag een nieuwe aan wie u de link gaf.',
    pasteLabel: 'Eenmalige link',
    paste: 'In deze browser geopend of hier geplakt meldt hij u één keer aan.',
    pasteGo: 'Aanmelden met de link',
    notShown: 'Er is geen wachtwoordsleutel getoond',
    notShownText:
      'Het venster van de browser is gesloten, of dit apparaat heeft er geen voor deze hub. Probeer het opnieuw, of neem een andere weg.',
    known: 'Dit apparaat heeft al een wachtwoordsleutel van u',
    knownText: 'Gebruik die, of maak er een op een ander apparaat.',
  },
  secondStep: {
    title: 'Nog één stap',
    text: {
      totp: 'Vul de zes cijfers in die uw authenticator-app nu toont.',
      recovery_code: 'Vul een van de herstelcodes in die u hebt bewaard. Elke code werkt één keer.',
      passkey: 'Bevestig met uw vinger, gezicht of pincode.',
    },
    code: 'Code van de app',
    recoveryCode: 'Herstelcode',
    go: 'Verder',
    usePasskey: 'De wachtwoordsleutel gebruiken',
    other: {
      totp: 'De authenticator-app gebruiken',
      recovery_code: 'Een herstelcode gebruiken',
      passkey: 'Een wachtwoordsleutel gebruiken',
    },
    anew: 'Opnieuw beginnen',
  },
  invitation: {
    title: 'Uitnodiging',
    welcome: (name) => `Welkom, ${name}`,
    text: (by, email) => `${by} nodigt u uit op deze hub als ${email}.`,
    roles: (roles) => `Uw rol: ${roles}.`,
    name: 'Uw naam',
    go: 'Account maken',
    over: 'Deze uitnodiging geldt niet meer',
    overText:
      'Ze is gebruikt, ingetrokken, of ouder dan een week. Meld u aan, of vraag een nieuwe aan wie u heeft uitgenodigd.',
    none: 'De link is niet volledig',
    noneText: 'Open de hele link die u kreeg: wat achter # staat hoort erbij.',
    toSignIn: 'Naar aanmelden',
  },
  password: {
    new: 'Nieuw wachtwoord',
    length: (have, need) =>
      have === 0 ? `Minstens ${count(need)} tekens` : `Minstens ${count(need)} tekens: tot nu toe ${count(have)}`,
    tooLong: (most) => `Hoogstens ${count(most)} tekens`,
    noName: 'Zonder uw naam, uw adres of ‘Jackfield’',
    notCommon: 'Geen dat als eerste wordt geprobeerd, en niet steeds hetzelfde',
    tip: 'Enkele woorden zijn makkelijk te onthouden. Hoofdletters en leestekens hoeven niet.',
    met: 'in orde',
    open: 'nog niet',
    judged: 'nagekeken bij het opslaan',
  },
  proof: {
    title: 'Bent u het nog?',
    text: 'Wat u gaat doen zou een gestolen sessie overleven. Dit wordt hoogstens elke tien minuten gevraagd.',
    password: 'Uw wachtwoord',
    go: 'Bevestigen',
    passkey: 'Bevestigen met een wachtwoordsleutel',
  },
  device: {
    on: (browser, system) => `${browser} op ${system}`,
    unknown: 'Onbekend apparaat',
    program: 'Een programma',
  },
  codes: (n) => plural(n, { zero: 'geen over', one: 'nog #', other: 'nog #' }),
}
