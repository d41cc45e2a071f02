"""Numbers of persons, by country: each with the check digit that its authority defines.

The formulas are written another way than those of the recognizers, where there is one.
"""

from collections.abc import Callable, Iterable
from random import Random

from .finance import digits, luhn

CONSONANTS = "BCDFGHJKLMNPQRSTVWXYZ"
DOCUMENT = "CFGHJKLMNPRTVWXYZ"


def letters(random: Random, count: int, alphabet: str = CONSONANTS) -> str:
    return "".join(random.choices(alphabet, k=count))


def birth(random: Random, form: str = "ymd", low: int = 1930, high: int = 1999) -> str:
    """Day, month and two digits of the year, in some order; `Y` is the whole year."""
    parts = {
        "d": f"{random.randint(1, 28):02}",
        "m": f"{random.randint(1, 12):02}",
        "Y": str(random.randint(low, high)),
    }
    parts["y"] = parts["Y"][2:]
    return "".join(parts[part] for part in form)


def dotted(plain: str, form: str) -> str:
    """Each `#` of the form is the next character."""
    rest = iter(plain)
    return "".join(next(rest) if char == "#" else char for char in form)


def until(draw: Callable[[], str | None]) -> str:
    """The first that is not None: some numbers have no check digit and are never issued."""
    while True:
        drawn = draw()
        if drawn is not None:
            return drawn


def solved(body: str, fits: Callable[[str], bool], last: str = "0123456789") -> str | None:
    """The body with the only last character that fits the definition."""
    found = [body + char for char in last if fits(body + char)]
    return found[0] if len(found) == 1 else None


def dot(value: str, weights: Iterable[str | int]) -> int:
    return sum(int(char) * int(weight) for char, weight in zip(value, weights, strict=True))


def us_ssn(random: Random) -> str:
    area = random.choice([n for n in range(100, 900) if n != 666])
    return f"{area}-{random.randint(1, 99):02}-{random.randint(1, 9999):04}"


def us_itin(random: Random) -> str:
    return f"9{digits(random, 2)}-{random.choice((50, 65, 70, 88, 92, 99))}-{digits(random, 4)}"


def us_license(random: Random) -> str:
    return random.choice(
        (
            letters(random, 1) + digits(random, 7),
            "7" + digits(random, 7),
            letters(random, 1) + digits(random, 12),
        )
    )


def nino(random: Random) -> str:
    plain = random.choice(("AB", "CE", "JM", "PW")) + digits(random, 6) + random.choice("ABCD")
    return dotted(plain, "## ## ## ## #")


def nhs(random: Random) -> str:
    def draw() -> str | None:
        body = "4" + digits(random, 8)
        return solved(body, lambda v: dot(v, [10, 9, 8, 7, 6, 5, 4, 3, 2, 1]) % 11 == 0)

    return dotted(until(draw), "### ### ####")


def uk_driving(random: Random) -> str:
    born = birth(random, "ymd")
    return f"{letters(random, 4)}9{born[0]}{born[2:6]}{born[1]}{letters(random, 2)}9{letters(random, 2)}"


def ie_pps(random: Random) -> str:
    body = "1" + digits(random, 6)
    rest = sum(int(char) * (8 - place) for place, char in enumerate(body)) + 9
    return f"{body}{'WABCDEFGHIJKLMNOPQRSTUV'[rest % 23]}A"


def de_tax(random: Random) -> str:
    chosen = random.sample("123456789", 9)
    plain = "".join([*chosen[:4], chosen[0], *chosen[4:]])
    return dotted(iso_11_10(plain), "## ### ### ###")


def iso_11_10(body: str) -> str:
    """ISO 7064: each step P = 2 (P + a), where 0 stands for 10; then P + a = 1 modulo 10."""
    step = 10
    for char in body:
        step = ((step + int(char) - 1) % 10 + 1) * 2 % 11
    return body + str((1 - step) % 10)


def icao(value: str) -> str:
    ranks = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    return str(
        sum(max(ranks.find(c), 0) * w for c, w in zip(value, (7, 3, 1) * 20, strict=False)) % 10
    )


