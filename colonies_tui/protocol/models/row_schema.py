"""How a process is read from the wire into a row: only the keys that a table needs, most of it outside of Python.

A schema of nested dictionaries is four times as fast as a model whose fields reach into what they do not want.
"""

import dataclasses
from collections.abc import Callable
from typing import Any, Final

from pydantic import GetCoreSchemaHandler
from pydantic_core import core_schema as core

from colonies_tui.protocol.model import Int
from colonies_tui.protocol.states import ProcessState
from colonies_tui.protocol.times import read_unix

_TIMES: Final = ("submissiontime", "starttime", "endtime", "waitdeadline", "execdeadline")


def _object(**keys: core.CoreSchema) -> core.CoreSchema:
    fields = {key: core.typed_dict_field(schema, required=key == "processid") for key, schema in keys.items()}
    return core.typed_dict_schema(fields, extra_behavior="ignore")


def process_row_schema(handler: GetCoreSchemaHandler, build: Callable[[dict[str, Any]], Any]) -> core.CoreSchema:
    """Return what reads a process and makes a row of it.

    Args:
        handler: makes schemas of types.
        build: makes the row, from the keys that were there; texts, lists and objects may be ``None``.
    """
    text = core.str_schema()
    text_or_null = core.nullable_schema(text)
    texts = core.nullable_schema(core.tuple_variable_schema(text))
    number = handler.generate_schema(Int)
    time = core.no_info_plain_validator_function(read_unix)
    conditions = _object(colonyname=text, executortype=text, locationname=text_or_null, executornames=texts)
    spec = _object(
        funcname=text,
        nodename=text,
        label=text,
        priority=number,
        maxretries=number,
        conditions=core.nullable_schema(conditions),
    )
    process = _object(
        processid=text,
        state=handler.generate_schema(ProcessState),
        assignedexecutorid=text,
        initiatorname=text_or_null,
        **dict.fromkeys(_TIMES, time),
        prioritytime=number,
        retries=number,
        waitforparents=core.bool_schema(),
        processgraphid=text_or_null,
        errors=core.nullable_schema(core.tuple_variable_schema(text_or_null)),
        spec=core.nullable_schema(spec),
    )
    return core.no_info_after_validator_function(
        build, process, serialization=core.plain_serializer_function_ser_schema(dataclasses.asdict)
    )
