export const skills = ['Support', 'Facturation', 'Verkoop', 'Claims', 'Retention', 'Technische dienst']

export const dispositions = [
  'Resolved',
  'Call back',
  'Escalated',
  'Wrong number',
  'Sale',
  'Information given',
  'Klacht',
]

export const tags = ['vip', 'invoice', 'delivery', 'complaint', 'renewal', 'upsell', 'réclamation']

export const notes = [
  'Asked about the invoice of last month; sent a copy.',
  'Klant belt terug na de middag. Levering was te laat.',
  'Souhaite une nouvelle offre pour trois machines. À rappeler jeudi.',
  'Order arrived broken.\nReplacement promised within 5 days.',
  'Address changed: “Rue de l’Église 12/4”. Told to confirm by e-mail.',
  'No answer to the security question; nothing was said of the contract.',
  'Sehr zufrieden 😀 möchte den Vertrag verlängern.',
]

export const subjects = [
  'Where is my order?',
  'Factuur klopt niet',
  'Résiliation du contrat',
  'Offer for next year',
  'Re: Re: claim',
]

/** What contacts and agents say by turns. */
export const said = [
  ['Hello, my parcel did not come.', 'Good morning! May I have the number of the order?'],
  ['It is on the invoice, wait…', 'Take your time.'],
  ['Merci, j’ai trouvé : 2024-1187.', 'Thank you. It left our warehouse yesterday.'],
  ['When will it be here?', 'Tomorrow before noon.'],
  ['Goed, dan wacht ik nog even.', 'Is there anything else?'],
  ['No, thanks 👍', 'Have a nice day.'],
] as const

export const languages = ['en', 'fr', 'nl', 'de']

export const intents = ['billing', 'delivery', 'new order', 'complaint', 'other']
