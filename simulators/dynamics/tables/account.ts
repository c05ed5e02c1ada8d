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

const INDUSTRIES = [
  '1 Accounting|Comptabilité|Accountancy',
  '6 Business Services|Services aux entreprises|Zakelijke diensten',
  '7 Consulting|Conseil|Consultancy',
  '16 Financial|Finance|Financiën',
  '20 Insurance|Assurance|Verzekeringen',
  '21 Legal Services|Services juridiques|Juridische diensten',
  '25 Service Retail|Commerce de services|Detailhandel',
  '30 Transportation|Transport|Transport',
  '33 Wholesale|Commerce de gros|Groothandel',
].join(';')

const CUSTOMER_TYPES = [
  '1 Competitor|Concurrent|Concurrent',
  '2 Consultant|Consultant|Adviseur',
  '3 Customer|Client|Klant',
  '4 Investor|Investisseur|Investeerder',
  '5 Partner|Partenaire|Partner',
  '6 Influencer|Influenceur|Beïnvloeder',
  '7 Press|Presse|Pers',
  '8 Prospect|Prospect|Prospect',
  '9 Reseller|Revendeur|Wederverkoper',
  '10 Supplier|Fournisseur|Toeleverancier',
  '11 Vendor|Vendeur|Leverancier',
  '12 Other|Autre|Overig',
].join(';')

function textColumns(): Column[] {
  return [
    text('name', 160, 'Account Name|Nom du compte|Accountnaam', { required: 'ApplicationRequired' }),
    text('accountnumber', 20, 'Account Number|Numéro de compte|Accountnummer'),
    text('telephone1', 50, 'Main Phone|Téléphone principal|Hoofdtelefoonnummer', { format: 'Phone' }),
    text('telephone2', 50, 'Other Phone|Autre téléphone|Ander telefoonnummer', { format: 'Phone' }),
    text('telephone3', 50, 'Telephone 3|Téléphone 3|Telefoon 3', { format: 'Phone' }),
    text('fax', 50, 'Fax|Télécopie|Fax', { format: 'Phone' }),
    text('emailaddress1', 100, 'Email|Courriel|E-mail', { format: 'Email' }),
    text('emailaddress2', 100, 'Email Address 2|Courriel 2|E-mailadres 2', { format: 'Email' }),
    text('emailaddress3', 100, 'Email Address 3|Courriel 3|E-mailadres 3', { format: 'Email' }),
    text('websiteurl', 200, 'Website|Site web|Website', { format: 'Url' }),
    text('description', 2000, 'Description|Description|Beschrijving'),
    text('tickersymbol', 10, 'Ticker Symbol|Symbole boursier|Tickersymbool'),
    text('sic', 20, 'SIC Code|Code NAF|SIC-code'),
  ]
}

export function account(): TableDefinition {
  return table(
    'account',
    'Account|Compte|Account/Accounts|Comptes|Accounts',
    [
      ...systemColumns('accountid', ACTIVE, ACTIVE_STATUS),
      ...textColumns(),
      column('numberofemployees', 'Integer', 'Number of Employees|Nombre d’employés|Aantal werknemers'),
      money('revenue', 'Annual Revenue|Chiffre d’affaires annuel|Jaarlijkse opbrengst'),
      money('creditlimit', 'Credit Limit|Limite de crédit|Kredietlimiet'),
      column('exchangerate', 'Decimal', 'Exchange Rate|Taux de change|Wisselkoers', { create: false, update: false }),
      column('entityimage_timestamp', 'BigInt', 'Image Time Stamp|Horodatage|Tijdstempel', {
        custom: false,
        update: false,
      }),
      flag('creditonhold', 'Credit Hold|Suspension de crédit|Krediet geblokkeerd'),
      flag('donotphone', 'Do not allow Phone Calls|Ne pas appeler|Niet bellen'),
      flag('donotemail', 'Do not allow Emails|Pas de courriel|Geen e-mail'),
      choice('industrycode', 'Industry|Secteur|Bedrijfstak', INDUSTRIES),
      choice('customertypecode', 'Relationship Type|Type de relation|Relatietype', CUSTOMER_TYPES),
      choice(
        'accountcategorycode',
        'Category|Catégorie|Categorie',
        '1 Preferred Customer|Client privilégié|Voorkeursklant;2 Standard|Standard|Standaard',
      ),
      choice(
        'ownershipcode',
        'Ownership|Propriété|Eigendom',
        '1 Public|Public|Openbaar;2 Private|Privé|Privé;3 Subsidiary|Filiale|Dochteronderneming;4 Other|Autre|Overig',
      ),
      choice(
        'paymenttermscode',
        'Payment Terms|Conditions de paiement|Betalingsvoorwaarden',
        '1 Net 30|30 jours|Netto 30;2 2% 10, Net 30|2% 10, 30 jours|2% 10, netto 30;3 Net 45|45 jours|Netto 45;4 Net 60|60 jours|Netto 60',
      ),
      choice(
        'preferredcontactmethodcode',
        'Preferred Method of Contact|Mode de contact préféré|Voorkeursmethode',
        PREFERRED_CONTACT,
      ),
      lookup('primarycontactid', 'contact', 'Primary Contact|Contact principal|Primaire contactpersoon'),
      lookup('parentaccountid', 'account', 'Parent Account|Compte parent|Bovenliggend account'),
      lookup('transactioncurrencyid', 'transactioncurrency', 'Currency|Devise|Valuta'),
      ...addressColumns(),
      ...sourceColumns(),
    ],
    { code: 1 },
  )
}
