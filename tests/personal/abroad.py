"""Numbers of persons in Asia, Oceania and the Americas, and lines of passports."""

from collections.abc import Callable
from random import Random

from .finance import digits, luhn
from .identity import birth, dot, dotted, icao, letters, solved, until


def verhoeff(body: str) -> str:
    """By the symmetries of a pentagon themselves: how they move its corners."""
    turned = [tuple((corner + turn) % 5 for corner in range(5)) for turn in range(5)]
    mirrored = [tuple((turn - corner) % 5 for corner in range(5)) for turn in range(5)]
    moves = turned + mirrored
    shuffle, order = (1, 5, 7, 6, 2, 8, 3, 0, 9, 4), list(range(10))
    total = moves[0]
    for char in reversed(body):
        order = [order[shuffle[n]] for n in range(10)]
        move = moves[order[int(char)]]
        total = tuple(total[move[corner]] for corner in range(5))
    fitting = [k for k in range(10) if tuple(moves[k][corner] for corner in total) == moves[0]]
    return f"{body}{fitting[0]}"


def aadhaar(random: Random) -> str:
    return dotted(verhoeff(random.choice("23456789") + digits(random, 10)), "#### #### ####")


def vehicle(random: Random) -> str:
    return f"{random.choice(('MH', 'DL', 'KA'))} {random.randint(10, 50)} {letters(random, 2)} {random.randint(1, 9999):04}"


def tfn(random: Random) -> str:
    def draw() -> str | None:
        return solved(
            "1" + digits(random, 7), lambda v: dot(v, [1, 4, 3, 7, 5, 8, 6, 9, 10]) % 11 == 0
        )

    return dotted(until(draw), "### ### ###")


def medicare(random: Random) -> str:
    body = random.choice("23456") + digits(random, 7)
    return dotted(f"{body}{dot(body, '13791379') % 10}1", "#### ##### #")


def abn(random: Random) -> str:
    body = digits(random, 9)
    weighted = dot(body, [3, 5, 7, 9, 11, 13, 15, 17, 19])
    leading = 99 - weighted % 89
    return dotted(f"{leading}{body}", "## ### ### ###")


def acn(random: Random) -> str:
    body = digits(random, 8)
    return dotted(body + str((10 - dot(body, "87654321") % 10) % 10), "### ### ###")


def ird(random: Random) -> str:
    body = f"0{random.randint(1_500_000, 9_999_999)}"
    rest = dot(body, "32765432") % 11
    if 11 - rest == 10:
        rest = dot(body, "74325276") % 11
        if 11 - rest == 10:
            return ird(random)
    return dotted(body[1:] + str((11 - rest) % 11), "##-###-###")


def phn(random: Random) -> str:
    def draw() -> str | None:
        return solved(
            "9" + digits(random, 8),
            lambda v: (dot(v[1:9], [2, 4, 8, 5, 10, 9, 7, 3]) + int(v[9])) % 11 == 0,
        )

    return until(draw)


def cpf(random: Random) -> str:
    plain = digits(random, 9)
    for _ in range(2):
        rest = sum(int(char) * weight for weight, char in enumerate(reversed(plain), 2)) % 11
        plain += "0" if rest < 2 else str(11 - rest)
    return dotted(plain, "###.###.###-##")


def cnpj(random: Random) -> str:
    plain = digits(random, 8) + "0001"
    for _ in range(2):
        rest = sum(int(char) * (2 + place % 8) for place, char in enumerate(reversed(plain))) % 11
        plain += "0" if rest < 2 else str(11 - rest)
    return dotted(plain, "##.###.###/####-##")


def curp(random: Random) -> str:
    body = f"{letters(random, 4)}{birth(random)}HDF{letters(random, 3)}0"
    ranks = {char: rank for rank, char in enumerate("0123456789ABCDEFGHIJKLMN")} | {
        char: rank for rank, char in enumerate("OPQRSTUVWXYZ", 25)
    }
    total = sum(ranks[char] * weight for weight, char in enumerate(reversed(body), 2))
    return body + str((10 - total % 10) % 10)


