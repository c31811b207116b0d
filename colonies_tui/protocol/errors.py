"""What can go wrong between a console and a server, as one tree.

::

    ColoniesError
    ├── NotReached          nothing was sent: the request certainly had no effect
    ├── OutcomeUnknown      it was sent, no usable answer came: it may have had its effect
    ├── Refused             the server answered with an error: status and message
    │   ├── NotAllowed      … because of who signed (403)
    │   ├── NotFound        … because the object does not exist (404)
    │   └── NothingAssigned … the normal "no work" answer of an assign (404) or an assign while paused (408, 503)
    ├── NotDecodable        an answer came that is not the protocol's; names the field
    ├── KeyMissing          this profile holds no key for the role that the message needs
    └── UnsafeRequest       refused here: the request would damage a real server
    BadSignature            a signature does not verify (server side of the wire)
    BadKey                  a text is not a private key (the text itself is never repeated)
"""

from __future__ import annotations


class ColoniesError(Exception):
    """Base of everything a request can raise."""


class NotReached(ColoniesError):
    """The server could not be reached; the request was certainly not sent."""


class OutcomeUnknown(ColoniesError):
    """The request was sent but no complete answer came back in time; look before trying again."""


class Refused(ColoniesError):
    """The server answered with an error.

    Attributes:
        status: the HTTP status that the error carries.
        message: the server's words, not cleaned.
    """

    def __init__(self, status: int, message: str) -> None:
        super().__init__(f"{status}: {message}")
        self.status = status
        self.message = message


class NotAllowed(Refused):
    """The server refused because of the role of the key that signed."""


class NotFound(Refused):
    """The server does not know the object."""


class NothingAssigned(Refused):
    """There was no process to assign within the time asked for; normal for an executor."""


class NotDecodable(ColoniesError):
    """An answer does not follow the protocol. The message names the field, never the whole content."""


class KeyMissing(ColoniesError):
    """No key for the needed role is in this profile.

    Attributes:
        holder: words for who holds such a key, for example ``"colony owner"``.
    """

    def __init__(self, holder: str) -> None:
        super().__init__(f"needs the {holder}'s key")
        self.holder = holder


class UnsafeRequest(ColoniesError, ValueError):
    """The request is not sent because it would crash or poison a real server."""


class BadSignature(ValueError):
    """A signature is malformed, not recoverable, or in high-s form."""


class BadKey(ValueError):
    """A text is not a private key. The text is never part of the message."""


_ASSIGN_MISSES = {404: "No process available", 408: "", 503: ""}


def refused(status: int, message: str, *, msgtype: str = "") -> Refused:
    """Return the member of the tree that fits an error reply.

    Args:
        status: status from the error payload.
        message: message from the error payload.
        msgtype: type of the request; an assign's 404, 408 and 503 are "no work".
    """
    if msgtype == "assignprocessmsg" and status in _ASSIGN_MISSES and _ASSIGN_MISSES[status] in message:
        return NothingAssigned(status, message)
    if status == 403:
        return NotAllowed(status, message)
    if status == 404:
        return NotFound(status, message)
    return Refused(status, message)
