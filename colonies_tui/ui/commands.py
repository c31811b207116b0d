"""What the palette finds: views, profiles, locators, and every object by its name or by the beginning of its id."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from textual.command import Hits, Provider
from textual.content import Content
from textual.fuzzy import Matcher

from colonies_tui.config.errors import ConfigError
from colonies_tui.protocol.plaintext import plain
from colonies_tui.store.sought import WHOLE_ID
from colonies_tui.ui import view_catalogue
from colonies_tui.ui.context import Context, Target
from colonies_tui.ui.format.ids import short_id
from colonies_tui.ui.format.states import process_face
from colonies_tui.ui.known import ID_PREFIX, WORDS, Known, by_id, known_objects, unread_feeds
from colonies_tui.ui.locator import KINDS, VIEWS, Locator, LocatorError, is_locator, parse_locator
from colonies_tui.ui.notify import say
from colonies_tui.ui.palette_hits import highlighted, hit, listed
from colonies_tui.ui.seek import answered
from colonies_tui.ui.travel import short_form

MAX_OBJECTS = 40
"""Most objects of one kind that one search lists."""

PATIENCE = 3.0
"""Longest wait for lists that are being read for the first time, seconds."""


def _nothing() -> None:
    """Do nothing: what was typed leads nowhere, which has been said."""


class _ConsoleProvider(Provider):
    """A provider that knows the main screen."""

    @property
    def context(self) -> Context:
        """What is on the screen."""
        context: Context = self.screen.context  # type: ignore[attr-defined]  # only the main screen lists providers
        return context

    def go(self, target: Target) -> Callable[[], Awaitable[None]]:
        """Return the way to a target."""
        return partial(self.screen.go, target)  # type: ignore[attr-defined]

    def go_to(self, locator: Locator) -> Callable[[], None]:
        """Return the way to where a locator leads."""
        return partial(self.screen.go_to, locator)  # type: ignore[attr-defined]  # see `context`


class ViewCommands(_ConsoleProvider):
    """The views by name."""

    def _commands(self) -> list[tuple[str, str, Callable[[], Any]]]:
        commands: list[tuple[str, str, Callable[[], Any]]] = [
            (view.title, f"Key {view.digit}", self.go(Target(view.key))) for view in view_catalogue.VIEWS
        ]
        for view in view_catalogue.MORE_VIEWS:
            key = {"journal": "Key J", "watches": "Key W"}
            words = key.get(view.key, "Only reached from here")
            commands.append((view.title, words, self.go(Target(view.key))))
        for word in ("waiting", "running", "success", "failed", "cancelled"):
            commands.append((f"Processes {word}", "One state", self.go(Target("processes", "state", word))))
        commands.append(("Executors pending", "Those to approve", self.go(Target("executors", "pending", "-"))))
        return commands

    async def discover(self) -> Hits:
        """List them all."""
        for name, words, command in self._commands():
            yield listed(name, command, words)

    async def search(self, query: str) -> Hits:
        """List those that match; ``q`` leaves, as in an editor."""
        matcher = self.matcher(query)
        if query in ("q", "quit"):
            yield hit(2.0, "Quit", self.app.action_quit, "Leave the console")
        for name, words, command in self._commands():
            score = matcher.match(name)
            if score > 0:
                yield hit(score, highlighted(matcher, name), command, words)


class LocatorCommands(_ConsoleProvider):
    """Where a locator leads, and the object of a whole id that is not known: the server is asked for it."""

    async def search(self, query: str) -> Hits:
        """List the one place that a locator means, or what is wrong with it."""
        session, text = self.context.session, query.strip()
        if WHOLE_ID.match(text.casefold()):
            if not any(True for _ in by_id(session, text)):
                for word in ("process", "workflow", "file"):
                    locator = parse_locator(f"{word}/{text.casefold()}", colony=session.colony)
                    title = Content(f"{word.capitalize()} {short_id(text)}")
                    yield hit(2.0, title, self.go_to(locator), "Not known here: the server is asked for it")
        elif is_locator(text):
            try:
                locator = parse_locator(text, colony=session.colony)
            except LocatorError as error:
                yield hit(2.0, Content("No locator"), _nothing, plain(str(error)))
                return
            there = "" if locator.colony == session.colony else f" in colony {plain(locator.colony)}"
            yield hit(2.0, Content(short_form(locator)), self.go_to(locator), f"Go there{there}")


class ObjectCommands(_ConsoleProvider):
    """Everything by the beginning of its id, by its name, and processes also by function or label."""

    async def startup(self) -> None:
        """Have lists read that nobody has looked at yet: what they hold is found, too."""
        self.context.session.look(self, unread_feeds(self.context.session))

    async def shutdown(self) -> None:
        """Look away again."""
        self.context.session.look(self, ())

    async def search(self, query: str) -> Hits:
        """List what matches, executors first."""
        session, needle = self.context.session, query.strip().casefold()
        if not needle or is_locator(needle):
            return
        prefix = ID_PREFIX.match(needle) is not None
        if prefix and not any(True for _ in by_id(session, needle)):
            await answered(session, seconds=PATIENCE)
        matcher = self.matcher(query)
        for word in WORDS:
            found = 0
            for known in known_objects(session, word):
                score = 1.0 if prefix and known.identity.startswith(needle) else self._score(matcher, known, needle)
                if score <= 0:
                    continue
                yield hit(score, self._title(known), self.go(self._target(known)), self._words(known))
                found += 1
                if found >= MAX_OBJECTS:
                    break

    @staticmethod
    def _score(matcher: Matcher, known: Known, needle: str) -> float:
        if known.word in ("process", "workflow"):  # there are many: only what holds the text itself
            return 0.4 if needle in known.name.casefold() else 0.0
        return matcher.match(f"{known.name} {known.note}" if known.word == "executor" else known.name)

    def _title(self, known: Known) -> Content:
        row = self.context.session.processes.get(known.id) if known.word == "process" else None
        glyph = f"{process_face(row.state, self.context.alphabet).glyph} " if row is not None else ""
        is_named_by_id = known.word not in ("executor", "label", "user", "location", "blueprint")
        return Content(f"{glyph}{plain(known.name)}" + (f"  {short_id(known.identity)}" if is_named_by_id else ""))

    @staticmethod
    def _words(known: Known) -> str:
        return f"{known.word}{',' if known.word in ('process', 'workflow') else ''} {plain(known.note)}".rstrip(" ,")

    @staticmethod
    def _target(known: Known) -> Target:
        view, kind = KINDS[known.word]
        return Target(view, kind, known.id)


class FilterCommands(_ConsoleProvider):
    """Filters that were saved under names."""

    def _saved(self) -> list[tuple[str, str, str]]:
        """Return list, name and text of each."""
        found = self.context.shelf.all_saved()
        return [
            (of_list, name, text)
            for of_list, named in found.items()
            if of_list.partition(" ")[0] in VIEWS
            for name, text in named.items()
        ]

    def _commands(self) -> list[tuple[str, str, Callable[[], Any]]]:
        commands: list[tuple[str, str, Callable[[], Any]]] = []
        for of_list, name, text in self._saved():
            words = plain(f"{of_list}: {text}")
            take = partial(self.screen.take_filter, of_list, text)  # type: ignore[attr-defined]  # see `context`
            commands.append((f"Filter *{name}", words, take))
            commands.append((f"Forget filter *{name}", words, partial(self._forget, of_list, name)))
        return commands

    def _forget(self, of_list: str, name: str) -> None:
        try:
            self.context.shelf.forget(of_list, name)
        except ConfigError as error:
            say(self.app, str(error), "error")
        else:
            say(self.app, f"filter *{name} of {of_list} is forgotten")

    async def discover(self) -> Hits:
        """List them, without ways to lose them."""
        for name, words, command in self._commands():
            if name.startswith("Filter"):
                yield listed(name, command, words)

    async def search(self, query: str) -> Hits:
        """List those that match."""
        matcher = self.matcher(query)
        for name, words, command in self._commands():
            score = matcher.match(name)
            if score > 0:
                yield hit(score, highlighted(matcher, name), command, words)


class ProfileCommands(_ConsoleProvider):
    """Other profiles of the keys file."""

    def _names(self) -> list[str]:
        from colonies_tui.config.keys_file import load_profiles

        path = self.context.paths.keys_file
        try:
            return list(load_profiles(path).entries) if path.exists() else []
        except ConfigError:
            return []  # said at start and by the doctor; the palette only does without

    async def discover(self) -> Hits:
        """List them all."""
        for name in self._names():
            yield listed(f"Profile {plain(name)}", partial(self._open, name), "Another server or colony")

    async def search(self, query: str) -> Hits:
        """List those that match."""
        matcher = self.matcher(query)
        for name in self._names():
            score = matcher.match(f"profile {name}")
            if score > 0:
                title = Content(f"Profile {plain(name)}")
                yield hit(score, title, partial(self._open, name), "Another server or colony")

    def _open(self, name: str) -> None:
        self.app.open_named_profile(name)  # type: ignore[attr-defined]  # only the console lists this provider