def de_card(random: Random) -> str:
    body = letters(random, 1, DOCUMENT) + digits(random, 6) + letters(random, 2, DOCUMENT)
    return body + icao(body)


def de_insured(random: Random) -> str:
    body, letter, serial = (
        random.choice(("15", "65", "52")) + birth(random, "dmy"),
        letters(random, 1),
        digits(random, 2),
    )
    numbers = body + f"{'ABCDEFGHIJKLMNOPQRSTUVWXYZ'.index(letter) + 1:02}" + serial
    total = sum(
        sum(map(int, str(int(n) * int(w)))) for n, w in zip(numbers, "212571212121", strict=True)
    )
    return f"{body[:2]} {body[2:]} {letter} {serial}{total % 10}"


def at_svnr(random: Random) -> str:
    def draw() -> str | None:
        serial, born = str(random.randint(100, 999)), birth(random, "dmy")
        key = dot(serial + born, "379584216") % 11
        return f"{serial}{key} {born}" if key < 10 else None

    return until(draw)


def ch_ahv(random: Random) -> str:
    body = "756" + digits(random, 9)
    return dotted(body + str(-dot(body, "131313131313") % 10), "###.####.####.##")


def fr_nir(random: Random, place: str = "78") -> str:
    body = (
        random.choice("12")
        + birth(random, "ym")
        + place
        + f"{random.randint(1, 500):03}"
        + digits(random, 3)
    )
    number = int(body.replace("2A", "19").replace("2B", "18"))
    return dotted(f"{body}{97 - number % 97:02}", "# ## ## ## ### ### ##")


def be_nn(random: Random) -> str:
    body = birth(random, "ymd") + f"{random.randint(1, 997):03}"
    return dotted(f"{body}{97 - int(body) % 97:02}", "##.##.##-###.##")


def nl_bsn(random: Random) -> str:
    def draw() -> str | None:
        body = "1" + digits(random, 7)
        return solved(
            body,
            lambda v: (
                (sum(int(c) * w for c, w in zip(v, range(9, 1, -1), strict=False)) - int(v[8])) % 11
                == 0
            ),
        )

    return until(draw)


def es_nif(random: Random) -> str:
    number = random.randint(20_000_000, 79_999_999)
    return f"{number}{'TRWAGMYFPDXBNJZSQVHLCKE'[number % 23]}"


def es_nie(random: Random) -> str:
    first, rest = random.choice((0, 1, 2)), random.randint(1_000_000, 9_999_999)
    return f"{'XYZ'[first]}{rest}{'TRWAGMYFPDXBNJZSQVHLCKE'[(first * 10**7 + rest) % 23]}"


def pt_nif(random: Random) -> str:
    body = random.choice("123") + digits(random, 7)
    rest = dot(body, "98765432") % 11
    return body + ("0" if rest < 2 else str(11 - rest))


ITALIAN_ODD = dict(
    zip(
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        (
            1,
            0,
            5,
            7,
            9,
            13,
            15,
            17,
            19,
            21,
            1,
            0,
            5,
            7,
            9,
            13,
            15,
            17,
            19,
            21,
            2,
            4,
            18,
            20,
            11,
            3,
            6,
            8,
            12,
            14,
            16,
            10,
            22,
            25,
            24,
            23,
        ),
        strict=True,
    )
)


def it_code(random: Random) -> str:
    born = birth(random, "ymd")
    body = f"{letters(random, 6)}{born[:2]}{'ABCDEHLMPRST'[int(born[2:4]) - 1]}{born[4:]}F{digits(random, 3)}"
    total = 0
    for place, char in enumerate(body, 1):
        even = int(char) if char.isdigit() else ord(char) - ord("A")
        total += ITALIAN_ODD[char] if place % 2 else even
    return body + chr(ord("A") + total % 26)


def it_vat(random: Random) -> str:
    return luhn(digits(random, 6) + "3" + random.choice(("001", "058", "100")))


def pesel(random: Random) -> str:
    year = random.randint(1930, 2010)
    month = random.randint(1, 12) + (20 if year > 1999 else 0)
    body = f"{year % 100:02}{month:02}{random.randint(1, 28):02}{digits(random, 4)}"
    return body + str((10 - dot(body, "1379137913") % 10) % 10)


