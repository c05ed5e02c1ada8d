import type { Text } from '../en.ts'
import { words } from '../words.ts'

const { plural } = words('nl')

export const sites: Text['sites'] = {
  title: 'Insluitende sites',
  none: 'Geen andere site mag de agentdesktop insluiten',
  health: (n) =>
    plural(n, { one: '# site mag de agentdesktop insluiten', other: '# sites mogen de agentdesktop insluiten' }),
  list: 'Sites',
  listText: 'In wier pagina’s het paneel van agenten mag staan, naast die van de hub zelf.',
  site: 'Site',
  hint: 'Het adres van de pagina van de softphone, zonder pad.',
  add: 'Toevoegen',
  added: (origin) => `${origin} mag de agentdesktop insluiten, binnen 5 seconden.`,
  remove: (origin) => `${origin} verwijderen`,
  removed: (origin) => `${origin} mag de agentdesktop niet meer insluiten.`,
  empty: 'Nog geen: het paneel staat alleen in pagina’s van de hub.',
  faults: {
    missing: 'Typ het adres van de site.',
    address: 'Dit is geen adres van een site, zoals https://phone.example.com.',
    star: 'Geen sterretjes: wie een naam eronder krijgt, zou erin mogen. Vermeld elke site apart.',
    path: 'Zonder pad: browsers laten een hele site toe, zoals https://phone.example.com.',
    plain: 'Alleen https: wat via http komt, kan onderweg veranderd worden. Op deze machine (localhost) volstaat http.',
    own: 'Dit is de hub zelf: diens eigen pagina’s mogen de agentdesktop sowieso insluiten.',
    listed: 'Deze site staat al in de lijst.',
    many: 'Niet meer dan 50 sites. Verwijder er eerst een.',
  },
  teams: 'Microsoft Teams',
  teamsText:
    'Teams toont het paneel als een app, op adressen van Microsoft. Het pakket voor zijn beheercentrum komt van “jackfield desktop teams-app”.',
  teamsOn: 'Teams mag de agentdesktop insluiten',
  means: 'Wat het betekent',
  meaning: [
    'Een vermelde site mag de kaarten van agenten in haar pagina tonen, de hub oproepen melden en gevraagd worden te bellen.',
    'Ze leest zelf niets van de kaarten; maar ze zou iets over het paneel kunnen leggen, zodat een klik daar minder betekent. Vermeld alleen sites die u vertrouwt.',
    'Agenten melden zich nog steeds zelf aan, in een venster van de hub.',
    'Een site verwijderen haalt het paneel uit pagina’s die daarna geopend worden; een open pagina blijft tot ze opnieuw geladen wordt.',
  ],
  more: 'Hoe het in te sluiten:',
}
