"""How streets are called, and what follows them in an address, in some languages."""

from __future__ import annotations

from typing import Final

from .postcode import CANADA, STATES, UK

_CAPITAL: Final = "[A-ZÀ-ÖØ-ÞĄĆĘŁŃÓŚŹŻ]"
_NAME: Final = rf"{_CAPITAL}[\w'\u2019.-]{{0,24}}"
_GLUE: Final = r"(?:de la |de los |de las |de les |del |della |dello |delle |dei |degli |des |de |du |da |do |dos |das |d['\u2019]|de l['\u2019]|la |le |les |l['\u2019]|el |los |von |van |van der |van den |der |den |y |e |et )"
_TITLE: Final = rf"{_GLUE}?{_NAME}(?: {_GLUE}?{_NAME}){{0,4}}"
_KIND: Final = (
    "Street|St|Avenue|Ave|Av|Road|Rd|Drive|Dr|Lane|Ln|Court|Ct|Place|Pl|Boulevard|Blvd|Way|Highway|Hwy|Parkway"
    "|Pkwy|Terrace|Ter|Circle|Cir|Square|Sq|Trail|Trl|Crescent|Cres|Close|Loop|Row|Walk|Alley|Plaza|Pike|Turnpike"
    "|Route|Rte|Expressway|Freeway|Heights|Hts|Ridge|Run|Path|Grove|Gardens|Gdns|Mews|Hill|Park|Point|Pt|Bridge"
    "|Bypass|Canyon|Causeway|Cliff|Cliffs|Club|Common|Corner|Corners|Course|Cove|Creek|Crossing|Curve|Dale|Dam"
    "|Divide|Estate|Estates|Extension|Falls|Ferry|Field|Fields|Flat|Flats|Ford|Forest|Forge|Fork|Forks|Fort"
    "|Garden|Gateway|Glen|Green|Harbor|Haven|Hills|Hollow|Inlet|Island|Islands|Isle|Junction|Junctions|Key|Keys"
    "|Knoll|Knolls|Lake|Lakes|Land|Landing|Light|Lights|Locks|Lodge|Mall|Manor|Manors|Meadow|Meadows|Mill|Mills"
    "|Mission|Motorway|Mount|Mountain|Neck|Orchard|Oval|Overpass|Parade|Pde|Parks|Parkways|Pass|Passage|Pine|Pines"
    "|Plain|Plains|Points|Port|Ports|Prairie|Radial|Ramp|Ranch|Rapid|Rapids|Rest|Ridges|River|Roads|Rue|Shoal"
    "|Shoals|Shore|Shores|Skyway|Spring|Springs|Spur|Spurs|Station|Stravenue|Stream|Streets|Summit|Throughway"
    "|Trace|Track|Tunnel|Underpass|Union|Unions|Valley|Valleys|Via|Viaduct|View|Views|Village|Ville|Vista|Walks"
    "|Wall|Ways|Well|Wells"
)
"""Many as the postal service of the USA lists them (https://pe.usps.com/text/pub28/28apc_002.htm)."""
SURE_KIND: Final = (
    r"\b(?:Street|St|Avenue|Ave|Road|Rd|Drive|Dr|Lane|Ln|Court|Ct|Boulevard|Blvd|Highway|Hwy|Parkway|Pkwy"
    r"|Terrace|Circle|Cir|Square|Crescent|Close|Trail|Mews)\b"
)
_UNIT: Final = (
    r"(?:,? (?:Apt|Apartment|Suite|Ste|Unit|Flat|Floor|Fl|Rm|Room|Bldg|Building|Lot|Dept|APT|STE|SUITE|UNIT)\b\.? ?#? ?[A-Z0-9-]{1,6}"
    r"|,? ?# ?[A-Z0-9-]{1,6})"
)
_HOUSE: Final = r"[0-9]{1,5}(?:[A-Za-z]\b|-[0-9]{1,4}| 1/2)?"
_NUMBER: Final = r",? (?:n[ºo°]?\.? ?|nr\.? ?)?[0-9]{1,4}(?: ?[a-zA-Z]\b|[-/][0-9]{1,4}[a-zA-Z]?)?"
ENGLISH: Final = (
    rf"{_HOUSE},? (?:(?:[NSEW]{{1,2}}|North|South|East|West)\.? )?(?:[A-Z][\w'\u2019-]{{0,24}}\.? |[0-9]{{1,3}}(?:st|nd|rd|th) ){{1,4}}"
    rf"(?:{_KIND})\b\.?(?: (?:[NSEW]{{1,2}}|North|South|East|West)\b\.?)?{_UNIT}?"
    rf"|{_HOUSE} (?:(?:[NSEW]\.? )?[A-Z'-]{{2,24}} ){{1,4}}(?:{_KIND.upper()})\b\.?{_UNIT}?"
    rf"|{_HOUSE} (?:Broadway|Avenue [A-Z]|Highway [0-9]{{1,4}}|Route [0-9]{{1,4}})\b{_UNIT}?"
)
FRENCH: Final = (
    r"[0-9]{1,4}(?: ?(?:bis|ter|quater))?,? (?:rue|avenue|av\.|boulevard|bd|place|chemin|allée|impasse|quai|cours|route|passage|Rue|Avenue|Boulevard|Place|Chemin|Allée|Impasse|Quai|Cours|Route) "
    + _TITLE
)
OTHERS: Final = {
    "es": rf"(?:Calle|C/|C\.|Avenida|Avda\.?|Av\.|Plaza|Pza\.|Paseo|Pº|Carrera|Cra\.?|Camino|Ronda|Travesía) ?{_TITLE}{_NUMBER}",
    "it": rf"(?:Via|Viale|V\.le|Piazza|P\.zza|Piazzale|Corso|C\.so|Vicolo|Largo|Strada|Lungomare|Borgo|Contrada) {_TITLE}{_NUMBER}",
    "pt": rf"(?:Rua|R\.|Avenida|Av\.|Travessa|Praça|Alameda|Estrada|Largo) {_TITLE}{_NUMBER}",
    "pl": rf"(?:ul\.|ulica|al\.|aleja|pl\.|os\.) ?{_TITLE} [0-9]{{1,4}}[A-Za-z]?(?:/[0-9]{{1,4}}| m\. ?[0-9]{{1,4}})?",
    "box": r"(?:P\.? ?O\.? ?Box|PO BOX|P\.O\. BOX|Post Office Box|Postfach|Apartado(?: de Correos)?|Casella Postale|Caixa Postal|Postbus) [0-9]{1,6}(?: [0-9]{2}){0,2}"
    r"|(?:PSC|CMR|Unit|USNS|USS|USNV|USCGC|USNV) (?:[0-9]{2,5}|[A-Z][a-z]{2,15}),? (?:Box [0-9]{2,5}|(?=,?[ \n][FAD]PO))",
}
ENDINGS: Final = (
    "straße", "strasse", "str.", "weg", "platz", "allee", "gasse", "ring", "damm", "ufer", "straat", "laan", "plein",
    "gracht", "kade", "dijk", "singel", "gatan", "vägen", "gränd", "torget", "stigen", "gade", "vej", "katu", "tie",
)  # fmt: skip
"""Of words that are streets in German, Dutch, Swedish, Danish and Finnish."""
_ENDS: Final = "|".join(map(str.replace, ENDINGS, ["."] * len(ENDINGS), [r"\."] * len(ENDINGS)))
GERMANIC: Final = (
    rf"(?:{_CAPITAL}[\w'\u2019-]{{1,40}}?(?:{_ENDS})|{_CAPITAL}[\w.'\u2019-]{{1,40}}?[ -](?:[Ss]tra(?:ß|ss)e|Str\.|Weg|Platz|Allee|Ring|Damm|Ufer))"
    r" [0-9]{1,4}(?: ?[a-hA-H]\b)?(?:-[0-9]{1,4})?"
)
_CITY: Final = rf"{_CAPITAL}[\w'\u2019.-]{{1,24}}(?:[ -](?:(?:of|am|an der|im|in|der|de|la|sur|upon|on|le|les|di|del|do|da|under|bei) )?{_CAPITAL}[\w'\u2019.-]{{1,24}}){{0,3}}"
_GAP: Final = r"(?:,? {1,2}|,? ?\n ?|, ?)"
_STATE_NAMES: Final = (
    "Alabama|Alaska|Arizona|Arkansas|California|Colorado|Connecticut|Delaware|Florida|Georgia|Hawaii|Idaho|Illinois"
    "|Indiana|Iowa|Kansas|Kentucky|Louisiana|Maine|Maryland|Massachusetts|Michigan|Minnesota|Mississippi|Missouri"
    "|Montana|Nebraska|Nevada|New Hampshire|New Jersey|New Mexico|New York|North Carolina|North Dakota|Ohio|Oklahoma"
    "|Oregon|Pennsylvania|Rhode Island|South Carolina|South Dakota|Tennessee|Texas|Utah|Vermont|Virginia|Washington"
    "|West Virginia|Wisconsin|Wyoming"
)
_COUNTRY: Final = "USA|U\\.S\\.A\\.|UK|United Kingdom|United States|Germany|Deutschland|France|Spain|España|Italy|Italia|Netherlands|Nederland|Poland|Polska|Sweden|Sverige|Australia|Canada|Austria|Österreich|Switzerland|Schweiz|Portugal|Brasil|Brazil|India|Ireland|Belgium"
TAIL: Final = (
    rf"(?:{_GAP}(?:(?:APO|FPO|DPO)(?:,? (?:{STATES}))?|(?:{_CITY}{_GAP})?(?:{STATES}|{_STATE_NAMES}))\b\.?(?:{_GAP}[0-9]{{5}}(?:-[0-9]{{4}})?\b)?"
    rf"|(?:{_GAP}{_CITY}){{0,2}}{_GAP}(?:{UK}|(?:(?:ON|QC|BC|AB|MB|SK|NS|NB|NL|PE|YT|NT|NU),? )?{CANADA}|(?:NSW|VIC|QLD|WA|SA|TAS|ACT|NT),? [0-9]{{4}})\b"
    rf"|{_GAP}(?:[A-Z]-)?(?:[0-9]{{4}} ?[A-Z]{{2}}|[0-9]{{2}}-[0-9]{{3}}|[0-9]{{4,5}}|[0-9]{{3}} [0-9]{{2}}|[0-9]{{5}}-[0-9]{{3}}) {_CITY}(?: \([A-Z]{{2}}\))?"
    rf"|{_GAP}{_CITY},? [0-9]{{5}}(?:-[0-9]{{4}})?\b)"
)
LAND: Final = rf"{_GAP}(?:{_COUNTRY})\b"
