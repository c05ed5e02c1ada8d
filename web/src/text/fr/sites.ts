import type { Text } from '../en.ts'
import { words } from '../words.ts'

const { plural } = words('fr')

export const sites: Text['sites'] = {
  title: 'Sites d’intégration',
  none: 'Aucun autre site ne peut intégrer le poste d’agent',
  health: (n) =>
    plural(n, { one: '# site peut intégrer le poste d’agent', other: '# sites peuvent intégrer le poste d’agent' }),
  list: 'Sites',
  listText: 'Dans les pages desquels le panneau des agents peut paraître, outre celles du hub.',
  site: 'Site',
  hint: 'L’adresse de la page du softphone, sans chemin.',
  add: 'Ajouter',
  added: (origin) => `${origin} peut intégrer le poste d’agent, dans les 5 secondes.`,
  remove: (origin) => `Supprimer ${origin}`,
  removed: (origin) => `${origin} ne peut plus intégrer le poste d’agent.`,
  empty: 'Aucun encore : le panneau ne paraît que dans les pages du hub.',
  faults: {
    missing: 'Saisissez l’adresse du site.',
    address: 'Ce n’est pas l’adresse d’un site, telle que https://phone.example.com.',
    star: 'Pas d’astérisque : quiconque obtient un nom en dessous entrerait. Listez chaque site séparément.',
    path: 'Sans chemin : les navigateurs admettent un site entier, tel que https://phone.example.com.',
    plain:
      'Seulement https : ce qui vient par http peut être altéré en route. Sur cette machine (localhost), http suffit.',
    own: 'C’est le hub lui-même : ses propres pages peuvent intégrer le poste d’agent de toute façon.',
    listed: 'Ce site est déjà dans la liste.',
    many: 'Pas plus de 50 sites. Retirez-en un d’abord.',
  },
  teams: 'Microsoft Teams',
  teamsText:
    'Teams montre le panneau comme une application, aux adresses de Microsoft. Le paquet pour son centre d’administration vient de « jackfield desktop teams-app ».',
  teamsOn: 'Teams peut intégrer le poste d’agent',
  means: 'Ce que cela signifie',
  meaning: [
    'Un site listé peut montrer les cartes des agents dans sa page, annoncer des appels au hub et être prié de composer un numéro.',
    'Il ne lit rien des cartes par lui-même ; mais il pourrait poser quelque chose par-dessus le panneau, si bien qu’un clic y vaut moins. Ne listez que des sites de confiance.',
    'Les agents se connectent toujours eux-mêmes, dans une fenêtre du hub.',
    'Retirer un site ôte le panneau des pages ouvertes par la suite ; une page déjà ouverte reste jusqu’à son rechargement.',
  ],
  more: 'Comment l’intégrer :',
}
