"""From a question of the right grade to its request: how views and screens ask, and carry out what was answered.

Everything that changes something on a server goes through here, or through the screen for many objects.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from textual.app import App

from colonies_tui.protocol.plaintext import plain
from colonies_tui.protocol.request import Request
from colonies_tui.store.actions import Action, ActionResult
from colonies_tui.ui.context import Context

if TYPE_CHECKING:
    from colonies_tui.ui.grades import Grade
    from colonies_tui.ui.widgets.dialog import Question


def danger_place(context: Context) -> str:
    """Return where one is, when that is a production profile; empty elsewhere."""
    if not context.profile.production:
        return ""
    return f"production {context.alphabet.separator} {plain(context.session.colony)}"


def last_key(app: App[Any]) -> str:
    """Return the key that did something last; empty in an app that does not remember."""
    return str(getattr(app, "last_key", ""))


def grade_in(context: Context, request: type[Request[Any]], at_least: Grade = "calm") -> Grade:
    """Return how carefully a request is asked about in a profile."""
    from colonies_tui.ui.grades import grade_of

    return grade_of(request, is_production=context.profile.production, at_least=at_least)


async def ask(app: App[Any], context: Context, question: Question, request: type[Request[Any]]) -> str:
    """Ask before a request of a type is sent; return the id of the answer. Runs in a worker.

    The question's own grade is the least that it is asked with.
    """
    from colonies_tui.ui.widgets.dialog import Dialog

    graded = dataclasses.replace(question, grade=grade_in(context, request, question.grade))
    return await app.push_screen_wait(Dialog(graded, opened_by=last_key(app), place=danger_place(context)))


async def carry_out(
    context: Context, action: Action, *, at_least: Grade = "calm", quietly: bool = False
) -> ActionResult:
    """Carry out what was confirmed, and say how it ended. Runs in a worker.

    Args:
        context: whose session sends.
        action: what to do.
        at_least: the least grade that it was asked with; a typed name needs no time to take it back.
        quietly: say only what went wrong.
    """
    from colonies_tui.ui.grades import can_be_taken_back

    request = type(action.request)
    hold = can_be_taken_back(request, grade_in(context, request, at_least))
    return await context.outbox.carry_out(action, hold=hold, quietly=quietly)


async def propose(app: App[Any], context: Context, action: Action) -> ActionResult | None:
    """Carry out what needs no question, except where mistakes are dear; ``None`` when it was left there."""
    from colonies_tui.ui.questions import KEEP, plain_question

    request = type(action.request)
    if grade_in(context, request) != "calm":
        answer = await ask(app, context, plain_question(context.session, action), request)
        if answer == KEEP:
            return None
    return await carry_out(context, action)
