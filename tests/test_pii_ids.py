"""Numbers of persons and things: check digits against published samples, spans, words, restraint."""

from __future__ import annotations

import random
import re
from collections import Counter

import pytest

from llmsec_nb.core.rule import Confidence
from llmsec_nb.rules.pii.ids import checksums, identity
from llmsec_nb.rules.pii.ids.numbered import Numbered, compact
from llmsec_nb.rules.pii.recognizer import Proof, Scene
from llmsec_nb.rules.pii.text import Engine

from .growth import grows_within
from .personal import abroad, health, things
from .personal import identity as persons

ENGINE = Engine(identity.RECOGNIZERS)
MAKERS = {**persons.MAKERS, **abroad.MAKERS, **health.MAKERS, **things.MAKERS}
KINDS = {kind.entity: kind for kind in identity.KINDS}
DIGITS = "0123456789"
ALNUM = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"


def found(text: str, least: Confidence = Confidence.MEDIUM) -> list[tuple[str, str, str]]:
    """Kind, value and confidence."""
    return [
        (hit.recognizer.entity, text[hit.start : hit.end], hit.confidence.value)
        for hit in ENGINE.hits(Scene(text))
        if hit.confidence.at_least(least)
    ]


PUBLISHED = [
    ("UK_NHS", "943 476 + 5919"),
    ("DE_TAX_ID", "47036 + 892816"),
    ("DE_TAX_ID", "65929 + 970489"),
    ("DE_ID_CARD", "L01X00 + T471"),
    ("DE_PASSPORT", "C01X00 + T478"),
    ("DE_SOCIAL_SECURITY", "15 070649 + C 103"),
    ("DE_HEALTH_INSURANCE", "A12345 + 6780"),
    ("FR_NIR", "2 55 08 14 + 168 025 38"),
    ("ES_NIF", "123456 + 78Z"),
    ("ES_NIE", "X12345 + 67L"),
    ("IT_FISCAL_CODE", "MRTMTT25 + D09F205Z"),
    ("IT_VAT_CODE", "0074311 + 0157"),
    ("NL_BSN", "111222 + 333"),
    ("PL_PESEL", "440514 + 01359"),
    ("SE_PERSONNUMMER", "811218 + -9876"),
    ("IN_AADHAAR", "2341 2341 + 2346"),
    ("AU_TFN", "123456 + 782"),
    ("AU_MEDICARE", "2123 45670 + 1"),
    ("AU_ABN", "51 824 + 753 556"),
    ("AU_ACN", "004 085 + 616"),
    ("BR_CPF", "111.444 + .777-35"),
    ("BR_CNPJ", "11.222.333 + /0001-81"),
    ("SG_NRIC_FIN", "S1234 + 567D"),
    ("BE_NATIONAL_NUMBER", "85.07.30 + -033.28"),
    ("AT_SOCIAL_SECURITY", "1237 + 010180"),
    ("CH_AHV", "756.9217 + .0769.85"),
    ("PT_NIF", "12345 + 6789"),
    ("DK_CPR", "070761 + -4285"),
    ("FI_PERSONAL_IDENTITY_CODE", "131052 + -308T"),
    ("IE_PPS", "12345 + 67FA"),
    ("RO_CNP", "1800101 + 221144"),
    ("BG_EGN", "61010 + 57509"),
    ("HR_OIB", "333920 + 05961"),
    ("GR_AFM", "09425 + 9216"),
    ("TR_TCKN", "10000 + 000146"),
    ("ZA_ID", "800101 + 5009087"),
    ("CN_RESIDENT_ID", "110105194912 + 31002X"),
    ("TW_ID", "A12345 + 6789"),
    ("HK_ID", "A1234 + 56(3)"),
    ("MX_CURP", "BOXW310820 + HNERXN09"),
    ("MX_RFC", "GODE5612 + 31GR8"),
    ("AR_CUIT", "20-0553 + 6168-2"),
    ("CL_RUT", "12.531 + .909-2"),
    ("NZ_IRD", "49-091 + -850"),
    ("EE_LT_PERSONAL_CODE", "376050 + 30299"),
    ("US_NPI", "12345 + 67893"),
    ("US_MBI", "1EG4-TE5 + -MK73"),
    ("VIN", "1M8GDM9A + XKP042788"),
    ("IMEI", "490154 + 203237518"),
]
"""Specimens that authorities and encyclopedias print, in two parts."""


