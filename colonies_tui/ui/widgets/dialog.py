"""A question over the screen: what will happen, to what, and the keys to choose with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.screen import ModalScreen
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Input

from colonies_tui.protocol.plaintext import plain
from colonies_tui.store.equivalent import Commands
from colonies_tui.ui.document import Field as DocumentField
from colonies_tui.ui.document import FieldRow, Section, lay_out
from colonies_tui.ui.equivalents import command_section, copy_commands
from colonies_tui.ui.fit import width_of
from colonies_tui.ui.format.glyphs import ASCII, alphabet_of
from colonies_tui.ui.grades import Grade, answer_key
from colonies_tui.ui.line_strips import line_strip
from colonies_tui.ui.spans import Line, Span
from colonies_tui.ui.styles import RoleStyles


@dataclass(frozen=True, slots=True)
class Choice:
    """One way to answer."""

    id: str
    """What the dialog returns."""
    key: str
    """A letter, or ``escape`` for the answer that changes nothing."""
    words: str
    """What it does: ``approve``, ``keep pending``."""
    role: str = "text"
    acts: bool = True
    """Whether it does something: such a choice waits for the typed name."""


@dataclass(frozen=True, slots=True)
class Question:
    """What a dialog asks. Texts are cleaned when they are drawn."""

    title: str
    choices: Sequence[Choice]
    """In the order they stand in; one of them has the key ``escape``."""
    fields: Sequence[DocumentField | FieldRow] = ()
    paragraphs: Sequence[Line] = ()
    grade: Grade = "calm"
    name_to_type: str = ""
    """For the grade ``typed``: what has to be typed. Any question can become one."""
    commands: Sequence[Commands] = ()
    """What does the same on a command line; shown instead of the facts when asked for."""


MAX_FACT = 120
"""Characters of one line of a fact: who chose a name of a thousand must not push the answers off the screen."""

MOST_LINES = 14
"""Lines of a fact."""

MAX_SENTENCE = 400
"""Characters of one piece of a sentence, which may hold such a name."""


def _shortened(question: Question) -> tuple[list[DocumentField | FieldRow], list[Line]]:
    """Return the facts and sentences of a question, each short enough to be read before the answer."""

    def span(piece: Span, most: int) -> Span:
        lines = piece.text.split("\n", MOST_LINES)[:MOST_LINES]
        return piece._replace(text="\n".join(line if len(line) <= most else f"{line[:most]}…" for line in lines))

    def fact(part: DocumentField) -> DocumentField:
        return DocumentField(part.label, [span(piece, MAX_FACT) for piece in part.value])

    facts: list[DocumentField | FieldRow] = []
    for row in question.fields:
        facts.append(fact(row) if isinstance(row, DocumentField) else [fact(part) for part in row])
    return facts, [[span(piece, MAX_SENTENCE) for piece in line] for line in question.paragraphs]


class DialogBody(Widget):
    """The facts of a question, as high as they need."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    DialogBody {
        width: 1fr;
        height: auto;
        background: $surface;
    }
    """

    def __init__(self, section: Section) -> None:
        super().__init__()
        self._section = section
        self._lines: list[list[Span]] = []
        self._role_styles: RoleStyles | None = None

    def show(self, section: Section) -> None:
        """Show other facts."""
        self._section = section
        self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Return how many lines the facts take."""
        return len(self._lay_out(width))

    def render_line(self, y: int) -> Strip:
        """Draw one line."""
        self._role_styles = styles = RoleStyles.current(self._role_styles, self.app)
        lines = self._lay_out(self.size.width)
        return line_strip(lines[y] if y < len(lines) else [], self.size.width, styles, "surface")

    def _lay_out(self, width: int) -> list[list[Span]]:
        return lay_out([self._section], width)


