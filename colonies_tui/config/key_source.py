"""Where a private key comes from: the text itself, a file, an encrypted file, the key ring, a variable, or a command.

Keys are fetched only for the profile in use. No message here holds a key, and none of what a source said, since it
could be most of one.
"""

from __future__ import annotations

import getpass
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from colonies_tui.config.encrypted_key import WrongPassphrase, decrypt_key, identity_in
from colonies_tui.config.errors import ConfigError, with_home
from colonies_tui.config.private_file import read_private_file, reason_of
from colonies_tui.protocol.crypto import PrivateKey
from colonies_tui.protocol.errors import BadKey
from colonies_tui.protocol.keyless_environment import without_keys

COMMAND_SECONDS: Final = 60.0
"""How long a command may take to print a key, seconds: long enough to type a pass phrase."""


PASSPHRASE_TRIES: Final = 3


class KeyUnavailable(Exception):
    """A key could not be fetched; ``str`` says why, without the key."""


def ask_on_terminal(question: str) -> str:
    """Ask for a pass phrase on the terminal, unseen.

    Raises:
        KeyUnavailable: there is no terminal to ask on, or it was left without an answer.
    """
    if not sys.stdin.isatty():
        raise KeyUnavailable("its pass phrase is asked for on a terminal, and there is none")
    try:
        return getpass.getpass(question)
    except (EOFError, KeyboardInterrupt):
        raise KeyUnavailable("no pass phrase was given") from None


def read_key(text: str) -> PrivateKey:
    """Read a key from text as key files hold it: the first line that is neither empty nor a comment (``#``).

    Raises:
        BadKey: there is no such line or it is not a key; the message never holds the text.
    """
    for line in text.splitlines():
        line = line.strip()
        if line and not line.startswith("#"):
            return PrivateKey(line)
    raise BadKey("there is no key: only empty lines or comments")


@dataclass(frozen=True, slots=True)
class InlineKey:
    """The key stands in the configuration itself."""

    key: PrivateKey

    words = "inline"

    def fetch(self, env: Mapping[str, str]) -> PrivateKey:
        """Return the key."""
        return self.key


@dataclass(frozen=True, slots=True)
class KeyFile:
    """The key stands alone in a file that only its owner can use."""

    path: Path

    @property
    def words(self) -> str:
        """Where from, in words."""
        return f"file {with_home(self.path)}"

    def fetch(self, env: Mapping[str, str]) -> PrivateKey:
        """Return the key.

        Raises:
            KeyUnavailable: the file cannot be read, others can read it, or what it holds is not a key.
        """
        try:
            return read_key(read_private_file(self.path).decode("utf-8", "replace"))
        except ConfigError as error:
            raise KeyUnavailable(str(error)) from None
        except BadKey as error:
            raise KeyUnavailable(f"{with_home(self.path)}: {error}") from None


@dataclass(frozen=True, slots=True)
class KeyVariable:
    """The key stands in an environment variable."""

    name: str

    @property
    def words(self) -> str:
        """Where from, in words."""
        return f"variable {self.name}"

    def fetch(self, env: Mapping[str, str]) -> PrivateKey:
        """Return the key.

        Raises:
            KeyUnavailable: the variable is not set, or what it holds is not a key.
        """
        text = env.get(self.name, "")
        if not text.strip():
            raise KeyUnavailable(f"the environment variable {self.name} is not set")
        try:
            return PrivateKey(text)
        except BadKey as error:
            raise KeyUnavailable(f"the environment variable {self.name}: {error}") from None


