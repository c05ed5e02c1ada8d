/** The panel in another site's page, and the window that lets it in. */
export const frames = {
  title: 'Sign in to the desktop',
  text: 'A window of the hub opens. Once you are signed in there, you are here too.',
  signIn: 'Sign in',
  pasteLabel: 'Nothing happens?',
  paste: 'Copy the code in the window that opened, and paste it here within two minutes.',
  enter: 'Go in',
  letting: (name: string) => `Signing the panel in as ${name} …`,
  entered: (name: string) => `The panel is signed in as ${name}. You can close this window.`,
  byHand: 'If the panel stays as it was: copy this code and paste it there. It works once, for two minutes.',
  copy: 'Copy the code',
  call: (number: string) => `Call ${number}`,
  outside: 'This page is not shown inside another one.',
  openOutside: 'Open it in a window of its own',
}