def _told(parts: str) -> str:
    return parts.replace(" + ", "")


@pytest.mark.parametrize(("entity", "parts"), PUBLISHED)
def test_published_sample_is_of_the_kind_and_no_neighbour_is(entity: str, parts: str) -> None:
    kind, value = KINDS[entity], compact(_told(parts))
    best = kind.check(value)
    assert best is kind._full
    if best is not Proof.CHECKSUM:
        return
    counted = entity == "AU_MEDICARE"  # its last digit counts the cards of a family
    place = max(at for at, char in enumerate(value) if char.isdecimal()) - counted
    others = [
        value[:place] + digit + value[place + 1 :] for digit in DIGITS if digit != value[place]
    ]
    assert sum(kind.check(other) is Proof.CHECKSUM for other in others) <= 1


CHECKED = {
    "uk_nhs": "UK_NHS", "ie_pps": "IE_PPS", "de_tax": "DE_TAX_ID", "de_card": "DE_ID_CARD",
    "de_insured": "DE_SOCIAL_SECURITY", "at_svnr": "AT_SOCIAL_SECURITY", "ch_ahv": "CH_AHV",
    "fr_nir": "FR_NIR", "fr_nir_corsica": "FR_NIR", "be_nn": "BE_NATIONAL_NUMBER", "nl_bsn": "NL_BSN",
    "es_nif": "ES_NIF", "es_nie": "ES_NIE", "pt_nif": "PT_NIF", "it_code": "IT_FISCAL_CODE",
    "it_vat": "IT_VAT_CODE", "pl_pesel": "PL_PESEL", "se_pnr": "SE_PERSONNUMMER",
    "se_coordination": "SE_PERSONNUMMER", "dk_cpr": "DK_CPR", "no_fnr": "NO_FODSELSNUMMER",
    "fi_hetu": "FI_PERSONAL_IDENTITY_CODE", "fi_hetu_new": "FI_PERSONAL_IDENTITY_CODE",
    "ee_code": "EE_LT_PERSONAL_CODE", "cz_rc": "CZ_SK_BIRTH_NUMBER", "ro_cnp": "RO_CNP",
    "bg_egn": "BG_EGN", "hr_oib": "HR_OIB", "gr_amka": "GR_AMKA", "gr_afm": "GR_AFM", "hu_taj": "HU_TAJ",
    "hu_tax": "HU_TAX_ID", "tr_tckn": "TR_TCKN", "il_id": "IL_ID", "za_id": "ZA_ID",
    "in_aadhaar": "IN_AADHAAR", "au_tfn": "AU_TFN", "au_medicare": "AU_MEDICARE", "au_abn": "AU_ABN",
    "au_acn": "AU_ACN", "nz_ird": "NZ_IRD", "ca_sin": "CA_SIN", "ca_health": "CA_HEALTH_NUMBER",
    "ca_phn": "CA_HEALTH_NUMBER", "br_cpf": "BR_CPF", "br_cnpj": "BR_CNPJ", "mx_curp": "MX_CURP",
    "mx_rfc": "MX_RFC", "ar_cuit": "AR_CUIT", "cl_rut": "CL_RUT", "sg_nric": "SG_NRIC_FIN",
    "sg_fin": "SG_NRIC_FIN", "kr_rrn": "KR_RRN", "cn_id": "CN_RESIDENT_ID", "jp_number": "JP_MY_NUMBER",
    "tw_id": "TW_ID", "hk_id": "HK_ID", "th_id": "TH_TNIN", "us_npi": "US_NPI", "us_dea": "MEDICAL_LICENSE",
    "de_kvnr": "DE_HEALTH_INSURANCE", "vin": "VIN", "imei": "IMEI", "iccid": "ICCID",
}  # fmt: skip
"""By maker the kind whose check digit it computes in its own way."""


