"""The executors that a process waits for: one line each, one column for each condition that matters to it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from colonies_tui.protocol.plaintext import plain
from colonies_tui.store.waiting import ExecutorVerdict, Verdict
from colonies_tui.store.waiting_conditions import (
    Condition,
    Finding,
    Mark,
    asked_cpu,
    asked_mem,
    size_words,
)
from colonies_tui.ui.cell import Cell
from colonies_tui.ui.details.waiting_sentences import MARK_ROLES, mark_glyph
from colonies_tui.ui.fit import cut, width_of
from colonies_tui.ui.format.durations import short_age
from colonies_tui.ui.format.glyphs import Alphabet
from colonies_tui.ui.table_layout import Column
from colonies_tui.ui.tables.executors import machine_words

CellMaker: TypeAlias = Callable[[ExecutorVerdict, float], Cell]

MAX_TITLE = 22

_WIDTHS = {
    Condition.TYPE: 14,
    Condition.APPROVED: 10,
    Condition.ALIVE: 9,
    Condition.NAME: 12,
    Condition.LOCATION: 12,
    Condition.CPU: 10,
    Condition.MEM: 10,
}


def shown_conditions(verdict: Verdict) -> dict[Condition, str]:
    """Return the conditions to be shown with their titles: those that the process makes, and who is there at all."""
    conditions = verdict.process.spec.conditions
    shown = {Condition.APPROVED: "approval", Condition.ALIVE: "asked"}
    if not verdict.of_type:
        shown = {Condition.TYPE: f"type {plain(conditions.executortype) or '(none)'}", **shown}
    if conditions.executornames:
        shown[Condition.NAME] = "name"
    if conditions.locationname:
        shown[Condition.LOCATION] = f"at {plain(conditions.locationname)}"
    if asked_cpu(conditions):
        shown[Condition.CPU] = f"cpu {asked_cpu(conditions)}m"
    if asked_mem(conditions):
        shown[Condition.MEM] = f"mem {size_words(asked_mem(conditions))}"
    return shown


def verdict_columns(verdict: Verdict, alphabet: Alphabet) -> list[Column[ExecutorVerdict]]:
    """Return the columns; where room is short, those with a failing cell stay longest."""

    def sign(each: ExecutorVerdict, now: float) -> Cell:
        mark = Mark.FAILS if each.failing else Mark.DOUBT if each.doubted else Mark.OK
        return Cell(mark_glyph(mark, alphabet), "success" if mark is Mark.OK else MARK_ROLES[mark])

    columns: list[Column[ExecutorVerdict]] = [
        Column("sign", "", sign, width=1),
        Column(
            "name",
            "executor",
            lambda each, now: Cell(plain(each.executor.executorname), "strong"),
            width=18,
            min_width=12,
            flex=1,
        ),
    ]
    causes, listed = verdict.causes, verdict.listed
    for place, (condition, title) in enumerate(shown_conditions(verdict).items(), 1):
        short = cut(title, MAX_TITLE, alphabet.ellipsis)
        columns.append(
            Column(
                condition.name,
                short,
                _cell_maker(condition, alphabet),
                width=max(width_of(short), _WIDTHS[condition]),
                rank=0 if condition in causes else place if _is_telling(condition, listed) else len(Condition) + place,
                ticks=condition is Condition.ALIVE,
            )
        )
    says: Column[ExecutorVerdict] = Column(
        "says",
        "says that it has",
        lambda each, now: Cell(plain(machine_words(each.executor)), "dim"),
        width=30,
        min_width=16,
        flex=9,
        rank=4 * len(Condition),
    )
    return [*columns, says]


def _is_telling(condition: Condition, listed: Sequence[ExecutorVerdict]) -> bool:
    return any(condition in each.against for each in listed)


def _cell_maker(condition: Condition, alphabet: Alphabet) -> CellMaker:
    def make(each: ExecutorVerdict, now: float) -> Cell:
        finding = each.findings[condition]
        role = MARK_ROLES[finding.mark]
        return Cell(f"{mark_glyph(finding.mark, alphabet)} {_words(finding, now)}".rstrip(), role)

    return make


def _words(finding: Finding, now: float) -> str:
    if finding.words or finding.at is None:
        return plain(finding.words)
    return short_age(now - finding.at)
