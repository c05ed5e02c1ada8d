import type { Text } from '../en.ts'
import { words } from '../words.ts'

const { plural, count } = words('nl')

type Frame = Pick<
  Text,
  | 'product'
  | 'nav'
  | 'live'
  | 'act'
  | 'time'
  | 'state'
  | 'runState'
  | 'runKind'
  | 'runKindShort'
  | 'writeState'
  | 'operation'
  | 'change'
  | 'cause'
  | 'entity'
  | 'role'
  | 'unit'
  | 'error'
  | 'keyboard'
  | 'palette'
  | 'listing'
>

export const frame: Frame = {
  product: 'Jackfield',
  nav: {
    main: 'Hoofdnavigatie',
    open: 'Menu openen',
    close: 'Menu sluiten',
    skip: 'Naar de inhoud',
    find: 'Zoeken of doen',
    home: 'Start',
    attention: 'Vraagt aandacht',
    connections: 'Verbindingen',
    authentications: 'Aanmeldingen',
    runs: 'Synchronisaties',
    desktop: 'Agentdesktop',
    interactions: 'Interacties',
    records: 'Records',
    writes: 'Terugschrijven',
    destinations: 'Bestemmingen',
    configurations: 'CRM-configuraties',
    people: 'Personen',
    roles: 'Rollen',
    teams: 'Teams',
    keys: 'API-sleutels',
    auditLog: 'Auditlogboek',
    settings: 'Instellingen',
    watch: 'Volgen',
    use: 'Gebruiken',
    manage: 'Beheren',
    access: 'Toegang',
    waiting: (n) => plural(n, { one: '# wacht op iemand', other: '# wachten op iemand' }),
  },
  live: {
    live: 'Live',
    connecting: 'Verbinden',
    lost: 'Opnieuw verbinden',
    liveHint: 'Wijzigingen verschijnen zodra ze gebeuren.',
    lostHint: 'De hub antwoordt niet. Wat u ziet is van daarvoor; de rest komt vanzelf.',
  },
  act: {
    back: 'Terug',
    cancel: 'Annuleren',
    close: 'Sluiten',
    save: 'Opslaan',
    remove: 'Verwijderen',
    retry: 'Opnieuw proberen',
    undo: 'Ongedaan maken',
    copy: 'Kopiëren',
    copied: 'Gekopieerd',
    details: 'Details',
    hideDetails: 'Details verbergen',
    showMore: 'Meer tonen',
    openInCrm: 'Openen in CRM',
    signOut: 'Afmelden',
    pause: 'Pauzeren',
    resume: 'Hervatten',
    next: 'Volgende',
    reload: 'Opnieuw laden',
  },
  time: {
    underSecond: 'nog geen seconde',
    read: (at) => `gelezen ${at}`,
    nextRead: (at) => `weer ${at}`,
    never: 'nooit',
    now: 'nu',
    since: (at) => `sinds ${at}`,
    left: (text) => `nog ongeveer ${text}`,
  },
  state: {
    connecting: 'Bezig te verbinden',
    active: 'Actief',
    needs_attention: 'Vraagt aandacht',
    paused: 'Gepauzeerd',
    removed: 'Verwijderd',
  },
  runState: {
    waiting: 'Wacht',
    running: 'Bezig',
    paused: 'Gepauzeerd',
    cancelled: 'Geannuleerd',
    done: 'Klaar',
    failed: 'Mislukt',
  },
  runKind: {
    initial: 'Eerste synchronisatie',
    incremental: 'Incrementele synchronisatie',
    full: 'Volledige vergelijking',
    audit: 'Controle',
  },
  runKindShort: {
    initial: 'Eerste',
    incremental: 'Incrementeel',
    full: 'Volledig',
    audit: 'Controle',
  },
  writeState: {
    kept: 'Bewaard',
    sending: 'Wordt verstuurd',
    sent: 'Verstuurd',
    done: 'Teruggelezen',
    failed: 'Geweigerd',
    unknown: 'Uitkomst onbekend',
    cancelled: 'Geannuleerd',
  },
  operation: {
    create: 'Maken',
    update: 'Wijzigen',
    upsert: 'Maken of wijzigen',
    delete: 'Verwijderen',
  },
  change: {
    created: 'Gemaakt',
    changed: 'Gewijzigd',
    deleted: 'Verwijderd',
    restored: 'Teruggezet',
    left_scope: 'Uit het filter',
    entered_scope: 'In het filter',
  },
  cause: {
    sync: 'gevonden bij een synchronisatie',
    hint: 'gemeld door het CRM',
    audit: 'hersteld door een controle',
    echo: 'geschreven door Jackfield',
    replay: 'opnieuw gelezen op verzoek',
    schedule: 'volgens schema',
    person: 'op verzoek',
    approved: 'goedgekeurd door iemand',
    'the CRM no longer lists the changes since the last pass':
      'het CRM noemde de wijzigingen sinds de laatste keer niet meer',
    'the filter moves with time': 'het filter schuift mee met de tijd',
    connected: 'nieuw verbonden',
    'after initial': 'om de eerste synchronisatie te controleren',
    'after full': 'om de volledige vergelijking te controleren',
    'first copy': 'nieuw verbonden',
    'delta expired': 'de wijzigingenlijst van het CRM was verlopen',
    'nothing tells what changed since the last pass': 'niets zei wat er sinds de vorige keer was gewijzigd',
  },
  entity: {
    account: ['Account', 'Accounts'],
    contact: ['Contactpersoon', 'Contactpersonen'],
    lead: ['Potentiële klant', 'Potentiële klanten'],
    opportunity: ['Verkoopkans', 'Verkoopkansen'],
    incident: ['Aanvraag', 'Aanvragen'],
    appointment: ['Afspraak', 'Afspraken'],
    phone_call: ['Telefoongesprek', 'Telefoongesprekken'],
    task: ['Taak', 'Taken'],
    user: ['Gebruiker', 'Gebruikers'],
    team: ['Team', 'Teams'],
    team_member: ['Teamlidmaatschap', 'Teamlidmaatschappen'],
    currency: ['Valuta', 'Valuta’s'],
  },
  role: {
    parent: 'Hoort bij',
    primary_contact: 'Eerste contactpersoon',
    customer: 'Klant',
    owner: 'Eigenaar',
    team: 'Team',
    user: 'Gebruiker',
    regarding: 'Betreft',
  },
  unit: {
    records: (n) => plural(n, { one: '# record', other: '# records' }),
    perSecond: (n) => `${n}/s`,
    ofAll: (part, whole) => `${count(part)} van ${count(whole)}`,
    parked: (n) => plural(n, { one: '# geparkeerd', other: '# geparkeerd' }),
    deleted: (n) => plural(n, { one: '# verwijderd', other: '# verwijderd' }),
    outOfScope: (n) => plural(n, { one: '# buiten het filter', other: '# buiten het filter' }),
  },
  error: {
    offlineWhat: 'De hub antwoordt niet',
    offlineMend: 'Kijk of hij draait en of deze computer hem bereikt. De pagina probeert het vanzelf opnieuw.',
    unknownWhat: 'Er ging iets mis',
    unknownMend: 'Probeer het opnieuw. Blijft het, kopieer dan de details voor wie de hub beheert.',
    pageWhat: 'Deze pagina kon niet worden getoond',
    pageMend: 'Laad haar opnieuw. Is de hub net bijgewerkt, dan is dat genoeg.',
    retryAt: (text) => `Opnieuw proberen heeft zin ${text}.`,
    code: 'Code',
    message: 'Bericht',
    field: 'Veld',
    crmSays: 'Het CRM zegt',
    request: 'In het logboek van de hub',
    status: 'Status',
    time: 'Tijd',
    notFoundWhat: 'Deze pagina bestaat niet',
    notFoundMend: 'Het adres is misschien verkeerd getypt, of wat het noemde is weg. Start toont alles wat er is.',
    goHome: 'Naar start',
  },
  keyboard: {
    title: 'Toetsenbord',
    intro: 'Alles heeft een toets. Letters werken zolang er in geen veld wordt getypt.',
    palette: 'Een pagina, record, verbinding of handeling vinden',
    search: 'Zoeken',
    help: 'Deze lijst',
    theme: 'Wisselen tussen licht en donker',
    everywhere: 'Overal',
    go: 'Naar',
    move: 'Door de rijen van een tabel gaan',
    enter: 'De rij openen',
    escape: 'Sluiten wat open is',
    undo: 'Terugnemen wat zojuist gedaan is',
    after: 'dan',
  },
  palette: {
    title: 'Zoeken of doen',
    placeholder: 'Een pagina, een naam, een nummer, een handeling…',
    pages: 'Pagina’s',
    acts: 'Handelingen',
    connections: 'Verbindingen',
    records: 'Records',
    lookUp: (text) => `Zoek ‘${text}’`,
    none: 'Niets gevonden',
    noneHint: 'Een telefoonnummer in elke schrijfwijze, een e-mailadres of het begin van een naam vindt een record.',
    toConnect: 'Een CRM verbinden',
    toKey: 'Een API-sleutel maken',
    toDark: 'Naar het donkere thema',
    toLight: 'Naar het lichte thema',
    toLanguage: (language) => `Overschakelen naar ${language}`,
    syncNow: (name) => `Wijzigingen van ${name} nu lezen`,
    hint: 'om te bewegen · Enter om te kiezen · Esc om te sluiten',
  },
  listing: {
    rows: (shown) => plural(shown, { one: '# rij', other: '# rijen' }),
    end: 'Dat is alles.',
  },
}