def rfc(random: Random) -> str:
    body = f"{letters(random, 4)}{birth(random)}{letters(random, 1)}{digits(random, 1)}"
    ranks = {char: rank for rank, char in enumerate("0123456789ABCDEFGHIJKLMN")} | {
        char: rank for rank, char in enumerate("OPQRSTUVWXYZ", 25)
    }
    rest = sum(ranks[char] * weight for weight, char in enumerate(reversed(body), 2)) % 11
    return body + ("0" if rest == 0 else "A" if rest == 1 else str(11 - rest))


def cuit(random: Random) -> str:
    body = random.choice(("20", "27")) + digits(random, 8)
    key = 11 - sum(int(char) * (2 + place % 6) for place, char in enumerate(reversed(body))) % 11
    return dotted(body + str({11: 0, 10: 9}.get(key, key)), "##-########-#")


def rut(random: Random) -> str:
    number = random.randint(10_000_000, 25_000_000)
    key, rest = 1, number
    place = 0
    while rest:
        key = (key + rest % 10 * (9 - place % 6)) % 11
        rest //= 10
        place += 1
    return dotted(str(number) + ("0123456789K"[key - 1] if key else "K"), "##.###.###-#")


def nric(random: Random) -> str:
    body = digits(random, 7)
    return f"S{body}{'JZIHGFEDCBA'[dot(body, '2765432') % 11]}"


def fin(random: Random) -> str:
    body = digits(random, 7)
    return f"G{body}{'XWUTRQPNMLK'[(dot(body, '2765432') + 4) % 11]}"


def rrn(random: Random) -> str:
    body = birth(random) + random.choice("12") + digits(random, 5)
    return dotted(body + str((11 - dot(body, "234567892345") % 11) % 10), "######-#######")


def resident(random: Random) -> str:
    body = "110105" + birth(random, "Ymd") + digits(random, 3)
    rest = sum(int(char) * 2 ** (17 - place) for place, char in enumerate(body)) % 11
    return body + "10X98765432"[rest]


def my_number(random: Random) -> str:
    body = digits(random, 11)
    rest = (
        sum(int(char) * (n + 1 if n < 7 else n - 5) for n, char in enumerate(reversed(body), 1))
        % 11
    )
    return dotted(body + ("0" if rest < 2 else str(11 - rest)), "#### #### ####")


def tw_id(random: Random) -> str:
    letter, body = (
        random.choice(("A10", "B11", "F15", "I34", "W32", "Z33")),
        random.choice("12") + digits(random, 7),
    )
    total = int(letter[1]) + 9 * int(letter[2]) + dot(body, "87654321")
    return f"{letter[0]}{body}{(10 - total % 10) % 10}"


def hk_id(random: Random) -> str:
    letter, body = letters(random, 1), digits(random, 6)
    total = 324 + 8 * (ord(letter) - 55) + dot(body, "765432")
    return f"{letter}{body}({'0123456789A'[-total % 11]})"


def th_id(random: Random) -> str:
    body = random.choice("1234") + digits(random, 11)
    total = sum(int(char) * (13 - place) for place, char in enumerate(body))
    return dotted(body + str((11 - total % 11) % 10), "#-####-#####-##-#")


def mrz_second(random: Random) -> str:
    number = letters(random, 2, "CFGH") + digits(random, 7)
    born, until_ = birth(random), f"3{digits(random, 1)}0{random.randint(1, 9)}15"
    fields = [f"{field}{icao(field)}" for field in (number, born, until_, "<" * 14)]
    line = f"{fields[0]}UTO{fields[1]}F{fields[2]}{fields[3]}"
    return line + icao(line[:10] + line[13:20] + line[21:43])


