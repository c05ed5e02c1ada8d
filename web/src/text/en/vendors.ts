/** What the wizard says of one vendor, where it is not what it says of Dynamics. */
export const vendors = {
  vendors: {
    salesforce: {
      whereText: 'Open Salesforce in your browser and copy the address bar, whole. It is trimmed here.',
      urlPlaceholder: 'https://contoso.my.salesforce.com',
      discovering: 'Asking whether a Salesforce answers there',
      appText: 'The hub signs in as an external client app of yours, which acts as an integration user.',
      flowLabel: 'How the app signs in',
      flows: {
        client_credentials: 'By a consumer secret (client credentials)',
        jwt_bearer: 'By a certificate (JWT bearer)',
        authorization_code: 'In a window, as a person (web server flow)',
      } as Record<string, string>,
      appWhere: {
        client_credentials: [
          'Setup → Users: a user with the licence Salesforce Integration, and a permission set that reads accounts and contacts.',
          'Setup → External Client App Manager → New. OAuth Settings: scope “Manage user data via APIs (api)”.',
          'Enable the Client Credentials Flow, in the settings and in the policies; name the integration user under Run As.',
          'Copy consumer key and consumer secret. A new app works after up to ten minutes.',
        ],
        jwt_bearer: [
          'Setup → Users: a user with the licence Salesforce Integration, and a permission set that reads accounts and contacts.',
          'Make a key and its certificate, with openssl for instance. The key stays yours; the hub seals its copy.',
          'Setup → External Client App Manager → New. Scope “api”; enable the JWT Bearer Flow and upload the certificate.',
          'Policies: “Admin approved users are pre-authorized”, with the permission set. Copy the consumer key.',
        ],
        authorization_code: [
          'Setup → External Client App Manager → New. OAuth Settings: scopes “api” and “refresh_token, offline_access”.',
          'Callback URL: it is shown here in the next step; until then any address that begins with https will do.',
          'Policies: refresh tokens are valid until they are revoked. Copy consumer key and consumer secret.',
          'Whoever signs in, best an integration user, needs a permission set that reads accounts and contacts.',
        ],
      } as Record<string, string[]>,
      fields: {
        clientId: 'Consumer key',
        clientSecret: 'Consumer secret',
        username: 'User name of the integration user',
        privateKey: 'Private key (PEM)',
        loginUrl: 'Sign-in address',
        audience: 'Audience',
      } as Record<string, string>,
      hints: {
        username: 'It has the form of an e-mail address.',
        privateKey:
          'All of the file key.pem, with its first and last line. It is sealed at once and never shown again.',
        loginUrl: 'Left empty, the organisation’s own address.',
        audience: 'Only for a test system; of a sandbox it is found by itself.',
      } as Record<string, string>,
      apiVersion: 'API version',
      apiVersionHint:
        'Left empty, 60.0. Every call to this organisation is made in it; only a version that the organisation speaks is taken.',
      apiVersionWrong: 'Give a version such as 64.0, 60.0 or later.',
      keyFields: 'The hub may make one field in this organisation: Jackfield_Id__c',
      keyFieldsText:
        'A create writes its key there, so that an answer that was lost never makes a second record. Without it such a create waits for a person. It is a text field, external id and unique, in each object that is copied; making it takes the right “Customize Application”. Only for write-back; it can be allowed later.',
      secretWhere: 'Setup → External Client App Manager → your app → Settings → Consumer Key and Secret.',
      secretWhereKey: 'The private key whose certificate stands at the external client app.',
    },
    pem: {
      file: 'Take it from a file',
      none: 'This is no private key: it begins with -----BEGIN PRIVATE KEY-----.',
      certificate: 'This is the certificate, which belongs to Salesforce. The private key is meant.',
      encrypted: 'This key is protected by a passphrase. Give one without.',
    },
  },
}
