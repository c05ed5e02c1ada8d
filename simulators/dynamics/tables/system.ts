import {
  ACTIVE,
  ACTIVE_STATUS,
  choice,
  column,
  flag,
  lookup,
  systemColumns,
  type TableDefinition,
  table,
  text,
} from '../schema.ts'

const own = /^(owner|owning|import|overridden|timezone|utcconversion)/
/** System tables belong to the organisation: no owner. */
const plain = (pk: string, states = ACTIVE, statuses = ACTIVE_STATUS) =>
  systemColumns(pk, states, statuses).filter((c) => !own.test(c.name))
const stateless = (pk: string) => plain(pk).filter((c) => !/^stat(e|us)code$/.test(c.name))
const quiet = { owned: false, changeTracking: false }

export function systemuser(): TableDefinition {
  return table(
    'systemuser',
    'User|Utilisateur|Gebruiker/Users|Utilisateurs|Gebruikers',
    [
      ...stateless('systemuserid'),
      text('fullname', 200, 'Full Name|Nom complet|Volledige naam', { create: false, update: false }),
      text('firstname', 256, 'First Name|Prénom|Voornaam', { required: 'ApplicationRequired' }),
      text('lastname', 256, 'Last Name|Nom|Achternaam', { required: 'ApplicationRequired' }),
      text('domainname', 1024, 'User Name|Nom d’utilisateur|Gebruikersnaam', { required: 'SystemRequired' }),
      text('internalemailaddress', 100, 'Primary Email|Courriel principal|Primair e-mailadres', { format: 'Email' }),
      text('mobilephone', 64, 'Mobile Phone|Téléphone mobile|Mobiele telefoon'),
      text('address1_telephone1', 64, 'Main Phone|Téléphone principal|Hoofdtelefoon'),
      text('title', 128, 'Title|Titre|Titel'),
      text('jobtitle', 100, 'Job Title|Fonction|Functie'),
      column('azureactivedirectoryobjectid', 'Uniqueidentifier', 'Entra Object Id|Id d’objet Entra|Entra-object-id'),
      column('applicationid', 'Uniqueidentifier', 'Application ID|Id de l’application|Toepassings-id'),
      flag('isdisabled', 'Status|Statut|Status'),
      flag('islicensed', 'User Licensed|Licence|Gelicentieerd'),
      flag('isintegrationuser', 'Integration user mode|Utilisateur d’intégration|Integratiegebruiker'),
      choice(
        'accessmode',
        'Access Mode|Mode d’accès|Toegangsmodus',
        '0 Read-Write|Lecture-écriture|Lezen-schrijven;1 Administrative|Administration|Beheer;2 Read|Lecture|Lezen;3 Support User|Support|Ondersteuning;4 Non-interactive|Non interactif|Niet-interactief;5 Delegated Admin|Admin délégué|Gedelegeerd beheerder',
      ),
      lookup('businessunitid', 'businessunit', 'Business Unit|Division|Business unit', { required: 'SystemRequired' }),
      // The key's own property is `ownerid` in the service's CSDL; both names can be selected.
      column('ownerid', 'Uniqueidentifier', 'Owner|Propriétaire|Eigenaar', { create: false, update: false }),
    ],
    { ...quiet, code: 8, nameColumn: 'fullname', changeTracking: true },
  )
}

export function team(): TableDefinition {
  return table(
    'team',
    'Team|Équipe|Team/Teams|Équipes|Teams',
    [
      ...stateless('teamid'),
      text('name', 160, 'Team Name|Nom de l’équipe|Teamnaam', { required: 'SystemRequired' }),
      text('description', 2000, 'Description|Description|Beschrijving'),
      text('emailaddress', 100, 'Email|Courriel|E-mail'),
      flag('isdefault', 'Is Default|Par défaut|Standaard'),
      choice(
        'teamtype',
        'Team Type|Type d’équipe|Teamtype',
        '0 Owner|Propriétaire|Eigenaar;1 Access|Accès|Toegang;2 Security Group|Groupe de sécurité|Beveiligingsgroep;3 Office Group|Groupe Office|Office-groep',
      ),
      lookup('administratorid', 'systemuser', 'Administrator|Administrateur|Beheerder'),
      lookup('businessunitid', 'businessunit', 'Business Unit|Division|Business unit', { required: 'SystemRequired' }),
      column('ownerid', 'Uniqueidentifier', 'Owner|Propriétaire|Eigenaar', { create: false, update: false }),
    ],
    { ...quiet, code: 9, changeTracking: true },
  )
}

