/** First and last names, companies and jobs, by the culture of a country. */
type Names = { first: readonly string[]; last: readonly string[] }

const names = (first: string, last: string): Names => ({ first: first.split(' '), last: last.split('|') })

export const CULTURES: Readonly<Record<string, Names>> = {
  dutch: names(
    'Jan Sofie Pieter Els Joris Anneleen Ruben Lotte Wouter Femke Bram Hanne Koen Liesbeth Maarten Noor Thijs Saskia Daan Griet Björn Zoë',
    "Janssens|Peeters|De Smet|Van den Broeck|'t Hooft|van der Meer|De Vries|Jansen|Bakker|Visser|Maes|Willems|Vandenberghe|Van 't Veld|D'hondt|Öztürk-De Clercq|van Dijk|Mulder|IJsbrand|Claes|Goossens|De Wit",
  ),
  french: names(
    'Jean Marie François Chloé Hélène Étienne Zoé Benoît Aurélie Cédric Noël Mathilde Gaëlle Loïc Inès Théo Anaïs Raphaël',
    'Martin|Bernard|Dubois|Lefèvre|Moreau|Laurent|Garçon|Müller|D’Aubigné|Le Goff|Saint-Exupéry|Côté|Noël|Rousseau|Lemaître|Œuvrard|Faÿ|de La Fontaine',
  ),
  german: names(
    'Hans Jürgen Käthe Günther Sabine Björn Jörg Annegret Uwe Birgit Lukas Mia Felix Sophie Matthias Dörte',
    'Müller|Schmidt|Weiß|Groß|Schäfer|Köhler|Jäger|Vogel|von der Heide|Straßer|Krüger|Böhm|Zimmermann|Freiherr von Uexküll|Özdemir|Hofmann',
  ),
  english: names(
    'James Mary John Patricia Robert Jennifer Michael Linda Siobhán William Zoë Aoife Nia Dylan Olivia Chidi Fatima Noah Emma Beyoncé',
    "Smith|Jones|Taylor|Brown|O'Brien|O’Connor|McDonald|MacLeod|Fitzgerald-Hughes|St. John|Williams|Null|True|Johnson|Nguyen|Patel|García|Kowalski|Test|Undefined",
  ),
  spanish: names(
    'José María Íñigo Begoña Ángel Lucía Jesús Inés João Conceição Luís Mónica Nuño Ximena Sofía Óscar',
    'García|Fernández|Muñoz|Núñez|Ibáñez|Gonçalves|de la Cruz|da Silva|Sánchez Pérez|Araújo|Peña|Ávila|Güell|Magalhães|Rodríguez|Ñíguez',
  ),
  italian: names(
    'Giuseppe Niccolò Francesca Giulia Andrea Chiara Matteo Letizia Nicolò Mirò',
    'Rossi|Russo|D’Angelo|Dell’Acqua|Lo Presti|Forlì|De Luca|Bianchi|Cantù|Morandi',
  ),
  nordic: names(
    'Søren Åse Øystein Bjørn Märta Sigríður Håkon Þóra Jörgen Kaisa Väinö Aino Åke Lærke',
    'Ångström|Ødegård|Kjær|Sørensen|Nyström|Hämäläinen|Korhonen|Þórsdóttir|Bjørnstjerne|Lindqvist|Hansen|Åkesson|Mäkinen|Nørgaard',
  ),
  polish: names(
    'Łukasz Małgorzata Stanisław Żaneta Jiří Šárka Ondřej Ľubica Grzegorz Agnieszka Zbigniew Řehoř',
    'Kowalski|Wiśniewska|Wójcik|Dąbrowski|Żółkiewski|Dvořák|Novotná|Černý|Świątek|Brzęczyszczykiewicz|Šťastný|Průša',
  ),
  greek: names(
    'Γεώργιος Μαρία Ελένη Νίκος Σοφία Αθανάσιος',
    'Παπαδόπουλος|Νικολάου|Οικονόμου|Καραγιάννης|Αλεξίου|Ξενάκης',
  ),
  cyrillic: names('Олександр Ірина Ганна Їжак Сергій Єва', 'Шевченко|Коваленко|Бондаренко|Щербак|Ґудзь|Юр’єв'),
  japanese: names('花子 太郎 さくら 健 美咲 ケンジ', '山田|佐藤|渡邉|髙橋|齋藤|𠮷田'),
  chinese: names('伟 芳 秀英 敏 小龙 丽', '王|李|张|欧阳|司马|陈'),
  indian: names('Aarav Ananya प्रिया राहुल Lakshmi விஜய்', 'Sharma|Iyer|शर्मा|Venkataraman|சுப்பிரமணியன்|Singh'),
  turkish: names('İbrahim Ayşe Çağla Gökhan Şule Işıl', 'Yılmaz|Öztürk|Şahin|Çelik|Güneş|Kılıç'),
  hebrew: names('דוד שרה נועה יוסף Avi Tal', 'כהן|לוי|בן-דוד|מזרחי|Shapiro|Ben Gurion'),
  arabic: names('محمد فاطمة علي نور خالد مريم', 'العلي|الحسن|عبد الرحمن|المصري|الشمري|بن سعود'),
}

