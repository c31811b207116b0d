"""Asking a server for one object by its whole id, when no list that was read holds it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from colonies_tui.protocol.errors import NotAllowed, Refused
from colonies_tui.protocol.models.process import ProcessRow
from colonies_tui.store.graphs import GraphRow
from colonies_tui.store.session import Session

if TYPE_CHECKING:
    from colonies_tui.protocol.models.file import File

WHOLE_ID: Final = re.compile(r"[0-9a-f]{64}\Z")
"""A whole id. A server is asked for nothing shorter."""


async def ask_for_process(session: Session, process_id: str) -> bool:
    """Read a process into the session's rows; return whether this colony has it.

    Raises:
        ColoniesError: the server did not answer, or may not tell.
    """
    asked = session.book.mark()
    try:
        process = await session.client.get_process(processid=process_id)
    except NotAllowed:
        raise
    except Refused:  # a server does not always tell what it does not have from what it cannot read
        return False
    if process.spec.conditions.colonyname not in ("", session.colony):
        return False
    session.book.take_read(ProcessRow.of(process), asked)
    return True


async def ask_for_workflow(session: Session, graph_id: str) -> bool:
    """Read a process graph into the session's rows; return whether this colony has it.

    Raises:
        ColoniesError: the server did not answer, or may not tell.
    """
    try:
        graph = await session.client.get_process_graph(processgraphid=graph_id)
    except NotAllowed:
        raise
    except Refused:
        return False
    if graph.colonyname not in ("", session.colony):
        return False
    session.graphs.rows.merge({graph_id: GraphRow.of(graph)})
    return True


async def ask_for_file(session: Session, file_id: str) -> File | None:
    """Return a revision of a file of this colony; ``None`` when it has none of this id.

    Raises:
        ColoniesError: the server did not answer, or may not tell.
    """
    try:
        found = await session.client.get_file(colonyname=session.colony, fileid=file_id)
    except NotAllowed:
        raise
    except Refused:
        return None
    return found[0] if found else None