@pytest.mark.parametrize(("maker", "entity"), CHECKED.items())
def test_check_digits_agree_with_a_second_formula(maker: str, entity: str) -> None:
    draw = random.Random(maker)
    for _ in range(150):
        value = MAKERS[maker](draw)
        assert KINDS[entity].check(compact(value)) is Proof.CHECKSUM, value


@pytest.mark.parametrize(("maker", "entity"), CHECKED.items())
def test_chance_seldom_fits(maker: str, entity: str) -> None:
    """Random digits in the places of digits: at most one in eight has a fitting check digit."""
    draw, fitting = random.Random(maker), 0
    for _ in range(400):
        value = re.sub(r"\d", lambda _: draw.choice(DIGITS), MAKERS[maker](draw))
        fitting += KINDS[entity].check(compact(value)) is Proof.CHECKSUM
    assert fitting < 400 * (0.2 if entity == "CA_HEALTH_NUMBER" else 0.14)


def test_verhoeff_notices_swapped_neighbours() -> None:
    draw = random.Random(5)
    for _ in range(50):
        value = compact(abroad.aadhaar(draw))
        for place in range(len(value) - 1):
            first, second = value[place], value[place + 1]
            swapped = value[:place] + second + first + value[place + 2 :]
            assert checksums.verhoeff(swapped) is (first == second)


@pytest.mark.parametrize("kind", identity.KINDS, ids=lambda kind: kind.entity)
def test_gate_passes_every_drawn_value_and_judge_takes_it(kind: Numbered) -> None:
    gate = re.compile(kind.gate)
    names = {
        name
        for example in kind.rule.examples
        for name in re.findall(r"\{(\w+)\}", "".join(example.flagged))
    }
    draw = random.Random(kind.entity)
    assert names
    for name in names:
        for _ in range(20):
            value = MAKERS[name](draw)
            assert gate.search(value), value
            hit = kind.judge(value, named=True)
            assert hit is not None, value
            assert (hit.start, hit.end, hit.confidence.at_least(Confidence.MEDIUM)) == (
                0,
                len(value),
                True,
            )
            assert kind.judge(f"{value}-{value}", named=True) is None


def test_each_rule_and_each_entity_is_there_once() -> None:
    kinds = [one for one in identity.RECOGNIZERS if one.entity]
    assert len(kinds) == 84
    assert max(Counter(one.rule.id for one in kinds).values()) == 1
    assert max(Counter(one.entity for one in kinds).values()) == 1
    assert all(one.rule.reference.startswith("https://") for one in kinds)


def test_social_security_number_by_what_stands_around() -> None:
    value = persons.us_ssn(random.Random(1))
    plain = value.replace("-", "")
    assert found(f"see {value}.") == [("US_SSN", value, "medium")]
    assert found(f"Ada,{value},Boston") == [("US_SSN", value, "medium")]
    assert found(f"SSN: {value}") == [("US_SSN", value, "high")]
    assert found(f"employeeSsn = {plain}") == [("US_SSN", plain, "high")]
    for text in (
        f"see {plain}",
        f"v{value}",
        f"{value}-1",
        f"/{value}/",
        f"0.{value}",
        f"{value}.5",
        f"${value}",
        f"#{value}",
    ):
        assert found(text, Confidence.LOW) == [], text


@pytest.mark.parametrize("area", ["000", "666", "900", "999"])
def test_areas_that_no_social_security_number_has(area: str) -> None:
    assert all(kind != "US_SSN" for kind, _, _ in found(f"SSN: {area}-12-3457", Confidence.LOW))


@pytest.mark.parametrize(
    "parts", ["078-05 + -1120", "219-09 + -9999", "123-45 + -6789", "111-11 + -1111"]
)
def test_advertised_numbers_are_of_low_confidence(parts: str) -> None:
    value = _told(parts)
    assert found(f"SSN: {value}", Confidence.LOW) == [("US_SSN", value, "low")]


