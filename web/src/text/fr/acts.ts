import type { ActWords } from '../en/acts.ts'

export const acts: ActWords = {
  'api.use': { done: 'a utilisé l’API', tried: 'utiliser l’API' },
  'audit_log.export': { done: 'a exporté le journal d’audit', tried: 'exporter le journal d’audit' },
  'audit_log.verify': { done: 'a vérifié le journal d’audit', tried: 'vérifier le journal d’audit' },
  'authentication.replace_secret': {
    done: 'a remplacé le secret de l’authentification {name}',
    tried: 'remplacer le secret de l’authentification {name}',
  },
  'connection.change': { done: 'a modifié la connexion {name}', tried: 'modifier la connexion {name}' },
  'connection.check': { done: 'a contrôlé la connexion {name}', tried: 'contrôler la connexion {name}' },
  'connection.create': { done: 'a connecté le CRM {name}', tried: 'connecter un CRM {name}' },
  'connection.remove': { done: 'a supprimé la connexion {name}', tried: 'supprimer la connexion {name}' },
  'connection.try': { done: 'a essayé un CRM avant de le connecter', tried: 'essayer un CRM avant de le connecter' },
  'connector.discover': {
    done: 'a demandé à une adresse de quel CRM il s’agit',
    tried: 'demander à une adresse de quel CRM il s’agit',
  },
  'definition.change': {
    done: 'a modifié la définition de la connexion {name}',
    tried: 'modifier la définition de la connexion {name}',
  },
  'definition.try': { done: 'a essayé une définition d’API HTTP', tried: 'essayer une définition d’API HTTP' },
  'destination.change': { done: 'a modifié la destination {name}', tried: 'modifier la destination {name}' },
  'destination.change_mapping': {
    done: 'a modifié le mappage de la destination {name}',
    tried: 'modifier le mappage de la destination {name}',
  },
  'destination.create': { done: 'a créé la destination {name}', tried: 'créer une destination {name}' },
  'destination.make_columns': {
    done: 'a créé des colonnes pour la destination {name}',
    tried: 'créer des colonnes pour la destination {name}',
  },
  'destination.preview_mapping': {
    done: 'a prévisualisé le mappage de la destination {name}',
    tried: 'prévisualiser le mappage de la destination {name}',
  },
  'destination.remove': { done: 'a supprimé la destination {name}', tried: 'supprimer la destination {name}' },
  'destination.steer': { done: 'a piloté la destination {name}', tried: 'piloter la destination {name}' },
  'key.create': { done: 'a créé la clé d’API {name}', tried: 'créer la clé d’API {name}' },
  'key.revoke': { done: 'a révoqué la clé d’API {name}', tried: 'révoquer la clé d’API {name}' },
  'parked.drop': { done: 'a écarté un enregistrement en attente', tried: 'écarter un enregistrement en attente' },
  'parked.replay': { done: 'a rejoué des enregistrements en attente', tried: 'rejouer des enregistrements en attente' },
  'person.erase': { done: 'a effacé la personne {name}', tried: 'effacer la personne {name}' },
  'person.sign_in': { done: 's’est connecté', tried: 'se connecter' },
  'person.sign_in_link': {
    done: 'a créé un lien de connexion à usage unique',
    tried: 'créer un lien de connexion à usage unique',
  },
  'person.sign_out': { done: 's’est déconnecté', tried: 'se déconnecter' },
  'push.change': {
    done: 'a modifié la façon dont {what} signale ses changements',
    tried: 'modifier la façon dont {what} signale ses changements',
  },
  'push.read_address': {
    done: 'a lu l’adresse de webhook pour {what}',
    tried: 'lire l’adresse de webhook pour {what}',
  },
  'push.read_package': {
    done: 'a emporté le paquet de notifications pour {what}',
    tried: 'emporter le paquet de notifications pour {what}',
  },
  'push.renew_secret': {
    done: 'a renouvelé le secret de webhook pour {what}',
    tried: 'renouveler le secret de webhook pour {what}',
  },
  'record.look_up': { done: 'a recherché quelqu’un', tried: 'rechercher quelqu’un' },
  'records.reindex': {
    done: 'a réindexé les enregistrements pour {what}',
    tried: 'réindexer les enregistrements pour {what}',
  },
  'run.audit': { done: 'a demandé un audit pour {what}', tried: 'demander un audit pour {what}' },
  'run.request': {
    done: 'a demandé une synchronisation pour {what}',
    tried: 'demander une synchronisation pour {what}',
  },
  'run.steer': { done: 'a piloté une synchronisation', tried: 'piloter une synchronisation' },
  'secret.use': {
    done: 'a utilisé le secret pour {what} afin de se connecter au CRM',
    tried: 'utiliser le secret pour {what} afin de se connecter au CRM',
  },
  'table.add': { done: 'a ajouté une table pour {what}', tried: 'ajouter une table pour {what}' },
  'table.change': { done: 'a modifié une table pour {what}', tried: 'modifier une table pour {what}' },
  'table.preview': { done: 'a prévisualisé une table pour {what}', tried: 'prévisualiser une table pour {what}' },
  'write.cancel': { done: 'a annulé une écriture', tried: 'annuler une écriture' },
  'write.deliver': { done: 'a écrit un enregistrement dans le CRM', tried: 'écrire un enregistrement dans le CRM' },
  'write.keep': { done: 'a demandé une écriture dans le CRM', tried: 'demander une écriture dans le CRM' },
  'write.retry': { done: 'a renvoyé une écriture', tried: 'renvoyer une écriture' },
  'write.settle': {
    done: 'a tranché une écriture au résultat inconnu',
    tried: 'trancher une écriture au résultat inconnu',
  },
}
