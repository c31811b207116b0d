"""Our regular expressions against Python's, on everything both know; what is refused; and that none takes long."""

from __future__ import annotations

import contextlib
import re
from functools import reduce

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from colonies_tui.ui.pattern import MAX_LENGTH, Pattern, PatternError

ATOMS = st.sampled_from(
    [
        "a",
        "b",
        "B",
        "1",
        "_",
        " ",
        ".",
        r"\d",
        r"\w",
        r"\s",
        r"\D",
        r"\W",
        r"\S",
        r"\.",
        r"\(",
        "[ab]",
        "[^ab]",
        "[a-c1]",
        r"[\d-]",
        "[]a]",
        "[^]a]",
        "[A-C]",
        "[^A-C]",
        "-",
        "{",
        "}",
        r"[\]\\]",
        "(?:ab)",
    ]
)
REPEATS = st.sampled_from(["*", "+", "?", "*?", "{2}", "{1,}", "{0,2}", "{,2}"])
EXPRESSIONS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4).map("".join),
        st.tuples(inner, inner).map("|".join),
        st.tuples(inner, REPEATS).map(lambda pair: f"(?:{pair[0]}){pair[1]}"),
        inner.map(lambda part: f"({part})"),
        inner.map(lambda part: f"^{part}"),
        inner.map(lambda part: f"{part}$"),
    ),
    max_leaves=8,
)
TEXTS = st.text(alphabet="abBcC1_ .-(]{}\\\n", max_size=12)


def as_python_reads_it(expression: str) -> re.Pattern[str]:
    """Return Python's reading, with an end of the text that is only the end."""
    return re.compile(re.sub(r"(?<!\\)\$", r"\\Z", expression).replace("{,2}", "{0,2}"), re.IGNORECASE | re.ASCII)


@settings(derandomize=True, deadline=None, database=None, max_examples=1500)
@given(EXPRESSIONS, st.lists(TEXTS, min_size=1, max_size=6))
def test_it_finds_what_python_finds(expression: str, texts: list[str]) -> None:
    try:
        pattern = Pattern(expression)
    except PatternError:
        assert len(expression) > MAX_LENGTH or re.search(r"[$^]\)*[*+?{]|too long", expression)
        return
    other = as_python_reads_it(expression)
    for text in texts:
        assert pattern.found_in(text) is (other.search(text) is not None), (expression, text)


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("(", "not closed"),
        ("(a", "not closed"),
        ("a)", "no \\( before"),
        ("[", "not closed"),
        ("[a", "not closed"),
        ("[z-a]", "wrong way round"),
        ("*a", "nothing before \\*"),
        ("a|+", "nothing before \\+"),
        ("{2}", "nothing before {"),
        ("a**", "two repetitions"),
        ("a+{2}", "two repetitions"),
        ("^*", "cannot be repeated"),
        ("a{3,2}", "smaller"),
        ("a{101}", "at most 100"),
        ("a{1000000000}", "at most 100"),
        ("(?=a)", "only \\(\\?:"),
        (r"\1", "not known here"),
        (r"\b", "not known here"),
        ("a\\", "at the end"),
        ("((a{50}){50}){50}", "too long"),
        ("(" * 30 + "a" + ")" * 30, "parentheses"),
        ("a" * 201, "at most 200"),
    ],
)
def test_what_cannot_be_done_is_said(expression: str, words: str) -> None:
    with pytest.raises(PatternError, match=words):
        Pattern(expression)


@settings(derandomize=True, deadline=None, database=None, max_examples=500)
@given(st.text(alphabet=r"ab()[]{}*+?|^$\.,-12dwsb", max_size=30), TEXTS)
def test_nothing_that_is_typed_is_more_than_refused(expression: str, text: str) -> None:
    with contextlib.suppress(PatternError):
        assert Pattern(expression).found_in(text) in (True, False)


@pytest.mark.parametrize("expression", ["(a+)+$", "(a|a)*b", "(.*)*(.*)*(.*)*x", "(a|aa)+$", "a?" * 60 + "a" * 60])
def test_no_expression_looks_at_a_character_more_than_once_per_state(expression: str) -> None:
    """These take Python ages: here every character is one step, whose result is kept for the next time."""
    pattern, made = Pattern(expression), 0
    move = pattern._move

    def counted(state: object, character: str) -> object:
        nonlocal made
        made += 1
        return move(state, character)  # type: ignore[arg-type]

    pattern._move = counted  # type: ignore[assignment,method-assign]
    text = "a" * 2000 + "!"
    assert pattern.found_in(text) is (expression.startswith("a?"))
    first = made
    assert first <= len(text)
    pattern.found_in(text)
    assert made == first


def test_what_it_remembers_is_bounded() -> None:
    pattern = Pattern("(a|b)*a(a|b){12}c")
    texts = [bin(number)[2:].replace("0", "a").replace("1", "b") for number in range(40_000, 44_000)]
    assert not any(pattern.found_in(text) for text in texts)
    assert len(pattern._states) <= 1000
    every = reduce(lambda text, number: text + chr(number), range(0x4E00, 0x4E00 + 3000), "")
    assert not pattern.found_in(every)
    assert sum(len(state.moves) for state in pattern._states.values()) <= 50_000


def test_case_and_letters_that_become_two() -> None:
    assert Pattern("STRASSE").found_in("die Straße")
    assert Pattern("straße$").found_in("STRASSE")
    assert Pattern("[Ä]").found_in("ä")
    assert not Pattern("^b").found_in("ab")
