import type { Text } from '../en.ts'
import { words } from '../words.ts'

const { plural, count } = words('fr')

type Frame = Pick<
  Text,
  | 'product'
  | 'nav'
  | 'live'
  | 'act'
  | 'time'
  | 'state'
  | 'runState'
  | 'runKind'
  | 'runKindShort'
  | 'writeState'
  | 'operation'
  | 'change'
  | 'cause'
  | 'entity'
  | 'role'
  | 'unit'
  | 'error'
  | 'keyboard'
  | 'palette'
  | 'listing'
>

export const frame: Frame = {
  product: 'Jackfield',
  nav: {
    main: 'Navigation principale',
    open: 'Ouvrir le menu',
    close: 'Fermer le menu',
    skip: 'Aller au contenu',
    notices: 'Avis',
    find: 'Rechercher ou agir',
    home: 'Accueil',
    attention: 'À traiter',
    connections: 'Connexions',
    authentications: 'Authentifications',
    runs: 'Synchronisations',
    desktop: 'Poste d’agent',
    interactions: 'Interactions',
    records: 'Enregistrements',
    writes: 'Écritures',
    destinations: 'Destinations',
    configurations: 'Configurations CRM',
    sites: 'Sites d’intégration',
    people: 'Personnes',
    roles: 'Rôles',
    teams: 'Équipes',
    keys: 'Clés d’API',
    auditLog: 'Journal d’audit',
    settings: 'Paramètres',
    watch: 'Surveiller',
    use: 'Utiliser',
    manage: 'Gérer',
    access: 'Accès',
    waiting: (n) => plural(n, { one: '# élément attend quelqu’un', other: '# éléments attendent quelqu’un' }),
  },
  live: {
    live: 'En direct',
    connecting: 'Connexion',
    lost: 'Reconnexion',
    liveHint: 'Les changements apparaissent au moment où ils se produisent.',
    lostHint: 'Le hub ne répond pas. Ce que vous voyez date d’avant ; la suite arrivera d’elle-même.',
  },
  act: {
    back: 'Retour',
    cancel: 'Annuler',
    close: 'Fermer',
    save: 'Enregistrer',
    remove: 'Supprimer',
    retry: 'Réessayer',
    undo: 'Annuler',
    copy: 'Copier',
    copied: 'Copié',
    details: 'Détails',
    hideDetails: 'Masquer les détails',
    showMore: 'Afficher la suite',
    openInCrm: 'Ouvrir dans le CRM',
    signOut: 'Se déconnecter',
    pause: 'Suspendre',
    resume: 'Reprendre',
    next: 'Suivant',
    reload: 'Recharger',
  },
  time: {
    underSecond: 'moins d’une seconde',
    read: (at) => `lu ${at}`,
    nextRead: (at) => `prochaine lecture ${at}`,
    never: 'jamais',
    now: 'maintenant',
    since: (at) => `depuis ${at}`,
    left: (text) => `encore ${text} environ`,
  },
  state: {
    connecting: 'Connexion en cours',
    active: 'Active',
    needs_attention: 'À traiter',
    paused: 'Suspendue',
    removed: 'Supprimée',
  },
  runState: {
    waiting: 'En attente',
    running: 'En cours',
    paused: 'Suspendue',
    cancelled: 'Annulée',
    done: 'Terminée',
    failed: 'Échouée',
  },
  runKind: {
    initial: 'Synchronisation initiale',
    incremental: 'Synchronisation incrémentielle',
    full: 'Comparaison complète',
    audit: 'Audit',
  },
  runKindShort: {
    initial: 'Initiale',
    incremental: 'Incrémentielle',
    full: 'Complète',
    audit: 'Audit',
  },
  writeState: {
    kept: 'Conservée',
    sending: 'En cours d’envoi',
    sent: 'Envoyée',
    done: 'Relue',
    failed: 'Refusée',
    unknown: 'Issue inconnue',
    cancelled: 'Annulée',
  },
  operation: {
    create: 'Création',
    update: 'Modification',
    upsert: 'Création ou modification',
    delete: 'Suppression',
  },
  change: {
    created: 'Créé',
    changed: 'Modifié',
    deleted: 'Supprimé',
    restored: 'Restauré',
    left_scope: 'Sorti du filtre',
    entered_scope: 'Entré dans le filtre',
  },
  cause: {
    sync: 'trouvé par une synchronisation',
    hint: 'signalé par le CRM',
    audit: 'réparé par un audit',
    echo: 'écrit par Jackfield',
    replay: 'relu à la demande de quelqu’un',
    schedule: 'selon la planification',
    person: 'à la demande de quelqu’un',
    approved: 'approuvée par une personne',
    'the CRM no longer lists the changes since the last pass':
      'le CRM ne listait plus les changements depuis la dernière lecture',
    'the filter moves with time': 'le filtre se déplace avec le temps',
    connected: 'nouvelle connexion',
    'after initial': 'pour vérifier la synchronisation initiale',
    'after full': 'pour vérifier la comparaison complète',
    'first copy': 'nouvelle connexion',
    'delta expired': 'la liste des changements du CRM avait expiré',
    'nothing tells what changed since the last pass': 'rien n’indiquait ce qui avait changé depuis la dernière lecture',
  },
  entity: {
    account: ['Compte', 'Comptes'],
    contact: ['Contact', 'Contacts'],
    lead: ['Prospect', 'Prospects'],
    opportunity: ['Opportunité', 'Opportunités'],
    incident: ['Incident', 'Incidents'],
    appointment: ['Rendez-vous', 'Rendez-vous'],
    phone_call: ['Appel téléphonique', 'Appels téléphoniques'],
    task: ['Tâche', 'Tâches'],
    user: ['Utilisateur', 'Utilisateurs'],
    team: ['Équipe', 'Équipes'],
    team_member: ['Membre d’équipe', 'Membres d’équipe'],
    currency: ['Devise', 'Devises'],
  },
  role: {
    parent: 'Dépend de',
    primary_contact: 'Contact principal',
    customer: 'Client',
    owner: 'Propriétaire',
    team: 'Équipe',
    user: 'Utilisateur',
    regarding: 'Concernant',
  },
  unit: {
    records: (n) => plural(n, { one: '# enregistrement', other: '# enregistrements' }),
    perSecond: (n) => `${n}/s`,
    ofAll: (part, whole) => `${count(part)} sur ${count(whole)}`,
    parked: (n) => plural(n, { one: '# mis de côté', other: '# mis de côté' }),
    deleted: (n) => plural(n, { one: '# supprimé', other: '# supprimés' }),
    outOfScope: (n) => plural(n, { one: '# hors filtre', other: '# hors filtre' }),
  },
  error: {
    offlineWhat: 'Le hub ne répond pas',
    offlineMend: 'Vérifiez qu’il fonctionne et que cet ordinateur l’atteint. La page réessaie d’elle-même.',
    unknownWhat: 'Une erreur s’est produite',
    unknownMend: 'Réessayez. Si l’erreur persiste, copiez les détails pour la personne qui gère le hub.',
    pageWhat: 'Cette page n’a pas pu s’afficher',
    pageMend: 'Rechargez-la. Si le hub vient d’être mis à jour, cela suffit.',
    retryAt: (text) => `Inutile de réessayer avant : ${text}.`,
    code: 'Code',
    message: 'Message',
    field: 'Champ',
    crmSays: 'Le CRM indique',
    request: 'Dans le journal du hub',
    status: 'État',
    time: 'Heure',
    notFoundWhat: 'Cette page n’existe pas',
    notFoundMend: 'L’adresse est peut-être mal saisie, ou ce qu’elle désignait a disparu. L’accueil montre tout.',
    goHome: 'Aller à l’accueil',
  },
  keyboard: {
    title: 'Clavier',
    intro: 'Tout a sa touche. Les lettres agissent quand aucun champ n’est en cours de saisie.',
    palette: 'Trouver une page, un enregistrement, une connexion, une action',
    search: 'Rechercher',
    help: 'Cette liste',
    theme: 'Passer du clair au sombre',
    everywhere: 'Partout',
    go: 'Aller à',
    move: 'Parcourir les lignes d’un tableau',
    order: 'Monter ou descendre la ligne, là où les lignes ont un ordre',
    enter: 'Ouvrir la ligne',
    escape: 'Fermer ce qui est ouvert',
    undo: 'Annuler ce qui vient d’être fait',
    after: 'puis',
  },
  palette: {
    title: 'Rechercher ou agir',
    placeholder: 'Une page, un nom, un numéro, une action…',
    pages: 'Pages',
    acts: 'Actions',
    connections: 'Connexions',
    records: 'Enregistrements',
    lookUp: (text) => `Rechercher « ${text} »`,
    none: 'Aucun résultat',
    noneHint:
      'Un numéro de téléphone dans n’importe quelle notation, une adresse e-mail ou le début d’un nom trouve un enregistrement.',
    toConnect: 'Connecter un CRM',
    toKey: 'Créer une clé d’API',
    toDark: 'Passer au thème sombre',
    toLight: 'Passer au thème clair',
    toLanguage: (language) => `Passer en ${language}`,
    syncNow: (name) => `Lire maintenant les changements de ${name}`,
    hint: 'pour se déplacer · Entrée pour choisir · Échap pour fermer',
  },
  listing: {
    rows: (shown) => plural(shown, { one: '# ligne', other: '# lignes' }),
    end: 'C’est tout.',
  },
}
