import type { ActWords } from '../en/acts.ts'

export const acts: ActWords = {
  'account.change': {
    done: 'heeft de eigen naam of het eigen adres gewijzigd',
    tried: 'de eigen naam of het eigen adres wijzigen',
  },
  'account.end_sessions': { done: 'heeft eigen sessies elders beëindigd', tried: 'eigen sessies elders beëindigen' },
  'account.prove': { done: 'heeft de eigen identiteit aangetoond', tried: 'de eigen identiteit aantonen' },
  'account.set_password': { done: 'heeft het eigen wachtwoord ingesteld', tried: 'het eigen wachtwoord instellen' },
  'agent_identity.remove': {
    done: 'heeft de identiteit van een agent verwijderd',
    tried: 'de identiteit van een agent verwijderen',
  },
  'agent_identity.set': {
    done: 'heeft aangegeven wie een agent van het contactcenter is',
    tried: 'aangeven wie een agent van het contactcenter is',
  },
  'agent_workflow.change': {
    done: 'heeft een agentworkflow van {name} gewijzigd',
    tried: 'een agentworkflow van {name} wijzigen',
  },
  'agent_workflow.create': {
    done: 'heeft een agentworkflow van {name} gemaakt',
    tried: 'een agentworkflow van {name} maken',
  },
  'agent_workflow.order': {
    done: 'heeft de agentworkflows van {name} geordend',
    tried: 'de agentworkflows van {name} ordenen',
  },
  'agent_workflow.remove': {
    done: 'heeft een agentworkflow van {name} verwijderd',
    tried: 'een agentworkflow van {name} verwijderen',
  },
  'api.use': { done: 'heeft de API gebruikt', tried: 'de API gebruiken' },
  'audit_log.export': { done: 'heeft het auditlogboek geëxporteerd', tried: 'het auditlogboek exporteren' },
  'audit_log.verify': { done: 'heeft het auditlogboek gecontroleerd', tried: 'het auditlogboek controleren' },
  'authentication.consent': {
    done: 'heeft zich bij een CRM aangemeld voor de aanmelding {name}',
    tried: 'zich bij een CRM aanmelden voor de aanmelding {name}',
  },
  'authentication.change': { done: 'heeft de aanmelding {name} hernoemd', tried: 'de aanmelding {name} hernoemen' },
  'authentication.create': { done: 'heeft de aanmelding {name} gemaakt', tried: 'een aanmelding {name} maken' },
  'authentication.remove': { done: 'heeft de aanmelding {name} verwijderd', tried: 'de aanmelding {name} verwijderen' },
  'authentication.replace_secret': {
    done: 'heeft het geheim van de aanmelding {name} vervangen',
    tried: 'het geheim van de aanmelding {name} vervangen',
  },
  'configuration.change': {
    done: 'heeft de CRM-configuratie {name} gewijzigd',
    tried: 'de CRM-configuratie {name} wijzigen',
  },
  'configuration.create': {
    done: 'heeft de CRM-configuratie {name} gemaakt',
    tried: 'een CRM-configuratie {name} maken',
  },
  'configuration.remove': {
    done: 'heeft de CRM-configuratie {name} verwijderd',
    tried: 'de CRM-configuratie {name} verwijderen',
  },
  'configuration_part.change': { done: 'heeft een deel van {name} gewijzigd', tried: 'een deel van {name} wijzigen' },
  'configuration_part.create': { done: 'heeft een deel aan {name} toegevoegd', tried: 'een deel aan {name} toevoegen' },
  'configuration_part.remove': {
    done: 'heeft een deel van {name} verwijderd',
    tried: 'een deel van {name} verwijderen',
  },
  'connection.change': { done: 'heeft de verbinding {name} gewijzigd', tried: 'de verbinding {name} wijzigen' },
  'connection.check': { done: 'heeft de verbinding {name} gecontroleerd', tried: 'de verbinding {name} controleren' },
  'connection.create': { done: 'heeft het CRM {name} verbonden', tried: 'een CRM {name} verbinden' },
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
  'desktop.change_settings': {
    done: 'heeft gewijzigd op wiens pagina’s de desktop mag staan',
    tried: 'wijzigen op wiens pagina’s de desktop mag staan',
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
  'factor.add': { done: 'heeft een tweede factor toegevoegd', tried: 'een tweede factor toevoegen' },
  'factor.begin': {
    done: 'is begonnen een authenticator-app in te stellen',
    tried: 'een authenticator-app gaan instellen',
  },
  'factor.change': { done: 'heeft een toegangssleutel hernoemd', tried: 'een toegangssleutel hernoemen' },
  'factor.remove': { done: 'heeft een tweede factor verwijderd', tried: 'een tweede factor verwijderen' },
  'factor.renew_codes': { done: 'heeft nieuwe herstelcodes gemaakt', tried: 'nieuwe herstelcodes maken' },
  'identity.link': {
    done: 'heeft een account van een provider gekoppeld',
    tried: 'een account van een provider koppelen',
  },
  'identity.remove': {
    done: 'heeft een gekoppeld account van {what} verwijderd',
    tried: 'een gekoppeld account van {what} verwijderen',
  },
  'identity.unlink': {
    done: 'heeft een account van een provider ontkoppeld',
    tried: 'een account van een provider ontkoppelen',
  },
  'interaction.handle': {
    done: 'heeft een interactie gekoppeld, ontkoppeld, vastgezet of afgesloten',
    tried: 'een interactie behandelen',
  },
  'interaction.run_workflow': {
    done: 'heeft een workflow van een interactie uitgevoerd',
    tried: 'een workflow van een interactie uitvoeren',
  },
  'interaction_source.make': {
    done: 'heeft een geheim voor een contactcenter gemaakt',
    tried: 'een geheim voor een contactcenter maken',
  },
  'interaction_source.remove': { done: 'heeft een contactcenter verwijderd', tried: 'een contactcenter verwijderen' },
  'invitation.accept': { done: 'heeft een uitnodiging aangenomen', tried: 'een uitnodiging aannemen' },
  'invitation.create': { done: 'heeft {what} uitgenodigd', tried: '{what} uitnodigen' },
  'invitation.revoke': { done: 'heeft een uitnodiging ingetrokken', tried: 'een uitnodiging intrekken' },
  'key.create': { done: 'heeft de API-sleutel {name} gemaakt', tried: 'de API-sleutel {name} maken' },
  'key.revoke': { done: 'heeft de API-sleutel {name} ingetrokken', tried: 'de API-sleutel {name} intrekken' },
  'linked_account.link': {
    done: 'heeft het eigen account van {name} gekoppeld',
    tried: 'het eigen account van {name} koppelen',
  },
  'linked_account.unlink': {
    done: 'heeft het eigen account van {name} ontkoppeld',
    tried: 'het eigen account van {name} ontkoppelen',
  },
  'parked.drop': { done: 'heeft een geparkeerd record laten vallen', tried: 'een geparkeerd record laten vallen' },
  'parked.replay': {
    done: 'heeft geparkeerde records opnieuw afgespeeld',
    tried: 'geparkeerde records opnieuw afspelen',
  },
  'person.activate': { done: 'heeft {what} weer laten aanmelden', tried: '{what} weer laten aanmelden' },
  'person.change': { done: 'heeft het account van {what} gewijzigd', tried: 'het account van {what} wijzigen' },
  'person.create': {
    done: 'heeft bij een aanmelding het account van {what} gemaakt',
    tried: 'bij een aanmelding het account van {what} maken',
  },
  'person.erase': {
    done: 'heeft de persoonsgegevens van {what} gewist',
    tried: 'de persoonsgegevens van {what} wissen',
  },
  'person.let_in_frame': {
    done: 'heeft een paneel op de pagina van een andere site aangemeld',
    tried: 'een paneel op de pagina van een andere site aanmelden',
  },
  'person.remove': { done: 'heeft het account van {what} verwijderd', tried: 'het account van {what} verwijderen' },
  'person.reset': {
    done: 'heeft de aanmeldwijzen van {what} opnieuw ingesteld',
    tried: 'de aanmeldwijzen van {what} opnieuw instellen',
  },
  'person.set_owners': {
    done: 'heeft de CRM-gebruikers van {what} aangewezen',
    tried: 'de CRM-gebruikers van {what} aanwijzen',
  },
  'person.sign_in': { done: 'heeft zich aangemeld', tried: 'zich aanmelden' },
  'person.sign_in_link': {
    done: 'heeft een eenmalige aanmeldkoppeling gemaakt',
    tried: 'een eenmalige aanmeldkoppeling maken',
  },
  'person.sign_out': { done: 'heeft zich afgemeld', tried: 'zich afmelden' },
  'person.suspend': { done: 'heeft {what} geblokkeerd', tried: '{what} blokkeren' },
  'provider.change': { done: 'heeft een aanmeldprovider gewijzigd', tried: 'een aanmeldprovider wijzigen' },
  'provider.check': { done: 'heeft een aanmeldprovider gecontroleerd', tried: 'een aanmeldprovider controleren' },
  'provider.create': { done: 'heeft een aanmeldprovider toegevoegd', tried: 'een aanmeldprovider toevoegen' },
  'provider.remove': { done: 'heeft een aanmeldprovider verwijderd', tried: 'een aanmeldprovider verwijderen' },
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
  'role.change': { done: 'heeft de rol {name} gewijzigd', tried: 'de rol {name} wijzigen' },
  'role.create': { done: 'heeft de rol {name} gemaakt', tried: 'de rol {name} maken' },
  'role.remove': { done: 'heeft de rol {name} verwijderd', tried: 'de rol {name} verwijderen' },
  'run.audit': { done: 'heeft een audit van {what} gevraagd', tried: 'een audit van {what} vragen' },
  'run.request': {
    done: 'heeft een synchronisatie van {what} gevraagd',
    tried: 'een synchronisatie van {what} vragen',
  },
  'run.steer': { done: 'heeft een synchronisatie bijgestuurd', tried: 'een synchronisatie bijsturen' },
  'secret.use': {
    done: 'heeft met het geheim van {what} bij het CRM aangemeld',
    tried: 'met het geheim van {what} bij het CRM aanmelden',
  },
  'session.end': { done: 'heeft een sessie van {what} beëindigd', tried: 'een sessie van {what} beëindigen' },
  'table.add': { done: 'heeft een tabel aan {what} toegevoegd', tried: 'een tabel aan {what} toevoegen' },
  'table.change': { done: 'heeft een tabel van {what} gewijzigd', tried: 'een tabel van {what} wijzigen' },
  'table.preview': { done: 'heeft een tabel van {what} vooraf bekeken', tried: 'een tabel van {what} vooraf bekijken' },
  'team.add_member': { done: 'heeft iemand in het team {name} opgenomen', tried: 'iemand in het team {name} opnemen' },
  'team.change': { done: 'heeft het team {name} gewijzigd', tried: 'het team {name} wijzigen' },
  'team.create': { done: 'heeft het team {name} gemaakt', tried: 'het team {name} maken' },
  'team.remove': { done: 'heeft het team {name} verwijderd', tried: 'het team {name} verwijderen' },
  'team.remove_member': { done: 'heeft iemand uit het team {name} gehaald', tried: 'iemand uit het team {name} halen' },
  'write.cancel': { done: 'heeft een schrijfopdracht geannuleerd', tried: 'een schrijfopdracht annuleren' },
  'write.deliver': { done: 'heeft een record naar het CRM geschreven', tried: 'een record naar het CRM schrijven' },
  'write.keep': {
    done: 'heeft een schrijfopdracht naar het CRM gegeven',
    tried: 'een schrijfopdracht naar het CRM geven',
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
