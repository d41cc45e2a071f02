"""Contact, finance, dates, addresses, networks: exact spans, confidences and what is none."""

from __future__ import annotations

from random import Random

import pytest

from llmsec_nb.core.rule import Confidence
from llmsec_nb.rules.pii import chains, plans
from llmsec_nb.rules.pii.address import StreetAddresses
from llmsec_nb.rules.pii.birth import BirthDates
from llmsec_nb.rules.pii.card import CARD, network_of
from llmsec_nb.rules.pii.coordinates import Coordinates
from llmsec_nb.rules.pii.dates import Dates, date_of
from llmsec_nb.rules.pii.email import EmailAddresses
from llmsec_nb.rules.pii.iban import Ibans, is_mod97
from llmsec_nb.rules.pii.network import IpAddresses, MacAddresses
from llmsec_nb.rules.pii.phone import PhoneNumbers
from llmsec_nb.rules.pii.postcode import POSTCODE
from llmsec_nb.rules.pii.recognizer import Recognizer, Scene
from llmsec_nb.rules.pii.text import Engine
from llmsec_nb.rules.pii.us_bank import ACCOUNT, CLABE, ROUTING
from llmsec_nb.rules.pii.wallet import WALLET

from .growth import grows_within
from .personal import finance
from .samples import Filler, Maker

HIGH, MEDIUM, LOW = Confidence.HIGH, Confidence.MEDIUM, Confidence.LOW
EMAILS, PHONES, STREETS = EmailAddresses(), PhoneNumbers(), StreetAddresses()
BIRTHS, DATES, PLACES = BirthDates(), Dates(), Coordinates()
IPS, MACS, IBANS = IpAddresses(), MacAddresses(), Ibans()


def found(recognizer: Recognizer, text: str) -> list[tuple[str, Confidence]]:
    hits = Engine([recognizer]).hits(Scene(text))
    return [(text[hit.start : hit.end], hit.confidence) for hit in hits]


def filled(text: str, seed: int = 1) -> str:
    return Filler("PII", Maker(seed))(text)


