import type { Text } from '../en.ts'

export const vendors: Pick<Text, 'vendors'> = {
  vendors: {
    salesforce: {
      whereText: 'Open Salesforce in uw browser en kopieer de hele adresbalk. Het adres wordt hier ingekort.',
      urlPlaceholder: 'https://contoso.my.salesforce.com',
      discovering: 'Nagaan of daar een Salesforce antwoordt',
      appText: 'De hub meldt zich aan als een externe client-app van u, die als integratiegebruiker werkt.',
      flowLabel: 'Hoe de app zich aanmeldt',
      flows: {
        client_credentials: 'Met een consumer secret (client credentials)',
        jwt_bearer: 'Met een certificaat (JWT bearer)',
        authorization_code: 'In een venster, door een persoon (web server flow)',
      },
      appWhere: {
        client_credentials: [
          'Setup → Users: een gebruiker met de licentie Salesforce Integration, en een machtigingenset die accounts en contactpersonen leest.',
          'Setup → External Client App Manager → New. OAuth-instellingen: bereik “api”.',
          'Zet de Client Credentials Flow aan, in de instellingen en in het beleid; noem de integratiegebruiker onder Run As.',
          'Kopieer consumer key en consumer secret. Een nieuwe app werkt na hooguit tien minuten.',
        ],
        jwt_bearer: [
          'Setup → Users: een gebruiker met de licentie Salesforce Integration, en een machtigingenset die accounts en contactpersonen leest.',
          'Maak een sleutel en zijn certificaat, bijvoorbeeld met openssl. De sleutel blijft van u; de hub verzegelt zijn kopie.',
          'Setup → External Client App Manager → New. Bereik “api”; zet de JWT Bearer Flow aan en upload het certificaat.',
          'Beleid: “Admin approved users are pre-authorized”, met de machtigingenset. Kopieer de consumer key.',
        ],
        authorization_code: [
          'Setup → External Client App Manager → New. OAuth-instellingen: bereiken “api” en “refresh_token, offline_access”.',
          'Callback URL: die staat hier in de volgende stap; tot dan volstaat elk adres dat met https begint.',
          'Beleid: refresh tokens gelden tot ze worden ingetrokken. Kopieer consumer key en consumer secret.',
          'Wie zich aanmeldt, liefst een integratiegebruiker, heeft een machtigingenset nodig die accounts en contactpersonen leest.',
        ],
      },
      fields: {
        clientId: 'Consumer key',
        clientSecret: 'Consumer secret',
        username: 'Gebruikersnaam van de integratiegebruiker',
        privateKey: 'Privésleutel (PEM)',
        loginUrl: 'Aanmeldadres',
        audience: 'Audience',
      },
      hints: {
        username: 'Ze heeft de vorm van een e-mailadres.',
        privateKey:
          'Het hele bestand key.pem, met eerste en laatste regel. Wordt meteen verzegeld en nooit meer getoond.',
        loginUrl: 'Leeg: het eigen adres van de organisatie.',
        audience: 'Alleen voor een testsysteem; die van een sandbox wordt gevonden.',
      },
      apiVersion: 'Versie van de API',
      apiVersionHint:
        'Leeg gelaten: 60.0. Elke aanroep van deze organisatie gaat in die versie; alleen een versie die de organisatie spreekt, wordt aanvaard.',
      apiVersionWrong: 'Geef een versie zoals 64.0, vanaf 60.0.',
      keyFields: 'De hub mag in deze organisatie één veld maken: Jackfield_Id__c',
      keyFieldsText:
        'Een nieuw record krijgt daarin zijn sleutel, zodat een verloren antwoord nooit een tweede record maakt. Zonder dat veld wacht zo’n schrijfactie op een mens. Het is een tekstveld, externe id en uniek, in elk object dat gekopieerd wordt; het maken vraagt het recht “Customize Application”. Alleen om terug te schrijven; het kan ook later.',
      secretWhere: 'Setup → External Client App Manager → uw app → Settings → Consumer Key and Secret.',
      secretWhereKey: 'De privésleutel waarvan het certificaat bij de externe client-app staat.',
    },
    pem: {
      file: 'Uit een bestand nemen',
      none: 'Dit is geen privésleutel: die begint met -----BEGIN PRIVATE KEY-----.',
      certificate: 'Dit is het certificaat, dat bij Salesforce hoort. De privésleutel is bedoeld.',
      encrypted: 'Deze sleutel heeft een wachtwoord. Geef er een zonder.',
    },
  },
}