def test_a_word_decides_between_kinds_of_the_same_form() -> None:
    draw = random.Random(3)
    value = compact(abroad.tfn(draw))
    assert found(f"TFN {value}") == [("AU_TFN", value, "high")]
    card = persons.de_card(draw)
    assert found(f"Reisepass {card}") == [("DE_PASSPORT", card, "high")]
    assert found(f"Personalausweis {card}") == [("DE_ID_CARD", card, "high")]
    number = MAKERS["us_passport"](draw)
    assert found(f"UK passport {number}") == [("UK_PASSPORT", number, "high")]
    assert found(f"US passport {number}") == [("US_PASSPORT", number, "high")]
    assert found(f"passport {number}") == [("US_PASSPORT", number, "medium")]


def test_lower_case_needs_a_word() -> None:
    value = persons.it_code(random.Random(4))
    assert found(f"x {value} y") == [("IT_FISCAL_CODE", value, "high")]
    assert found(f"x {value.lower()} y", Confidence.LOW) == []
    assert found(f"codice fiscale {value.lower()} y") == [("IT_FISCAL_CODE", value.lower(), "high")]


def test_groups_in_a_row_of_numbers_are_no_number() -> None:
    value = MAKERS["ca_sin"](random.Random(2))
    assert found(f"SIN {value}") == [("CA_SIN", value, "high")]
    assert found(f"sin 512 {value} 333", Confidence.LOW) == []


def test_lines_of_a_passport_are_one_finding() -> None:
    draw = random.Random(6)
    book, card = abroad.mrz_passport(draw), abroad.mrz_card(draw)
    assert found(f"scan\n{book}\nend") == [("PASSPORT_MRZ", book, "high")]
    assert found(f"scan\n{card}\nend") == [("PASSPORT_MRZ", card, "high")]
    second = book.split("\n")[1]
    at = second.index("<")
    wrong = second[:19] + DIGITS[(int(second[19]) + 1) % 10] + second[20:]
    assert at > 20
    assert found(wrong) == []
    assert found("P<UTO" + "ERIKSSON<<ANNA<MARIA".ljust(39, "<")) == []


def _drawn(draw: random.Random, form: str) -> str:
    return re.sub(
        r"[9AXh]",
        lambda m: draw.choice(
            {"9": DIGITS, "A": ALNUM[:26], "X": ALNUM, "h": "0123456789abcdef"}[m[0]]
        ),
        form,
    )


NOISE = [
    *("9" * size for size in range(4, 18)), "9.999999", "-99.999", "9.999999e-99", "999,999,999", "9 999 999 999",
    "17999999999", "1799999999999", "1799999999999999", "1799999999999999999", "2019-12-28T99:99:99.999999",
    "hhhhhhhh", "h" * 12, "h" * 16, "h" * 32, "h" * 40, "h" * 64, "hhhhhhhh-hhhh-4hhh-ahhh-hhhhhhhhhhhh", "9.99.999",
    "978-9-9999-9999-9", "ORD-99999999", "INV9999999", "XXX-9999-AA", "999-9999999-9999999", "20191228-9999",
    "999-999-9999", "99999-9999", "99999999-9", "2019 2020 2021", *("X" * size for size in range(6, 17)),
]  # fmt: skip


@pytest.mark.parametrize("form", NOISE)
def test_numbers_of_other_things_are_nobodys(form: str) -> None:
    draw = random.Random(form)
    rows = "\n".join(f"{row:>5}  {_drawn(draw, form)}  {draw.random():.6f}" for row in range(250))
    assert found(rows) == []


@pytest.mark.parametrize(
    "piece",
    [
        "1234567890,",
        "123 456 789 ",
        "12345678901 ",
        "536-22-1234 ",
        "ssn 536221234 ",
        "mrn ",
        "<",
        "A1B2C3D4E ",
        "AB 12 ",
        "passport ",
        "12.345.678-",
        "P<UTO<<<",
    ],
)
def test_hostile_lines_take_time_in_proportion(piece: str) -> None:
    short, long = piece * (30_000 // len(piece)), piece * (120_000 // len(piece))
    assert grows_within(8, found, short, long)
