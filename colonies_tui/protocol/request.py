"""The mechanism of typed requests: one class is one message type, its reply type, its role, and its guards.

A message is a declaration::

    class GetProcess(Request[Process], msgtype="getprocessmsg", role=Role.MEMBER):
        \"\"\"One process in full (§ Process).\"\"\"

        processid: str

which makes it known to the client (``client.get_process(processid=…)``), to the local server, and to everything that
lists messages. :data:`MESSAGES` holds them all.
"""

import functools
from collections.abc import Mapping
from types import GenericAlias
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Generic, Self, TypeVar, cast, get_args

from pydantic import GetCoreSchemaHandler, TypeAdapter
from pydantic_core import CoreSchema, core_schema

from colonies_tui.protocol.model import Model, as_declared
from colonies_tui.protocol.roles import Role

R = TypeVar("R")
ReplyType = TypeVar("ReplyType", covariant=True)

MESSAGES: "dict[str, type[Request[Any]]]" = {}
"""Every message type by its name on the wire."""


class Empty(Model):
    """The reply of an operation without a result."""


class _NullIsNone:
    """Reads ``null`` as no rows. Not before the rows are read: they would all become Python objects first."""

    @classmethod
    def __get_pydantic_core_schema__(cls, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        rows = core_schema.nullable_schema(handler(source))
        return core_schema.no_info_after_validator_function(lambda read: () if read is None else read, rows)


Rows = Annotated[tuple[R, ...], _NullIsNone]
"""A list reply; ``null`` is how a real server writes "none"."""


class Request(Model, Generic[ReplyType]):
    """A message to a server.

    Subclasses name the reply type as the type argument and give, as class arguments, ``msgtype``, ``role``,
    ``changes`` (whether the server's state changes; such a request is never retried by itself), ``socket`` (sent over
    the websocket) and ``reply_msgtype`` where a reply carries another name than its request.
    """

    msgtype: ClassVar[str]
    role: ClassVar[Role]
    changes: ClassVar[bool] = False
    over_websocket: ClassVar[bool] = False
    reply_msgtype: ClassVar[str]
    reply_type: ClassVar[Any]

    if not TYPE_CHECKING:
        # What is named in brackets only says how the reply is read. To pydantic it would be one more model to make, for
        # each of them: as long a start as the messages themselves take.
        __class_getitem__ = classmethod(GenericAlias)

    def __init_subclass__(
        cls,
        *,
        msgtype: str | None = None,
        role: Role | None = None,
        changes: bool = False,
        socket: bool = False,
        reply_msgtype: str | None = None,
    ) -> None:
        super().__init_subclass__()
        if msgtype is not None and role is not None:
            cls.msgtype = msgtype
            cls.role = role
            cls.changes = changes
            cls.over_websocket = socket
            cls.reply_msgtype = reply_msgtype or msgtype
            (cls.reply_type,) = get_args(cls.__dict__["__orig_bases__"][0])
            MESSAGES[msgtype] = cls

    @classmethod
    def reply_adapter(cls) -> TypeAdapter[ReplyType]:
        """Return what reads and writes this message's reply; built at first use."""
        return cast("TypeAdapter[ReplyType]", _adapter(cls))

    def payload(self) -> dict[str, Any]:
        """Return the payload as JSON-ready keys and values, message type included."""
        return {**self.to_wire(), "msgtype": self.msgtype}

    @classmethod
    def read(cls, payload: Mapping[str, Any]) -> Self:
        """Read a payload as a server does: keys in any case, missing and ``null`` ones are the zero of their type.

        That holds for the models inside as well, but not for what is free JSON: there, keys and ``null`` stay.

        Raises:
            pydantic.ValidationError: a value of a wrong JSON type.
        """
        values = as_declared(cls, payload)
        for name, field in cls.model_fields.items():
            if field.is_required() and (field.alias or name) not in values:
                values[field.alias or name] = _zero(field.annotation)
        return cls.model_validate(values)

    def check(self) -> None:
        """Refuse what would crash or poison a real server; called before every send.

        Raises:
            UnsafeRequest: names what is wrong.
        """


def _zero(annotation: Any) -> Any:
    if isinstance(annotation, type):
        if issubclass(annotation, Model):
            return {}
        if issubclass(annotation, int):
            return 0
        if issubclass(annotation, str):
            return ""
    return None


@functools.cache
def _adapter(cls: type[Request[Any]]) -> TypeAdapter[Any]:
    return TypeAdapter(cls.reply_type)
