"""The server itself: version, what it says of itself, statistics, its owner (§ Server, cluster, statistics)."""

from __future__ import annotations

from typing import Any

from colonies_tui import __version__
from colonies_tui.localserver.clock import wire_time
from colonies_tui.localserver.handlers.counting import colony_statistics, server_statistics
from colonies_tui.localserver.jsontext import compact
from colonies_tui.localserver.refusal import Refusal
from colonies_tui.localserver.registry import Call, Located, handles, nowhere
from colonies_tui.localserver.server import LocalServer
from colonies_tui.protocol.messages.colony import (
    ChangeServerId,
    GetCluster,
    GetColonyStatistics,
    GetServerInfo,
    GetServerStatistics,
    GetVersion,
)


@handles(GetVersion, "get server version", locate=nowhere)
def get_version(call: Call[GetVersion, None]) -> str:
    return compact(
        {
            "buildversion": __version__,
            "buildtime": wire_time(call.server.started_at),
            "msgtype": GetVersion.msgtype,
        }
    )


@handles(GetServerInfo, "get server info", locate=nowhere, reads_payload=False)
def get_server_info(call: Call[GetServerInfo, None]) -> str:
    address = call.server.address
    info: dict[str, Any] = {
        "buildversion": __version__,
        "buildtime": wire_time(call.server.started_at),
        "backends": [{"type": "http", "port": address.port, "host": address.host}],
    }
    if not call.server.settings.real_quirks:
        info["observersapart"] = True
    return compact(info)


@handles(GetServerStatistics, "get statistics", locate=nowhere, mismatch_words="get server version")
def get_statistics(call: Call[GetServerStatistics, None]) -> str:
    return server_statistics(call.server)


def _known_colony(server: LocalServer, request: GetColonyStatistics) -> Located[None]:
    if server.database.one("SELECT 1 FROM colonies WHERE name = ?", (request.colonyname,)) is None:
        raise Refusal(400, f"Colony with name <{request.colonyname}> not found")
    return Located(request.colonyname, None)


@handles(GetColonyStatistics, "get colony statistics", locate=_known_colony, silent_refusal=True)
def get_colony_statistics(call: Call[GetColonyStatistics, None]) -> str:
    return colony_statistics(call.server, call.request.colonyname)


@handles(GetCluster, "get cluster info", locate=nowhere)
def get_cluster(call: Call[GetCluster, None]) -> str:
    address = call.server.address
    node = {
        "name": "local",
        "host": address.host,
        "port": 0,
        "peerport": 0,
        "relayport": 0,
        "apiport": address.port,
    }
    return compact({"nodes": [node], "leader": node})


@handles(ChangeServerId, "change server Id", locate=nowhere)
def change_server_id(call: Call[ChangeServerId, None]) -> str:
    call.server.database.write("UPDATE server SET value = ? WHERE key = 'serverid'", (call.request.serverid,))
    return compact(call.payload)
