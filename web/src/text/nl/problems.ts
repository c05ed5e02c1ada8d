import type { Text } from '../en.ts'

export const problems: Text['problems'] = {
  'auth.denied': {
    what: 'Dat mag u niet',
    mend: 'Vraag een beheerder om een rol, of gebruik een sleutel, met dit recht.',
  },
  'auth.proof_needed': {
    what: 'Toon nog eens dat u het bent',
    mend: 'Bevestig met uw wachtwoord of een wachtwoordsleutel.',
  },
  'auth.rejected': {
    what: 'Dat klopt niet',
    mend: 'Kijk na wat u invulde. Is er iets kwijt, gebruik dan een herstelcode of vraag een beheerder om een link.',
  },
  'auth.required': { what: 'U bent niet aangemeld', mend: 'Meld u aan.' },
  'auth.suspended': { what: 'Dit account is geblokkeerd', mend: 'Vraag een beheerder het te deblokkeren.' },
  'auth.throttled': {
    what: 'Te veel pogingen',
    mend: 'Wacht, of gebruik een wachtwoordsleutel of een eenmalige link.',
  },
  'authentication.app_blocked': {
    what: 'Het CRM aanvaardt geen token van deze app',
    mend: 'Laat de app de API gebruiken, met een eigen integratiegebruiker; controleer daarna de verbinding.',
  },
  'authentication.client_unknown': {
    what: 'De tenant kent deze app niet',
    mend: 'Vergelijk de toepassings-id (client) met de app-registratie.',
  },
  'authentication.consent_missing': {
    what: 'De toestemming voor de app ontbreekt',
    mend: 'Laat een beheerder toestemming geven in de app-registratie.',
  },
  'authentication.in_use': {
    what: 'Verbindingen gebruiken deze aanmelding',
    mend: 'Verwijder eerst die verbindingen, of behoud ze.',
  },
  'authentication.consent_over': {
    what: 'De persoon moet zich opnieuw aanmelden bij het CRM',
    mend: 'Open het venster van het CRM en meld u aan als dezelfde persoon.',
  },
  'authentication.rejected': {
    what: 'De aanmelding bij het CRM is geweigerd',
    mend: 'Controleer de app-registratie en daarna de verbinding.',
  },
  'authentication.secret_expired': {
    what: 'Het clientgeheim is verlopen',
    mend: 'Maak een nieuw geheim in de app-registratie en plak de waarde.',
  },
  'authentication.secret_wrong': {
    what: 'Het clientgeheim is verkeerd',
    mend: 'Plak de waarde van het geheim, niet de id.',
  },
  'authentication.tenant_unknown': {
    what: 'Deze tenant bestaat niet',
    mend: 'Verbeter hem; het antwoord van de organisatie noemt hem.',
  },
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
    mend: 'Verbeter het bladeren in de definitie: de details noemen de pagina en de reden.',
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
  'factor.code_wrong': {
    what: 'De code klopt niet',
    mend: 'Vul de zes cijfers in die de app nu toont, en kijk de klok van de telefoon na.',
  },
  'factor.exists': { what: 'U hebt dit al', mend: 'Verwijder er eerst een.' },
  'factor.needed': {
    what: 'Uw wachtwoord is te kort om alleen te staan',
    mend: 'Kies er een van minstens 15 tekens, of voeg eerst een andere tweede stap toe.',
  },
  'factor.not_begun': { what: 'Er wordt geen app meer ingesteld', mend: 'Begin opnieuw, en scan de nieuwe code.' },
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
  'invitation.over': {
    what: 'Deze uitnodiging geldt niet meer',
    mend: 'Meld u aan, of vraag een nieuwe aan wie u heeft uitgenodigd.',
  },
  'job.lease_lost': { what: 'Een ander proces nam dit werk over', mend: 'Niets te doen.' },
  'mapping.invalid': { what: 'De toewijzing past niet bij de tabel', mend: 'Verbeter het genoemde veld.' },
  'passkey.refused': {
    what: 'De wachtwoordsleutel is niet aangenomen',
    mend: 'Open de hub met zijn naam, niet met een nummer, en probeer het opnieuw.',
  },
  'password.refused': {
    what: 'Dit wachtwoord is te makkelijk te raden',
    mend: 'Kies een ander: lang, zonder namen, en geen dat veel mensen hebben.',
  },
  'people.exists': { what: 'Iemand heeft dit adres al', mend: 'Wijzig dat account, of geef een ander adres.' },
  'people.last_administrator': { what: 'Niemand anders beheert deze hub', mend: 'Maak eerst iemand anders beheerder.' },
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
  'sign_on.account_exists': {
    what: 'Een account van deze hub heeft uw e-mailadres al',
    mend: 'Meld u aan zoals tot nu toe, en koppel de provider op de pagina van uw account.',
  },
  'sign_on.groups_missing': {
    what: 'De provider heeft uw groepen niet doorgegeven',
    mend: 'Meld het aan een beheerder: groepen geven hier de rollen, en de provider moet ze sturen.',
  },
  'sign_on.identity_taken': {
    what: 'Dit account is al gekoppeld',
    mend: 'Meld u ermee aan, of ontkoppel het eerst.',
  },
  'sign_on.name_taken': {
    what: 'Er is al een provider met deze korte naam',
    mend: 'Kies een andere korte naam.',
  },
  'sign_on.no_account': {
    what: 'U hebt geen account in deze hub',
    mend: 'Vraag een beheerder u uit te nodigen.',
  },
  'sign_on.no_role': {
    what: 'U hebt geen rol in deze hub',
    mend: 'Vraag een beheerder om een rol, of om een groep die er een heeft.',
  },
  'sign_on.over': {
    what: 'Die aanmelding is voorbij',
    mend: 'Ze is al gebruikt, duurde te lang of begon in een andere browser. Begin opnieuw.',
  },
  'sign_on.refused': {
    what: 'De provider heeft u niet aangemeld',
    mend: 'Begin opnieuw, of vraag wie daar de accounts beheert.',
  },
  'sign_on.rejected': {
    what: 'Het antwoord van de provider wordt niet geloofd',
    mend: 'Begin opnieuw. Blijft het zo, meld het dan aan een beheerder: het auditlogboek zegt waarom.',
  },
  'sign_on.unfit': {
    what: 'De provider is niet goed ingesteld',
    mend: 'Meld het aan een beheerder; de provider is te controleren bij de instellingen.',
  },
  'sign_on.unreachable': {
    what: 'De provider is niet bereikbaar',
    mend: 'Probeer het straks opnieuw, of meld u anders aan.',
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