export function teammembership(): TableDefinition {
  const columns = stateless('teammembershipid').filter((c) => /id$|version/.test(c.name))
  return table(
    'teammembership',
    'Team Membership',
    [
      ...columns,
      column('systemuserid', 'Uniqueidentifier', 'User|Utilisateur|Gebruiker'),
      column('teamid', 'Uniqueidentifier', 'Team|Équipe|Team'),
    ],
    { ...quiet, code: 23, nameColumn: 'teammembershipid' },
  )
}

export function businessunit(): TableDefinition {
  const columns = [
    ...stateless('businessunitid'),
    text('name', 160, 'Name|Nom|Naam', { required: 'SystemRequired' }),
    flag('isdisabled', 'Is Disabled|Désactivé|Uitgeschakeld'),
    lookup('parentbusinessunitid', 'businessunit', 'Parent Business|Division parente|Bovenliggende business unit'),
  ]
  return table(
    'businessunit',
    'Business Unit|Division|Business unit/Business Units|Divisions|Business units',
    columns,
    { ...quiet, code: 10 },
  )
}

export function transactioncurrency(): TableDefinition {
  return table(
    'transactioncurrency',
    'Currency|Devise|Valuta/Currencies|Devises|Valuta’s',
    [
      ...plain('transactioncurrencyid'),
      text('currencyname', 100, 'Currency Name|Nom de la devise|Naam van valuta', { required: 'SystemRequired' }),
      text('isocurrencycode', 5, 'Currency Code|Code|Valutacode', { required: 'SystemRequired' }),
      text('currencysymbol', 13, 'Currency Symbol|Symbole|Symbool'),
      column('currencyprecision', 'Integer', 'Currency Precision|Précision|Precisie'),
      column('exchangerate', 'Decimal', 'Exchange Rate|Taux de change|Wisselkoers'),
    ],
    { ...quiet, code: 9105, set: 'transactioncurrencies', nameColumn: 'currencyname' },
  )
}

export function organization(): TableDefinition {
  return table(
    'organization',
    'Organization|Organisation|Organisatie',
    [
      ...stateless('organizationid'),
      text('name', 160, 'Organization Name|Nom de l’organisation|Organisatienaam', { required: 'SystemRequired' }),
      text('schemanameprefix', 8, 'Schema Prefix|Préfixe|Voorvoegsel'),
      column('languagecode', 'Integer', 'Language|Langue|Taal'),
      column('localeid', 'Integer', 'Locale|Paramètres régionaux|Landinstelling'),
      column('expirechangetrackingindays', 'Integer', 'Days to Expire Change Tracking Deltas|Expiration|Verlooptijd'),
      column('expiresubscriptionsindays', 'Integer', 'Days to Expire Subscriptions|Expiration|Verlooptijd'),
      lookup('basecurrencyid', 'transactioncurrency', 'Currency|Devise|Valuta'),
    ],
    { ...quiet, code: 1019 },
  )
}

export function asyncoperation(): TableDefinition {
  return table(
    'asyncoperation',
    'System Job|Tâche système|Systeemtaak/System Jobs|Tâches système|Systeemtaken',
    [
      ...plain(
        'asyncoperationid',
        '0 Ready|Prêt|Gereed;1 Suspended|Suspendu|Onderbroken;2 Locked|Verrouillé|Vergrendeld;3 Completed|Terminé|Voltooid',
        '0:0 Waiting For Resources|En attente|Wacht;2:20 In Progress|En cours|Bezig;3:30 Succeeded|Réussi|Geslaagd;3:31 Failed|Échec|Mislukt;3:32 Canceled|Annulé|Geannuleerd',
      ),
      text('name', 256, 'System Job Name|Nom|Naam'),
      text('message', 100_000, 'Message|Message|Bericht'),
      text('friendlymessage', 500, 'Friendly Message|Message|Bericht'),
      column('operationtype', 'Integer', 'Operation Type|Type|Type'),
      column('errorcode', 'Integer', 'Error Code|Code d’erreur|Foutcode'),
    ],
    { ...quiet, code: 4700 },
  )
}