@pytest.mark.parametrize(
    ("recognizer", "text", "confidence"),
    [
        (EMAILS, "<<{email}>>", HIGH),
        (EMAILS, "b'<<{email}>>'", HIGH),
        (EMAILS, "mailto:<<{email}>>?subject=x", HIGH),
        (EMAILS, "<<jü{syllables}.k@mü{syllables}-x.de>>", HIGH),
        (EMAILS, "<<{syllables}@почта.рф>>", HIGH),
        (EMAILS, "q=<<{syllables}.w%40wp.pl>>&", HIGH),
        (EMAILS, "<<{syllables}.w [at] wp [dot] pl>>", MEDIUM),
        (EMAILS, "<<info@wp.pl>>", LOW),
        (EMAILS, "<<{syllables}@example.org>>", LOW),
        (EMAILS, "<<{syllables}@wp.unknowntop>>", LOW),
        (PHONES, "<<{phone}>>", HIGH),
        (PHONES, "(<<{phone_us}>>)", MEDIUM),
        (PHONES, "call <<{phone_us}>> x", HIGH),
        (PHONES, "<<{phone_us} ext. 12>>", MEDIUM),
        (PHONES, "phone_number=<<7{digits6}>>", MEDIUM),
        (PHONES, "homePhone: <<212{digits7}>>", MEDIUM),
        (PHONES, "<<0161 496 0018>>", MEDIUM),
        (PHONES, "<<01 42 68 53 {digits2}>>", MEDIUM),
        (PHONES, "<<555-456-7890>>", LOW),
        (PHONES, "Tel. <<{phone_de}>>", HIGH),
        (CARD, "<<{card}>>", HIGH),
        (CARD, "<<{amex}>>", HIGH),
        (CARD, "<<{card_plain}>>", MEDIUM),
        (CARD, "card <<{card_plain}>>", HIGH),
        (CARD, "<<{maestro}>>", LOW),
        (CARD, "order_id <<{card_plain}>>", LOW),
        (CARD, "<<{test_card}>>", LOW),
        (IBANS, "<<{iban}>> and on", HIGH),
        (IBANS, "an <<{iban_plain}>>", HIGH),
        (ROUTING, "routing number <<{routing}>>", HIGH),
        (CLABE, "clabe <<{clabe}>>", HIGH),
        (ACCOUNT, "acct no <<{account}>>", MEDIUM),
        (WALLET, "<<{bitcoin}>>", HIGH),
        (WALLET, "<<{bech32}>>", HIGH),
        (WALLET, "<<0x{hex40}>>", LOW),
        (WALLET, "eth wallet <<0x{hex40}>>", MEDIUM),
        (BIRTHS, "DOB: <<{birth_iso}>>", HIGH),
        (BIRTHS, "geboren am <<3. März 1985>>", HIGH),
        (BIRTHS, "né le <<14 juillet 1979>>", HIGH),
        (BIRTHS, "nacido el <<3 de marzo de 1985>>", HIGH),
        (DATES, "<<{birth_iso}>>", LOW),
        (DATES, "on <<3/4/85>>", LOW),
        (DATES, "on <<5 May>> it", LOW),
        (DATES, "<<May 5>>", LOW),
        (DATES, "<<2021-03-04 12:33:11 UTC>>", LOW),
        (DATES, "<<03/1985>>", LOW),
        (STREETS, "at <<{street}, {city_us}>>.", MEDIUM),
        (STREETS, "to <<{street_de}, {city_de}>>", MEDIUM),
        (STREETS, "<<12 rue de la Paix, 75002 Paris>>", MEDIUM),
        (STREETS, "<<Via Roma 11, 00184 Roma>>", MEDIUM),
        (STREETS, "<<ul. Długa 12/3, 00-238 Warszawa>>", MEDIUM),
        (STREETS, "<<Kerkstraat 12, 1017 GC Amsterdam>>", MEDIUM),
        (STREETS, "<<10 Downing Street, London SW1A 2AA>>", MEDIUM),
        (STREETS, "<<PSC 1234, Box 5678 APO AP 96321>>", MEDIUM),
        (STREETS, "the <<350 Fifth Avenue>> house", LOW),
        (STREETS, "address <<123 Main St>>", LOW),
        (POSTCODE, "zip code <<{zip}>>", MEDIUM),
        (POSTCODE, "NY <<{zip}>>", LOW),
        (PLACES, "gps <<{coordinates}>>", MEDIUM),
        (PLACES, "lat, lon: <<{coordinates}>>", LOW),
        (PLACES, "www.google.com/maps/@<<{coordinates_plain}>>,15z", MEDIUM),
        (PLACES, "<<48°51'24\"N 2°21'03\"E>>", MEDIUM),
        (IPS, "<<{ip}>>", MEDIUM),
        (IPS, "ip=<<{ip}>>", MEDIUM),
        (IPS, "<<{ipv6}>>", MEDIUM),
        (IPS, "ip <<192.168.17.20>>", LOW),
        (IPS, "Chrome/<<{ip}>>", LOW),
        (IPS, "version <<{ip}>>", LOW),
        (MACS, "<<{mac}>>", MEDIUM),
        (MACS, "mac <<{mac_dashes}>>", HIGH),
    ],
)
@pytest.mark.parametrize("seed", range(3))
def test_span_and_confidence(
    recognizer: Recognizer, text: str, confidence: Confidence | None, seed: int
) -> None:
    text = filled(text, seed)
    before, _, rest = text.partition("<<")
    value, _, after = rest.partition(">>")
    expected = [(value, confidence)] if confidence else []
    assert found(recognizer, before + value + after) == expected


@pytest.mark.parametrize(
    ("recognizer", "text"),
    [
        (EMAILS, "@decorator a @ b x@y.T w@z.to(device) pip install a@1.2 git@github.com:a/b.git"),
        (EMAILS, "ssh ada@host.uni.edu; scp x ada@host.uni.edu:/tmp/; ftp://ada@host.uni.edu/"),
        (PHONES, "2021-03-04 12:33:11 1985-1990 192.168.100.100 978-3-16-148410-0 123-45-6789"),
        (PHONES, "0  13.00   7.00  10.25\n1  23.00  18.00  15.25\n[2 7 1 6 4 3 8 0 9 5]"),
        (PHONES, "1234567.891 -0.123456789 1690000000 $1,234,567 v1.2.3456789 abc1234567"),
        (PHONES, "4539 5787 6362 1486 https://x.y/12127365000 #1234567 mobilenet 1234567"),
        (CARD, "0.4539578763621486 1690000000000 1234567812345678"),
        (IBANS, "DE00 3704 0044 0532 0130 00 GB12345678 de89abcdef0123456789ab"),
        (ROUTING, "routing 123456789"),
        (ACCOUNT, "accounts 1234567890"),
        (
            WALLET,
            "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN3 bc1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq",
        ),
        (WALLET, "0x0000000000000000000000000000000000000000"),
        (BIRTHS, "updated 2020-01-02, born in 1985, birthday 2020-02-30, birth of 12345"),
        (DATES, "v1.2.2019 1/2/3 10.20.30.40 31.31.2019 2019-13-01 may I mar 5000 12:30:45"),
        (STREETS, "In 2019 Wall Street fell. see 4 Data Row 5 New Way, range(3): Via x 3"),
        (POSTCODE, "zip(a, range(12345)) archive.zip 12345 postal service"),
        (PLACES, "[0.1234, -0.5678] 40.712776, -74.005974 accuracy 0.98765, 0.12345 lat 1.5, 2.5"),
        (
            IPS,
            "x[::2] std::vector 12:34:56 ::1 127.0.0.1 255.255.255.0 0.0.0.0 224.0.0.1 1.3.6.1.4.1",
        ),
        (MACS, "00:00:00:00:00:00 ff:ff:ff:ff:ff:ff 01:00:5e:00:00:fb 12:34:56"),
    ],
)
def test_is_none(recognizer: Recognizer, text: str) -> None:
    assert found(recognizer, text) == []


