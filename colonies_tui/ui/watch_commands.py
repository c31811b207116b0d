"""What the palette offers for watching on the view of the moment."""

from __future__ import annotations

from collections.abc import Callable

from textual.command import Hits, Provider

from colonies_tui.protocol.plaintext import plain
from colonies_tui.ui.palette_hits import hit, listed
from colonies_tui.ui.views.view import View


class WatchCommands(Provider):
    """Watch what is under the cursor, or what the filter lets through."""

    def _commands(self) -> list[tuple[str, str, Callable[[], None]]]:
        view: View = self.screen.active_view  # type: ignore[attr-defined]  # only the main screen lists this provider
        watches = view.session.watches
        commands = []
        if targets := view.watch_targets():
            verb = "End the watch on" if all(watches.has(watch.key) for watch in targets) else "Watch"
            name = plain(targets[0].subject) if len(targets) == 1 else f"the {len(targets)} marked"
            commands.append((f"{verb} {name}", "Key w", view.action_watch))
        if (watch := view.filter_watch()) is not None:
            verb = "End the watch on this filter" if watches.has(watch.key) else "Watch this filter"
            commands.append((verb, f"Key ctrl-f: {plain(watch.filter_text)}", view.action_watch_filter))
        return commands

    async def discover(self) -> Hits:
        """List them all."""
        for name, words, command in self._commands():
            yield listed(name, command, words)

    async def search(self, query: str) -> Hits:
        """List those that match."""
        matcher = self.matcher(query)
        for name, words, command in self._commands():
            score = matcher.match(name)
            if score > 0:
                yield hit(score, name, command, words)
