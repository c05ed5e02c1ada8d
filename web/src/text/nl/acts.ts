import type { ActWords } from '../en/acts.ts'

export const acts: ActWords = {
  'api.use': { done: 'heeft de API gebruikt', tried: 'de API gebruiken' },
  'audit_log.export': { done: 'heeft het auditlogboek geëxporteerd', tried: 'het auditlogboek exporteren' },
  'audit_log.verify': { done: 'heeft het auditlogboek gecontroleerd', tried: 'het auditlogboek controleren' },
  'authentication.replace_secret': {
    done: 'heeft het geheim van de aanmelding {name} vervangen',
    tried: 'het geheim van de aanmelding {name} vervangen',
  },
  'connection.change': { done: 'heeft de verbinding {name} gewijzigd', tried: 'de verbinding {name} wijzigen' },
  'connection.check': { done: 'heeft de verbinding {name} gecontroleerd', tried: 'de verbinding {name} controleren' },
  'connection.create': { done: 'heeft de CRM {name} verbonden', tried: 'een CRM {name} verbinden' },
  'connection.remove': { done: 'heeft de verbinding {name} verwijderd', tried: 'de verbinding {name} verwijderen' },
  'connection.try': {
    done: 'heeft een CRM geprobeerd vóór het verbinden',
    tried: 'een CRM proberen vóór het verbinden',
  },
  'connector.discover': {
    done: 'heeft een adres gevraagd welke CRM het is',
    tried: 'een adres vragen welke CRM het is',
  },
  'definition.change': {
    done: 'heeft de definitie van de verbinding {name} gewijzigd',
    tried: 'de definitie van de verbinding {name} wijzigen',
  },
  'definition.try': {
    done: 'heeft een definitie van een HTTP-API geprobeerd',
    tried: 'een definitie van een HTTP-API proberen',
  },
  'destination.change': { done: 'heeft de bestemming {name} gewijzigd', tried: 'de bestemming {name} wijzigen' },
  'destination.change_mapping': {
    done: 'heeft de toewijzing van de bestemming {name} gewijzigd',
    tried: 'de toewijzing van de bestemming {name} wijzigen',
  },
  'destination.create': { done: 'heeft de bestemming {name} gemaakt', tried: 'een bestemming {name} maken' },
  'destination.make_columns': {
    done: 'heeft kolommen gemaakt voor de bestemming {name}',
    tried: 'kolommen maken voor de bestemming {name}',
  },
  'destination.preview_mapping': {
    done: 'heeft de toewijzing van de bestemming {name} vooraf bekeken',
    tried: 'de toewijzing van de bestemming {name} vooraf bekijken',
  },
  'destination.remove': { done: 'heeft de bestemming {name} verwijderd', tried: 'de bestemming {name} verwijderen' },
  'destination.steer': { done: 'heeft de bestemming {name} bijgestuurd', tried: 'de bestemming {name} bijsturen' },
  'key.create': { done: 'heeft de API-sleutel {name} gemaakt', tried: 'de API-sleutel {name} maken' },
  'key.revoke': { done: 'heeft de API-sleutel {name} ingetrokken', tried: 'de API-sleutel {name} intrekken' },
  'parked.drop': { done: 'heeft een geparkeerd record laten vallen', tried: 'een geparkeerd record laten vallen' },
  'parked.replay': {
    done: 'heeft geparkeerde records opnieuw afgespeeld',
    tried: 'geparkeerde records opnieuw afspelen',
  },
  'person.erase': { done: 'heeft de persoon {name} gewist', tried: 'de persoon {name} wissen' },
  'person.sign_in': { done: 'heeft zich aangemeld', tried: 'zich aanmelden' },
  'person.sign_in_link': {
    done: 'heeft een eenmalige aanmeldkoppeling gemaakt',
    tried: 'een eenmalige aanmeldkoppeling maken',
  },
  'person.sign_out': { done: 'heeft zich afgemeld', tried: 'zich afmelden' },
  'push.change': {
    done: 'heeft gewijzigd hoe {what} wijzigingen meldt',
    tried: 'wijzigen hoe {what} wijzigingen meldt',
  },
  'push.read_address': {
    done: 'heeft het webhookadres van {what} gelezen',
    tried: 'het webhookadres van {what} lezen',
  },
  'push.read_package': {
    done: 'heeft het pushpakket van {what} meegenomen',
    tried: 'het pushpakket van {what} meenemen',
  },
  'push.renew_secret': {
    done: 'heeft het webhookgeheim van {what} vernieuwd',
    tried: 'het webhookgeheim van {what} vernieuwen',
  },
  'record.look_up': { done: 'heeft iemand opgezocht', tried: 'iemand opzoeken' },
  'records.reindex': {
    done: 'heeft de records van {what} opnieuw geïndexeerd',
    tried: 'de records van {what} opnieuw indexeren',
  },
  'run.audit': { done: 'heeft een audit van {what} gevraagd', tried: 'een audit van {what} vragen' },
  'run.request': {
    done: 'heeft een synchronisatie van {what} gevraagd',
    tried: 'een synchronisatie van {what} vragen',
  },
  'run.steer': { done: 'heeft een synchronisatie bijgestuurd', tried: 'een synchronisatie bijsturen' },
  'secret.use': {
    done: 'heeft met het geheim van {what} bij de CRM aangemeld',
    tried: 'met het geheim van {what} bij de CRM aanmelden',
  },
  'table.add': { done: 'heeft een tabel aan {what} toegevoegd', tried: 'een tabel aan {what} toevoegen' },
  'table.change': { done: 'heeft een tabel van {what} gewijzigd', tried: 'een tabel van {what} wijzigen' },
  'table.preview': { done: 'heeft een tabel van {what} vooraf bekeken', tried: 'een tabel van {what} vooraf bekijken' },
  'write.cancel': { done: 'heeft een schrijfopdracht geannuleerd', tried: 'een schrijfopdracht annuleren' },
  'write.deliver': { done: 'heeft een record naar de CRM geschreven', tried: 'een record naar de CRM schrijven' },
  'write.keep': {
    done: 'heeft een schrijfopdracht naar de CRM gegeven',
    tried: 'een schrijfopdracht naar de CRM geven',
  },
  'write.retry': {
    done: 'heeft een schrijfopdracht opnieuw verzonden',
    tried: 'een schrijfopdracht opnieuw verzenden',
  },
  'write.settle': {
    done: 'heeft over een schrijfopdracht met onbekende uitkomst beslist',
    tried: 'over een schrijfopdracht met onbekende uitkomst beslissen',
  },
}
