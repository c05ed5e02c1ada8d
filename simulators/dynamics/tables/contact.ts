import {
  ACTIVE,
  ACTIVE_STATUS,
  type Column,
  choice,
  column,
  flag,
  lookup,
  money,
  systemColumns,
  type TableDefinition,
  table,
  text,
} from '../schema.ts'
import { addressColumns, PREFERRED_CONTACT, sourceColumns } from './address.ts'

const phone = { format: 'Phone' }
const email = { format: 'Email' }

function textColumns(): Column[] {
  return [
    text('firstname', 50, 'First Name|Prénom|Voornaam', { required: 'Recommended' }),
    text('lastname', 50, 'Last Name|Nom|Achternaam', { required: 'ApplicationRequired' }),
    text('middlename', 50, 'Middle Name|Deuxième prénom|Tweede voornaam'),
    text('fullname', 160, 'Full Name|Nom complet|Volledige naam', { create: false, update: false }),
    text('salutation', 100, 'Salutation|Civilité|Aanhef'),
    text('suffix', 10, 'Suffix|Suffixe|Achtervoegsel'),
    text('nickname', 100, 'Nickname|Surnom|Bijnaam'),
    text('jobtitle', 100, 'Job Title|Fonction|Functie'),
    text('department', 100, 'Department|Service|Afdeling'),
    text('emailaddress1', 100, 'Email|Courriel|E-mail', email),
    text('emailaddress2', 100, 'Email Address 2|Courriel 2|E-mailadres 2', email),
    text('emailaddress3', 100, 'Email Address 3|Courriel 3|E-mailadres 3', email),
    text('telephone1', 50, 'Business Phone|Téléphone professionnel|Telefoon werk', phone),
    text('telephone2', 50, 'Home Phone|Téléphone personnel|Telefoon thuis', phone),
    text('telephone3', 50, 'Telephone 3|Téléphone 3|Telefoon 3', phone),
    text('mobilephone', 50, 'Mobile Phone|Téléphone mobile|Mobiele telefoon', phone),
    text('fax', 50, 'Fax|Télécopie|Fax', phone),
    text('assistantname', 100, 'Assistant|Assistant|Assistent'),
    text('assistantphone', 50, 'Assistant Phone|Téléphone de l’assistant|Telefoon assistent', phone),
    text('pager', 50, 'Pager|Récepteur|Pieper'),
    text('websiteurl', 200, 'Website|Site web|Website', { format: 'Url' }),
    text('description', 2000, 'Description|Description|Beschrijving'),
    text('employeeid', 50, 'Employee|Employé|Werknemer'),
    text('governmentid', 50, 'Government|Numéro national|Rijksregisternummer'),
    text('externaluseridentifier', 50, 'External User Identifier|Identifiant externe|Externe gebruikers-id'),
  ]
}

export function contact(): TableDefinition {
  return table(
    'contact',
    'Contact|Contact|Contactpersoon/Contacts|Contacts|Contactpersonen',
    [
      ...systemColumns('contactid', ACTIVE, ACTIVE_STATUS),
      ...textColumns(),
      column('birthdate', 'DateOnly', 'Birthday|Date de naissance|Geboortedatum'),
      column('anniversary', 'DateOnly', 'Anniversary|Anniversaire|Jubileum'),
      column('numberofchildren', 'Integer', 'No. of Children|Nombre d’enfants|Aantal kinderen'),
      column('lastonholdtime', 'DateTime', 'Last On Hold Time|Dernière mise en attente|Laatst in de wacht'),
      money('creditlimit', 'Credit Limit|Limite de crédit|Kredietlimiet'),
      money('annualincome', 'Annual Income|Revenu annuel|Jaarinkomen'),
      column('exchangerate', 'Decimal', 'Exchange Rate|Taux de change|Wisselkoers', { create: false, update: false }),
      column('entityimage_timestamp', 'BigInt', 'Image Time Stamp|Horodatage|Tijdstempel', {
        custom: false,
        update: false,
      }),
      flag('donotphone', 'Do not allow Phone Calls|Ne pas appeler|Niet bellen'),
      flag('donotemail', 'Do not allow Emails|Pas de courriel|Geen e-mail'),
      flag('donotbulkemail', 'Do not allow Bulk Emails|Pas de publipostage|Geen bulkmail'),
      flag('creditonhold', 'Credit Hold|Suspension de crédit|Krediet geblokkeerd'),
      choice('gendercode', 'Gender|Sexe|Geslacht', '1 Male|Masculin|Man;2 Female|Féminin|Vrouw'),
      choice(
        'familystatuscode',
        'Marital Status|Situation familiale|Burgerlijke staat',
        '1 Single|Célibataire|Ongehuwd;2 Married|Marié|Gehuwd;3 Divorced|Divorcé|Gescheiden;4 Widowed|Veuf|Weduwe',
      ),
      choice(
        'accountrolecode',
        'Role|Rôle|Rol',
        '1 Decision Maker|Décideur|Beslisser;2 Employee|Employé|Werknemer;3 Influencer|Influenceur|Beïnvloeder',
      ),
      choice(
        'preferredcontactmethodcode',
        'Preferred Method of Contact|Mode de contact préféré|Voorkeursmethode',
        PREFERRED_CONTACT,
      ),
      lookup('parentcustomerid', 'account contact', 'Company Name|Nom de la société|Bedrijfsnaam'),
      lookup('transactioncurrencyid', 'transactioncurrency', 'Currency|Devise|Valuta'),
      ...addressColumns(),
      ...sourceColumns(),
    ],
    { code: 2, nameColumn: 'fullname' },
  )
}
