import type { Permission } from '#model/permission.ts'

/** What a permission is called and lets one do, for people; groups are how a matrix of roles is drawn. */
interface PermissionWords {
  group: 'records' | 'integrations' | 'contact centre' | 'hub'
  title: Record<'en' | 'fr' | 'nl', string>
  text: Record<'en' | 'fr' | 'nl', string>
}

export const permissionWords: Record<Permission, PermissionWords> = {
  'read:status': {
    group: 'hub',
    title: { en: 'See the state', fr: 'Voir l’état', nl: 'De toestand zien' },
    text: {
      en: 'Connections, runs, figures and what needs attention',
      fr: 'Connexions, exécutions, chiffres et points à traiter',
      nl: 'Verbindingen, runs, cijfers en wat aandacht vraagt',
    },
  },
  'read:records': {
    group: 'records',
    title: { en: 'Read records', fr: 'Lire les enregistrements', nl: 'Records lezen' },
    text: {
      en: 'Look up callers, read records and their changes, as far as the role sees',
      fr: 'Identifier les appelants, lire les enregistrements et leurs modifications, dans les limites du rôle',
      nl: 'Bellers opzoeken, records en wijzigingen lezen, zover de rol reikt',
    },
  },
  'write:records': {
    group: 'records',
    title: { en: 'Write records', fr: 'Écrire des enregistrements', nl: 'Records schrijven' },
    text: {
      en: 'Create, change and delete in the CRM, as far as the role reaches',
      fr: 'Créer, modifier et supprimer dans le CRM, dans les limites du rôle',
      nl: 'In het CRM aanmaken, wijzigen en verwijderen, zover de rol reikt',
    },
  },
  'create:integrations': {
    group: 'integrations',
    title: { en: 'Create integrations', fr: 'Créer des intégrations', nl: 'Integraties maken' },
    text: {
      en: 'Connect CRMs and name destinations',
      fr: 'Connecter des CRM et désigner des destinations',
      nl: 'CRM’s verbinden en bestemmingen aanwijzen',
    },
  },
  'edit:integrations': {
    group: 'integrations',
    title: { en: 'Edit integrations', fr: 'Modifier les intégrations', nl: 'Integraties bewerken' },
    text: {
      en: 'Change, mend and remove connections, their secrets, tables and mappings',
      fr: 'Modifier, réparer et supprimer les connexions, leurs secrets, tables et correspondances',
      nl: 'Verbindingen, geheimen, tabellen en toewijzingen wijzigen, herstellen en verwijderen',
    },
  },
  'manage:sync': {
    group: 'integrations',
    title: { en: 'Manage syncs', fr: 'Gérer les synchronisations', nl: 'Synchronisaties beheren' },
    text: {
      en: 'Start, pause and cancel runs and audits; see to parked records',
      fr: 'Lancer, suspendre et annuler des exécutions et des audits ; traiter les enregistrements mis de côté',
      nl: 'Runs en audits starten, pauzeren en annuleren; geparkeerde records afhandelen',
    },
  },
  'use:desktop': {
    group: 'contact centre',
    title: { en: 'Use the desktop', fr: 'Utiliser le poste d’agent', nl: 'De agentdesktop gebruiken' },
    text: {
      en: 'See one’s own calls and chats, link records, take notes',
      fr: 'Voir ses propres appels et conversations, lier des enregistrements, prendre des notes',
      nl: 'Eigen gesprekken en chats zien, records koppelen, notities maken',
    },
  },
  'read:interactions': {
    group: 'contact centre',
    title: { en: 'Read interactions', fr: 'Lire les interactions', nl: 'Interacties lezen' },
    text: {
      en: 'See everybody’s interactions, and what was written of them to the CRM',
      fr: 'Voir les interactions de tous, et ce qui en a été écrit dans le CRM',
      nl: 'Ieders interacties zien, en wat ervan in het CRM is geschreven',
    },
  },
  'send:interactions': {
    group: 'contact centre',
    title: { en: 'Send interactions', fr: 'Envoyer des interactions', nl: 'Interacties sturen' },
    text: {
      en: 'Tell the hub of calls and chats; for programs of the contact centre',
      fr: 'Signaler appels et conversations au hub ; pour les programmes du centre de contact',
      nl: 'De hub melden welke gesprekken en chats er zijn; voor programma’s van het contactcenter',
    },
  },
  'create:data-memorialization': {
    group: 'contact centre',
    title: { en: 'Create data memorialization', fr: 'Créer la mémorisation', nl: 'Datamemorialisatie maken' },
    text: {
      en: 'Decide what is written to the CRM after an interaction',
      fr: 'Décider de ce qui est écrit dans le CRM après une interaction',
      nl: 'Bepalen wat na een interactie in het CRM wordt geschreven',
    },
  },
  'create:dynamic-data': {
    group: 'contact centre',
    title: { en: 'Create dynamic data', fr: 'Créer des données dynamiques', nl: 'Dynamische gegevens maken' },
    text: {
      en: 'Decide which of the CRM’s data routing and agents are given',
      fr: 'Décider des données du CRM transmises au routage et aux agents',
      nl: 'Bepalen welke CRM-gegevens routering en agents krijgen',
    },
  },
  'manage:flows': {
    group: 'contact centre',
    title: { en: 'Manage flows', fr: 'Gérer les flux', nl: 'Flows beheren' },
    text: {
      en: 'Import, change and run flows',
      fr: 'Importer, modifier et exécuter des flux',
      nl: 'Flows importeren, wijzigen en uitvoeren',
    },
  },
  'manage:channels': {
    group: 'contact centre',
    title: { en: 'Manage channels', fr: 'Gérer les canaux', nl: 'Kanalen beheren' },
    text: {
      en: 'Telephone numbers and messages that come in',
      fr: 'Numéros de téléphone et messages entrants',
      nl: 'Telefoonnummers en berichten die binnenkomen',
    },
  },
  'manage:agent-connections': {
    group: 'contact centre',
    title: { en: 'Manage agent connections', fr: 'Gérer les connexions d’agents', nl: 'Agentverbindingen beheren' },
    text: {
      en: 'Give AI agents access to a CRM, with the least rights',
      fr: 'Donner aux agents IA un accès au CRM, avec le moins de droits possible',
      nl: 'AI-agents toegang tot een CRM geven, met zo weinig mogelijk rechten',
    },
  },
  'manage:people': {
    group: 'hub',
    title: { en: 'Manage people', fr: 'Gérer les personnes', nl: 'Personen beheren' },
    text: {
      en: 'Accounts, invitations, roles, teams and the sessions of others',
      fr: 'Comptes, invitations, rôles, équipes et sessions des autres',
      nl: 'Accounts, uitnodigingen, rollen, teams en sessies van anderen',
    },
  },
  'manage:keys': {
    group: 'hub',
    title: { en: 'Manage keys', fr: 'Gérer les clés', nl: 'Sleutels beheren' },
    text: {
      en: 'Make and revoke API keys',
      fr: 'Créer et révoquer des clés d’API',
      nl: 'API-sleutels maken en intrekken',
    },
  },
  'read:audit': {
    group: 'hub',
    title: { en: 'Read the audit log', fr: 'Lire le journal d’audit', nl: 'Het auditlogboek lezen' },
    text: {
      en: 'Who did what, when and from where',
      fr: 'Qui a fait quoi, quand et d’où',
      nl: 'Wie wat deed, wanneer en vanwaar',
    },
  },
}