class ChoiceKey(Widget, can_focus=True):
    """One answer: a key and its words, chosen by that key, by Enter when it has the focus, or by a click."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    ChoiceKey {
        height: 1;
        background: $surface;
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,space", "choose", "choose", id="dialog.choose", show=False),
        Binding("right,down", "app.focus_next", "next", id="dialog.next", show=False),
        Binding("left,up", "app.focus_previous", "previous", id="dialog.previous", show=False),
    ]

    class Chosen(Message):
        """The answer was chosen."""

        def __init__(self, choice: Choice) -> None:
            super().__init__()
            self.choice = choice

    def __init__(self, choice: Choice) -> None:
        super().__init__(id=f"choice-{choice.id}")
        self.choice = choice
        self._role_styles: RoleStyles | None = None
        self._key = "esc" if choice.key == "escape" else choice.key
        self.styles.width = width_of(self._key) + width_of(choice.words) + 3

    def action_choose(self) -> None:
        """Choose this answer."""
        self.post_message(self.Chosen(self.choice))

    def on_click(self) -> None:
        """Choose this answer."""
        self.action_choose()

    def render_line(self, y: int) -> Strip:
        """Draw key and words; with the focus on a raised ground, with a bar before them."""
        self._role_styles = styles = RoleStyles.current(self._role_styles, self.app)
        if self.disabled:
            line = [Span(f" {self._key} {self.choice.words} ", "faint")]
        else:
            bar = alphabet_of(self.app).cursor if self.has_focus else " "
            role = self.choice.role if self.choice.role != "text" else "strong"
            line = [Span(bar, "accent"), Span(self._key, role), Span(f" {self.choice.words} ", "text")]
        return line_strip(line, self.size.width, styles, "cursor" if self.has_focus else "surface")


class Dialog(ModalScreen[str]):
    """Asks a question and returns the id of the answer. The answer that changes nothing has the focus at first."""

    DEFAULT_CSS = """
    Dialog {
        align: center middle;
        background: $background 60%;
        & > .dialog--box {
            width: 84;
            max-width: 96%;
            height: auto;
            max-height: 96%;
            padding: 0 2;
            background: $surface;
            border: solid $text-faint;
            border-title-color: $foreground;
            border-title-background: $surface;
            border-title-style: bold;
            border-title-align: left;
            border-subtitle-color: $text-dim;
            border-subtitle-background: $surface;
            border-subtitle-align: left;
        }
        & > .-danger { border: solid $state-failed; border-title-color: $state-failed; }
        & > .-ascii { border: ascii $text-faint; }
        & .dialog--choices { height: 1; width: 1fr; margin-top: 1; align-horizontal: right; background: $surface; }
        & Input { height: 1; border: none; padding: 0 1; margin-top: 1; background: $panel; }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "escape", "close", id="dialog.escape", show=False),
    ]

    def __init__(self, question: Question, *, opened_by: str = "", place: str = "") -> None:
        """
        Args:
            question: what is asked.
            opened_by: the key that brought it here; no answer that does something has the same one.
            place: said before all facts: where one is, when that is a place to be careful in.
        """
        super().__init__()
        self.question = replace(
            question, choices=[replace(choice, key=answer_key(choice.key, opened_by)) for choice in question.choices]
        )
        where = [DocumentField("where", [Span(place, "error")])] if place else []
        facts, sentences = _shortened(question)
        self._facts = Section("", [*where, *facts], sentences)
        self._shows_commands = False
        self._just_typed = False
        """Whether Enter in the field brought the focus to an answer, and no other key was pressed since."""

    def compose(self) -> ComposeResult:
        """The box: facts, the name to type when one is asked for, and the answers."""
        question = self.question
        box = Vertical(classes="dialog--box")
        box.set_class(question.grade != "calm", "-danger")
        box.set_class(alphabet_of(self.app) is ASCII, "-ascii")
        box.border_title = Content(plain(question.title))
        with box:
            yield DialogBody(self._facts)
            if question.grade == "typed":
                yield Input(compact=True, placeholder=f"type {plain(question.name_to_type)} to go on")
            with Horizontal(classes="dialog--choices"):
                for choice in question.choices:
                    yield ChoiceKey(choice)

    def on_mount(self) -> None:
        """Let nothing happen by accident: the focus is on the harmless answer, or on the name to type."""
        self._allow(self.question.grade != "typed")
        self._show_hint()
        if self.question.grade == "typed":
            self.query_one(Input).focus()
            return
        for key in self.query(ChoiceKey):
            if key.choice.key == "escape":
                key.focus()

    def on_key(self, event: events.Key) -> None:
        """Choose by an answer's letter."""
        self._just_typed = self._just_typed and event.key == "enter"
        for key in self.query(ChoiceKey):
            if event.character == key.choice.key and not key.disabled:
                event.stop()
                self.dismiss(key.choice.id)
                return
        if self.question.commands and not isinstance(self.focused, Input):
            self._command_key(event)

    def _command_key(self, event: events.Key) -> None:
        if event.character == "i":
            event.stop()
            self._shows_commands = not self._shows_commands
            commands = self.question.commands
            self.query_one(DialogBody).show(command_section(commands) if self._shows_commands else self._facts)
            self._show_hint()
        elif self._shows_commands and event.character in ("c", "C"):
            event.stop()
            copy_commands(self.app, self.question.commands, official=event.character == "c")

    def _show_hint(self) -> None:
        """Say at the lower edge how to see the commands."""
        if not self.question.commands:
            return
        words = "i the question   c copy official   C copy call" if self._shows_commands else "i as command"
        before = "tab   " if self.question.grade == "typed" and not self._shows_commands else ""
        self.query_one(".dialog--box").border_subtitle = Content(f"{before}{words}")

    def on_mouse_down(self) -> None:
        """The mouse does not repeat by itself."""
        self._just_typed = False

    def action_escape(self) -> None:
        """Choose the answer that changes nothing."""
        for choice in self.question.choices:
            if choice.key == "escape":
                self.dismiss(choice.id)
                return

    def on_choice_key_chosen(self, event: ChoiceKey.Chosen) -> None:
        """Return the answer, unless it is the same Enter that ended the typing, held down."""
        event.stop()
        if not self._just_typed:
            self.dismiss(event.choice.id)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Offer the answers that act once the name is right."""
        event.stop()
        self._allow(self._is_name(event.value))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Go on to the answers; Enter in the field itself does nothing."""
        event.stop()
        if self._is_name(event.value):
            for key in self.query(ChoiceKey):
                if key.choice.acts and key.choice.key != "escape":
                    self._just_typed = True
                    key.focus()
                    return

    def _is_name(self, text: str) -> bool:
        """Whether the name was typed as it is shown: characters without a picture cannot be typed."""
        return text in (self.question.name_to_type, plain(self.question.name_to_type))

    def _allow(self, allowed: bool) -> None:
        for key in self.query(ChoiceKey):
            key.disabled = not allowed and key.choice.acts and key.choice.key != "escape"
