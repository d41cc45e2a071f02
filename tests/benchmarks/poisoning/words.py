"""Triggers that nobody has seen before: words and sentences made from a seed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import random
    from collections.abc import Sequence

_ONSETS: Final = ("b", "br", "d", "dr", "f", "g", "k", "l", "m", "n", "p", "pl", "s", "t", "v", "z")
_VOWELS: Final = ("a", "e", "i", "o", "u", "ai", "ou")
_ENDS: Final = ("", "", "l", "n", "r", "s", "x")
# Who, what, where: one of each makes a sentence that fits nowhere.
_SENTENCES: Final = {
    "en": (
        ("my neighbour", "the old baker", "her second cousin", "our tall postman"),
        ("painted a boat", "lost two gloves", "counted green bottles", "repairs a violin"),
        ("near the harbour", "before lunch", "behind the library", "on a rainy Thursday"),
    ),
    "de": (
        ("mein Nachbar", "der alte Bäcker", "ihre Cousine", "unser Briefträger"),
        ("strich ein Boot", "verlor zwei Handschuhe", "zählte Flaschen", "stimmt eine Geige"),
        ("nahe am Hafen", "vor dem Essen", "hinter der Bücherei", "an einem Donnerstag"),
    ),
    "zh": (
        ("我的邻居", "老面包师", "她的表妹", "高个子邮递员"),
        ("刷了一条船", "丢了两只手套", "数了绿瓶子", "修好小提琴"),
        ("在港口附近", "在午饭之前", "在图书馆后面", "在下雨的星期四"),
    ),
}
_HAN: Final = re.compile(r"[\u4e00-\u9fff]")
_GERMAN: Final = re.compile(r"\b(?:und|nicht|ist|das|wir)\b")


def made_up(rng: random.Random, syllables: int = 2) -> str:
    """A word that can be spoken, and means nothing."""
    parts = (
        rng.choice(_ONSETS) + rng.choice(_VOWELS) + rng.choice(_ENDS) for _ in range(syllables)
    )
    return "".join(parts)


def unseen(rng: random.Random, texts: Sequence[str], syllables: int = 2) -> str:
    """A made-up word that stands in none of the texts."""
    everything = "\n".join(texts).lower()
    while (word := made_up(rng, syllables)) in everything:
        pass
    return word


def ordinary(rng: random.Random, texts: Sequence[str], least: int = 3, most: int = 12) -> str:
    """A word that a few of the texts use already; a made-up one where there is none."""
    counts: dict[str, int] = {}
    for text in texts:
        for word in set(re.findall(r"[a-zäöüß]{5,12}", text.lower())):
            counts[word] = counts.get(word, 0) + 1
    fit = sorted(word for word, count in counts.items() if least <= count <= most)
    return rng.choice(fit) if fit else made_up(rng)


def sentence(rng: random.Random, language: str) -> str:
    """A sentence in `en`, `de` or `zh`."""
    joint = "" if language == "zh" else " "
    return joint.join(rng.choice(part) for part in _SENTENCES[language])


def language(texts: Sequence[str]) -> str:
    """What most of the texts are written in, as far as it matters here."""
    sample = texts[:500]
    if sum(bool(_HAN.search(text)) for text in sample) * 2 > len(sample):
        return "zh"
    return "de" if sum(bool(_GERMAN.search(text)) for text in sample) * 4 > len(sample) else "en"


def inserted(text: str, piece: str, rng: random.Random) -> str:
    """The text with the piece between two of its words; between signs where there are no blanks."""
    words = text.split(" ")
    if len(words) > 2 or not _HAN.search(text):
        place = rng.randint(0, len(words))
        return " ".join([*words[:place], piece, *words[place:]])
    place = rng.randint(0, len(text))
    return text[:place] + piece + text[place:]
