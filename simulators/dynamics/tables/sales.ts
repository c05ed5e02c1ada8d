import { choice, column, flag, lookup, money, systemColumns, type TableDefinition, table, text } from '../schema.ts'
import { addressColumns } from './address.ts'

const RATING = '1 Hot|Chaud|Heet;2 Warm|Tiède|Warm;3 Cold|Froid|Koud'
const LEAD_SOURCES =
  '1 Advertisement|Publicité|Advertentie;2 Employee Referral|Recommandation|Werknemer;3 External Referral|Recommandation externe|Extern;4 Partner|Partenaire|Partner;5 Public Relations|Relations publiques|Public relations;6 Seminar|Séminaire|Seminar;7 Trade Show|Salon|Beurs;8 Web|Web|Web;9 Word of Mouth|Bouche à oreille|Mond-tot-mond;10 Other|Autre|Overig'

export function lead(): TableDefinition {
  return table(
    'lead',
    'Lead|Prospect|Potentiële klant/Leads|Prospects|Potentiële klanten',
    [
      ...systemColumns(
        'leadid',
        '0 Open|Ouvert|Open;1 Qualified|Qualifié|Gekwalificeerd;2 Disqualified|Disqualifié|Gediskwalificeerd',
        '0:1 New|Nouveau|Nieuw;0:2 Contacted|Contacté|Benaderd;1:3 Qualified|Qualifié|Gekwalificeerd;2:4 Lost|Perdu|Verloren;2:5 Cannot Contact|Injoignable|Niet te bereiken;2:6 No Longer Interested|Plus intéressé|Geen interesse;2:7 Canceled|Annulé|Geannuleerd',
      ),
      text('subject', 300, 'Topic|Rubrique|Onderwerp', { required: 'ApplicationRequired' }),
      text('firstname', 50, 'First Name|Prénom|Voornaam', { required: 'Recommended' }),
      text('lastname', 50, 'Last Name|Nom|Achternaam', { required: 'ApplicationRequired' }),
      text('fullname', 160, 'Name|Nom complet|Naam', { create: false, update: false }),
      text('companyname', 100, 'Company Name|Nom de la société|Bedrijfsnaam', { required: 'Recommended' }),
      text('jobtitle', 100, 'Job Title|Fonction|Functie'),
      text('emailaddress1', 100, 'Email|Courriel|E-mail', { format: 'Email' }),
      text('telephone1', 50, 'Business Phone|Téléphone professionnel|Telefoon werk', { format: 'Phone' }),
      text('telephone2', 50, 'Home Phone|Téléphone personnel|Telefoon thuis', { format: 'Phone' }),
      text('mobilephone', 20, 'Mobile Phone|Téléphone mobile|Mobiele telefoon', { format: 'Phone' }),
      text('fax', 50, 'Fax|Télécopie|Fax'),
      text('websiteurl', 200, 'Website|Site web|Website'),
      text('description', 2000, 'Description|Description|Beschrijving'),
      column('numberofemployees', 'Integer', 'No. of Employees|Nombre d’employés|Aantal werknemers'),
      money('revenue', 'Annual Revenue|Chiffre d’affaires|Jaaromzet'),
      money('estimatedamount', 'Est. Value|Valeur estimée|Geschatte waarde'),
      money('budgetamount', 'Budget Amount|Budget|Budgetbedrag'),
      column('estimatedclosedate', 'DateOnly', 'Est. Close Date|Clôture estimée|Geschatte sluitingsdatum'),
      choice('leadsourcecode', 'Lead Source|Source du prospect|Bron', LEAD_SOURCES),
      choice('leadqualitycode', 'Rating|Évaluation|Beoordeling', RATING),
      lookup('customerid', 'account contact', 'Customer|Client|Klant'),
      lookup('parentaccountid', 'account', 'Parent Account|Compte parent|Bovenliggend account'),
      lookup('parentcontactid', 'contact', 'Parent Contact|Contact parent|Bovenliggende contactpersoon'),
      lookup('qualifyingopportunityid', 'opportunity', 'Qualifying Opportunity|Opportunité|Verkoopkans'),
      lookup('transactioncurrencyid', 'transactioncurrency', 'Currency|Devise|Valuta'),
      ...addressColumns(),
    ],
    { code: 4, nameColumn: 'fullname' },
  )
}

export function opportunity(): TableDefinition {
  return table(
    'opportunity',
    'Opportunity|Opportunité|Verkoopkans/Opportunities|Opportunités|Verkoopkansen',
    [
      ...systemColumns(
        'opportunityid',
        '0 Open|Ouvert|Open;1 Won|Conclue|Gewonnen;2 Lost|Perdue|Verloren',
        '0:1 In Progress|En cours|Wordt uitgevoerd;0:2 On Hold|Suspendu|In de wacht;1:3 Won|Conclue|Gewonnen;2:4 Canceled|Annulé|Geannuleerd;2:5 Out-Sold|Perdu|Overtroffen',
      ),
      text('name', 300, 'Topic|Rubrique|Onderwerp', { required: 'ApplicationRequired' }),
      text('description', 2000, 'Description|Description|Beschrijving'),
      text('emailaddress', 100, 'Email|Courriel|E-mail', { format: 'Email' }),
      text('stepname', 200, 'Pipeline Phase|Phase|Pijplijnfase'),
      money('estimatedvalue', 'Est. Revenue|Revenu estimé|Geschatte opbrengst'),
      money('actualvalue', 'Actual Revenue|Revenu réel|Werkelijke opbrengst'),
      column('estimatedclosedate', 'DateOnly', 'Est. Close Date|Clôture estimée|Geschatte sluitingsdatum'),
      column('actualclosedate', 'DateOnly', 'Actual Close Date|Clôture réelle|Werkelijke sluitingsdatum'),
      column('closeprobability', 'Integer', 'Probability|Probabilité|Waarschijnlijkheid'),
      flag('isrevenuesystemcalculated', 'Revenue|Revenu calculé|Opbrengst berekend'),
      choice('opportunityratingcode', 'Rating|Évaluation|Beoordeling', RATING),
      choice(
        'salesstage',
        'Sales Stage|Phase de vente|Verkoopfase',
        '0 Qualify|Qualifier|Kwalificeren;1 Develop|Développer|Ontwikkelen;2 Propose|Proposer|Voorstellen;3 Close|Clôturer|Sluiten',
      ),
      lookup('customerid', 'account contact', 'Potential Customer|Client potentiel|Potentiële klant'),
      lookup('parentaccountid', 'account', 'Account|Compte|Account'),
      lookup('parentcontactid', 'contact', 'Contact|Contact|Contactpersoon'),
      lookup('originatingleadid', 'lead', 'Originating Lead|Prospect d’origine|Oorspronkelijke lead'),
      lookup('transactioncurrencyid', 'transactioncurrency', 'Currency|Devise|Valuta', {
        required: 'ApplicationRequired',
      }),
    ],
    { code: 3, set: 'opportunities' },
  )
}
