import type { Text } from '../en.ts'
import { words } from '../words.ts'

const { plural } = words('fr')

export const authentications: Text['authentications'] = {
  title: 'Authentifications',
  make: 'Créer une authentification',
  health: (n) => plural(n, { one: '# authentification, en ordre', other: '# authentifications, toutes en ordre' }),
  someBroken: (n) => plural(n, { one: '# a besoin de vous', other: '# ont besoin de vous' }),
  none: 'Aucune pour l’instant',
  emptyTitle: 'Une authentification pour plusieurs connexions',
  emptyText:
    'Une authentification garde l’inscription d’application et sa clé secrète, scellée. Chaque connexion en a une, et plusieurs peuvent la partager : une nouvelle clé les répare alors toutes à la fois. Elle est créée avec une connexion, ou ici, seule.',
  name: 'Nom',
  usedBy: 'Utilisée par',
  usedByText: 'Sa clé secrète, remplacée ici, les répare toutes.',
  unused: 'Pas encore utilisée',
  unusedText: 'Connectez un CRM et choisissez cette authentification là où l’assistant demande en tant que qui.',
  tokenEnds: 'Fin du jeton',
  tokenEndsText: 'Un nouveau est demandé à temps, sans votre aide.',
  noToken: 'Aucun',
  state: 'État',
  well: 'En ordre',
  ready: 'Prête',
  inUse: (n) => plural(n, { one: 'Utilisée par # connexion', other: 'Utilisée par # connexions' }),
  ownText: 'Créée seule : elle reste quand ses connexions disparaissent.',
  withText: 'Créée avec une connexion : elle est oubliée avec la dernière qui l’utilise.',
  signsIn: 'Comment elle s’authentifie',
  saved: 'Enregistré.',
  replace: 'Remplacer la clé secrète',
  alsoMends: (names) => `Utilisée par ${names} : toutes continuent avec elle.`,
  replaced: 'La nouvelle clé est scellée.',
  mended: (names) => `La nouvelle clé est scellée. De nouveau actives : ${names}`,
  remove: 'Supprimer',
  removeTitle: (name) => `Supprimer « ${name} » ?`,
  removeText: 'Sa clé secrète est oubliée aussitôt. C’est irréversible.',
  removed: (name) => `« ${name} » est supprimée`,
  heldTitle: (name) => `« ${name} » est utilisée`,
  heldText:
    'Elle ne peut pas être supprimée tant que ces connexions s’en servent. Supprimez-les d’abord, ou gardez-la.',
  gone: 'Cette authentification n’existe pas',
  one: 'Authentification',
  newTitle: 'Créer une authentification',
  nameHint: 'Comment on l’appelle ici. Laissé vide : le CRM et son adresse.',
  save: 'Vérifier et garder',
  as: 'S’authentifier avec',
  asNew: 'Une nouvelle inscription d’application',
}