@pytest.mark.parametrize(
    ("recognizer", "value", "named", "confidence"),
    [
        (BIRTHS, "19850303", True, HIGH),
        (BIRTHS, "1985-03-03", False, None),
        (STREETS, "12 Main St", True, HIGH),
        (PHONES, "7365021", True, MEDIUM),
        (PHONES, "7365021", False, None),
        (POSTCODE, "90210", True, MEDIUM),
        (PLACES, "48.856613, 2.352222", True, MEDIUM),
        (IPS, "10.1.2.3", True, LOW),
        (IPS, "127.0.0.1", True, None),
        (EMAILS, "support@wp.pl", True, HIGH),
    ],
)
def test_whole_value(
    recognizer: Recognizer, value: str, named: bool, confidence: Confidence | None
) -> None:
    hit = recognizer.judge(value, named=named)
    assert (hit and (hit.start, hit.end, hit.confidence)) == (
        (0, len(value), confidence) if confidence else None
    )


def test_checksums_are_those_of_the_standards() -> None:
    assert chains.keccak256(b"").hex().startswith("c5d2460186f7233c927e7db2dcc703c0")
    assert chains.is_eip55("5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed")
    assert not chains.is_eip55("5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD")
    plain = finance.iban(Random(1))
    assert is_mod97(plain)
    assert not is_mod97(plain[:-1] + str((int(plain[-1]) + 1) % 10))
    assert network_of("9" * 16) is None
    assert network_of("2221" + "0" * 12) == "Mastercard"


def test_countries_of_numbers() -> None:
    assert plans.country_abroad("442071838750") == "GB"
    assert plans.country_abroad("33142685307") == "FR"
    assert plans.country_abroad("999123456789") is None
    assert plans.country_in_america("2127365021") == "US"


def test_dates_are_read() -> None:
    assert date_of("3. März 1985") == (0, 12, 1985, 3, 3)
    assert date_of("13/4/85") == (0, 7, 1985, 4, 13)
    assert date_of("30.2.1985") is None


PIECES = (
    "1234567890", "@", "a@", "a@b.", "+1 ", "+1 2125551234 ", "(", "a.b.", "march ", "march 3 ", "born 1.1.", "0 ",
    "030 1234567 ", "12 A ", "12 Aa Bb ", "Calle Aa ", "Aa-straße 1 ", "Astraße 1 ", "a:", "1::", "ab:", "ab-",
    "81.22.33.44 ", "0x", "1AAAAAAAAA", "bc1", "DE89 3704 0044 ", "1.23456,2.34567 ", "12345 ", "P.O. Box 1 ", "2020-01-01 ",
)  # fmt: skip
RECOGNIZERS = (
    EMAILS,
    PHONES,
    STREETS,
    BIRTHS,
    DATES,
    PLACES,
    IPS,
    MACS,
    IBANS,
    CARD,
    WALLET,
    POSTCODE,
    ACCOUNT,
)


@pytest.mark.parametrize("piece", PIECES)
def test_time_is_linear(piece: str) -> None:
    def work(text: str) -> None:
        for recognizer in RECOGNIZERS:
            for _ in recognizer.find(Scene(text), 0, len(text)):
                pass

    short, long = (piece * (size // len(piece)) for size in (8_000, 32_000))
    assert grows_within(8, work, short, long)