@dataclass(frozen=True, slots=True)
class KeyCommand:
    """A command prints the key, as password managers do. It is run without a shell, and may ask on the terminal."""

    arguments: tuple[str, ...]
    seconds: float = COMMAND_SECONDS

    @property
    def words(self) -> str:
        """Where from, in words; the arguments are left out, since they may tell more than they should."""
        return f"command {self.arguments[0]}"

    def fetch(self, env: Mapping[str, str]) -> PrivateKey:
        """Run the command and return the key it prints on its first line; other keys are not in its environment.

        Raises:
            KeyUnavailable: there is no such command, it failed, took too long, or printed no key.
        """
        command = self.words
        try:
            # Running what the operator's own, private file names is the purpose; no shell reads it.
            done = subprocess.run(  # noqa: S603
                self.arguments, stdout=subprocess.PIPE, timeout=self.seconds, env=without_keys(env), check=False
            )
        except FileNotFoundError:
            raise KeyUnavailable(f"{command}: there is no such command") from None
        except subprocess.TimeoutExpired:
            raise KeyUnavailable(f"{command}: no key within {self.seconds:g} s") from None
        except OSError as error:
            raise KeyUnavailable(f"{command}: cannot be run: {reason_of(error)}") from None
        if done.returncode != 0:
            raise KeyUnavailable(f"{command}: ended with exit code {done.returncode}")
        try:
            return read_key(done.stdout.decode("utf-8", "replace"))
        except BadKey as error:
            raise KeyUnavailable(f"{command}: {error}") from None


@dataclass(frozen=True, slots=True)
class EncryptedKeyFile:
    """The key stands alone in a file that a pass phrase opens, which is asked for on the terminal."""

    path: Path
    ask: Callable[[str], str] = field(default=ask_on_terminal, compare=False)

    @property
    def words(self) -> str:
        """Where from, in words."""
        return f"encrypted file {with_home(self.path)}"

    def fetch(self, env: Mapping[str, str]) -> PrivateKey:
        """Ask for the pass phrase and return the key; it may be tried :data:`PASSPHRASE_TRIES` times.

        Raises:
            KeyUnavailable: the file cannot be read or is not such a file, or no right pass phrase was given.
        """
        try:
            content = read_private_file(self.path)
            question = f"pass phrase of {with_home(self.path)} ({identity_in(content)[:8]}, not shown): "
        except ConfigError as error:
            raise KeyUnavailable(str(error)) from None
        except BadKey as error:
            raise KeyUnavailable(f"{with_home(self.path)}: {error}") from None
        for _ in range(PASSPHRASE_TRIES):
            passphrase = self.ask(question)
            try:
                return decrypt_key(content, passphrase)
            except WrongPassphrase:
                question = "that does not open it; again: "
            except BadKey as error:
                raise KeyUnavailable(f"{with_home(self.path)}: {error}") from None
        raise KeyUnavailable(f"{with_home(self.path)}: no pass phrase that opens it was given")


@dataclass(frozen=True, slots=True)
class KeyRingEntry:
    """The key is kept by the desktop's key ring (Keychain, Secret Service, Credential Manager)."""

    service: str
    user: str

    @property
    def words(self) -> str:
        """Where from, in words."""
        return f"key ring {self.service}/{self.user}"

    def fetch(self, env: Mapping[str, str]) -> PrivateKey:
        """Return the key.

        Raises:
            KeyUnavailable: there is no key ring here or no such entry in it, or what it holds is not a key.
        """
        try:
            import keyring
            from keyring.errors import KeyringError
        except ImportError:
            words = "the package keyring is not installed; install colonies-tui[keyring]"
            raise KeyUnavailable(f"{self.words}: {words}") from None
        try:
            text = keyring.get_password(self.service, self.user)
        except KeyringError as error:
            raise KeyUnavailable(f"{self.words}: it cannot be asked ({type(error).__name__})") from None
        if text is None:
            raise KeyUnavailable(f"{self.words}: there is no such entry")
        try:
            return read_key(text)
        except BadKey as error:
            raise KeyUnavailable(f"{self.words}: {error}") from None


KeySource = InlineKey | KeyFile | KeyVariable | KeyCommand | EncryptedKeyFile | KeyRingEntry


def asks_on_terminal(source: KeySource) -> bool:
    """Return whether fetching a key may want the terminal for itself, or a program that may."""
    return isinstance(source, KeyCommand | EncryptedKeyFile | KeyRingEntry)
