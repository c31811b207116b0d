"""The filter language: what each word lets through, what cannot be understood, and that any value can be asked for."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from colonies_tui.protocol.plaintext import plain
from colonies_tui.ui.filter import Fields, FilterError, exactly, expand, last_word, parse_filter

NOW = 10_000.0


@dataclass(frozen=True)
class Job:
    """A row."""

    name: str = "render_tile"
    state: str = "failed"
    at: float | None = NOW - 3700
    retries: float = 2


FIELDS: Fields[Job] = Fields(
    texts={"name": lambda job: job.name, "state": lambda job: job.state},
    numbers={
        "age": lambda job, now: None if job.at is None else now - job.at,
        "retries": lambda job, now: job.retries,
    },
)


def lets(text: str, job: Job | None = None) -> bool:
    """Whether a filter lets a row through."""
    wanted = parse_filter(text, FIELDS, lambda: NOW)
    assert wanted is not None
    return wanted(job or Job())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("render", True),
        ("RENDER", True),
        ("fail", True),
        ("gone", False),
        ("!gone", True),
        ("!render", False),
        ("render fail", True),
        ("render gone", False),
        ("state=failed", True),
        ("state=Failed", True),
        ("state=fail", False),
        ("state=failed|cancelled", True),
        ("state=waiting|cancelled", False),
        ("state!=failed", False),
        ("state=", True),
        ("state!=", True),
        ('state=""', False),
        ('state!=""', True),
        ("state!=waiting|running", True),
        ("state~ail", True),
        ("name~tile|scene", True),
        ("name~scene|", False),
        ("name~", True),
        ("age>1h", True),
        ("age>3600", True),
        ("age>61m", True),
        ("age>62m", False),
        ("age<2d", True),
        ("age<1.5h", True),
        ("retries=2", True),
        ("retries>2", False),
        ("state=failed age>1h !gone", True),
        ("http://x=y", False),
        ("5>3", False),
        ("=", False),
        ("!", True),
    ],
)
def test_each_kind_of_word(text: str, expected: bool) -> None:
    assert lets(text) is expected


@pytest.mark.parametrize("text", ["", "   ", "\t"])
def test_no_words_are_no_filter(text: str) -> None:
    assert parse_filter(text, FIELDS, lambda: NOW) is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("colour=red", 'no field "colour"'),
        ("age>soon", "age wants a number or a time"),
        ("age>", "age wants a number or a time"),
        ("age=1w", "age wants a number or a time"),
        ("age~3", "age is a number"),
        ("age!=3", "age is a number"),
        ("state>3", "state is a text"),
    ],
)
def test_what_cannot_be_understood_is_said(text: str, words: str) -> None:
    with pytest.raises(FilterError, match=words):
        parse_filter(text, FIELDS, lambda: NOW)


def test_a_number_that_is_not_known_matches_nothing() -> None:
    for text in ("age>0", "age<1d", "age=0"):
        assert not lets(text, Job(at=None))


def test_the_time_is_that_of_the_match_not_of_the_filter() -> None:
    now = NOW
    wanted = parse_filter("age>2h", FIELDS, lambda: now)
    assert wanted is not None
    assert not wanted(Job())
    now += 3600
    assert wanted(Job())


def test_quotes_hold_spaces_bars_and_quotes() -> None:
    assert lets('name="two words"', Job(name="two words"))
    assert lets('"two words"', Job(name="two words"))
    assert not lets('"two words"', Job(name="words two"))
    assert not lets('!"two words"', Job(name="two words"))
    assert lets('name="a|b"', Job(name="a|b"))
    assert not lets('name="a|b"', Job(name="a"))
    assert lets('name="say ""hi"""', Job(name='say "hi"'))
    assert lets('name="a b"|c', Job(name="c"))
    assert lets('name="not closed', Job(name="not closed"))


@settings(derandomize=True, deadline=None, database=None, max_examples=300)
@given(st.text(max_size=12), st.text(max_size=12))
def test_any_value_can_be_asked_for_exactly(value: str, other: str) -> None:
    text = exactly("name", value)
    assert lets(text, Job(name=value))
    assert lets(text, Job(name=other)) is (plain(other).casefold() == plain(value).casefold())
    assert text.isprintable(), "it is shown in the filter bar"


@settings(derandomize=True, deadline=None, database=None, max_examples=300)
@given(st.text(alphabet='ab"|!=~<> \tage0m', max_size=16))
def test_nothing_that_is_typed_is_more_than_refused(text: str) -> None:
    wanted = None
    with contextlib.suppress(FilterError):
        wanted = parse_filter(text, FIELDS, lambda: NOW)
    assert wanted is None or wanted(Job()) in (True, False)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("~rend.r", True),
        ("~^fail", True),
        ("~^ile$", False),
        ("!~rend.r", False),
        ("!~^ile$", True),
        ("~scene|TILE", True),
        ("~", True),
        ("name~^render_t.le$", True),
        ("name~scene|til[ae]", True),
        ("name~til[^e]", False),
        ('~"render_tile|x y"', True),
        ("state~f.{4}d", True),
        ("state~f.{5}d", False),
        ("name!=~", True),
    ],
)
def test_regular_expressions(text: str, expected: bool) -> None:
    assert lets(text) is expected


def test_an_expression_holds_spaces_in_quotes() -> None:
    job = Job(name="exit 137: out of memory")
    assert lets(r'~"exit \d+: out"', job)
    assert lets(r'name~"^exit 13[0-9]"', job)
    assert not lets(r'name~"^exit  13"', job)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("~(", r"~\(: a \( is not closed"),
        ("name~f(x", r"name~f\(x: a \( is not closed"),
        ("~a**", "two repetitions"),
        (r"~(a)\1", "not known here"),
        ("~" + "a" * 300, "at most 200"),
    ],
)
def test_a_wrong_expression_is_said(text: str, words: str) -> None:
    with pytest.raises(FilterError, match=words):
        parse_filter(text, FIELDS, lambda: NOW)


def test_saved_filters_are_put_in_their_places() -> None:
    saved = {"bad": "state=failed|cancelled", "old": 'age>1h "two words"'}
    assert expand("*bad", saved) == "state=failed|cancelled"
    assert expand("x *old *bad", saved) == 'x age>1h "two words" state=failed|cancelled'
    assert expand("a  b", saved) == "a  b"
    assert expand('"*bad" name=*bad 2*3', saved) == '"*bad" name=*bad 2*3'
    for text, name in (("*none", "none"), ("*", ""), ("x *ba", "ba")):
        with pytest.raises(FilterError, match=f'no saved filter "{name}"'):
            expand(text, saved)


def test_the_word_being_typed() -> None:
    for text, word in (
        ("", ""),
        ("a", "a"),
        ("a ", ""),
        ("a state=fa", "state=fa"),
        ('a name="two wo', 'name="two wo'),
    ):
        assert last_word(text) == word
