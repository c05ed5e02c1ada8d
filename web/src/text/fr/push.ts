import type { Text } from '../en.ts'
import { words } from '../words.ts'

const { plural } = words('fr')

export const push: Pick<Text, 'push'> = {
  push: {
    title: 'Changements immédiats',
    text: 'Comment le CRM prévient le hub en quelques secondes. Ce qu’aucune voie ne signale est trouvé à l’intervalle prévu.',
    told: (n) =>
      plural(n, {
        zero: 'Aucun signalement aujourd’hui',
        one: '# signalement reçu aujourd’hui',
        other: '# signalements reçus aujourd’hui',
      }),
    refused: (n) =>
      plural(n, {
        one: '# signalement refusé aujourd’hui : secret ou signature faux, ou horloge décalée',
        other: '# signalements refusés aujourd’hui : secret ou signature faux, ou horloge décalée',
      }),
    notUnderstood: (n) =>
      plural(n, {
        one: '# signalement incompréhensible aujourd’hui',
        other: '# signalements incompréhensibles aujourd’hui',
      }),
    noAddress:
      'Le hub ne sait pas à quelle adresse le CRM l’atteint. Définissez JACKFIELD_PUBLIC_URL là où le hub est démarré.',
    captured: 'Change Data Capture',
    capturedText:
      'Rien à installer. Choisissez les objets dans Salesforce sous Configuration → Capture des données modifiées, et donnez à l’utilisateur du hub « Afficher tout » sur eux.',
    line: { listening: 'À l’écoute', interrupted: 'Interrompu', not_offered: 'Pas offert', none: 'Pas encore essayé' },
    lineAgain: {
      listening: '',
      interrupted: 'Le hub rouvre la ligne de lui-même.',
      not_offered: 'Le hub regarde à nouveau chaque heure.',
      none: '',
    },
    heard: (at) => `dernier signe ${at}`,
    apex: 'Push Apex',
    apexText:
      'Des déclencheurs disent quels enregistrements ont changé, jamais leur contenu. Suppressions et restaurations aussi.',
    notInstalled: 'Pas installé',
    installed: (at) => `Installé ${at}`,
    tellsOf: (tables) => `Signale ${tables}`,
    notTold: (tables) => `Pas ${tables} : installez-le à nouveau.`,
    outdated: 'L’adresse, les tables ou le secret ont changé depuis : installez-le à nouveau.',
    install: 'Installer',
    installAgain: 'Réinstaller',
    test: 'Envoyer un événement de test',
    moreActs: 'Autres actions du push',
    acts: {
      install: 'Réinstaller',
      check: 'Vérifier sans installer',
      renew: 'Nouveau secret',
      remove: 'Retirer',
      test: 'Envoyer un événement de test',
    },
    actTexts: {
      install: 'Le même code, avec les tables et l’adresse actuelles.',
      check: 'Salesforce compile et teste le code et n’en garde rien.',
      renew: 'Le réinstalle ; l’ancien secret n’a alors plus cours.',
      remove: 'Supprime les déclencheurs, les classes et le site distant.',
      test: 'Le hub l’attend, jusqu’à trois minutes.',
    },
    download: 'Télécharger le paquet',
    downloadText: 'Pour le déployer à la main. Il contient le secret.',
    messages: 'Messages sortants',
    messagesText:
      'Pour les organisations qui s’en servent : un flux ou une règle envoie l’Id de l’enregistrement à cette adresse, sans l’id de session.',
    showAddress: 'Montrer l’adresse',
    addressSecret: 'L’adresse contient un secret : qui la possède peut envoyer au hub.',
    webhook: 'Webhook',
    webhookText: 'Le hub l’inscrit lui-même dans l’organisation, et le répare chaque jour.',
    registered: (at) => `Inscrit ${at}`,
    notRegistered: 'Pas inscrit',
    willRegister: 'Le hub l’inscrit dans la minute qui suit la connexion, et réessaie toutes les 15 minutes.',
    ask: {
      install: 'Installer le push dans Salesforce ?',
      renew: 'Installer le push avec un nouveau secret ?',
      remove: 'Retirer le push de Salesforce ?',
    },
    askText: {
      install:
        'Le hub place dans l’organisation un déclencheur par objet copié, deux classes et un site distant : tout ou rien. Salesforce compile et teste d’abord. Aucun enregistrement n’échoue jamais à cause de lui.',
      renew:
        'L’ancien secret n’a plus cours deux minutes après que Salesforce a reçu le nouveau code ; s’il refuse le code, tout reste comme avant. L’adresse des messages sortants change : indiquez-y la nouvelle.',
      remove:
        'Déclencheurs, classes et site distant partent. Les changements sont alors trouvés par d’autres voies, ou à l’intervalle prévu.',
    },
    working: {
      install: 'Installation en cours',
      check: 'Vérification en cours',
      renew: 'Installation avec un nouveau secret',
      remove: 'Retrait en cours',
      test: 'Attente d’un événement de test',
    },
    went: {
      install: 'Le push est installé et fonctionne',
      check: 'Salesforce l’accepterait',
      renew: 'Le nouveau secret fonctionne',
      remove: 'Le push n’est plus dans Salesforce',
      test: 'Le push fonctionne',
    },
    failed: {
      install: 'Le push ne fonctionne pas encore',
      check: 'Salesforce ne l’accepterait pas',
      renew: 'Le push ne fonctionne pas encore',
      remove: 'Le push est toujours là',
      test: 'Aucun événement de test n’est venu',
    },
    steps: {
      names: 'Ses noms sont libres dans Salesforce',
      sent: 'Le paquet est remis',
      components: 'Salesforce prend ses éléments',
      tests: 'Salesforce exécute ses tests',
      done: 'Tout est fait',
      test_event: 'Un événement de test arrive',
    },
    of: (done, total) => `${done} sur ${total}`,
    waitsForCrm: 'Il a été demandé à Salesforce ; sa file peut prendre une minute.',
    waitsForPerson:
      'Le hub ne peut pas en faire envoyer par Salesforce. Ouvrez-y un enregistrement, modifiez-le et enregistrez ; le hub attend trois minutes.',
    came: (time) => `après ${time}`,
    faultMend: {
      components: 'Désactivez plus haut la table de cet objet, ou déployez le paquet à la main.',
      tests:
        'Une règle ou un déclencheur à vous fait obstacle aux enregistrements de test. Regardez le test nommé, ou désactivez sa table plus haut.',
      test_event:
        'Voyez dans Salesforce sous Configuration → Tâches Apex pourquoi il n’a pas été envoyé. Salesforce doit atteindre l’adresse du hub en HTTPS, avec un certificat qu’il accepte, et les deux horloges ne peuvent différer de plus de cinq minutes.',
    },
    nothingStays: 'Salesforce l’a refusé, et rien n’en reste là-bas.',
    stop: 'Arrêter',
    stopped: 'Arrêté. Salesforce ne garde rien de ce qui n’était pas terminé.',
    start: { install: 'Installer', renew: 'Créer et installer', remove: 'Retirer' },
  },
}
