"""Tells news of what is watched: a notice on the screen, the bell, the terminal's own notification, a program."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Final

from textual.app import App

from colonies_tui.protocol.plaintext import plain
from colonies_tui.store.watch import Event, News
from colonies_tui.ui.context import Context
from colonies_tui.ui.format.durations import duration
from colonies_tui.ui.format.numbers import counted
from colonies_tui.ui.notify import Severity, say
from colonies_tui.ui.terminal_notice import notice_kind, notice_sequence
from colonies_tui.ui.views.view import Work
from colonies_tui.ui.watch_command import news_environment, run_command
from colonies_tui.ui.watch_targets import filter_reader

MOST_NOTICES: Final = 3
"""Most notices for news that come together; more are counted in one."""

MOST_COMMANDS: Final = 20
"""Most news for which the program has still to be run; older ones are dropped."""

_SEVERITIES: Final[Mapping[Event, Severity]] = {
    Event.FAILED: "error",
    Event.FIRST_FAILURE: "error",
    Event.BLOCKED: "error",
    Event.CANCELLED: "warning",
    Event.WAITS_AGAIN: "warning",
    Event.GONE: "warning",
    Event.REJECTED: "warning",
    Event.STALE: "warning",
    Event.DEEP: "warning",
}


def severity_of(event: Event) -> Severity:
    """Return how grave an event is."""
    return _SEVERITIES.get(event, "information")


def away_words(news: News) -> str:
    """Return when news happened if that was while nothing could be seen; empty otherwise."""
    return f"while {news.away} ({duration(news.away_seconds)})" if news.away else ""


def news_words(news: News) -> str:
    """Return news as one sentence; not cleaned."""
    away = away_words(news)
    return f"{away}: {news.sentence}" if away else news.sentence


def follow_watches(app: App[Any], context: Context, *, is_shown: Callable[[], bool]) -> None:
    """Let a session read filters for what it watches, and tell its news from now on.

    Args:
        app: where it is told.
        context: of the session.
        is_shown: whether the session is on the screen: the news of others are told with their colony.
    """
    watches = context.session.watches
    watches.filter_by(filter_reader(context))
    watches.tell(Teller(app, context, is_shown).tell)
    if watches.problem:
        say(app, watches.problem, "warning")


class Teller:
    """Tells the news of one session, whatever is on the screen."""

    def __init__(self, app: App[Any], context: Context, is_shown: Callable[[], bool]) -> None:
        self._app = app
        self._context = context
        self._is_shown = is_shown
        self._env = os.environ
        self._waiting: deque[News] = deque(maxlen=MOST_COMMANDS)
        self._is_running = False
        self._said: set[str] = set()

    def tell(self, news: Sequence[News]) -> None:
        """Tell news, the oldest first."""
        if not news:
            return
        settings = self._context.settings
        for each in news[: MOST_NOTICES if len(news) <= MOST_NOTICES else MOST_NOTICES - 1]:
            say(self._app, self._where() + news_words(each), severity_of(each.event))
        if len(news) > MOST_NOTICES:
            rest = len(news) - MOST_NOTICES + 1
            say(self._app, f"{self._where()}{counted(rest, 'more change')}: W lists what is watched")
        if settings.watch_bell:
            self._app.bell()
        if settings.watch_focused or not self._app.app_focus:
            self._notify_terminal(news)
        if settings.watch_command:
            self._waiting.extend(news)
            self._run_commands()

    def _where(self) -> str:
        return "" if self._is_shown() else f"{self._context.session.colony} · "

    def _notify_terminal(self, news: Sequence[News]) -> None:
        more = len(news) - 1
        text = self._where() + news_words(news[-1]) + (f" (and {counted(more, 'more change')})" if more else "")
        kind = notice_kind(self._context.settings.watch_terminal, self._env)
        sequence = notice_sequence(kind, text, in_tmux=bool(self._env.get("TMUX")))
        driver = self._app._driver  # Textual has no method of its own for it; its bell is written in this way
        if sequence and driver is not None:
            driver.write(sequence)

    def _run_commands(self) -> None:
        if not self._is_running:
            self._is_running = True
            work: Work = partial(self._run_all)
            self._app.run_worker(work, group="watch-command")

    async def _run_all(self) -> None:
        context = self._context
        try:
            while self._waiting:
                news = self._waiting.popleft()
                env = news_environment(news, colony=context.session.colony, profile=context.profile.name, env=self._env)
                problem = await run_command(context.settings.watch_command, env)
                if problem and problem not in self._said:
                    self._said.add(problem)
                    say(self._app, f"watch_command: {plain(problem)}", "warning")
        finally:
            self._is_running = False
