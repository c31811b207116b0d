"""Loading, fresh, stale, forbidden and failed are five different things."""

from __future__ import annotations

import pytest

from colonies_tui.protocol.errors import (
    ColoniesError,
    KeyMissing,
    NotAllowed,
    NotDecodable,
    NotReached,
    OutcomeUnknown,
    Refused,
)
from colonies_tui.store.freshness import Condition, Freshness

NO_ANSWER = NotReached("nobody there")


def test_before_the_first_answer_it_is_loading() -> None:
    assert Freshness().condition is Condition.LOADING
    assert not Freshness().can_show_rows


@pytest.mark.parametrize(
    "error", [NO_ANSWER, OutcomeUnknown("late"), Refused(500, "broken"), NotDecodable("what is this")]
)
def test_a_failure_before_any_rows_is_failed_and_after_them_stale(error: ColoniesError) -> None:
    never = Freshness().failed(error)
    assert (never.condition, never.error, never.can_show_rows) == (Condition.FAILED, error, False)
    once = Freshness().succeeded(7.0).failed(error)
    assert (once.condition, once.loaded_at, once.can_show_rows) == (Condition.STALE, 7.0, True)


@pytest.mark.parametrize("error", [NotAllowed(403, "no"), KeyMissing("member")])
def test_what_is_not_allowed_shows_no_rows_even_if_it_once_did(error: ColoniesError) -> None:
    for before in (Freshness(), Freshness().succeeded(7.0), Freshness().succeeded(7.0).failed(NO_ANSWER)):
        after = before.failed(error)
        assert (after.condition, after.error, after.can_show_rows) == (Condition.FORBIDDEN, error, False)


def test_a_missing_answer_does_not_lift_what_was_forbidden() -> None:
    forbidden = Freshness().succeeded(7.0).failed(NotAllowed(403, "no"))
    assert forbidden.failed(NO_ANSWER) == forbidden
    assert forbidden.failed(Refused(500, "broken")).condition is Condition.STALE
    assert forbidden.succeeded(9.0) == Freshness(Condition.FRESH, 9.0, None)


def test_an_answer_makes_everything_fresh() -> None:
    for before in (Freshness(), Freshness().failed(NO_ANSWER), Freshness().failed(KeyMissing("member"))):
        assert before.succeeded(9.0) == Freshness(Condition.FRESH, 9.0, None)


def test_only_what_a_reader_sees_is_a_difference() -> None:
    fresh = Freshness().succeeded(1.0)
    assert not fresh.differs_from(Freshness().succeeded(2.0))
    assert not fresh.failed(NotReached("a")).differs_from(fresh.failed(NotReached("a")))
    assert fresh.failed(NotReached("a")).differs_from(fresh.failed(NotReached("b")))
    assert fresh.differs_from(fresh.failed(NotReached("a")))
