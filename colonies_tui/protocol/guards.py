"""Checks made before a request is sent: what a real server would crash on, store broken, or misread (§ Never sent)."""

from __future__ import annotations

import re

from colonies_tui.protocol.errors import UnsafeRequest

_CPU = re.compile(r"([0-9]+m)?\Z")
_SIZE = re.compile(r"([0-9]+(Ki|KiB|Mi|MiB|Gi|GiB|TiB|K|M|G))?\Z")


def check_name(name: str, what: str) -> None:
    """Refuse an empty name and one with ``:``, which makes every later read of that list fail.

    Raises:
        UnsafeRequest: with the reason in words.
    """
    if not name:
        raise UnsafeRequest(f"a {what} needs a name")
    if ":" in name:
        raise UnsafeRequest(f"a {what}'s name must not hold a colon: a Colonies server could not read it back")


def check_id(identity: str, what: str) -> None:
    """Refuse what is not 64 lower-case hex characters.

    Raises:
        UnsafeRequest: with the reason in words.
    """
    if not re.fullmatch(r"[0-9a-f]{64}", identity):
        raise UnsafeRequest(f"a {what} is 64 lower-case hexadecimal characters")


def check_cpu(text: str) -> None:
    """Refuse a cpu text without the suffix ``m``, which a real server counts as 0.

    Raises:
        UnsafeRequest: with the reason in words.
    """
    if not _CPU.match(text):
        raise UnsafeRequest(f"cpu is millicores with the suffix m, such as 1000m, not {text!r}")


def check_size(text: str, what: str) -> None:
    """Refuse a size whose unit a real server reads unreliably.

    Raises:
        UnsafeRequest: with the reason in words.
    """
    if not _SIZE.match(text):
        raise UnsafeRequest(
            f"{what} is a whole number with one of the units Ki Mi Gi K M G, such as 500Mi, not {text!r}"
        )


_CRON_MACROS = frozenset({"@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"})
_ZONE_PREFIX = re.compile(r"(?:CRON_TZ|TZ)=\S+\s+")


def check_cron_expression(text: str) -> None:
    """Refuse a cron expression that has not six fields; the fields themselves are the server's to judge.

    Raises:
        UnsafeRequest: with the reason in words.
    """
    body = _ZONE_PREFIX.sub("", text.strip(), count=1)
    if body in _CRON_MACROS or body.startswith("@every "):
        return
    count = len(body.split())
    if count != 6:
        raise UnsafeRequest(
            f"a cron expression has six fields (second minute hour day month weekday); this one has {count}"
        )
