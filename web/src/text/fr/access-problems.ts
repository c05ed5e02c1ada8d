import type { Text } from '../en.ts'

export const accessProblems: Text['problems'] = {
  'auth.denied': {
    what: 'Cela ne vous est pas permis',
    mend: 'Demandez à un administrateur un rôle, ou utilisez une clé, qui en a le droit.',
  },
  'auth.proof_needed': {
    what: 'Montrez encore une fois que c’est vous',
    mend: 'Confirmez par votre mot de passe ou une clé d’accès.',
  },
  'auth.rejected': {
    what: 'Cela ne correspond pas',
    mend: 'Vérifiez votre saisie. Si quelque chose est perdu, utilisez un code de récupération ou demandez un lien à un administrateur.',
  },
  'auth.required': { what: 'Vous n’êtes pas connecté', mend: 'Connectez-vous.' },
  'auth.suspended': { what: 'Ce compte est suspendu', mend: 'Demandez à un administrateur de le réactiver.' },
  'auth.throttled': {
    what: 'Trop de tentatives',
    mend: 'Attendez, ou utilisez une clé d’accès ou un lien à usage unique.',
  },
  'authentication.app_blocked': {
    what: 'Le CRM n’accepte aucun jeton de cette application',
    mend: 'Autorisez-la à utiliser l’API, avec un utilisateur d’intégration à elle, puis vérifiez la connexion.',
  },
  'authentication.client_unknown': {
    what: 'Le locataire ne connaît pas cette application',
    mend: 'Comparez l’ID d’application (client) avec l’inscription.',
  },
  'authentication.consent_missing': {
    what: 'Le consentement manque pour l’application',
    mend: 'Demandez à un administrateur de l’accorder dans l’inscription de l’application.',
  },
  'authentication.consent_over': {
    what: 'Le CRM n’accepte plus cette connexion',
    mend: 'Connectez-vous à nouveau dans la fenêtre du CRM.',
  },
  'authentication.in_use': {
    what: 'Des connexions se servent de cette authentification',
    mend: 'Supprimez d’abord ces connexions, ou gardez-la.',
  },
  'authentication.rejected': {
    what: 'L’authentification auprès du CRM a été refusée',
    mend: 'Vérifiez l’inscription de l’application, puis revérifiez la connexion.',
  },
  'authentication.secret_expired': {
    what: 'La clé secrète client a expiré',
    mend: 'Créez une nouvelle clé dans l’inscription et collez sa valeur.',
  },
  'authentication.secret_wrong': {
    what: 'La clé secrète client est fausse',
    mend: 'Collez la valeur du secret, pas son ID.',
  },
  'authentication.tenant_unknown': {
    what: 'Ce locataire n’existe pas',
    mend: 'Corrigez-le ; la réponse de l’organisation le nomme.',
  },
  'consent.over': {
    what: 'Cette fenêtre n’est plus valable',
    mend: 'Elle a déjà servi, a duré plus de dix minutes ou a été ouverte dans un autre navigateur. Recommencez.',
  },
  'consent.refused': {
    what: 'Le CRM n’a pas reçu d’accord',
    mend: 'Recommencez et acceptez dans sa fenêtre. Si vous l’avez fait, comparez l’inscription de l’application dans le CRM.',
  },
  'consent.unfit': {
    what: 'Personne ne peut se connecter ainsi dans une fenêtre',
    mend: 'Laissez chacun écrire en son nom, ou faites demander à l’application un accès durable ; le journal d’audit dit ce qui manque.',
  },
  'factor.code_wrong': {
    what: 'Le code n’est pas juste',
    mend: 'Saisissez les six chiffres que l’application affiche maintenant, et vérifiez l’heure du téléphone.',
  },
  'factor.exists': { what: 'Vous l’avez déjà', mend: 'Supprimez-en d’abord un.' },
  'factor.needed': {
    what: 'Votre mot de passe est trop court pour être seul',
    mend: 'Choisissez-en un d’au moins 15 caractères, ou ajoutez d’abord une autre seconde étape.',
  },
  'factor.not_begun': {
    what: 'La configuration de l’application n’est plus en cours',
    mend: 'Recommencez, et scannez le nouveau code.',
  },
  'invitation.over': {
    what: 'Cette invitation n’est plus valable',
    mend: 'Connectez-vous, ou demandez-en une nouvelle à la personne qui vous a invité.',
  },
  'linked_account.needed': {
    what: 'Il faut votre propre compte du CRM',
    mend: 'Liez-le ; ce qui a échoué faute de compte est alors retenté sans votre aide.',
  },
  'linked_account.unusable': {
    what: 'Votre propre compte du CRM est inutilisable pour l’instant',
    mend: 'Rien à faire pour vous : qui gère les intégrations répare l’application, et ce qui attend est alors écrit.',
  },
  'passkey.refused': {
    what: 'La clé d’accès n’a pas été acceptée',
    mend: 'Ouvrez le hub par son nom, pas par un numéro, et réessayez.',
  },
  'password.refused': {
    what: 'Ce mot de passe se devine trop facilement',
    mend: 'Choisissez-en un autre : long, sans nom, et que peu de gens utilisent.',
  },
  'people.exists': { what: 'Quelqu’un a déjà cette adresse', mend: 'Modifiez ce compte, ou donnez une autre adresse.' },
  'people.last_administrator': {
    what: 'Personne d’autre n’administre ce hub',
    mend: 'Nommez d’abord un autre administrateur.',
  },
  'sign_on.account_exists': {
    what: 'Un compte de ce hub a déjà votre adresse e-mail',
    mend: 'Connectez-vous comme jusqu’ici, puis liez le fournisseur sur la page de votre compte.',
  },
  'sign_on.groups_missing': {
    what: 'Le fournisseur n’a pas donné vos groupes',
    mend: 'Prévenez un administrateur : ici les groupes donnent les rôles, et le fournisseur doit les envoyer.',
  },
  'sign_on.identity_taken': {
    what: 'Ce compte est déjà lié',
    mend: 'Connectez-vous par lui, ou déliez-le d’abord.',
  },
  'sign_on.name_taken': {
    what: 'Un fournisseur porte déjà ce nom court',
    mend: 'Choisissez un autre nom court.',
  },
  'sign_on.no_account': {
    what: 'Vous n’avez pas de compte dans ce hub',
    mend: 'Demandez à un administrateur de vous inviter.',
  },
  'sign_on.no_role': {
    what: 'Vous n’avez aucun rôle dans ce hub',
    mend: 'Demandez un rôle à un administrateur, ou un groupe qui en a un.',
  },
  'sign_on.over': {
    what: 'Cette connexion n’est plus valable',
    mend: 'Elle a déjà servi, a duré trop longtemps ou a commencé dans un autre navigateur. Recommencez.',
  },
  'sign_on.refused': {
    what: 'Le fournisseur ne vous a pas connecté',
    mend: 'Recommencez, ou adressez-vous à qui gère les comptes chez lui.',
  },
  'sign_on.rejected': {
    what: 'La réponse du fournisseur n’est pas crédible',
    mend: 'Recommencez. Si cela persiste, prévenez un administrateur : le journal d’audit dit pourquoi.',
  },
  'sign_on.unfit': {
    what: 'Le fournisseur n’est pas bien configuré',
    mend: 'Prévenez un administrateur ; on peut vérifier le fournisseur dans les paramètres.',
  },
  'sign_on.unreachable': {
    what: 'Le fournisseur est injoignable',
    mend: 'Réessayez dans un instant, ou connectez-vous autrement.',
  },
}
