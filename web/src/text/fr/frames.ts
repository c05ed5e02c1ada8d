import type { Text } from '../en.ts'

export const frames: Text['frames'] = {
  title: 'Se connecter au poste d’agent',
  text: 'Une fenêtre du hub s’ouvre. Dès que vous y êtes connecté, vous l’êtes ici aussi.',
  signIn: 'Se connecter',
  pasteLabel: 'Rien ne se passe ?',
  paste: 'Copiez le code dans la fenêtre qui s’est ouverte et collez-le ici dans les deux minutes.',
  enter: 'Entrer',
  letting: (name) => `Connexion du panneau en tant que ${name} …`,
  entered: (name) => `Le panneau est connecté en tant que ${name}. Vous pouvez fermer cette fenêtre.`,
  byHand: 'Si le panneau ne change pas : copiez ce code et collez-le là-bas. Il sert une fois, pendant deux minutes.',
  copy: 'Copier le code',
  call: (number) => `Appeler ${number}`,
  outside: 'Cette page ne s’affiche pas dans une autre.',
  openOutside: 'L’ouvrir dans sa propre fenêtre',
}
