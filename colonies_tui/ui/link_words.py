"""The link to the server, pauses and warnings as what the header says. Pure."""

from __future__ import annotations

from colonies_tui.protocol.plaintext import plain
from colonies_tui.store.executor_condition import ExecutorCondition
from colonies_tui.store.freshness import Condition
from colonies_tui.store.link import Link, LinkCondition
from colonies_tui.ui.context import Context
from colonies_tui.ui.format.durations import clock, short_age
from colonies_tui.ui.widgets.header_bar import HeaderState, LinkKind

_LOOPBACK = ("127.0.0.1", "localhost", "::1")


def _link(link: Link, now: float) -> tuple[LinkKind, str, str]:
    age = short_age(None if link.heard_at is None else now - link.heard_at)
    if link.condition is LinkCondition.LIVE:
        return "live", f"live {age}", ""
    if link.condition is LinkCondition.POLLING:
        return "polling", f"polling {age}", ""
    if link.condition is LinkCondition.CONNECTING:
        return "offline", "connecting", ""
    retry = "" if link.retry_at is None else f"retry in {short_age(max(0.0, link.retry_at - now))}"
    if link.heard_at is None:
        return "offline", "no answer", retry
    return "offline", f"stale since {clock(link.heard_at)}", retry


def header_state(context: Context) -> HeaderState:
    """Return what the header says now."""
    session, profile, now = context.session, context.profile, context.clock()
    kind, words, detail = _link(session.link, now)
    counters = session.statistics.freshness
    if session.link.is_up and counters.condition in (Condition.STALE, Condition.FAILED):
        # It answers, but with what cannot be read: nothing that is shown is known to be so now.
        words = "no counters" if counters.loaded_at is None else f"stale since {clock(counters.loaded_at)}"
        kind, detail = "offline", "answers with errors"
    alarms: list[tuple[str, str]] = []
    if session.recorder is not None:
        alarms.append((f"{context.alphabet.live} rec", "failed"))
    if session.is_paused:
        alarms.append((f"{context.alphabet.paused} assignments paused", "waiting"))
    pending = sum(
        session.executor_condition(executor) is ExecutorCondition.PENDING
        for executor in session.executors.rows.values()
    )
    if pending:
        alarms.append((f"{pending} pending", "pending"))
    if unread := session.watches.unread:
        alarms.append((f"{context.alphabet.watched} {unread} new: W", "text"))
    if session.statistics.freshness.condition is Condition.FORBIDDEN:
        alarms.insert(0, ("not allowed with this key", "failed"))
    if profile.address.insecure:
        alarms.insert(0, ("server not verified", "failed"))
    if profile.production:  # the first alarm is the last to be left out
        alarms.insert(0, ("production", "error"))
    if session.is_replay and session.is_read_only:
        alarms.append(("recording", "warning"))
    elif profile.read_only:
        alarms.append(("read-only", "warning"))
    if not profile.address.tls and profile.address.host not in _LOOPBACK:
        alarms.append(("not encrypted", "warning"))
    return HeaderState(
        profile=plain(profile.name),
        colony=plain(session.colony),
        link=kind,
        link_words=words,
        link_detail=detail,
        alarms=tuple(alarms),
    )
