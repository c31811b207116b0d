"""Functions that executors register (§ Function)."""

from __future__ import annotations

from colonies_tui.localserver.jsontext import EMPTY_OBJECT, compact
from colonies_tui.localserver.records.executor import executor_by_name
from colonies_tui.localserver.records.function import FunctionRecord, function_by_id, functions_of, insert_function
from colonies_tui.localserver.refusal import Refusal
from colonies_tui.localserver.registry import Call, Located, by_colonyname, handles
from colonies_tui.localserver.server import LocalServer
from colonies_tui.protocol.crypto import random_id
from colonies_tui.protocol.messages.executor import AddFunction, GetFunctions, RemoveFunction


def _colony_of_function(server: LocalServer, request: AddFunction) -> Located[None]:
    return Located(request.fun.colonyname, None)


def _by_id(server: LocalServer, request: RemoveFunction) -> Located[FunctionRecord]:
    if not request.functionid:
        raise Refusal(400, "Failed to remove function, msg.FunctionID is empty")
    function = function_by_id(server.database, request.functionid)
    if function is None:
        raise Refusal(404, "Failed to remove function, function does not exist")
    return Located(function.colonyname, function)


@handles(
    AddFunction,
    "add function",
    locate=_colony_of_function,
    needs=("fun", "Failed to add function, msg.Function is nil"),
)
def add_function(call: Call[AddFunction, None]) -> str:
    database, function = call.server.database, call.request.fun
    executor = executor_by_name(database, function.colonyname, function.executorname)
    if executor is None:
        raise Refusal(400, f"Failed to add function, Executor with name <{function.executorname}> does not exist")
    if executor.executorid != call.caller.identity:
        raise Refusal(403, "Not allowed to add a function to another executor")
    functionid = function.functionid or random_id()
    if function_by_id(database, functionid) is not None:
        raise Refusal(400, f"Failed to add function, a function with Id <{functionid}> exists")
    args = None if not function.args else compact([argument.to_wire() for argument in function.args])
    added = FunctionRecord(
        functionid=functionid,
        colonyname=function.colonyname,
        executorname=function.executorname,
        executortype=function.executortype,
        funcname=function.funcname,
        description=function.description,
        args=args,
        locationname=executor.locationname,
    )
    insert_function(database, added)
    return added.to_json()


@handles(GetFunctions, "get function", locate=by_colonyname)
def get_functions(call: Call[GetFunctions, None]) -> str:
    functions = functions_of(call.server.database, call.request.colonyname, call.request.executorname)
    return call.server.rows([function.to_json() for function in functions])


@handles(RemoveFunction, "remove function", locate=_by_id)
def remove_function(call: Call[RemoveFunction, FunctionRecord]) -> str:
    database, function = call.server.database, call.found
    executor = executor_by_name(database, function.colonyname, function.executorname)
    if executor is None or executor.executorid != call.caller.identity:
        raise Refusal(403, "Not allowed to remove a function from another executor")
    database.write("DELETE FROM functions WHERE functionid = ?", (function.functionid,))
    return EMPTY_OBJECT
