"""Short notices at the edge of the screen. The only way the console raises them."""

from __future__ import annotations

from typing import Any, Literal

from textual.app import App

from colonies_tui.protocol.plaintext import plain, plain_lines

Severity = Literal["information", "warning", "error"]


def say(app: App[Any], text: str, severity: Severity = "information", *, title: str = "") -> None:
    """Show a notice of plain text; anything in it that looks like markup or a control sequence is shown as it is."""
    app.notify("\n".join(plain_lines(text)), title=plain(title), severity=severity, markup=False)
