import type { Text } from '../en.ts'
import { accessProblems } from './access-problems.ts'

export const problems: Text['problems'] = {
  ...accessProblems,
  'configuration.invalid': {
    what: 'Een instelling van de hub past niet',
    mend: 'Verbeter haar waar de hub wordt gestart.',
  },
  'connection.exists': { what: 'Deze organisatie is al verbonden', mend: 'Open in plaats daarvan haar verbinding.' },
  'connection.not_found': {
    what: 'Deze verbinding bestaat niet',
    mend: 'Ze is misschien verwijderd. Zie de lijst van verbindingen.',
  },
  'connection.not_ready': { what: 'De verbinding is niet actief', mend: 'Hervat of herstel haar eerst.' },
  'connection.not_the_crm': {
    what: 'Op dit adres antwoordt geen CRM van deze soort',
    mend: 'Kopieer het adres uit de browser terwijl het CRM open is.',
  },
  'crm.blocked_address': {
    what: 'Dit adres mag niet worden aangeroepen',
    mend: 'Het is privé; wie de hub beheert kan het bij naam toestaan.',
  },
  'crm.body_invalid': {
    what: 'Het antwoord van het CRM klopte niet',
    mend: 'De hub probeert het opnieuw; blijft het, kijk dan op de statuspagina van het CRM.',
  },
  'crm.body_too_large': {
    what: 'Het antwoord van het CRM was te groot',
    mend: 'Kopieer minder kolommen van deze tabel.',
  },
  'crm.conflict': {
    what: 'Het record is intussen in het CRM gewijzigd',
    mend: 'Bekijk het opnieuw en herhaal dan de handeling.',
  },
  'crm.delta_expired': {
    what: 'De wijzigingenlijst van het CRM is verlopen',
    mend: 'Niets te doen: in plaats daarvan wordt elke rij vergeleken.',
  },
  'crm.dns': {
    what: 'De naam van het CRM wordt niet gevonden',
    mend: 'Controleer het adres en de naamdienst van dit netwerk.',
  },
  'crm.foreign_link': {
    what: 'Het CRM verwees naar een andere host',
    mend: 'Die is niet gevolgd. Meld het aan wie het CRM beheert.',
  },
  'crm.no_user': {
    what: 'De app is geen gebruiker van de organisatie',
    mend: 'Voeg haar toe als toepassingsgebruiker in het Power Platform-beheercentrum.',
  },
  'crm.pages_unsound': {
    what: 'De pagina’s van een lijst zijn niet te vertrouwen',
    mend: 'De details noemen de pagina en de reden. Bij een API met een definitie: verbeter daarin het bladeren.',
  },
  'crm.privilege_missing': {
    what: 'Er ontbreekt een recht in het CRM',
    mend: 'Geef de toepassingsgebruiker een rol met het genoemde recht.',
  },
  'crm.record_locked': {
    what: 'Een andere wijziging houdt het record vast',
    mend: 'Niets te doen: de hub probeert het opnieuw.',
  },
  'crm.refused': { what: 'Het CRM weigerde het verzoek', mend: 'De details bevatten de woorden van het CRM zelf.' },
  'crm.throttled': {
    what: 'Het CRM vraagt om het rustiger aan te doen',
    mend: 'Niets te doen: de hub wacht zolang het is gevraagd.',
  },
  'crm.timeout': { what: 'Het CRM antwoordde niet op tijd', mend: 'De hub probeert het vanzelf opnieuw.' },
  'crm.tls': {
    what: 'De lijn naar het CRM wordt niet vertrouwd',
    mend: 'Controleer het certificaat, of geef de hub dat van uw eigen instantie.',
  },
  'crm.unreachable': {
    what: 'Het CRM is niet bereikbaar',
    mend: 'Controleer het netwerk en de status van het CRM; de hub probeert het opnieuw.',
  },
  'database.binaries_missing': {
    what: 'De eigen Postgres van de hub ontbreekt',
    mend: 'Installeer die opnieuw, of geef het adres van uw eigen.',
  },
  'database.durability_off': {
    what: 'De database bewaart niet wat ze bevestigt',
    mend: 'Zet haar duurzaamheid aan; zonder weigert de hub te draaien.',
  },
  'database.folder_unusable': {
    what: 'De gegevensmap is onbruikbaar',
    mend: 'Controleer de rechten en de vrije ruimte op de schijf.',
  },
  'database.in_use': { what: 'Een andere hub gebruikt deze gegevensmap', mend: 'Stop die, of kies een andere map.' },
  'database.not_started': {
    what: 'De eigen Postgres van de hub start niet',
    mend: 'De details geven zijn eigen woorden.',
  },
  'database.too_old': { what: 'De database is te oud', mend: 'Gebruik Postgres 15 of later.' },
  'database.unavailable': {
    what: 'De database antwoordt niet',
    mend: 'De hub gaat vanzelf verder als ze terug is. Niets wat is aangenomen gaat verloren.',
  },
  'destination.exists': { what: 'Deze organisatie is al een bestemming', mend: 'Gebruik die.' },
  'destination.not_ready': {
    what: 'De bestemming heeft nog iets nodig',
    mend: 'Zie ‘Wat ze nodig heeft’ op haar pagina.',
  },
  'destination.unable': { what: 'Dit CRM kan geen bestemming zijn', mend: 'Kies een verbinding met Dynamics 365.' },
  'destination.value_refused': {
    what: 'Een waarde past niet in haar kolom daar',
    mend: 'Wijzig de waarde in haar CRM, of de toewijzing.',
  },
  'feed.cursor_gone': {
    what: 'Zulke oude wijzigingen worden niet meer bewaard',
    mend: 'Lees de records opnieuw en volg de wijzigingen vanaf nu.',
  },
  'field.unknown': {
    what: 'Het CRM heeft dit veld niet',
    mend: 'Haal het uit de kolommen of de toewijzing van de tabel.',
  },
  'filter.invalid': { what: 'Het filter past niet bij de tabel', mend: 'Verbeter het genoemde deel.' },
  'input.invalid': { what: 'Een invoer past niet', mend: 'Verbeter het genoemde veld.' },
  'input.too_large': { what: 'Dat is te groot', mend: 'Stuur minder tegelijk.' },
  internal: {
    what: 'De hub maakte een fout',
    mend: 'Probeer het opnieuw. Blijft het, kopieer dan de details voor wie de hub beheert.',
  },
  'job.lease_lost': { what: 'Een ander proces nam dit werk over', mend: 'Niets te doen.' },
  'mapping.invalid': { what: 'De toewijzing past niet bij de tabel', mend: 'Verbeter het genoemde veld.' },
  'push.name_taken': {
    what: 'Iets anders in het CRM heeft een naam die de push nodig heeft',
    mend: 'Hernoem of verwijder het daar en installeer opnieuw.',
  },
  'push.not_installed': {
    what: 'Het CRM nam de push niet op',
    mend: 'Er blijft niets van staan. Kijk welk onderdeel of welke test genoemd wordt.',
  },
  'push.not_offered': {
    what: 'Het CRM meldt wijzigingen niet op deze manier',
    mend: 'Sta het daar toe, of neem een andere weg; de hub kijkt vanzelf opnieuw.',
  },
  'record.invalid': { what: 'Het record past niet in het model', mend: 'Verbeter het in het CRM en lees het opnieuw.' },
  'record.not_found': { what: 'Dit record bestaat niet', mend: 'Het is misschien verwijderd. Zoek het.' },
  'resource.not_found': { what: 'Dat is er niet meer', mend: 'Ga terug naar de lijst.' },
  'secret.key_missing': {
    what: 'De hoofdsleutel ontbreekt',
    mend: 'Geef de hub de sleutel die zijn geheimen verzegelde.',
  },
  'secret.key_wrong': {
    what: 'De hoofdsleutel is niet die waarmee de geheimen zijn verzegeld',
    mend: 'Geef de hub de juiste sleutel.',
  },
  'secret.unreadable': { what: 'Een verzegeld geheim is onleesbaar', mend: 'Plak het geheim opnieuw.' },
  'server.busy': { what: 'De hub is bezet', mend: 'Wacht even en probeer het opnieuw.' },
  'settings.changed': {
    what: 'Iemand anders heeft de instellingen intussen gewijzigd',
    mend: 'Bekijk ze opnieuw en zet uw wijziging er dan bovenop.',
  },
  'sync.running': {
    what: 'Een synchronisatie van deze tabel is al bezig',
    mend: 'Wacht erop, of annuleer haar eerst.',
  },
  'sync.settings_changed': {
    what: 'De instellingen van de tabel zijn intussen gewijzigd',
    mend: 'Niets te doen: de synchronisatie begint opnieuw met de nieuwe.',
  },
  'sync.sweep_needs_person': {
    what: 'Er zouden meer records worden verwijderd dan gewoonlijk',
    mend: 'Kijk of ze echt uit het CRM weg zijn, en beslis dan.',
  },
  'write.conflict': {
    what: 'Het record is intussen in het CRM gewijzigd',
    mend: 'Bekijk het opnieuw en schrijf dan opnieuw.',
  },
  'write.refused': { what: 'Het CRM weigerde de schrijfopdracht', mend: 'Verbeter wat het noemt en stuur opnieuw.' },
  'write.unknown_outcome': {
    what: 'Het antwoord op een schrijfopdracht ging verloren',
    mend: 'Kijk in het CRM of het er staat, en beslis dan.',
  },
}
