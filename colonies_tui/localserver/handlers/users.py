"""Users (§ User)."""

from __future__ import annotations

from typing import Any

from colonies_tui.localserver.handlers.checks import check_id_length, check_stored_name
from colonies_tui.localserver.jsontext import EMPTY_OBJECT, compact
from colonies_tui.localserver.refusal import Refusal
from colonies_tui.localserver.registry import Call, Located, by_colonyname, handles
from colonies_tui.localserver.server import LocalServer
from colonies_tui.protocol.messages.colony import AddUser, ChangeUserId, GetUser, GetUserById, GetUsers, RemoveUser

_SELECT = "SELECT colonyname, userid, name, email, phone FROM users WHERE colonyname = ?"


def _user(row: tuple[Any, ...]) -> str:
    return compact(dict(zip(("colonyname", "userid", "name", "email", "phone"), row, strict=True)))


def _colony_of_user(server: LocalServer, request: AddUser) -> Located[None]:
    return Located(request.user.colonyname, None)


@handles(
    AddUser,
    "add user",
    locate=_colony_of_user,
    needs=("user", "Failed to add user, executor is nil"),
    unknown_colony_status=400,
)
def add_user(call: Call[AddUser, None]) -> str:
    user = call.request.user
    check_stored_name(call.server, user.name, "user")
    database = call.server.database
    if database.one("SELECT 1 FROM users WHERE colonyname = ? AND name = ?", (user.colonyname, user.name)):
        raise Refusal(400, f"A user with name <{user.name}> already exists in Colony with name <{user.colonyname}>")
    database.write(
        "INSERT INTO users (colonyname, name, userid, email, phone) VALUES (?, ?, ?, ?, ?)",
        (user.colonyname, user.name, user.userid, user.email, user.phone),
    )
    return compact(user.to_wire())


@handles(GetUsers, "get users", locate=by_colonyname, unknown_colony_status=400)
def get_users(call: Call[GetUsers, None]) -> str:
    rows = call.server.database.all(_SELECT + " ORDER BY rowid", (call.request.colonyname,))
    return call.server.rows([_user(row) for row in rows])


@handles(GetUser, "get user", locate=by_colonyname)
def get_user(call: Call[GetUser, None]) -> str:
    row = call.server.database.one(_SELECT + " AND name = ?", (call.request.colonyname, call.request.name))
    if row is None:
        raise Refusal(500, "Failed to get user, user is nil")
    return _user(row)


@handles(GetUserById, "get user by ID", locate=by_colonyname)
def get_user_by_id(call: Call[GetUserById, None]) -> str:
    row = call.server.database.one(
        _SELECT + " AND userid = ? ORDER BY rowid LIMIT 1", (call.request.colonyname, call.request.userid)
    )
    if row is None:
        raise Refusal(404, "Failed to get user by ID, user is nil")
    return _user(row)


@handles(RemoveUser, "remove user", locate=by_colonyname)
def remove_user(call: Call[RemoveUser, None]) -> str:
    request = call.request
    if not call.server.database.write(
        "DELETE FROM users WHERE colonyname = ? AND name = ?", (request.colonyname, request.name)
    ):
        raise Refusal(400, f"User with name <{request.name}> not found")
    return EMPTY_OBJECT


@handles(ChangeUserId, "change user Id", locate=by_colonyname)
def change_user_id(call: Call[ChangeUserId, None]) -> str:
    request = call.request
    check_id_length(request.userid, "Failed to change user Id, new user Id is not 64 characters")
    changed = call.server.database.write(
        "UPDATE users SET userid = ? WHERE colonyname = ? AND userid = ?",
        (request.userid, request.colonyname, call.caller.identity),
    )
    if not changed:
        raise Refusal(400, "Failed to change user Id, user not found")
    return compact(call.payload)
