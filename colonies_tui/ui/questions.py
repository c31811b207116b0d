"""The questions that are asked before something is changed: what will happen, to what, signed by whom."""

from __future__ import annotations

from collections.abc import Sequence

from colonies_tui.protocol.plaintext import plain
from colonies_tui.protocol.roles import KeySlot
from colonies_tui.protocol.states import ProcessState
from colonies_tui.store.actions import Action, approve_executor, reject_executor, remove_executor
from colonies_tui.store.executor_condition import ExecutorCondition
from colonies_tui.store.session import Session
from colonies_tui.ui.details.executor import evidence_fields
from colonies_tui.ui.document import Field
from colonies_tui.ui.equivalents import as_commands
from colonies_tui.ui.format.durations import duration, short_age
from colonies_tui.ui.format.ids import evidence_id, short_id
from colonies_tui.ui.format.numbers import counted, grouped
from colonies_tui.ui.grades import Grade
from colonies_tui.ui.spans import Line, Span
from colonies_tui.ui.tables.executors import ExecutorLine
from colonies_tui.ui.widgets.dialog import Choice, Question

KEEP = "keep"
"""Answer that changes nothing."""


def signer_line(session: Session, slot: KeySlot) -> Line:
    """Return who signs, in words."""
    key = session.client.keys.in_slot(slot)
    identity = f" ({short_id(key.identity)}…)" if key is not None else ""
    return (Span(f"Signed with the {slot.holder}'s key{identity}.", "dim"),)


def waiting_for(session: Session, executortype: str) -> str:
    """Return how much work of a type waits, in words: ``111 waiting processes``, ``at least 100 …``."""
    known = sum(
        1
        for row_id in session.book.in_state(ProcessState.WAITING)
        if (row := session.processes.get(row_id)) is not None and row.executortype == executortype
    )
    total = session.total(ProcessState.WAITING)
    listed = sum(1 for _ in session.book.in_state(ProcessState.WAITING))
    least = "at least " if total is not None and total > listed and known else ""
    return f"{least}{counted(known, 'waiting process', 'waiting processes')}"


def _evidence(line: ExecutorLine, now: float) -> list[Field | Sequence[Field]]:
    executor = line.executor
    registered = executor.commissiontime
    age = "–" if registered is None else f"{short_age(now - registered.timestamp())} ago"
    rows: list[Field | Sequence[Field]] = [
        (Field.of("type", plain(executor.executortype)), Field.of("registered", age)),
        (
            Field.of("identity", evidence_id(executor.executorid)),
            Field.of("location", plain(executor.locationname or "") or "–"),
        ),
    ]
    rows.extend(evidence_fields(executor)[:6])
    return rows


def approval(session: Session, line: ExecutorLine, now: float) -> Question:
    """Return the question whether an executor may work; the answers are ``approve``, ``reject`` and :data:`KEEP`."""
    executor = line.executor
    name = plain(executor.executorname)
    kind = plain(executor.executortype)
    queue = waiting_for(session, executor.executortype)
    pending = line.condition is ExecutorCondition.PENDING
    choices = [Choice(KEEP, "escape", "keep pending" if pending else "leave as it is", acts=False)]
    if line.condition is not ExecutorCondition.REJECTED:
        choices.append(Choice("reject", "r", "reject", "failed"))
    if line.condition not in (ExecutorCondition.APPROVED, ExecutorCondition.STALE):
        choices.append(Choice("approve", "y", "approve", "success"))
    consequence: Line = (
        Span("Approved, it can take ", "text"),
        Span(queue, "waiting" if not queue.startswith("0 ") else "text"),
        Span(f" of type {kind}, read files and logs of colony {plain(session.colony)}, and submit work.", "text"),
    )
    return Question(
        title=f"Approve {name}?" if pending else f"{name} is {line.condition.value}",
        commands=as_commands(session, approve_executor(executor)),
        choices=choices,
        fields=_evidence(line, now),
        paragraphs=(consequence, signer_line(session, KeySlot.COLONY)),
        name_to_type=executor.executorname,
    )


def rejection(session: Session, line: ExecutorLine, now: float) -> Question:
    """Return the question whether to refuse an executor; the answers are ``reject`` and :data:`KEEP`."""
    executor = line.executor
    name = plain(executor.executorname)
    running = len(line.running)
    consequence: Line = (
        Span("Rejected, it gets no work, cannot read this colony, and stays in the list.", "text"),
        Span(f" What it runs now ({grouped(running)}) goes on but cannot be closed by it.", "warning")
        if running
        else Span(f" {waiting_for(session, executor.executortype)} of its type stay in the queue.", "dim"),
    )
    return Question(
        title=f"Reject {name}?",
        commands=as_commands(session, reject_executor(executor)),
        choices=[Choice(KEEP, "escape", "leave as it is", acts=False), Choice("reject", "y", "reject", "failed")],
        fields=_evidence(line, now),
        paragraphs=(consequence, signer_line(session, KeySlot.COLONY)),
        name_to_type=executor.executorname,
    )


def removal_grade(line: ExecutorLine) -> Grade:
    """Return the least grade for removing an executor: one that may take work is removed by its name alone."""
    return "typed" if line.condition is ExecutorCondition.APPROVED else "danger"


def removal(session: Session, line: ExecutorLine, now: float) -> Question:
    """Return the question whether to unregister an executor; its name must be typed when it is at work."""
    executor = line.executor
    name = plain(executor.executorname)
    again = counted(len(line.running), "running process", "running processes")
    consequence: Line = (
        Span(f"Removed, it is unregistered, its functions are deleted, and its {again} wait again. ", "text"),
        Span("Unless the server allows re-registration, its name stays taken.", "dim"),
    )
    rows: list[Field | Sequence[Field]] = [*_evidence(line, now)]
    if line.running:
        rows.append(Field.of("runs", ", ".join(f"{plain(n)} {duration(now - start)}" for n, start in line.running[:4])))
    return Question(
        title=f"Remove {name}?",
        commands=as_commands(session, remove_executor(executor)),
        choices=[Choice(KEEP, "escape", "leave as it is", acts=False), Choice("remove", "y", "remove", "failed")],
        fields=rows,
        paragraphs=(consequence, signer_line(session, KeySlot.COLONY)),
        grade=removal_grade(line),
        name_to_type=executor.executorname,
    )


def plain_question(session: Session, action: Action) -> Question:
    """Return the question about an action that elsewhere is done without one; the answers are its verb and KEEP."""
    return Question(
        title=f"{action.verb.capitalize()} {plain(action.object_name)}?",
        commands=as_commands(session, action),
        choices=[Choice(KEEP, "escape", "leave", acts=False), Choice(action.verb, "y", action.verb, "success")],
        fields=[Field.of("colony", plain(session.colony)), Field.of("server", plain(str(session.client.address)))],
        paragraphs=(signer_line(session, action.request.role.slots[0]),),
        name_to_type=action.object_name,
    )
