import { type Column, choice, column, text } from '../schema.ts'

/** The columns of the first address, which account, contact and lead share. */
export function addressColumns(): Column[] {
  return [
    text('address1_name', 200, 'Address 1: Name|Adresse 1 : nom|Adres 1: naam'),
    text('address1_line1', 250, 'Street 1|Rue 1|Straat 1'),
    text('address1_line2', 250, 'Street 2|Rue 2|Straat 2'),
    text('address1_line3', 250, 'Street 3|Rue 3|Straat 3'),
    text('address1_city', 80, 'City|Ville|Plaats'),
    text('address1_stateorprovince', 50, 'State/Province|Département/Région|Provincie'),
    text('address1_postalcode', 20, 'ZIP/Postal Code|Code postal|Postcode'),
    text('address1_country', 80, 'Country/Region|Pays/région|Land/regio'),
    text('address1_county', 50, 'County|Canton|Streek'),
    text('address1_composite', 1000, 'Address 1|Adresse 1|Adres 1', { create: false, update: false }),
    text('address1_telephone1', 50, 'Address Phone|Téléphone de l’adresse|Telefoon van adres'),
    column('address1_latitude', 'Double', 'Latitude|Latitude|Breedtegraad'),
    column('address1_longitude', 'Double', 'Longitude|Longitude|Lengtegraad'),
    choice(
      'address1_addresstypecode',
      'Address Type|Type d’adresse|Adrestype',
      '1 Bill To|Facturation|Factuuradres;2 Ship To|Livraison|Verzendadres;3 Primary|Principale|Primair;4 Other|Autre|Overig',
    ),
  ]
}

/** What the connector solution of the contact centre adds to account and contact. */
export function sourceColumns(): Column[] {
  return [
    text('msdyn_source_crm', 100, 'Source CRM|CRM source|Bron-CRM', { custom: true }),
    text('msdyn_source_crm_id', 100, 'Source CRM ID|ID du CRM source|Bron-CRM-id', { custom: true }),
    text('msdyn_source_crm_url', 500, 'Source CRM URL|URL du CRM source|URL van bron-CRM', { custom: true }),
  ]
}

export const PREFERRED_CONTACT =
  '1 Any|Tous|Elke;2 Email|Courriel|E-mail;3 Phone|Téléphone|Telefoon;4 Fax|Fax|Fax;5 Mail|Courrier|Post'
