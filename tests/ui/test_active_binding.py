"""The binding of one key is what the toolkit says when it is asked for all of them."""

from __future__ import annotations

from typing import ClassVar

from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Button, Input

from colonies_tui.ui.active_binding import active_binding


class Bound(App[None]):
    """Bindings at several levels: doubled, greyed, hidden and with priority."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "one", "one"),
        Binding("b", "grey", "grey"),
        Binding("c", "gone", "gone"),
        Binding("ctrl+k", "one", "before the others", priority=True),
        Binding("d,enter", "one", "under what the button has"),
    ]

    def compose(self) -> ComposeResult:
        yield Input(id="input")
        yield Button("press", id="button")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return {"grey": None, "gone": False}.get(action, True)


async def test_it_is_the_same_binding() -> None:
    app = Bound()
    async with app.run_test():
        for place in ("#input", "#button"):
            app.query_one(place).focus()
            together = app.screen.active_bindings
            assert {"b", "enter", "ctrl+k"} & together.keys()
            for key in {*together, "a", "c", "x", "tab"}:
                assert active_binding(app.screen, key) == together.get(key)