def se_pnr(random: Random, extra: int = 0) -> str:
    born = birth(random, "ymd")
    plain = luhn(f"{born[:4]}{int(born[4:]) + extra:02}{digits(random, 3)}")
    return f"{plain[:6]}-{plain[6:]}"


def dk_cpr(random: Random) -> str:
    def draw() -> str | None:
        body = birth(random, "dmy") + digits(random, 3)
        return solved(body, lambda v: dot(v, "4327654321") % 11 == 0)

    plain = until(draw)
    return f"{plain[:6]}-{plain[6:]}"


def no_fnr(random: Random) -> str:
    def draw() -> str | None:
        body = birth(random, "dmy") + digits(random, 3)
        for weights in ("376189452", "5432765432"):
            key = (11 - dot(body, weights) % 11) % 11
            if key == 10:
                return None
            body += str(key)
        return body

    return until(draw)


def fi_hetu(random: Random, sign: str = "-") -> str:
    born, serial = birth(random, "dmy"), f"{random.randint(2, 899):03}"
    return f"{born}{sign}{serial}{'0123456789ABCDEFHJKLMNPRSTUVWXY'[int(born + serial) % 31]}"


def ee_code(random: Random) -> str:
    body = random.choice("34") + birth(random, "ymd") + digits(random, 3)
    key = dot(body, "1234567891") % 11
    if key == 10:
        key = dot(body, "3456789123") % 11 % 10
    return body + str(key)


def cz_rc(random: Random) -> str:
    def draw() -> str | None:
        born = birth(random, "ymd", 1954, 1999)
        body = (
            f"{born[:2]}{int(born[2:4]) + random.choice((0, 50)):02}{born[4:]}{digits(random, 3)}"
        )
        key = int(body) % 11
        return f"{body[:6]}/{body[6:]}{key}" if key < 10 else None

    return until(draw)


def ro_cnp(random: Random) -> str:
    body = (
        random.choice("12")
        + birth(random, "ymd")
        + f"{random.randint(1, 46):02}"
        + digits(random, 3)
    )
    key = dot(body, "279146358279") % 11
    return body + ("1" if key == 10 else str(key))


def bg_egn(random: Random) -> str:
    body = birth(random, "ymd") + digits(random, 3)
    return body + str(dot(body, [2, 4, 8, 5, 10, 9, 7, 3, 6]) % 11 % 10)


def gr_afm(random: Random) -> str:
    body = "1" + digits(random, 7)
    return body + str(sum(int(char) << (8 - place) for place, char in enumerate(body)) % 11 % 10)


def hu_taj(random: Random) -> str:
    body = "1" + digits(random, 7)
    key = (3 * sum(map(int, body[::2])) + 7 * sum(map(int, body[1::2]))) % 10
    return dotted(body + str(key), "### ### ###")


def hu_tax(random: Random) -> str:
    def draw() -> str | None:
        body = "8" + digits(random, 8)
        key = sum(place * int(char) for place, char in enumerate(body, 1)) % 11
        return body + str(key) if key < 10 else None

    return until(draw)


def tr_tckn(random: Random) -> str:
    body = random.choice("123456789") + digits(random, 8)
    tenth = (sum(map(int, body[::2])) * 7 - sum(map(int, body[1::2]))) % 10
    return f"{body}{tenth}{(sum(map(int, body)) + tenth) % 10}"


def za_id(random: Random) -> str:
    return luhn(birth(random, "ymd") + digits(random, 4) + random.choice("01") + "8")


