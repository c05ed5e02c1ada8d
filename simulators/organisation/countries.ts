/**
 * Countries with the forms their numbers take. In a pattern `#` is any digit and `N` one of 2 to 9; patterns are
 * national significant numbers that libphonenumber calls possible, most of them valid.
 */
export type Country = {
  code: string
  /** How people write it in the address, the English form first. */
  names: readonly string[]
  cc: string
  /** What is dialled before the number inside the country, '' for none. */
  trunk: string
  mobile: readonly string[]
  fixed: readonly string[]
  culture: string
  /** "city;state;postal pattern". */
  cities: readonly string[]
  latitude: number
  longitude: number
}

type Row = [code: string, names: string, cc: string, trunk: string, mobile: string, fixed: string, culture: string]

function country(row: Row, cities: string, latitude: number, longitude: number): Country {
  const [code, names, cc, trunk, mobile, fixed, culture] = row
  const list = {
    names: names.split('|'),
    mobile: mobile.split(' '),
    fixed: fixed.split(' '),
    cities: cities.split('|'),
  }
  return { code, cc, trunk, culture, latitude, longitude, ...list }
}

export const COUNTRIES: readonly Country[] = [
  country(
    [
      'BE',
      'Belgium|België|Belgique|BE|BEL',
      '32',
      '0',
      '470###### 486###### 495######',
      '2####### 9####### 3####### 11######',
      'dutch',
    ],
    'Gent;Oost-Vlaanderen;9000|Antwerpen;Antwerpen;2###|Bruxelles;;1###|Liège;Liège;4000|Hasselt;Limburg;3500|Leuven;Vlaams-Brabant;3000',
    50.9,
    4.4,
  ),
  country(
    [
      'NL',
      'Netherlands|Nederland|The Netherlands|NL|Holland',
      '31',
      '0',
      '61####### 62####### 64#######',
      '20####### 10####### 30#######',
      'dutch',
    ],
    "Amsterdam;Noord-Holland;10## AB|Rotterdam;Zuid-Holland;30## XC|Utrecht;Utrecht;35## GT|'s-Hertogenbosch;Noord-Brabant;52## KL",
    52.2,
    5.1,
  ),
  country(
    ['FR', 'France|FRANCE|FR', '33', '0', '6######## 76#######', '14####### 472###### 556######', 'french'],
    'Paris;Île-de-France;750##|Lyon;Rhône;6900#|Bordeaux;Gironde;33000|L’Haÿ-les-Roses;Val-de-Marne;94240',
    48.1,
    2.3,
  ),
  country(
    [
      'DE',
      'Germany|Deutschland|DE|D',
      '49',
      '0',
      '1511####### 171####### 160#######',
      '30######## 89######## 221#######',
      'german',
    ],
    'Berlin;;10###|München;Bayern;80###|Köln;Nordrhein-Westfalen;50###|Weiß­wasser;Sachsen;02943',
    51.1,
    10.2,
  ),
  country(
    [
      'GB',
      'United Kingdom|UK|Great Britain|GB|England',
      '44',
      '0',
      '7400###### 7911###### 7700######',
      '207946#### 1614###### 131N######',
      'english',
    ],
    'London;Greater London;SW1A #AA|Manchester;;M1 #AE|Edinburgh;Midlothian;EH1 #RF',
    52.5,
    -1.5,
  ),
  country(
    [
      'US',
      'United States|USA|US|U.S.A.|United States of America',
      '1',
      '',
      '212N###### 415N###### 617N######',
      '312N###### 206N###### 305N######',
      'english',
    ],
    'New York;NY;100##|San Francisco;CA;941##|Boston;MA;021##|Seattle;WA;981##-####|Miami;FL;331##',
    39.1,
    -95.2,
  ),
  country(
    ['CA', 'Canada|CA|CAN', '1', '', '416N###### 514N######', '604N###### 613N######', 'english'],
    'Toronto;ON;M5V #K2|Montréal;QC;H2X #Y4|Vancouver;BC;V6B #A1',
    48.4,
    -81.1,
  ),
  country(
    ['ES', 'Spain|España|ES', '34', '', '6########', '91####### 93#######', 'spanish'],
    'Madrid;Madrid;280##|Barcelona;Barcelona;080##|A Coruña;A Coruña;15001',
    40.1,
    -3.7,
  ),
  country(
    ['IT', 'Italy|Italia|IT', '39', '', '347####### 333#######', '066####### 024#######', 'italian'],
    'Roma;RM;001##|Milano;MI;201##|Forlì;FC;47121',
    42.9,
    12.3,
  ),
  country(
    ['PT', 'Portugal|PT', '351', '', '91####### 96#######', '21####### 22#######', 'spanish'],
    'Lisboa;;1###-0##|Porto;;4###-1##',
    39.4,
    -8.2,
  ),
  country(
    ['CH', 'Switzerland|Schweiz|Suisse|Svizzera|CH', '41', '0', '79####### 78#######', '44####### 22#######', 'german'],
    'Zürich;ZH;80##|Genève;GE;120#|Bern;BE;301#',
    46.8,
    8.2,
  ),
  country(
    ['AT', 'Austria|Österreich|AT', '43', '0', '664####### 676#######', '1512#### 316######', 'german'],
    'Wien;;10#0|Graz;Steiermark;80##',
    47.6,
    14.1,
  ),
  country(
    ['LU', 'Luxembourg|Luxemburg|LU', '352', '', '621######', '26######', 'french'],
    'Luxembourg;;L-####|Esch-sur-Alzette;;L-4###',
    49.7,
    6.1,
  ),
  country(
    ['DK', 'Denmark|Danmark|DK', '45', '', '20###### 31######', '33###### 86######', 'nordic'],
    'København Ø;;21##|Århus;;8000',
    56.1,
    9.5,
  ),
  country(
    ['SE', 'Sweden|Sverige|SE', '46', '0', '70####### 73#######', '8N####### 31N######', 'nordic'],
    'Stockholm;;11# ##|Malmö;Skåne;211 ##',
    60.2,
    15.1,
  ),
  country(
    ['NO', 'Norway|Norge|NO', '47', '', '41###### 92######', '22###### 55######', 'nordic'],
    'Oslo;;01##|Tromsø;;90##',
    60.5,
    8.5,
  ),
  country(
    ['FI', 'Finland|Suomi|FI', '358', '0', '40####### 50#######', '9N###### 2N######', 'nordic'],
    'Helsinki;;00##0|Jyväskylä;;40##0',
    61.9,
    25.7,
  ),
  country(
    ['PL', 'Poland|Polska|PL', '48', '', '501###### 601######', '22####### 12#######', 'polish'],
    'Warszawa;mazowieckie;0#-###|Łódź;łódzkie;90-###',
    52.1,
    19.4,
  ),
  country(
    ['CZ', 'Czechia|Czech Republic|Česko|CZ', '420', '', '601###### 777######', '222###### 541######', 'polish'],
    'Praha;;1## 00|Brno;;60# 00',
    49.8,
    15.5,
  ),
  country(
    ['GR', 'Greece|Ελλάδα|GR', '30', '', '694####### 697#######', '210N###### 231N######', 'greek'],
    'Αθήνα;Αττική;10# ##|Θεσσαλονίκη;;54# ##',
    39.1,
    21.8,
  ),
  country(
    ['IE', 'Ireland|Éire|IE', '353', '0', '85####### 87#######', '1N###### 21N######', 'english'],
    'Dublin;Dublin;D02 X###|Dún Laoghaire;;A96 K###',
    53.4,
    -8.2,
  ),
  country(
    ['JP', 'Japan|日本|JP', '81', '0', '90N####### 80N#######', '3N####### 6N#######', 'japanese'],
    '千代田区;東京都;100-00##|大阪市;大阪府;530-00##',
    36.2,
    138.3,
  ),
  country(
    ['CN', 'China|中国|CN|P.R. China', '86', '', '138######## 186########', '10N####### 21N#######', 'chinese'],
    '北京;北京市;1000##|上海;上海市;2000##',
    35.9,
    104.2,
  ),
  country(
    ['IN', 'India|भारत|IN', '91', '0', '98######## 99########', '222N###### 112N######', 'indian'],
    'Mumbai;Maharashtra;4000##|नई दिल्ली;Delhi;1100##',
    20.6,
    78.9,
  ),
  country(
    ['BR', 'Brazil|Brasil|BR', '55', '0', '1198####### 2199#######', '113N###### 213N######', 'spanish'],
    'São Paulo;SP;01###-000|Rio de Janeiro;RJ;20###-000',
    -14.2,
    -51.9,
  ),
  country(
    ['MX', 'Mexico|México|MX', '52', '', '5512###### 5545######', '8183###### 3336######', 'spanish'],
    'Ciudad de México;CDMX;06###|Monterrey;NL;64###',
    23.6,
    -102.5,
  ),
  country(
    ['ZA', 'South Africa|ZA|RSA', '27', '0', '82####### 72#######', '11N###### 21N######', 'english'],
    'Johannesburg;Gauteng;2###|Cape Town;Western Cape;80##',
    -30.6,
    22.9,
  ),
  country(
    ['AU', 'Australia|AU|AUS', '61', '0', '412###### 438######', '292N##### 396N#####', 'english'],
    'Sydney;NSW;20##|Melbourne;VIC;30##',
    -25.3,
    133.8,
  ),
  country(
    ['TR', 'Turkey|Türkiye|TR', '90', '0', '532####### 542#######', '212N###### 312N######', 'turkish'],
    'İstanbul;;34###|Ankara;;06###',
    38.9,
    35.2,
  ),
  country(
    ['IL', 'Israel|ישראל|IL', '972', '0', '50N###### 54N######', '36###### 26######', 'hebrew'],
    'תל אביב;;61#####|Jerusalem;;91#####',
    31.1,
    34.9,
  ),
  country(
    [
      'SA',
      'Saudi Arabia|المملكة العربية السعودية|SA',
      '966',
      '0',
      '50####### 55#######',
      '112N##### 122N#####',
      'arabic',
    ],
    'الرياض;;11###|Jeddah;;21###',
    23.9,
    45.1,
  ),
  country(
    ['UA', 'Ukraine|Україна|UA', '380', '0', '50####### 67#######', '44N###### 32N######', 'cyrillic'],
    'Київ;;01###|Львів;;79###',
    48.4,
    31.2,
  ),
]

/** Belgium and its neighbours are met more often. */
export const WEIGHTED: readonly Country[] = COUNTRIES.flatMap((c, i) => Array(i < 6 ? 5 : 1).fill(c) as Country[])
