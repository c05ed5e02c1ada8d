import type { Text } from '../en.ts'
import { words } from '../words.ts'

const { plural } = words('nl')

export const push: Pick<Text, 'push'> = {
  push: {
    title: 'Wijzigingen meteen',
    text: 'Hoe het CRM de hub binnen seconden verwittigt. Wat geen enkele weg meldt, wordt volgens het schema gevonden.',
    told: (n) =>
      plural(n, {
        zero: 'Vandaag kwam geen melding',
        one: 'Vandaag kwam # melding binnen',
        other: 'Vandaag kwamen # meldingen binnen',
      }),
    refused: (n) =>
      plural(n, {
        one: '# melding vandaag geweigerd: geheim of handtekening klopt niet, of de klok loopt verkeerd',
        other: '# meldingen vandaag geweigerd: geheim of handtekening klopt niet, of de klok loopt verkeerd',
      }),
    notUnderstood: (n) =>
      plural(n, { one: '# onbegrijpelijke melding vandaag', other: '# onbegrijpelijke meldingen vandaag' }),
    noAddress:
      'De hub weet niet op welk adres het CRM hem bereikt. Stel JACKFIELD_PUBLIC_URL in waar de hub gestart wordt.',
    captured: 'Change Data Capture',
    capturedText:
      'Niets te installeren. Kies de objecten in Salesforce onder Setup → Change Data Capture, en geef de gebruiker van de hub er “View All” op.',
    line: {
      listening: 'Luistert',
      interrupted: 'Onderbroken',
      not_offered: 'Niet aangeboden',
      none: 'Nog niet geprobeerd',
    },
    lineAgain: {
      listening: '',
      interrupted: 'De hub opent de lijn vanzelf opnieuw.',
      not_offered: 'De hub kijkt elk uur opnieuw.',
      none: '',
    },
    heard: (at) => `laatst gehoord ${at}`,
    apex: 'Apex-push',
    apexText: 'Triggers melden welke records wijzigden, nooit wat erin staat. Ook verwijderen en terugzetten.',
    notInstalled: 'Niet geïnstalleerd',
    installed: (at) => `Geïnstalleerd ${at}`,
    tellsOf: (tables) => `Meldt ${tables}`,
    notTold: (tables) => `Niet ${tables}: installeer hem opnieuw.`,
    outdated: 'Adres, tabellen of geheim zijn sindsdien gewijzigd: installeer hem opnieuw.',
    install: 'Installeren',
    installAgain: 'Opnieuw installeren',
    test: 'Testgebeurtenis sturen',
    moreActs: 'Meer acties van de push',
    acts: {
      install: 'Opnieuw installeren',
      check: 'Controleren zonder installeren',
      renew: 'Nieuw geheim',
      remove: 'Weghalen',
      test: 'Testgebeurtenis sturen',
    },
    actTexts: {
      install: 'Dezelfde code, met de tabellen en het adres van nu.',
      check: 'Salesforce compileert en test de code en houdt niets.',
      renew: 'Installeert opnieuw; het oude geheim vervalt dan.',
      remove: 'Verwijdert triggers, klassen en externe site.',
      test: 'De hub wacht erop, tot drie minuten.',
    },
    download: 'Pakket downloaden',
    downloadText: 'Om het zelf te installeren. Het bevat het geheim.',
    messages: 'Uitgaande berichten',
    messagesText:
      'Voor organisaties die ze gebruiken: een flow of regel stuurt het Id van het record naar dit adres, zonder de sessie-id.',
    showAddress: 'Adres tonen',
    addressSecret: 'Het adres bevat een geheim: wie het heeft, kan naar de hub sturen.',
    webhook: 'Webhook',
    webhookText: 'De hub registreert hem zelf in de organisatie, en herstelt hem elke dag.',
    registered: (at) => `Geregistreerd ${at}`,
    notRegistered: 'Niet geregistreerd',
    willRegister: 'De hub registreert hem binnen een minuut na het verbinden, en probeert het elke 15 minuten opnieuw.',
    ask: {
      install: 'De push in Salesforce installeren?',
      renew: 'De push met een nieuw geheim installeren?',
      remove: 'De push uit Salesforce weghalen?',
    },
    askText: {
      install:
        'De hub zet een trigger voor elk gekopieerd object, twee klassen en een externe site in de organisatie: alles of niets. Salesforce compileert en test eerst. Geen enkele opslag mislukt erdoor.',
      renew:
        'Het oude geheim vervalt twee minuten nadat Salesforce de nieuwe code heeft; weigert het de code, dan blijft alles zoals het was. Het adres voor uitgaande berichten wijzigt: voer daar het nieuwe in.',
      remove:
        'Triggers, klassen en externe site gaan weg. Wijzigingen worden dan langs andere wegen of volgens het schema gevonden.',
    },
    working: {
      install: 'Bezig met installeren',
      check: 'Bezig met controleren',
      renew: 'Bezig met installeren met een nieuw geheim',
      remove: 'Bezig met weghalen',
      test: 'Wachten op een testgebeurtenis',
    },
    went: {
      install: 'De push is geïnstalleerd en werkt',
      check: 'Salesforce zou hem aanvaarden',
      renew: 'Het nieuwe geheim werkt',
      remove: 'De push is weg uit Salesforce',
      test: 'De push werkt',
    },
    failed: {
      install: 'De push werkt nog niet',
      check: 'Salesforce zou hem niet aanvaarden',
      renew: 'De push werkt nog niet',
      remove: 'De push staat er nog',
      test: 'Er kwam geen testgebeurtenis',
    },
    steps: {
      names: 'De namen zijn vrij in Salesforce',
      sent: 'Het pakket is afgegeven',
      components: 'Salesforce neemt de onderdelen op',
      tests: 'Salesforce voert de tests uit',
      done: 'Alles is klaar',
      test_event: 'Er komt een testgebeurtenis binnen',
    },
    of: (done, total) => `${done} van ${total}`,
    waitsForCrm: 'Salesforce is erom gevraagd; de wachtrij kan een minuut duren.',
    waitsForPerson:
      'De hub mag Salesforce er geen laten sturen. Open daar een record, wijzig het en sla het op; de hub wacht drie minuten.',
    came: (time) => `na ${time}`,
    faultMend: {
      components: 'Schakel hierboven de tabel van dit object uit, of installeer het pakket zelf.',
      tests:
        'Een eigen regel of trigger staat de testrecords in de weg. Bekijk de genoemde test, of schakel hierboven de tabel uit.',
      test_event:
        'Kijk in Salesforce onder Setup → Apex Jobs waarom hij niet verstuurd is. Salesforce moet het adres van de hub over HTTPS bereiken, met een certificaat dat het vertrouwt, en beide klokken mogen hoogstens vijf minuten verschillen.',
    },
    nothingStays: 'Salesforce heeft hem geweigerd, en er blijft niets van staan.',
    stop: 'Stoppen',
    stopped: 'Gestopt. Salesforce houdt niets van wat niet af was.',
    start: { install: 'Installeren', renew: 'Maken en installeren', remove: 'Weghalen' },
  },
}
