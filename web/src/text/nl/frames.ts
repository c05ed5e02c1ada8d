import type { Text } from '../en.ts'

export const frames: Text['frames'] = {
  title: 'Aanmelden bij de desktop',
  text: 'Er gaat een venster van de hub open. Zodra u daar aangemeld bent, bent u dat hier ook.',
  signIn: 'Aanmelden',
  pasteLabel: 'Gebeurt er niets?',
  paste: 'Kopieer de code in het venster dat openging en plak ze hier binnen twee minuten.',
  enter: 'Binnengaan',
  letting: (name) => `Het paneel wordt aangemeld als ${name} …`,
  entered: (name) => `Het paneel is aangemeld als ${name}. U kunt dit venster sluiten.`,
  byHand: 'Blijft het paneel zoals het was? Kopieer deze code en plak ze daar. Ze werkt één keer, twee minuten lang.',
  copy: 'Code kopiëren',
  call: (number) => `${number} bellen`,
  outside: 'Deze pagina wordt niet binnen een andere getoond.',
  openOutside: 'In een eigen venster openen',
}