MAKERS: dict[str, Callable[[Random], str]] = {
    "us_ssn": us_ssn,
    "us_ssn_plain": lambda r: us_ssn(r).replace("-", ""),
    "us_itin": us_itin,
    "us_passport": lambda r: "5" + digits(r, 5) + "172",
    "us_passport_new": lambda r: "A" + digits(r, 5) + "172",
    "us_license": us_license,
    "uk_nino": nino,
    "uk_nino_plain": lambda r: nino(r).replace(" ", ""),
    "uk_nhs": nhs,
    "uk_nhs_plain": lambda r: nhs(r).replace(" ", ""),
    "uk_driving": uk_driving,
    "ie_pps": ie_pps,
    "de_tax": de_tax,
    "de_tax_plain": lambda r: de_tax(r).replace(" ", ""),
    "de_card": de_card,
    "de_passport": de_card,
    "de_insured": de_insured,
    "de_insured_plain": lambda r: de_insured(r).replace(" ", ""),
    "at_svnr": at_svnr,
    "at_svnr_plain": lambda r: at_svnr(r).replace(" ", ""),
    "ch_ahv": ch_ahv,
    "ch_ahv_plain": lambda r: ch_ahv(r).replace(".", ""),
    "fr_nir": fr_nir,
    "fr_nir_plain": lambda r: fr_nir(r).replace(" ", ""),
    "fr_nir_corsica": lambda r: fr_nir(r, r.choice(("2A", "2B"))),
    "fr_cni": lambda r: (
        letters(r, 1, DOCUMENT) + digits(r, 4) + letters(r, 3, DOCUMENT) + digits(r, 1)
    ),
    "fr_cni_old": lambda r: birth(r, "ym") + digits(r, 5) + "172",
    "fr_passport": lambda r: digits(r, 2) + letters(r, 2) + digits(r, 5),
    "be_nn": be_nn,
    "be_nn_plain": lambda r: be_nn(r).replace(".", "").replace("-", ""),
    "nl_bsn": nl_bsn,
    "nl_bsn_dotted": lambda r: dotted(nl_bsn(r), "####.##.###"),
    "es_nif": es_nif,
    "es_nif_dashed": lambda r: dotted(es_nif(r), "########-#"),
    "es_nie": es_nie,
    "es_nie_dashed": lambda r: dotted(es_nie(r), "#-#######-#"),
    "es_passport": lambda r: letters(r, 3) + digits(r, 6),
    "pt_nif": pt_nif,
    "pt_nif_spaced": lambda r: dotted(pt_nif(r), "### ### ###"),
    "it_code": it_code,
    "it_vat": it_vat,
    "it_card": lambda r: "CA" + digits(r, 5) + letters(r, 2),
    "it_card_old": lambda r: letters(r, 2) + digits(r, 7),
    "it_passport": lambda r: "YA" + digits(r, 7),
    "it_license": lambda r: "MI" + digits(r, 7) + letters(r, 1),
    "it_license_new": lambda r: "U1" + letters(r, 3) + digits(r, 4) + letters(r, 1),
    "pl_pesel": pesel,
    "se_pnr": se_pnr,
    "se_pnr_plain": lambda r: se_pnr(r).replace("-", ""),
    "se_pnr_long": lambda r: "19" + se_pnr(r),
    "se_coordination": lambda r: se_pnr(r, 60),
    "dk_cpr": dk_cpr,
    "dk_cpr_plain": lambda r: dk_cpr(r).replace("-", ""),
    "no_fnr": no_fnr,
    "no_fnr_spaced": lambda r: dotted(no_fnr(r), "###### #####"),
    "fi_hetu": fi_hetu,
    "fi_hetu_letter": lambda r: until(lambda: made if (made := fi_hetu(r))[-1].isalpha() else None),
    "fi_hetu_new": lambda r: fi_hetu(r, "A"),
    "ee_code": ee_code,
    "cz_rc": cz_rc,
    "cz_rc_plain": lambda r: cz_rc(r).replace("/", ""),
    "ro_cnp": ro_cnp,
    "bg_egn": bg_egn,
    "hr_oib": lambda r: iso_11_10("3" + digits(r, 9)),
    "gr_amka": lambda r: luhn(birth(r, "dmy") + digits(r, 4)),
    "gr_afm": gr_afm,
    "hu_taj": hu_taj,
    "hu_taj_plain": lambda r: hu_taj(r).replace(" ", ""),
    "hu_tax": hu_tax,
    "tr_tckn": tr_tckn,
    "il_id": lambda r: luhn("3" + digits(r, 7)),
    "za_id": za_id,
    "za_id_spaced": lambda r: dotted(za_id(r), "###### #### ###"),
}
