"""Pausing the assignments of a colony (§ Queue order and matching)."""

from __future__ import annotations

from colonies_tui.localserver.jsontext import EMPTY_OBJECT, compact
from colonies_tui.localserver.registry import Call, by_colonyname, handles
from colonies_tui.protocol.messages.colony import GetPauseStatus, PauseAssignments, ResumeAssignments


@handles(PauseAssignments, "pause assignments", locate=by_colonyname)
def pause_assignments(call: Call[PauseAssignments, None]) -> str:
    call.server.database.write("UPDATE colonies SET paused = 1 WHERE name = ?", (call.request.colonyname,))
    return EMPTY_OBJECT


@handles(ResumeAssignments, "resume assignments", locate=by_colonyname)
def resume_assignments(call: Call[ResumeAssignments, None]) -> str:
    server, name = call.server, call.request.colonyname
    server.database.write("UPDATE colonies SET paused = 0 WHERE name = ?", (name,))
    server.database.after_commit(lambda: server.queue.wake_colony(name))
    return EMPTY_OBJECT


@handles(GetPauseStatus, "get pause status", locate=by_colonyname)
def get_pause_status(call: Call[GetPauseStatus, None]) -> str:
    name = call.request.colonyname
    return compact(
        {
            "msgtype": GetPauseStatus.reply_msgtype,
            "colonyname": name,
            "ispaused": call.server.queue.is_paused(name),
        }
    )
