"""First run: nothing is configured yet. Offers the demo, and a form that is checked as it is filled in."""

from __future__ import annotations

from typing import ClassVar, Final

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.screen import Screen
from textual.timer import Timer
from textual.widgets import Input, Static

from colonies_tui.config.errors import ConfigError
from colonies_tui.config.key_source import InlineKey
from colonies_tui.config.paths import Paths
from colonies_tui.config.profile import Profile
from colonies_tui.config.save import save_profile
from colonies_tui.protocol.address import ServerAddress
from colonies_tui.protocol.crypto import PrivateKey
from colonies_tui.protocol.errors import BadKey
from colonies_tui.protocol.keyring import Keyring
from colonies_tui.protocol.plaintext import plain
from colonies_tui.protocol.roles import KeySlot
from colonies_tui.store.probe import Finding, probe
from colonies_tui.ui.document import Field, Section
from colonies_tui.ui.exit_codes import DEMO_WANTED
from colonies_tui.ui.format.glyphs import alphabet_of
from colonies_tui.ui.notify import say
from colonies_tui.ui.spans import Span
from colonies_tui.ui.widgets.detail import DetailPane
from colonies_tui.ui.widgets.footer_keys import FooterKeys
from colonies_tui.ui.widgets.header_bar import HeaderBar, HeaderState
from colonies_tui.ui.widgets.rule import TitleRule

_PAUSE: Final = 0.5
"""Seconds after the last key before what was typed is checked."""

_FIELDS: Final = (
    ("name", "name", "what you call it here, such as prod"),
    ("url", "server", "http://host:50080 or https://host"),
    ("colony", "colony", "its name"),
    ("member", "member key", "of a user or executor: reads everything"),
    ("colony-key", "colony key", "of the colony's owner: approves executors (optional)"),
    ("server-key", "server key", "of the server's owner: lists colonies (optional)"),
)


class ProfileForm(Vertical):
    """The settings of a profile."""

    class Filled(Message):
        """Something was typed."""

    def compose(self) -> ComposeResult:
        for key, label, hint in _FIELDS:
            with Horizontal(classes="form--row"):
                yield Static(Content(label), classes="form--label", markup=False)
                yield Input(
                    placeholder=hint, password=key.endswith("key") or key == "member", id=f"form-{key}", compact=True
                )

    def text(self, key: str) -> str:
        """Return what is in a field, without space around it."""
        return self.query_one(f"#form-{key}", Input).value.strip()

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        self.post_message(self.Filled())


