"""What the exit codes of all commands mean, and which one tells of which error."""

from __future__ import annotations

from typing import Final

from colonies_tui.protocol.errors import ColoniesError, KeyMissing, NotDecodable, NotReached, OutcomeUnknown

OK: Final = 0
FAILED: Final = 1
"""Refused, by the server or by a check before sending; or a check failed."""
USAGE: Final = 2
"""The command line, the input or the configuration is wrong; a key that is needed is not there."""
NOT_REACHED: Final = 3
"""Nothing was sent: there was certainly no effect."""
UNKNOWN: Final = 4
"""It was sent and no usable answer came: look before trying again."""
INTERRUPTED: Final = 130

EPILOG: Final = """\
exit codes: 0 done; 1 refused, or a check failed; 2 wrong usage or configuration, or a key is missing;
3 the server was not reached, so nothing happened; 4 sent, but the outcome is unknown; 130 interrupted,
129 the terminal went away, 143 told to end
"""


def code_of(error: ColoniesError) -> int:
    """Return the exit code that tells of an error."""
    match error:
        case NotReached():
            return NOT_REACHED
        case OutcomeUnknown() | NotDecodable():
            return UNKNOWN
        case KeyMissing():
            return USAGE
        case _:
            return FAILED
