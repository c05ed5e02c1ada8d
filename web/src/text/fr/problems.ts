import type { Text } from '../en.ts'
import { accessProblems } from './access-problems.ts'

export const problems: Text['problems'] = {
  ...accessProblems,
  'configuration.invalid': { what: 'Un réglage du hub ne convient pas', mend: 'Corrigez-le là où le hub est démarré.' },
  'connection.exists': { what: 'Cette organisation est déjà connectée', mend: 'Ouvrez plutôt sa connexion.' },
  'connection.not_found': {
    what: 'Cette connexion n’existe pas',
    mend: 'Elle a peut-être été supprimée. Voyez la liste des connexions.',
  },
  'connection.not_ready': { what: 'La connexion n’est pas active', mend: 'Reprenez-la ou réparez-la d’abord.' },
  'connection.not_the_crm': {
    what: 'Aucun CRM de ce type ne répond à cette adresse',
    mend: 'Copiez l’adresse du navigateur pendant que le CRM est ouvert.',
  },
  'crm.blocked_address': {
    what: 'Cette adresse ne peut pas être appelée',
    mend: 'Elle est privée ; la personne qui gère le hub peut l’autoriser nommément.',
  },
  'crm.body_invalid': {
    what: 'La réponse du CRM n’avait pas de sens',
    mend: 'Le hub réessaie ; si cela persiste, voyez la page d’état du CRM.',
  },
  'crm.body_too_large': {
    what: 'La réponse du CRM était trop grande',
    mend: 'Copiez moins de colonnes de cette table.',
  },
  'crm.conflict': {
    what: 'L’enregistrement a été modifié entre-temps dans le CRM',
    mend: 'Regardez-le de nouveau, puis recommencez.',
  },
  'crm.delta_expired': {
    what: 'La liste des changements du CRM a expiré',
    mend: 'Rien à faire : toutes les lignes sont comparées à la place.',
  },
  'crm.dns': { what: 'Le nom du CRM est introuvable', mend: 'Vérifiez l’adresse et le service de noms de ce réseau.' },
  'crm.foreign_link': {
    what: 'Le CRM a renvoyé vers un autre hôte',
    mend: 'Ce lien n’a pas été suivi. Prévenez la personne qui gère le CRM.',
  },
  'crm.no_user': {
    what: 'L’application n’est pas utilisateur de l’organisation',
    mend: 'Ajoutez-la comme utilisateur d’application dans le centre d’administration Power Platform.',
  },
  'crm.pages_unsound': {
    what: 'On ne peut se fier aux pages d’une liste',
    mend: 'Les détails nomment la page et la raison. Pour une API définie ici, corrigez-y sa pagination.',
  },
  'crm.privilege_missing': {
    what: 'Un droit manque dans le CRM',
    mend: 'Donnez à l’utilisateur d’application un rôle avec le droit nommé.',
  },
  'crm.record_locked': {
    what: 'Une autre modification retient l’enregistrement',
    mend: 'Rien à faire : le hub réessaie.',
  },
  'crm.refused': { what: 'Le CRM a refusé la demande', mend: 'Les détails citent le CRM.' },
  'crm.throttled': { what: 'Le CRM demande de ralentir', mend: 'Rien à faire : le hub attend le temps demandé.' },
  'crm.timeout': { what: 'Le CRM n’a pas répondu à temps', mend: 'Le hub réessaie de lui-même.' },
  'crm.tls': {
    what: 'La ligne vers le CRM n’est pas fiable',
    mend: 'Vérifiez le certificat, ou donnez au hub celui de votre autorité.',
  },
  'crm.unreachable': { what: 'Le CRM est injoignable', mend: 'Vérifiez le réseau et l’état du CRM ; le hub réessaie.' },
  'database.binaries_missing': {
    what: 'Le Postgres du hub manque',
    mend: 'Réinstallez-le, ou donnez l’adresse du vôtre.',
  },
  'database.durability_off': {
    what: 'La base de données ne garde pas ce qu’elle confirme',
    mend: 'Activez sa durabilité ; sans elle, le hub refuse de démarrer.',
  },
  'database.folder_unusable': {
    what: 'Le dossier de données est inutilisable',
    mend: 'Vérifiez ses droits et la place restante sur le disque.',
  },
  'database.in_use': {
    what: 'Un autre hub occupe ce dossier de données',
    mend: 'Arrêtez-le, ou choisissez un autre dossier.',
  },
  'database.not_started': { what: 'Le Postgres du hub ne démarre pas', mend: 'Les détails donnent ses propres mots.' },
  'database.too_old': { what: 'La base de données est trop ancienne', mend: 'Utilisez Postgres 15 ou plus récent.' },
  'database.unavailable': {
    what: 'La base de données ne répond pas',
    mend: 'Le hub reprend de lui-même à son retour. Rien d’accepté n’est perdu.',
  },
  'destination.exists': { what: 'Cette organisation est déjà une destination', mend: 'Utilisez celle-là.' },
  'destination.not_ready': {
    what: 'Il manque encore quelque chose à la destination',
    mend: 'Voyez « Ce qu’il lui faut » sur sa page.',
  },
  'destination.unable': {
    what: 'Ce CRM ne peut pas être une destination',
    mend: 'Choisissez une connexion à Dynamics 365.',
  },
  'destination.value_refused': {
    what: 'Une valeur n’entre pas dans sa colonne là-bas',
    mend: 'Changez la valeur dans son CRM, ou la correspondance.',
  },
  'feed.cursor_gone': {
    what: 'Des changements si anciens ne sont plus conservés',
    mend: 'Relisez les enregistrements, puis suivez les changements à partir de maintenant.',
  },
  'field.unknown': {
    what: 'Le CRM n’a pas ce champ',
    mend: 'Retirez-le des colonnes ou des correspondances de la table.',
  },
  'filter.invalid': { what: 'Le filtre ne convient pas à la table', mend: 'Corrigez la partie nommée.' },
  'input.invalid': { what: 'Une donnée saisie ne convient pas', mend: 'Corrigez le champ nommé.' },
  'input.too_large': { what: 'C’est trop grand', mend: 'Envoyez-en moins à la fois.' },
  internal: {
    what: 'Le hub a commis une erreur',
    mend: 'Réessayez. Si elle persiste, copiez les détails pour la personne qui gère le hub.',
  },
  'job.lease_lost': { what: 'Un autre processus a repris ce travail', mend: 'Rien à faire.' },
  'mapping.invalid': { what: 'La correspondance ne convient pas à la table', mend: 'Corrigez le champ nommé.' },
  'push.name_taken': {
    what: 'Autre chose dans le CRM porte un nom dont le push a besoin',
    mend: 'Renommez-le ou supprimez-le là-bas, puis réinstallez.',
  },
  'push.not_installed': {
    what: 'Le CRM n’a pas pris le push',
    mend: 'Rien n’en reste là-bas. Voyez l’élément ou le test nommé.',
  },
  'push.not_offered': {
    what: 'Le CRM ne signale pas les changements de cette façon',
    mend: 'Autorisez-le là-bas, ou prenez une autre voie ; le hub regarde à nouveau de lui-même.',
  },
  'record.invalid': {
    what: 'L’enregistrement est contraire au modèle',
    mend: 'Corrigez-le dans le CRM, puis relisez-le.',
  },
  'record.not_found': { what: 'Cet enregistrement n’existe pas', mend: 'Il a peut-être été supprimé. Recherchez-le.' },
  'resource.not_found': { what: 'Ce n’est plus là', mend: 'Revenez à la liste.' },
  'secret.key_missing': { what: 'La clé maîtresse manque', mend: 'Donnez au hub la clé qui a scellé ses secrets.' },
  'secret.key_wrong': {
    what: 'La clé maîtresse n’est pas celle qui a scellé les secrets',
    mend: 'Donnez la bonne clé au hub.',
  },
  'secret.unreadable': { what: 'Un secret scellé ne peut être lu', mend: 'Collez le secret de nouveau.' },
  'server.busy': { what: 'Le hub est occupé', mend: 'Attendez un instant, puis réessayez.' },
  'settings.changed': {
    what: 'Quelqu’un d’autre a changé les paramètres entre-temps',
    mend: 'Regardez-les à nouveau, puis appliquez votre changement par-dessus.',
  },
  'sync.running': {
    what: 'Une synchronisation de cette table est déjà en cours',
    mend: 'Attendez sa fin, ou annulez-la d’abord.',
  },
  'sync.settings_changed': {
    what: 'Les paramètres de la table ont changé entre-temps',
    mend: 'Rien à faire : la synchronisation recommence avec les nouveaux.',
  },
  'sync.sweep_needs_person': {
    what: 'Plus d’enregistrements que d’habitude seraient supprimés',
    mend: 'Regardez s’ils ont vraiment disparu du CRM, puis décidez.',
  },
  'write.conflict': {
    what: 'L’enregistrement a été modifié entre-temps dans le CRM',
    mend: 'Regardez-le de nouveau, puis réécrivez.',
  },
  'write.refused': { what: 'Le CRM a refusé l’écriture', mend: 'Corrigez ce qu’il nomme, puis renvoyez.' },
  'write.unknown_outcome': {
    what: 'La réponse à une écriture s’est perdue',
    mend: 'Regardez dans le CRM si elle y est, puis décidez.',
  },
}
