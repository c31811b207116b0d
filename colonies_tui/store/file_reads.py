"""Reads about files that are made when somebody opens one."""

from __future__ import annotations

from colonies_tui.protocol.errors import Refused
from colonies_tui.protocol.messages.file import GetFile
from colonies_tui.protocol.models.file import File, Snapshot
from colonies_tui.store.session import Session

MAX_READ = 60
"""Most files of a snapshot that are read one by one."""


async def revisions(session: Session, label: str, name: str) -> tuple[File, ...]:
    """Return all revisions of a file, newest first.

    Raises:
        ColoniesError: they could not be read.
    """
    return await session.client.send(GetFile(colonyname=session.colony, label=label, name=name))


async def files_of_snapshot(session: Session, snapshot: Snapshot) -> tuple[File, ...]:
    """Return the files that a snapshot lists, as far as they still exist; at most :data:`MAX_READ` of them.

    Raises:
        ColoniesError: the server did not answer.
    """
    found: list[File] = []
    for file_id in snapshot.fileids[:MAX_READ]:
        try:
            found.extend(await session.client.send(GetFile(colonyname=session.colony, fileid=file_id)))
        except Refused:
            continue  # removed since: the snapshot keeps its id
    return tuple(found)
