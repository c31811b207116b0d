"""An app that knows the console's themes; the base of the console itself and of every test of a widget."""

from __future__ import annotations

import asyncio
import sys

from textual import events
from textual.app import App, ReturnType
from textual.driver import Driver
from textual.notifications import Notify, SeverityLevel
from textual.types import CSSPathType

from colonies_tui.ui.kept_stylesheet import KeptStylesheet
from colonies_tui.ui.notice import Notice
from colonies_tui.ui.themes import THEMES, variable_defaults


class ThemedApp(App[ReturnType]):
    """A Textual app with the console's themes registered and its variables defined for every other theme."""

    def __init__(
        self,
        driver_class: type[Driver] | None = None,
        css_path: CSSPathType | None = None,
        watch_css: bool = False,
        ansi_color: bool | None = None,
    ) -> None:
        super().__init__(driver_class, css_path, watch_css, ansi_color)
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = THEMES[0].name
        self.stylesheet = KeptStylesheet(variables=self.get_css_variables())

    async def on_event(self, event: events.Event) -> None:
        """A key that comes before its screen stands waits for it: what it asks for is not there yet."""
        if isinstance(event, events.Key) and self.screen_stack and not self.screen.is_mounted:
            await asyncio.sleep(0)  # the queue alone does not let the screen get on
            self.post_message(events.Key(event.key, event.character))
            return
        await super().on_event(event)

    def get_driver_class(self) -> type[Driver]:
        """The toolkit's driver for this terminal, asleep while nothing is typed where it would look for keys."""
        chosen = super().get_driver_class()
        if sys.platform == "win32":
            return chosen
        from textual.drivers.linux_driver import LinuxDriver

        if chosen is not LinuxDriver:
            return chosen
        from colonies_tui.ui.sleeping_driver import SleepingDriver

        return SleepingDriver

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """The console's variables, for themes that do not bring them."""
        return variable_defaults(self.current_theme)

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: SeverityLevel = "information",
        timeout: float | None = None,
        markup: bool = True,
    ) -> None:
        """Show a notification, as the toolkit does, but one that never stops the console."""
        seconds = self.NOTIFICATION_TIMEOUT if timeout is None else timeout
        self.post_message(Notify(Notice(message, title, severity, seconds, markup=markup)))