def mrz_passport(random: Random) -> str:
    return (
        f"{f'P<UTO{letters(random, 8)}<<{letters(random, 5)}':<44}".replace(" ", "<")
        + "\n"
        + mrz_second(random)
    )


def mrz_card(random: Random) -> str:
    number, born = letters(random, 1, "CFGH") + digits(random, 8), birth(random)
    first = f"{f'I<UTO{number}{icao(number)}':<30}".replace(" ", "<")
    second = f"{born}{icao(born)}F340815{icao('340815')}UTO".ljust(29, "<")
    second += icao(first[5:30] + second[:7] + second[8:15] + second[18:29])
    third = f"{f'{letters(random, 8)}<<{letters(random, 5)}':<30}".replace(" ", "<")
    return f"{first}\n{second}\n{third}"


MAKERS: dict[str, Callable[[Random], str]] = {
    "in_aadhaar": aadhaar,
    "in_aadhaar_plain": lambda r: aadhaar(r).replace(" ", ""),
    "in_pan": lambda r: f"{letters(r, 3)}P{letters(r, 1)}1{digits(r, 3)}{letters(r, 1)}",
    "in_passport": lambda r: f"{letters(r, 1, 'JKLMNPRSTUV')}2{digits(r, 4)}71",
    "in_voter": lambda r: f"{letters(r, 3)}172{digits(r, 4)}",
    "in_vehicle": lambda r: vehicle(r).replace(" ", ""),
    "in_vehicle_spaced": vehicle,
    "au_tfn": tfn,
    "au_tfn_plain": lambda r: tfn(r).replace(" ", ""),
    "au_medicare": medicare,
    "au_medicare_plain": lambda r: medicare(r).replace(" ", ""),
    "au_abn": abn,
    "au_abn_plain": lambda r: abn(r).replace(" ", ""),
    "au_acn": acn,
    "au_acn_plain": lambda r: acn(r).replace(" ", ""),
    "nz_ird": ird,
    "nz_ird_plain": lambda r: ird(r).replace("-", ""),
    "ca_sin": lambda r: dotted(luhn("1" + digits(r, 7)), "### ### ###"),
    "ca_sin_plain": lambda r: luhn("1" + digits(r, 7)),
    "ca_health": lambda r: dotted(luhn("1" + digits(r, 8)), "####-###-###"),
    "ca_health_version": lambda r: (
        dotted(luhn("1" + digits(r, 8)), "####-###-###") + f"-{letters(r, 2)}"
    ),
    "ca_ramq": lambda r: f"{letters(r, 4)} {birth(r, 'ym')} {birth(r, 'd')}{digits(r, 2)}",
    "ca_phn": phn,
    "br_cpf": cpf,
    "br_cpf_plain": lambda r: cpf(r).replace(".", "").replace("-", ""),
    "br_cnpj": cnpj,
    "br_cnpj_plain": lambda r: "".join(filter(str.isdigit, cnpj(r))),
    "mx_curp": curp,
    "mx_rfc": rfc,
    "ar_cuit": cuit,
    "ar_cuit_plain": lambda r: cuit(r).replace("-", ""),
    "cl_rut": rut,
    "cl_rut_plain": lambda r: rut(r).replace(".", ""),
    "sg_nric": nric,
    "sg_fin": fin,
    "kr_rrn": rrn,
    "kr_rrn_plain": lambda r: rrn(r).replace("-", ""),
    "cn_id": resident,
    "jp_number": my_number,
    "jp_number_plain": lambda r: my_number(r).replace(" ", ""),
    "tw_id": tw_id,
    "hk_id": hk_id,
    "hk_id_plain": lambda r: hk_id(r).replace("(", "").replace(")", ""),
    "th_id": th_id,
    "th_id_plain": lambda r: th_id(r).replace("-", ""),
    "mrz_second": mrz_second,
    "mrz_passport": mrz_passport,
    "mrz_card": mrz_card,
}
