"""The same thing done to all marked rows: who is meant, who is left out and why, and the question about it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from colonies_tui.ui.acting import danger_place, last_key
from colonies_tui.ui.format.numbers import grouped
from colonies_tui.ui.grades import grade_of_many, highest
from colonies_tui.ui.notify import say
from colonies_tui.ui.tables.bulk import Candidate, tallied
from colonies_tui.ui.views.bulk_screen import Bulk, BulkScreen
from colonies_tui.ui.views.view import View
from colonies_tui.ui.widgets.live_table import LiveTable

Row = TypeVar("Row")


def marked_rows(table: LiveTable[Row]) -> dict[str, Row]:
    """Return the marked rows by id in the order they stand in, hidden ones last; none when fewer than two are."""
    marks = table.marks
    if len(marks) < 2:
        return {}
    shown = [row_id for row_id in table.visible_ids() if row_id in marks]
    return {row_id: table.rows[row_id] for row_id in (*shown, *sorted(marks.difference(shown)))}


def row_to_act_on(table: LiveTable[Row]) -> Row | None:
    """Return the only marked row, or the one under the cursor."""
    marks = table.marks
    return table.rows.get(next(iter(marks))) if len(marks) == 1 else table.cursor_row


def reason_for_all(verb: str, things: str, reasons: Sequence[str | None]) -> str | None:
    """Return why a verb can be done to none of the marked rows; ``None`` when it can to some.

    Args:
        verb: what was wanted.
        things: what the rows are, in the plural.
        reasons: why it cannot be done to each; ``None`` where it can.
    """
    if not reasons or None in reasons:
        return None
    why = tallied(reason for reason in reasons if reason is not None)
    return f"none of the {grouped(len(reasons))} marked {things} can be acted on so ({verb}): {why}"


async def act_on_marked(
    view: View, table: LiveTable[Any], candidates: Sequence[Candidate], things: tuple[str, str], note: str = ""
) -> set[str]:
    """Ask about marked rows, do it, show every result, and take the marks off what is done. Runs in a worker.

    Args:
        view: where the key was pressed.
        table: the rows are marked in it.
        candidates: fixed when the key was pressed.
        things: what they are, in the singular and the plural.
        note: what follows from it, in a sentence.

    Returns:
        Ids of what was done.
    """
    actions = [candidate.action for candidate in candidates if candidate.action is not None]
    if not actions:
        return set()
    grade = grade_of_many(
        type(actions[0].request),
        len(actions),
        is_production=view.context.profile.production,
        at_least=highest(candidate.grade for candidate in candidates if candidate.action is not None),
    )
    visible = set(table.visible_ids())
    bulk = Bulk(candidates, things, grade, note, hidden=sum(one.id not in visible for one in candidates))
    opened_by, place = last_key(view.app), danger_place(view.context)
    screen = BulkScreen(view.context, bulk, opened_by=opened_by, place=place)
    done = await view.app.push_screen_wait(screen)
    if done is None:
        if screen.was_taken_back:
            say(view.app, f"{actions[0].verb} {bulk.counted_words}: taken back; nothing was sent")
        return set()
    table.unmark(done)
    return set(done)
