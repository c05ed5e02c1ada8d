import {
  type Column,
  choice,
  column,
  flag,
  lookup,
  partyList,
  systemColumns,
  type TableDefinition,
  table,
  text,
} from '../schema.ts'

const REGARDING = 'account contact incident lead opportunity'
const PARTIES = 'account contact lead systemuser'
const PRIORITY = '0 Low|Basse|Laag;1 Normal|Normale|Normaal;2 High|Haute|Hoog'
const OPEN = '0 Open|Ouvert|Open;1 Completed|Terminé|Voltooid;2 Canceled|Annulé|Geannuleerd'

type Activity = {
  logical: string
  labels: string
  code: number
  states: string
  statuses: string
  description?: number
}

function activity(a: Activity, columns: Column[]): TableDefinition {
  const navs = Object.fromEntries(REGARDING.split(' ').map((t) => [t, `regardingobjectid_${t}_${a.logical}`]))
  return table(
    a.logical,
    a.labels,
    [
      ...systemColumns('activityid', a.states, a.statuses),
      text('subject', 200, 'Subject|Objet|Onderwerp', { required: 'ApplicationRequired' }),
      text('description', a.description ?? 2000, 'Description|Description|Beschrijving'),
      column('activitytypecode', 'String', 'Activity Type|Type d’activité|Type activiteit', {
        create: false,
        update: false,
      }),
      column('scheduledstart', 'DateTime', 'Start Date|Date de début|Begindatum'),
      column('scheduledend', 'DateTime', 'Due Date|Échéance|Einddatum'),
      column('actualstart', 'DateTime', 'Actual Start|Début réel|Werkelijk begin'),
      column('actualend', 'DateTime', 'Actual End|Fin réelle|Werkelijk einde'),
      column('actualdurationminutes', 'Integer', 'Duration|Durée|Duur'),
      column('scheduleddurationminutes', 'Integer', 'Scheduled Duration|Durée prévue|Geplande duur'),
      text('category', 250, 'Category|Catégorie|Categorie'),
      text('subcategory', 250, 'Sub-Category|Sous-catégorie|Subcategorie'),
      choice('prioritycode', 'Priority|Priorité|Prioriteit', PRIORITY),
      flag('isbilled', 'Is Billed|Facturé|Gefactureerd'),
      lookup('regardingobjectid', REGARDING, 'Regarding|Concernant|Betreft', { navs }),
      ...columns,
    ],
    { code: a.code, pk: 'activityid', nameColumn: 'subject', activity: true },
  )
}

export const task = () =>
  activity(
    {
      logical: 'task',
      labels: 'Task|Tâche|Taak/Tasks|Tâches|Taken',
      code: 4212,
      states: OPEN,
      statuses:
        '0:2 Not Started|Non commencé|Niet gestart;0:3 In Progress|En cours|Wordt uitgevoerd;0:4 Waiting on someone else|En attente|Wacht op iemand;0:7 Deferred|Reporté|Uitgesteld;1:5 Completed|Terminé|Voltooid;2:6 Canceled|Annulé|Geannuleerd',
    },
    [column('percentcomplete', 'Integer', 'Percent Complete|Pourcentage|Percentage voltooid')],
  )

export const phonecall = () =>
  activity(
    {
      logical: 'phonecall',
      labels: 'Phone Call|Appel téléphonique|Telefoongesprek/Phone Calls|Appels téléphoniques|Telefoongesprekken',
      code: 4210,
      states: OPEN,
      statuses: '0:1 Open|Ouvert|Open;1:2 Made|Émis|Gebeld;1:4 Received|Reçu|Ontvangen;2:3 Canceled|Annulé|Geannuleerd',
    },
    [
      text('phonenumber', 200, 'Phone Number|Numéro de téléphone|Telefoonnummer', { format: 'Phone' }),
      partyList('from', PARTIES, 'Call From|Appel de|Gesprek van'),
      partyList('to', PARTIES, 'Call To|Appel à|Gesprek naar'),
      flag('directioncode', 'Direction|Direction|Richting'),
      flag('leftvoicemail', 'Left Voice Mail|Message vocal laissé|Voicemail achtergelaten'),
    ],
  )

export const appointment = () =>
  activity(
    {
      logical: 'appointment',
      labels: 'Appointment|Rendez-vous|Afspraak/Appointments|Rendez-vous|Afspraken',
      code: 4201,
      states: `${OPEN};3 Scheduled|Planifié|Gepland`,
      statuses:
        '0:1 Free|Libre|Vrij;0:2 Tentative|Provisoire|Voorlopig;1:3 Completed|Terminé|Voltooid;2:4 Canceled|Annulé|Geannuleerd;3:5 Busy|Occupé|Bezet;3:6 Out of Office|Absent|Niet aanwezig',
      description: 1_048_576,
    },
    [
      partyList('requiredattendees', PARTIES, 'Required Attendees|Participants obligatoires|Vereiste deelnemers'),
      partyList('optionalattendees', PARTIES, 'Optional Attendees|Participants facultatifs|Optionele deelnemers'),
      partyList('organizer', PARTIES, 'Organizer|Organisateur|Organisator'),
      text('location', 200, 'Location|Lieu|Locatie'),
      flag('isalldayevent', 'All Day Event|Toute la journée|Hele dag'),
      text('globalobjectid', 300, 'Outlook Appointment|Rendez-vous Outlook|Outlook-afspraak'),
    ],
  )

export function annotation(): TableDefinition {
  const targets = 'account contact incident lead opportunity task phonecall appointment'
  const navs = Object.fromEntries(targets.split(' ').map((t) => [t, `objectid_${t}`]))
  const columns = systemColumns('annotationid', '0 Active', '0:1 Active').filter(
    (c) => !/^stat(e|us)code$/.test(c.name),
  )
  return table(
    'annotation',
    'Note|Note|Notitie/Notes|Notes|Notities',
    [
      ...columns,
      text('subject', 500, 'Title|Titre|Titel'),
      text('notetext', 100_000, 'Description|Description|Beschrijving'),
      text('filename', 255, 'File Name|Nom du fichier|Bestandsnaam'),
      text('mimetype', 256, 'Mime Type|Type MIME|MIME-type'),
      text('objecttypecode', 64, 'Object Type|Type d’objet|Objecttype'),
      flag('isdocument', 'Is Document|Est un document|Is document'),
      lookup('objectid', targets, 'Regarding|Concernant|Betreft', { navs }),
    ],
    { code: 5, nameColumn: 'subject', changeTracking: false },
  )
}
