import { choice, column, flag, lookup, money, systemColumns, type TableDefinition, table, text } from '../schema.ts'

export function incident(): TableDefinition {
  return table(
    'incident',
    'Case|Incident|Aanvraag/Cases|Incidents|Aanvragen',
    [
      ...systemColumns(
        'incidentid',
        '0 Active|Actif|Actief;1 Resolved|Résolu|Opgelost;2 Canceled|Annulé|Geannuleerd',
        '0:1 In Progress|En cours|Wordt uitgevoerd;0:2 On Hold|Suspendu|In de wacht;0:3 Waiting for Details|En attente de détails|Wacht op details;0:4 Researching|Recherche|Wordt onderzocht;1:5 Problem Solved|Problème résolu|Probleem opgelost;1:1000 Information Provided|Informations fournies|Informatie verstrekt;2:6 Cancelled|Annulé|Geannuleerd;2:2000 Merged|Fusionné|Samengevoegd',
      ),
      text('title', 200, 'Case Title|Titre de l’incident|Titel', { required: 'ApplicationRequired' }),
      text('ticketnumber', 100, 'Case Number|Numéro d’incident|Aanvraagnummer', { update: false }),
      text('description', 2000, 'Description|Description|Beschrijving'),
      text('emailaddress', 100, 'Email Address|Courriel|E-mailadres', { format: 'Email' }),
      text('productserialnumber', 100, 'Serial Number|Numéro de série|Serienummer'),
      flag('isescalated', 'Is Escalated|Escaladé|Is geëscaleerd'),
      column('followupby', 'DateOnly', 'Follow Up By|Suivi par|Opvolgen voor'),
      column('responseby', 'DateTime', 'First Response By|Première réponse|Eerste reactie voor'),
      column('resolveby', 'DateTime', 'Resolve By|Résoudre avant|Oplossen voor'),
      choice(
        'prioritycode',
        'Priority|Priorité|Prioriteit',
        '1 High|Haute|Hoog;2 Normal|Normale|Normaal;3 Low|Basse|Laag',
      ),
      choice(
        'caseorigincode',
        'Origin|Origine|Oorsprong',
        '1 Phone|Téléphone|Telefoon;2 Email|Courriel|E-mail;3 Web|Web|Web;2483 Facebook;3986 Twitter',
      ),
      choice(
        'casetypecode',
        'Case Type|Type d’incident|Type aanvraag',
        '1 Question|Question|Vraag;2 Problem|Problème|Probleem;3 Request|Demande|Verzoek',
      ),
      choice('severitycode', 'Severity|Gravité|Ernst', '1 Default Value|Valeur par défaut|Standaardwaarde'),
      lookup('customerid', 'account contact', 'Customer|Client|Klant', { required: 'SystemRequired' }),
      lookup('primarycontactid', 'contact', 'Contact|Contact|Contactpersoon'),
      lookup('responsiblecontactid', 'contact', 'Responsible Contact|Contact responsable|Verantwoordelijke'),
      lookup('parentcaseid', 'incident', 'Parent Case|Incident parent|Bovenliggende aanvraag'),
    ],
    { code: 112, nameColumn: 'title' },
  )
}

const closing = (pk: string) =>
  systemColumns(
    pk,
    '0 Open|Ouvert|Open;1 Completed|Terminé|Voltooid;2 Canceled|Annulé|Geannuleerd',
    '0:1 Open|Ouvert|Open;1:2 Closed|Fermé|Gesloten;2:3 Canceled|Annulé|Geannuleerd',
  )

export function incidentresolution(): TableDefinition {
  return table(
    'incidentresolution',
    'Case Resolution|Résolution d’incident|Oplossing/Case Resolutions|Résolutions|Oplossingen',
    [
      ...closing('activityid'),
      text('subject', 200, 'Subject|Objet|Onderwerp'),
      text('description', 100_000, 'Description|Description|Beschrijving'),
      column('timespent', 'Integer', 'Time Spent|Temps passé|Bestede tijd'),
      lookup('incidentid', 'incident', 'Case|Incident|Aanvraag'),
    ],
    { code: 4206, pk: 'activityid', nameColumn: 'subject', changeTracking: false },
  )
}

export function opportunityclose(): TableDefinition {
  return table(
    'opportunityclose',
    'Opportunity Close|Clôture d’opportunité|Sluiting van verkoopkans',
    [
      ...closing('activityid'),
      text('subject', 200, 'Subject|Objet|Onderwerp'),
      text('description', 2000, 'Description|Description|Beschrijving'),
      money('actualrevenue', 'Actual Revenue|Revenu réel|Werkelijke opbrengst'),
      column('actualend', 'DateTime', 'Actual End|Fin réelle|Werkelijk einde'),
      lookup('opportunityid', 'opportunity', 'Opportunity|Opportunité|Verkoopkans', {
        required: 'ApplicationRequired',
      }),
    ],
    { code: 4208, set: 'opportunitycloses', pk: 'activityid', nameColumn: 'subject', changeTracking: false },
  )
}

/** A custom table: its columns' navigation properties are spelled as their schema names, capitals and all. */
export function machine(): TableDefinition {
  return table(
    'cr123_machine',
    'Machine|Machine|Machine/Machines|Machines|Machines',
    [
      ...systemColumns(
        'cr123_machineid',
        '0 Active|Actif|Actief;1 Inactive|Inactif|Inactief',
        '0:1 Active|Actif|Actief;1:2 Inactive|Inactif|Inactief',
      ),
      text('cr123_name', 100, 'Name|Nom|Naam', { required: 'ApplicationRequired' }),
      text('cr123_serial', 40, 'Serial Number|Numéro de série|Serienummer'),
      text('cr123_supportline', 50, 'Support Line|Ligne d’assistance|Hulplijn', { format: 'Phone' }),
      column('cr123_installedon', 'DateOnly', 'Installed On|Installée le|Geïnstalleerd op'),
      column('cr123_lastservice', 'DateTime', 'Last Service|Dernier entretien|Laatste onderhoud'),
      column('cr123_runtimehours', 'BigInt', 'Runtime (ms)|Durée de marche (ms)|Draaitijd (ms)'),
      column('cr123_tolerance', 'Decimal', 'Tolerance|Tolérance|Tolerantie'),
      money('cr123_price', 'Price|Prix|Prijs'),
      flag('cr123_leased', 'Leased|Louée|Geleased'),
      choice(
        'cr123_kind',
        'Kind|Genre|Soort',
        '727000000 Press|Presse|Pers;727000001 Lathe|Tour|Draaibank;727000002 Robot|Robot|Robot',
      ),
      lookup('cr123_accountid', 'account', 'Account|Compte|Account', { schema: 'cr123_AccountId' }),
      lookup('cr123_ownercontactid', 'contact', 'Contact|Contact|Contactpersoon', { schema: 'cr123_OwnerContactId' }),
    ],
    { code: 10123, custom: true, nameColumn: 'cr123_name' },
  )
}
