"""Help: every key of the focused pane, and why those that are disabled do nothing."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import ActiveBinding, Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen, Screen

from colonies_tui.protocol.plaintext import plain
from colonies_tui.ui.document import Field, Section
from colonies_tui.ui.format.glyphs import ASCII, Alphabet, alphabet_of
from colonies_tui.ui.key_names import key_words
from colonies_tui.ui.spans import Span
from colonies_tui.ui.views.view import View
from colonies_tui.ui.widgets.detail import DetailPane


def legend(alphabet: Alphabet) -> list[Field]:
    """Return what the signs on the screens mean."""

    def signs(*names: str) -> str:
        return "  ".join(f"{getattr(alphabet, name)} {name}" for name in names)

    kinds = (
        (signs("waiting", "running", "success", "failed", "cancelled"), "of a process"),
        (signs("pending", "approved", "stale", "rejected", "gone"), "of an executor"),
        (f"{signs('live', 'polling')}  {alphabet.offline} stale", "how what you see is kept fresh"),
    )
    return [Field("", [Span(shown), Span(f"  {what}", "dim")]) for shown, what in kinds]


_FIELD_CELLS = 44
"""Cells for the names of fields on one line, so that they stand in their column in the smallest terminal."""


class HelpScreen(ModalScreen[None]):
    """The keys that work where the focus was."""

    DEFAULT_CSS = """
    HelpScreen {
        align: center middle;
        background: $background 60%;
        & > Vertical {
            width: 84;
            max-width: 96%;
            height: auto;
            max-height: 92%;
            background: $background;
            border: solid $text-faint;
            border-title-color: $foreground;
            border-title-style: bold;
            border-title-align: left;
            padding: 0 1;
        }
        & DetailPane { height: auto; max-height: 100%; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,question_mark,f1,enter", "close", "close", show=False, id="help.close"),
    ]

    def __init__(self, title: str, sections: Sequence[Section]) -> None:
        super().__init__()
        self._title_text = title
        self._sections = sections

    @classmethod
    def of(cls, screen: Screen[Any]) -> HelpScreen:
        """Return the help for a screen as it has the focus now."""
        view = next((n for n in screen.query(View) if n.display), None)
        alphabet = alphabet_of(screen.app)
        groups: dict[str, list[Field]] = {"Here": [], "In this pane": [], "Everywhere": []}
        described: set[str] = set()
        for active in screen.active_bindings.values():
            binding = active.binding
            name = binding.id or binding.action
            if not binding.description or name in described or binding.system:
                continue
            if not binding.id and binding.action != "command_palette":  # the toolkit's own, which say nothing here
                continue
            described.add(name)
            keys = _all_keys(screen, active)
            groups[_group(active)].append(Field(key_words(keys, in_ascii=alphabet is ASCII), _words(active)))
        sections = [Section(title, fields) for title, fields in groups.items() if fields]
        names = () if view is None else view.filter_names()
        if names:
            sections.append(_filter_section(names))
        sections.append(Section("Signs", legend(alphabet)))
        return cls(view.TITLE if view is not None else "Keys", sections)

    def compose(self) -> ComposeResult:
        box = Vertical()
        box.border_title = Content(plain(f"Help · {self._title_text}"))
        with box:
            yield DetailPane(self._sections)

    def action_close(self) -> None:
        """Go back."""
        self.dismiss(None)


def _filter_section(names: Sequence[str]) -> Section:
    examples = (
        ("render", "any text holds it; !render: none does"),
        ("state=failed|cancelled", "one of several values; != for none of them"),
        ("error~memory", "a text holds it, or one of several"),
        ("~^fetch.*east", "a regular expression; also error~exit.[0-9]"),
        ("age>1h", "a time or a number; also <"),
        ('name="two words"', "quotes hold spaces and |"),
        ("*name", "saved by ctrl-s; tab completes, ↑ recalls"),
    )
    width = max(len(example) for example, _ in examples)
    fields = [Field("", [Span(example.ljust(width)), Span(f"  {what}", "dim")]) for example, what in examples]
    for place, listed in enumerate(wrap(", ".join(names), _FIELD_CELLS)):
        head = ("" if place else "fields").ljust(width)
        fields.append(Field("", [Span(f"{head}  ", "dim"), Span(listed)]))
    return Section("Filter", fields)


def _all_keys(screen: Screen[Any], active: ActiveBinding) -> str:
    same = [
        key
        for key, other in screen.active_bindings.items()
        if (other.binding.id or other.binding.action) == (active.binding.id or active.binding.action)
    ]
    return ",".join(same[:3])


def _group(active: ActiveBinding) -> str:
    name = active.binding.id or ""
    if name.startswith(("main.", "app.", "screen.")) or not name:
        return "Everywhere"
    return "Here" if active.binding.show else "In this pane"


def _words(active: ActiveBinding) -> list[Span]:
    spans = [Span(active.binding.description, "text" if active.enabled else "faint")]
    if not active.enabled and isinstance(active.node, View):
        action = active.binding.action.replace("(", " ").replace("'", "").replace(")", "")
        reason = active.node.reason_against(action)
        if reason:
            spans.append(Span(f"  {plain(reason)}", "warning"))
    return spans
