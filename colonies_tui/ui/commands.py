"""What the palette finds: views, profiles, executors, and processes by function or by the beginning of their id."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import Any

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content

from colonies_tui.protocol.plaintext import plain
from colonies_tui.ui.context import Context, Target
from colonies_tui.ui.format.states import process_face
from colonies_tui.ui.tables.processes import process_title

MAX_PROCESSES = 40
"""Most processes that one search lists."""

_ID_PREFIX = re.compile(r"[0-9a-f]{4,64}\Z")


class _ConsoleProvider(Provider):
    """A provider that knows the main screen."""

    @property
    def context(self) -> Context:
        """What is on the screen."""
        context: Context = self.screen.context  # type: ignore[attr-defined]  # only the main screen lists providers
        return context

    def go(self, target: Target) -> Callable[[], None]:
        """Return the way to a target."""
        return partial(self.screen.go, target)  # type: ignore[attr-defined]


class ViewCommands(_ConsoleProvider):
    """The views by name."""

    def _commands(self) -> list[tuple[str, str, Callable[[], Any]]]:
        from colonies_tui.ui.main_screen import MORE_VIEWS, VIEWS

        commands: list[tuple[str, str, Callable[[], Any]]] = [
            (view.TITLE, f"Key {digit}", self.go(Target(view.KEY))) for digit, view in VIEWS.items()
        ]
        for view in MORE_VIEWS:
            words = "Key J" if view.KEY == "journal" else "Only reached from here"
            commands.append((view.TITLE, words, self.go(Target(view.KEY))))
        for word in ("waiting", "running", "success", "failed", "cancelled"):
            commands.append((f"Processes {word}", "One state", self.go(Target("processes", "state", word))))
        commands.append(("Executors pending", "Those to approve", self.go(Target("executors", "pending", "-"))))
        return commands

    async def discover(self) -> Hits:
        """List them all."""
        for name, words, command in self._commands():
            yield DiscoveryHit(name, command, help=words)

    async def search(self, query: str) -> Hits:
        """List those that match; ``q`` leaves, as in an editor."""
        matcher = self.matcher(query)
        if query in ("q", "quit"):
            yield Hit(2.0, "Quit", self.app.action_quit, help="Leave the console")
        for name, words, command in self._commands():
            score = matcher.match(name)
            if score > 0:
                yield Hit(score, matcher.highlight(name), command, help=words)


class ObjectCommands(_ConsoleProvider):
    """Executors by name or type, and processes by function, label or id."""

    async def search(self, query: str) -> Hits:
        """List what matches, executors first."""
        session, alphabet = self.context.session, self.context.alphabet
        matcher = self.matcher(query)
        for name, executor in session.executors.rows.items():
            score = matcher.match(f"{name} {executor.executortype}")
            if score > 0:
                words = f"executor of type {plain(executor.executortype)}"
                yield Hit(score, Content(plain(name)), self.go(Target("executors", "executor", name)), help=words)
        needle = query.strip().casefold()
        by_id = _ID_PREFIX.match(needle) is not None
        found = 0
        for row in reversed(tuple(session.processes.rows.values())):
            if not (by_id and row.processid.startswith(needle)) and needle not in process_title(row).casefold():
                continue
            found += 1
            if found > MAX_PROCESSES:
                return
            text = f"{process_face(row.state, alphabet).glyph} {plain(process_title(row))}  {row.processid[:8]}"
            words = f"process, {process_face(row.state).word}, type {plain(row.executortype)}"
            target = Target("processes", "process", row.processid)
            yield Hit(1.0 if by_id else 0.4, Content(text), self.go(target), help=words)


class ProfileCommands(_ConsoleProvider):
    """Other profiles of the keys file."""

    def _names(self) -> list[str]:
        from colonies_tui.config.errors import ConfigError
        from colonies_tui.config.keys_file import load_profiles

        path = self.context.paths.keys_file
        try:
            return list(load_profiles(path).entries) if path.exists() else []
        except ConfigError:
            return []  # said at start and by the doctor; the palette only does without

    async def discover(self) -> Hits:
        """List them all."""
        for name in self._names():
            yield DiscoveryHit(f"Profile {plain(name)}", partial(self._open, name), help="Another server or colony")

    async def search(self, query: str) -> Hits:
        """List those that match."""
        matcher = self.matcher(query)
        for name in self._names():
            score = matcher.match(f"profile {name}")
            if score > 0:
                title = Content(f"Profile {plain(name)}")
                yield Hit(score, title, partial(self._open, name), help="Another server or colony")

    def _open(self, name: str) -> None:
        self.app.open_named_profile(name)  # type: ignore[attr-defined]  # only the console lists this provider
