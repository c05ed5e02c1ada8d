import type { Text } from '../en.ts'

export const vendors: Pick<Text, 'vendors'> = {
  vendors: {
    salesforce: {
      whereText:
        'Ouvrez Salesforce dans votre navigateur et copiez la barre d’adresse entière. Elle est raccourcie ici.',
      urlPlaceholder: 'https://contoso.my.salesforce.com',
      discovering: 'Vérification qu’un Salesforce y répond',
      appText:
        'Le hub s’authentifie comme une application cliente externe à vous, au nom d’un utilisateur d’intégration.',
      flowLabel: 'Authentification de l’application',
      flows: {
        client_credentials: 'Par un secret consommateur (client credentials)',
        jwt_bearer: 'Par un certificat (JWT bearer)',
        authorization_code: 'Dans une fenêtre, par une personne (flux de serveur Web)',
      },
      appWhere: {
        client_credentials: [
          'Configuration → Utilisateurs : un utilisateur avec la licence Salesforce Integration, et un ensemble d’autorisations qui lit comptes et contacts.',
          'Configuration → Gestionnaire d’applications clientes externes → Nouvelle. OAuth : étendue « api ».',
          'Activez le flux d’identification client, dans les paramètres et dans les stratégies ; nommez l’utilisateur d’intégration sous « Exécuter en tant que ».',
          'Copiez la clé et le secret consommateur. Une nouvelle application fonctionne après dix minutes au plus.',
        ],
        jwt_bearer: [
          'Configuration → Utilisateurs : un utilisateur avec la licence Salesforce Integration, et un ensemble d’autorisations qui lit comptes et contacts.',
          'Créez une clé et son certificat, avec openssl par exemple. La clé reste la vôtre ; le hub scelle sa copie.',
          'Configuration → Gestionnaire d’applications clientes externes → Nouvelle. Étendue « api » ; activez le flux JWT et déposez le certificat.',
          'Stratégies : « Les utilisateurs approuvés par l’administrateur sont préautorisés », avec l’ensemble d’autorisations. Copiez la clé consommateur.',
        ],
        authorization_code: [
          'Configuration → Gestionnaire d’applications clientes externes → Nouvelle. OAuth : étendues « api » et « refresh_token, offline_access ».',
          'URL de rappel : elle s’affiche ici à l’étape suivante ; d’ici là, toute adresse en https convient.',
          'Stratégies : les jetons d’actualisation valent jusqu’à leur révocation. Copiez la clé et le secret consommateur.',
          'Qui se connecte, de préférence un utilisateur d’intégration, a besoin d’un ensemble d’autorisations qui lit comptes et contacts.',
        ],
      },
      fields: {
        clientId: 'Clé consommateur',
        clientSecret: 'Secret consommateur',
        username: 'Nom de l’utilisateur d’intégration',
        privateKey: 'Clé privée (PEM)',
        loginUrl: 'Adresse d’authentification',
        audience: 'Audience',
      },
      hints: {
        username: 'Il a la forme d’une adresse e-mail.',
        privateKey:
          'Tout le fichier key.pem, première et dernière ligne comprises. Scellée aussitôt, plus jamais affichée.',
        loginUrl: 'Vide : l’adresse de l’organisation.',
        audience: 'Seulement pour un système de test ; celle d’une sandbox est trouvée.',
      },
      apiVersion: 'Version de l’API',
      apiVersionHint:
        'Laissée vide, 60.0. Chaque appel à cette organisation s’y fait ; seule une version que l’organisation parle est acceptée.',
      apiVersionWrong: 'Indiquez une version telle que 64.0, à partir de 60.0.',
      keyFields: 'Le hub peut créer un champ dans cette organisation : Jackfield_Id__c',
      keyFieldsText:
        'Une création y écrit sa clé, pour qu’une réponse perdue ne crée jamais de second enregistrement. Sans lui, une telle création attend une personne. C’est un champ texte, id externe et unique, dans chaque objet copié ; le créer demande le droit « Personnaliser l’application ». Pour l’écriture seulement ; peut être permis plus tard.',
      secretWhere:
        'Configuration → Gestionnaire d’applications clientes externes → votre application → Paramètres → clé et secret consommateur.',
      secretWhereKey: 'La clé privée dont le certificat se trouve auprès de l’application cliente externe.',
    },
    pem: {
      file: 'La prendre d’un fichier',
      none: 'Ce n’est pas une clé privée : elle commence par -----BEGIN PRIVATE KEY-----.',
      certificate: 'C’est le certificat, qui va chez Salesforce. Il faut la clé privée.',
      encrypted: 'Cette clé est protégée par une phrase secrète. Donnez-en une sans.',
    },
  },
}