class FirstRunScreen(Screen[None]):
    """What to do with no profile."""

    DEFAULT_CSS = """
    FirstRunScreen {
        & #first-body { padding: 1 2; height: 1fr; }
        & .first--words { height: auto; margin-bottom: 1; color: $foreground; }
        & .form--row { height: 1; margin-bottom: 0; }
        & .form--label { width: 13; color: $text-dim; }
        & ProfileForm { height: auto; margin: 1 0; max-width: 100; }
        & ProfileForm Input { width: 1fr; height: 1; border: none; padding: 0 1; background: $surface; }
        & ProfileForm Input:focus { background: $cursor-background; color: $cursor-foreground; }
        & DetailPane { height: 1fr; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+d", "demo", "demo", key_display="ctrl-d", priority=True, id="first.demo"),
        Binding("tab", "app.focus_next", "next field", id="first.next"),
        Binding("ctrl+o", "open", "open", key_display="ctrl-o", id="first.open"),
        Binding("ctrl+s", "save", "save and open", key_display="ctrl-s", id="first.save"),
        Binding("f1", "app.help", "help", id="app.help"),
    ]

    def __init__(self, paths: Paths, reason: str) -> None:
        super().__init__()
        self._paths = paths
        self._reason = reason
        self._timer: Timer | None = None

    def compose(self) -> ComposeResult:
        yield HeaderBar(HeaderState(profile="first run"))
        yield TitleRule("Nothing is configured yet")
        with Vertical(id="first-body"):
            yield Static(Content(plain(self._reason)), classes="first--words", markup=False)
            yield Static(
                Content.assemble(
                    ("ctrl-d", "bold"),
                    " opens the demo: a living colony on this machine, nothing to set up.\n",
                    "Or connect to a server. Keys stay on this machine; ",
                    ("ctrl-s", "bold"),
                    f" writes them to {plain(str(self._paths.keys_file))} (mode 600), ",
                    ("ctrl-o", "bold"),
                    " only opens.",
                ),
                classes="first--words",
            )
            yield ProfileForm()
            yield TitleRule("What the server says")
            yield DetailPane()
        yield FooterKeys(("first.demo", "first.next", "first.open", "first.save"))

    def on_mount(self) -> None:
        """Begin with the address."""
        self.query_one("#form-url", Input).focus()
        self._show([])

    # -- checking --------------------------------------------------------------------------------------------------

    @on(ProfileForm.Filled)
    def _filled(self, event: ProfileForm.Filled) -> None:
        event.stop()
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(_PAUSE, self._check)

    def _check(self) -> None:
        self.run_worker(self._probe(), group="probe", exclusive=True)

    async def _probe(self) -> None:
        try:
            address, keys = self._address(), self._keyring()
        except ValueError as error:
            self._show([Finding("form", None, str(error))])
            return
        self._show([Finding("server", None, f"asking {address}")])
        self._show(await probe(address, self._form.text("colony"), keys))

    @property
    def _form(self) -> ProfileForm:
        return self.query_one(ProfileForm)

    def _address(self) -> ServerAddress:
        text = self._form.text("url")
        if not text:
            raise ValueError("type the server's address")
        return ServerAddress.parse(text)

    def _keyring(self) -> Keyring:
        def key(field: str, what: str) -> PrivateKey | None:
            text = self._form.text(field)
            try:
                return PrivateKey(text) if text else None
            except BadKey as error:
                raise ValueError(f"{what}: {error}") from None

        return Keyring(key("member", "member key"), key("colony-key", "colony key"), key("server-key", "server key"))

    def _show(self, findings: list[Finding]) -> None:
        alphabet = alphabet_of(self.app)
        if not findings:
            findings = [Finding("server", None, "nothing was asked yet")]
        rows = []
        for finding in findings:
            if finding.fits is None:
                glyph, role = alphabet.none, "dim"
            else:
                glyph, role = (alphabet.success, "success") if finding.fits else (alphabet.failed, "failed")
            rows.append(Field(finding.what, [Span(f"{glyph} ", role), Span(plain(finding.words))]))
        self.query_one(DetailPane).show([Section("", rows)])

    # -- what to do ------------------------------------------------------------------------------------------------

    def _profile(self) -> Profile | None:
        try:
            address, keys = self._address(), self._keyring()
        except ValueError as error:
            say(self.app, str(error), "error")
            return None
        colony = self._form.text("colony")
        if not colony or (keys.member is None and keys.server is None):
            say(self.app, "a colony and a member key are needed to see anything", "error")
            return None
        return Profile(self._form.text("name") or colony, address, colony, keys, source="typed in")

    def action_demo(self) -> None:
        """Leave for the demo."""
        self.app.exit(DEMO_WANTED)

    def action_open(self) -> None:
        """Open what was typed, without saving it."""
        profile = self._profile()
        if profile is not None:
            self._open(profile)

    def action_save(self) -> None:
        """Save what was typed, and open it."""
        profile = self._profile()
        if profile is None:
            return
        keys = {slot: InlineKey(key) for slot in KeySlot if (key := profile.keys.in_slot(slot)) is not None}
        try:
            save_profile(self._paths.keys_file, profile.name, address=profile.address, colony=profile.colony, keys=keys)
        except ConfigError as error:
            say(self.app, str(error), "error")
            return
        self._open(profile)

    def _open(self, profile: Profile) -> None:
        from colonies_tui.ui.app import ConsoleApp

        if isinstance(self.app, ConsoleApp):
            self.app.open_profile(profile)
