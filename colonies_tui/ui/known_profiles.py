"""The profiles of the keys file, to be opened while the console runs; the keys of each are fetched once."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from colonies_tui.config.errors import ConfigError
from colonies_tui.config.key_source import asks_on_terminal
from colonies_tui.config.keys_file import ProfileEntry, load_profiles
from colonies_tui.config.profile import Profile


class KnownProfiles:
    """Profiles of the keys file by name. What the file says of one is compared each time; its keys are fetched again
    only when that has changed.
    """

    def __init__(self, keys_file: Path, suspend: Callable[[], AbstractContextManager[None]]) -> None:
        """
        Args:
            keys_file: where profiles stand.
            suspend: gives the terminal to a password manager that may ask something.
        """
        self._keys_file = keys_file
        self._suspend = suspend
        self._fetched: dict[str, tuple[ProfileEntry, Profile]] = {}

    def add(self, profile: Profile) -> None:
        """Take a profile whose keys were fetched elsewhere; one that does not stand in the file is of no use here."""
        if profile.file != self._keys_file or profile.name in self._fetched:
            return
        entry = next((entry for entry in self.of_file() if entry.name == profile.name), None)
        if entry is not None:
            self._fetched[profile.name] = (entry, profile)

    def of_file(self) -> list[ProfileEntry]:
        """Return what the keys file has, in its order; nothing where it is missing or wrong."""
        try:
            return list(load_profiles(self._keys_file).entries.values()) if self._keys_file.exists() else []
        except ConfigError:
            return []  # said at start and by the doctor; a list of what can be opened only does without

    def fetch(self, name: str) -> Profile:
        """Return a profile ready for use.

        Raises:
            ConfigError: there is none of that name, or its keys cannot be fetched.
        """
        entry = load_profiles(self._keys_file).entry(name)
        known = self._fetched.get(name)
        if known is not None and known[0] == entry:
            return dataclasses.replace(known[1], colony=entry.colony)
        if any(map(asks_on_terminal, entry.sources.values())):
            with self._suspend():  # a password manager may ask on the terminal
                profile = entry.resolve(os.environ)
        else:
            profile = entry.resolve(os.environ)
        self._fetched[name] = (entry, profile)
        return profile
