"""Files and their labels: metadata only, contents lie in a bucket (§ File)."""

from __future__ import annotations

from colonies_tui.localserver.jsontext import EMPTY_OBJECT, array, compact
from colonies_tui.localserver.records.file import (
    file_by_id,
    insert_file,
    labels,
    newest_files,
    revisions_of,
)
from colonies_tui.localserver.refusal import Refusal
from colonies_tui.localserver.registry import Call, Located, by_colonyname, handles
from colonies_tui.localserver.server import LocalServer
from colonies_tui.protocol.crypto import random_id
from colonies_tui.protocol.messages.file import AddFile, GetFile, GetFileLabels, GetFiles, RemoveFile


def _colony_of_file(server: LocalServer, request: AddFile) -> Located[None]:
    return Located(request.file.colonyname, None)


@handles(AddFile, "add file", locate=_colony_of_file, needs=("file", "Failed to add file, msg.File is nil"))
def add_file(call: Call[AddFile, None]) -> str:
    server, file = call.server, call.request.file
    fileid = random_id()
    insert_file(server.database, file, fileid, server.stamps.next())
    added = file_by_id(server.database, file.colonyname, fileid)
    return "null" if added is None else added.to_json()


@handles(GetFile, "get file", locate=by_colonyname)
def get_file(call: Call[GetFile, None]) -> str:
    request, database = call.request, call.server.database
    if request.fileid:
        file = file_by_id(database, request.colonyname, request.fileid)
        if file is None:
            raise Refusal(400, "Failed to get file")
        return array([file.to_json()], null_when_empty=False)
    if not request.name:
        raise Refusal(500, "malformatted get file msg")
    revisions = revisions_of(database, request.colonyname, request.label, request.name)
    if not revisions:
        raise Refusal(404, "Failed to get file")
    shown = revisions[:1] if request.latest else revisions
    return array([file.to_json() for file in shown], null_when_empty=False)


@handles(GetFiles, "get files", locate=by_colonyname)
def get_files(call: Call[GetFiles, None]) -> str:
    request = call.request
    rows = [
        compact({"name": name, "checksum": checksum, "size": size, "s3filename": s3filename})
        for name, checksum, size, s3filename, _ in newest_files(call.server.database, request.colonyname, request.label)
    ]
    return array(rows, null_when_empty=False)


@handles(GetFileLabels, "get files", locate=by_colonyname)
def get_file_labels(call: Call[GetFileLabels, None]) -> str:
    request = call.request
    found = labels(call.server.database, request.colonyname, request.name, exact=request.exact)
    return call.server.rows([compact({"name": name, "files": count}) for name, count in found])


@handles(RemoveFile, "remove file", locate=by_colonyname)
def remove_file(call: Call[RemoveFile, None]) -> str:
    request, database = call.request, call.server.database
    if request.fileid:
        database.write(
            "DELETE FROM files WHERE fileid = ? AND colonyname = ?",
            (request.fileid, request.colonyname),
        )
    elif request.name:
        database.write(
            "DELETE FROM files WHERE colonyname = ? AND label = ? AND name = ?",
            (request.colonyname, request.label, request.name),
        )
    else:
        raise Refusal(400, "malformatted remove file msg")
    return EMPTY_OBJECT
