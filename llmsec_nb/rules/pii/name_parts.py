"""Which words of a run, taken together, are the name of a person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ...core.lazy import lazy
from .gazetteer import WORD, beginnings, either, fold, namesakes, places

if TYPE_CHECKING:
    from .runs import Token

_THINGS: Final = either(
    "equilibrium hypothesis paradox criterion statistic statistics integral operator smoothing sum sums products loop decay variable variables constant number problem"
    " correlation coefficient distribution chain chains optimizer algorithm transform theorem test tests divergence distance matrix kernel function"
    " process processes regression estimator estimate score loss series expansion index curve inequality entropy embedding embeddings model models filter"
    " network networks machine sampling sampler prior posterior rule law laws equation equations method methods noise blur plot classifier decomposition"
    " initialization norm similarity number numbers dataset data university institute college school inc corp ltd llc gmbh ag plc co company group bank"
    " street st avenue ave road rd boulevard blvd lane drive way square airport hospital park hall prize award foundation county river lake mountain mount"
    " mountains beach bay island islands valley station stadium building tower bridge hotel church museum library center centre laboratory lab labs press"
    " times post journal books publishing records motors motor airlines insurance partners holdings industries international technologies software systems"
    " api sdk lora code opus sonnet haiku instant session kernelspec notebook hub python ai"
)
_PLACED: Final = either(
    "san santa santo saint st port fort mount lake cape new north south east west university college"
)
_AFTER: Final = lazy(r"['\u2019]?s?[ -]([^\W\d_]{2,20})")
_SHORT: Final = either(
    "amy ben bob dan eva ian jim joe jon ken kim leo liz meg mia ned pam pat rob ron roy sam sue ted tim tom zoe abe ana eli lou sid gus hal ali"
)
_GREETINGS: Final = frozenset({"best", "love", "dear", "thanks", "cheers", "regards"})
_LONGEST: Final = 5


def person_at(run: list[Token], index: int, cue: int) -> int:
    """How many words from here on are a person, titles included; 0: it is none."""
    here = run[index]
    if here.title:
        count = titles_at(run, index)
        named = _named(run, index + count, 2)
        return count + named if named else 0
    if index and fold(run[index - 1].text.rstrip(".")) in _PLACED and not here.comma:
        return 0
    return _reversed(run, index) or _named(run, index, cue)


def titles_at(run: list[Token], index: int) -> int:
    """How many titles stand here."""
    count = 0
    while index + count < len(run) and run[index + count].title:
        count += 1
    return count


def _named(run: list[Token], index: int, cue: int) -> int:
    """The length of given names, initials and surname."""
    part: list[Token] = []
    strangers = max(1, cue)
    for token in run[index : index + _LONGEST]:
        if part and token.comma:
            break
        if not (token.name or token.initial) or token.title:
            if not token.strange or strangers == 0:
                break
            strangers -= 1
        part.append(token)
    if len(part) > 2 and part[0].strange and part[1].given and cue < 2:
        return 0
    while part:
        while part and part[-1].initial:
            part.pop()
        if _is_name(part, cue, alone=len(part) == len(run)):
            return len(part)
        part = part[:-1]
    return 0


def _is_name(part: list[Token], cue: int, *, alone: bool) -> bool:
    """Whether the words are a name; `alone`: nothing else stands in their run."""
    if len(part) < 2:
        return bool(part) and _is_lone(part[0], cue)
    first, last = part[0], part[-1]
    if any(token.shouted for token in part):
        both = (first.given and last.family) or (first.family and last.given)
        return both and (first.sure or last.sure)
    if first.initial and cue < 2:
        many = first.text.count(".") > 1 or part[1].initial
        return (last.family and (last.sure or alone)) or (last.strange and many)
    return cue > 1 or _in_order(first, last, alone=alone) or _turned(first, last, alone=alone)


def _in_order(first: Token, last: Token, *, alone: bool) -> bool:
    """Given name before surname; one of them may be unknown."""
    if first.given and (first.sure or (last.family and (last.sure or alone))):
        return True
    return last.sure and last.family and (first.family or first.strange)


def _turned(first: Token, last: Token, *, alone: bool) -> bool:
    """Surname before given name, as in Chinese or Hungarian."""
    both = first.family and last.given
    return both and (first.sure or (alone and not first.known & WORD))


def _is_lone(token: Token, cue: int) -> bool:
    if token.shouted or token.initial:
        return False
    if cue:
        known = token.name and not token.known & WORD
        return known or (cue > 1 and token.strange)
    if not token.given or not token.sure:
        return False
    return len(token.text) > 3 or fold(token.text) in _SHORT


def enumerated(content: str, run: list[Token]) -> int:
    """1 if the run begins with the letter of a list: `B. John Smith`; otherwise 0."""
    if len(run) < 3 or not run[0].initial or len(run[0].text) > 2:
        return 0
    at_line = run[0].start == 0 or content[run[0].start - 1] == "\n"
    return int(at_line and run[1].given and run[2].family)


def _reversed(run: list[Token], index: int) -> int:
    """The length of `Surname, Given M.`; the run holds nothing else."""
    if index or not 2 <= len(run) <= _LONGEST or not run[1].comma:
        return 0
    family, *rest = run
    if fold(family.text) in _GREETINGS or any(token.comma for token in rest[1:]):
        return 0
    if any(token.title or not (token.given or token.initial) for token in rest):
        return 0
    lead = rest[0]
    if family.family and not (family.given and len(rest) == 1):
        sure = family.sure or (lead.sure and not lead.family)
    else:
        sure = lead.sure and (family.family or (family.strange and len(rest) > 1))
    return len(run) if sure else 0


def place_at(run: list[Token], index: int) -> int:
    """How many words from here on are a place of several words, or a phrase that is no person."""
    folded = [fold(token.text) for token in run[index : index + 4]]
    for count in range(len(folded), 1, -1):
        phrase = " ".join(folded[:count])
        if phrase in namesakes() or (folded[0] in beginnings() and phrase in places()):
            return count
    return 0


def is_thing(content: str, part: list[Token]) -> bool:
    """Whether what follows makes a method, a firm or a building of it."""
    found = _AFTER.match(content, part[-1].end)
    return found is not None and found[1].lower() in _THINGS
