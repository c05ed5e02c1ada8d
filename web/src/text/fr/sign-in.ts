import type { Text } from '../en.ts'
import { words } from '../words.ts'

const { plural, count } = words('fr')

export const signIn: Pick<Text, 'signIn' | 'secondStep' | 'invitation' | 'password' | 'proof' | 'device' | 'codes'> = {
  signIn: {
    title: 'Connexion',
    working: 'Connexion en cours',
    email: 'Adresse e-mail',
    password: 'Mot de passe',
    show: 'Afficher le mot de passe',
    hide: 'Masquer le mot de passe',
    go: 'Se connecter',
    or: 'ou',
    passkey: 'Se connecter avec une clé d’accès',
    missing: 'À saisir d’abord.',
    help: 'Impossible de vous connecter ?',
    helpLost:
      'Mot de passe ou appareil perdu : demandez à un administrateur de réinitialiser votre compte. Vous recevez un lien qui vous connecte une fois.',
    helpFirst:
      'Première visite, ou plus d’administrateur : le hub affiche un lien à usage unique quand il démarre, ainsi que la commande',
    over: 'Ce lien a déjà servi, ou il a expiré',
    overText: 'Connectez-vous autrement, ou demandez un nouveau lien à la personne qui vous l’a donné.',
    pasteLabel: 'Lien à usage unique',
    paste: 'Ouvert dans ce navigateur ou collé ici, il vous connecte une fois.',
    pasteGo: 'Se connecter avec le lien',
    notShown: 'Aucune clé d’accès n’a été présentée',
    notShownText:
      'La fenêtre du navigateur a été fermée, ou cet appareil n’en a pas pour ce hub. Réessayez, ou procédez autrement.',
    known: 'Cet appareil a déjà une clé d’accès à vous',
    knownText: 'Utilisez celle-là, ou créez-en une sur un autre appareil.',
  },
  secondStep: {
    title: 'Encore une étape',
    text: {
      totp: 'Saisissez les six chiffres que votre application d’authentification affiche maintenant.',
      recovery_code: 'Saisissez un des codes de récupération que vous avez gardés. Chacun sert une fois.',
      passkey: 'Confirmez par votre doigt, votre visage ou votre code PIN.',
    },
    code: 'Code de l’application',
    recoveryCode: 'Code de récupération',
    go: 'Continuer',
    usePasskey: 'Utiliser la clé d’accès',
    other: {
      totp: 'Utiliser l’application d’authentification',
      recovery_code: 'Utiliser un code de récupération',
      passkey: 'Utiliser une clé d’accès',
    },
    anew: 'Recommencer',
  },
  invitation: {
    title: 'Invitation',
    welcome: (name) => `Bienvenue, ${name}`,
    text: (by, email) => `${by} vous invite sur ce hub sous l’adresse ${email}.`,
    roles: (roles) => `Votre rôle : ${roles}.`,
    name: 'Votre nom',
    go: 'Créer le compte',
    over: 'Cette invitation n’est plus valable',
    overText:
      'Elle a servi, a été retirée, ou date de plus d’une semaine. Connectez-vous, ou demandez-en une nouvelle à la personne qui vous a invité.',
    none: 'Le lien est incomplet',
    noneText: 'Ouvrez le lien entier que vous avez reçu : ce qui suit le # en fait partie.',
    toSignIn: 'Aller à la connexion',
  },
  password: {
    new: 'Nouveau mot de passe',
    length: (have, need) =>
      have === 0
        ? `Au moins ${count(need)} caractères`
        : `Au moins ${count(need)} caractères : ${count(have)} jusqu’ici`,
    tooLong: (most) => `Au plus ${count(most)} caractères`,
    noName: 'Sans votre nom, votre adresse ni « Jackfield »',
    notCommon: 'Pas un de ceux que l’on essaie d’abord, ni une répétition',
    tip: 'Plusieurs mots se retiennent facilement. Majuscules et signes ne sont pas nécessaires.',
    met: 'rempli',
    open: 'pas encore',
    judged: 'vérifié à l’enregistrement',
  },
  proof: {
    title: 'Est-ce toujours vous ?',
    text: 'Ce que vous allez faire survivrait à une session volée. La question revient au plus toutes les dix minutes.',
    password: 'Votre mot de passe',
    go: 'Confirmer',
    passkey: 'Confirmer par une clé d’accès',
  },
  device: {
    on: (browser, system) => `${browser} sur ${system}`,
    unknown: 'Appareil inconnu',
    program: 'Un programme',
  },
  codes: (n) => plural(n, { zero: 'aucun restant', one: '# restant', other: '# restants' }),
}