export const COMPANY_STEMS =
  'Acme|Globex|Initech|Umbra|Noordzee|Alpen|Rhône|Øresund|Zürisee|Brasserie de l’Est|Ärzte & Söhne|Société Générale d’Horlogerie|株式会社さくら|上海明华|Ελληνικά Έργα|Київхліб|شركة النور|תעשיות גליל|Kowalski i Synowie|Ateliers "Le Lion"|C&A Partners|Smith <& Sons>|Müller\\Weber|Café Zoë|Boulangerie 🥐|Nordlicht|Ponte Vecchio|São João|Iñárritu|Van Damme|Peeters|Bright Star|Blue River|Red Oak|First National|Pan-European'.split(
    '|',
  )
export const COMPANY_KINDS =
  'NV|BV|SA|GmbH|Ltd|Inc.|LLC|SRL|AB|A/S|SpA|sp. z o.o.|AG|& Co. KG|Group|Holding|Logistics|Foods|Systems|Services|Consulting|Verzekeringen|Bouw|Pharma|Energie'.split(
    '|',
  )
export const JOBS =
  'Manager|Directeur|Inkoper|Sales Representative|CEO|CFO|Ingénieur|Geschäftsführer|Assistant|Kinésithérapeute|Zaakvoerder|Buyer|Helpdesk|Architect|Responsable achats|IT-beheerder|Owner|Receptionist|Vice President, EMEA|営業部長|Planner'.split(
    '|',
  )
export const DEPARTMENTS =
  'Sales|Finance|Achats|Inkoop|IT|HR|Legal|Production|Kundendienst|Logistiek|R&D|Marketing'.split('|')
export const STREETS =
  'Main Street|Kerkstraat|Rue de la Loi|Hauptstraße|Via Roma|Calle Mayor|Stationsplein|Avenue Louise|Nieuwstraat|Bahnhofstrasse|Grote Markt|Rue de l’Église|Storgatan|Ulica Długa|High Street|Boulevard Haussmann'.split(
    '|',
  )
export const SALUTATIONS = 'Mr.|Mrs.|Ms.|Dr.|Dhr.|Mevr.|M.|Mme|Herr|Frau|Prof. dr. ir.'.split('|')
export const NOTES = [
  'Prefers to be called in the morning; speaks French and Dutch.',
  'Met at the fair in Hannover. Asked for an offer on 3 machines.',
  'Klant sinds 2009. Facturen steeds per e-mail sturen.',
  'Ne pas appeler avant 10 h.\r\nDemander Mme Dubois en cas d’absence.',
  'VIP\tcheck credit limit first',
  'Said "call back next week" — no follow-up yet. 😀',
  'Imported from the old system; the address may be out of date.',
]

const ASCII: Record<string, string> = { ß: 'ss', ø: 'o', æ: 'ae', ł: 'l', œ: 'oe', ð: 'd', þ: 'th', ı: 'i' }

/** What a person's name becomes in an address; empty when nothing of it is Latin. */
export function slug(text: string): string {
  const latin = text.toLowerCase().replace(/[ßøæłœðþı]/g, (c) => ASCII[c] ?? c)
  return latin.normalize('NFD').replace(/[^a-z0-9]+/g, '')
}
