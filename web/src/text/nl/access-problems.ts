import type { Text } from '../en.ts'

export const accessProblems: Text['problems'] = {
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
  'authentication.consent_over': {
    what: 'Het CRM aanvaardt de aanmelding niet meer',
    mend: 'Meld u opnieuw aan in het venster van het CRM.',
  },
  'authentication.in_use': {
    what: 'Verbindingen gebruiken deze aanmelding',
    mend: 'Verwijder eerst die verbindingen, of behoud ze.',
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
  'consent.over': {
    what: 'Dat venster is voorbij',
    mend: 'Het was al gebruikt, duurde langer dan tien minuten, of werd in een andere browser begonnen. Begin opnieuw.',
  },
  'consent.refused': {
    what: 'Het CRM kreeg geen ja',
    mend: 'Begin opnieuw, en aanvaard in het venster. Deed u dat, vergelijk dan de registratie van de app in het CRM.',
  },
  'consent.unfit': {
    what: 'Niemand kan zich daarvoor in een venster aanmelden',
    mend: 'Laat mensen onder hun eigen naam schrijven, of laat de app blijvende toegang vragen; het auditlogboek zegt wat ontbreekt.',
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
  'invitation.over': {
    what: 'Deze uitnodiging geldt niet meer',
    mend: 'Meld u aan, of vraag een nieuwe aan wie u heeft uitgenodigd.',
  },
  'linked_account.needed': {
    what: 'Uw eigen account van het CRM is nodig',
    mend: 'Koppel het; wat daarom mislukte, wordt dan vanzelf opnieuw geprobeerd.',
  },
  'linked_account.unusable': {
    what: 'Uw eigen account van het CRM is nu niet te gebruiken',
    mend: 'U hoeft niets te doen: wie de integraties beheert, herstelt de app, en wat wacht wordt dan geschreven.',
  },
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
}
