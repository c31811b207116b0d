"""``tabs.json`` in the state directory: what was open when the console was left, to be opened again. Never a key."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Final

from colonies_tui.config.environment import PROFILE_NAME, profile_from_environment
from colonies_tui.config.errors import ConfigError
from colonies_tui.config.keys_file import load_profiles
from colonies_tui.config.private_file import reason_of, write_private_file
from colonies_tui.config.profile import Profile

MAX_SAVED: Final = 20
"""Most tabs that come back."""

_MOST_BYTES: Final = 1 << 20

_LONGEST: Final = 2000
"""Longest text that is taken from the file, characters."""


@dataclass(frozen=True, slots=True)
class SavedTab:
    """One tab as it was left."""

    profile: str
    """Name of a profile of the keys file, or of the one that the environment variables make."""
    colony: str
    view: str = ""
    filter: str = ""
    row: str = ""
    """Id of the row under the cursor."""


@dataclass(frozen=True, slots=True)
class SavedTabs:
    """All tabs, and which one was shown."""

    tabs: tuple[SavedTab, ...] = ()
    current: int = 0


@dataclass(frozen=True, slots=True)
class RestoredTabs:
    """Tabs with their profiles, keys fetched, ready to be opened."""

    tabs: tuple[tuple[Profile, SavedTab], ...] = ()
    current: int = 0
    skipped: tuple[str, ...] = ()
    """Why others do not come back, in words."""


@dataclass(slots=True)
class _Fetched:
    """Profiles by name, each fetched once, a failure too."""

    fetch: Callable[[str], Profile]
    known: dict[str, Profile | ConfigError] = field(default_factory=dict)

    def get(self, name: str) -> Profile | ConfigError:
        if name not in self.known:
            try:
                self.known[name] = self.fetch(name)
            except ConfigError as error:
                self.known[name] = error
        return self.known[name]


def load_saved_tabs(path: Path) -> SavedTabs:
    """Read what was saved; nothing where the file is missing.

    Raises:
        ConfigError: it is there, but cannot be used.
    """
    try:
        with path.open("rb") as file:
            content = file.read(_MOST_BYTES)
    except FileNotFoundError:
        return SavedTabs()
    except OSError as error:
        raise ConfigError(path, None, f"cannot be read: {reason_of(error)}") from None
    try:
        document = json.loads(content)
        tabs = tuple(_tab(item) for item in document["tabs"])[:MAX_SAVED]
        current = document["current"]
        if not isinstance(current, int) or isinstance(current, bool):
            raise TypeError
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise ConfigError(path, None, "does not hold tabs as they are saved") from None
    return SavedTabs(tabs, current if 0 <= current < len(tabs) else 0)


def save_tabs(path: Path, saved: SavedTabs) -> None:
    """Replace the file in one step, mode 0600.

    Raises:
        ConfigError: it cannot be written.
    """
    write_private_file(path, json.dumps(asdict(saved), ensure_ascii=False, indent=1).encode("utf-8", "replace") + b"\n")


def can_be_saved(profile: Profile, keys_file: Path) -> bool:
    """Whether a profile can be found again by its name: it stands in the keys file, or in the environment."""
    return profile.file == keys_file if profile.file is not None else profile.name == PROFILE_NAME


def restore_tabs(
    saved: SavedTabs, chosen: Profile | None, env: Mapping[str, str], keys_file: Path, *, read_only: bool = False
) -> RestoredTabs:
    """Fetch the profiles of saved tabs; those that cannot be fetched are left out, and it is said why.

    Args:
        saved: what was open.
        chosen: the profile that would be opened without any tabs. The environment's stands in this very shell and so is
            the more deliberate choice: it is shown, whatever was shown last.
        env: the environment.
        keys_file: where profiles stand.
        read_only: change nothing, whatever the keys could do.
    """

    def fetch(name: str) -> Profile:
        if name != PROFILE_NAME:
            return load_profiles(keys_file).entry(name).resolve(env, why="open at the last time")
        profile = profile_from_environment(env)
        if profile is None:
            raise ConfigError(None, None, "the environment variables COLONIES_… are not set")
        return profile

    profiles = _Fetched(fetch)
    if chosen is not None:
        profiles.known[chosen.name] = chosen
    tabs: list[tuple[Profile, SavedTab]] = []
    skipped: list[str] = []
    current = 0
    for number, tab in enumerate(saved.tabs):
        profile = profiles.get(tab.profile)
        if isinstance(profile, ConfigError):
            skipped.append(f"the tab {tab.profile} · {tab.colony} does not come back: {profile}")
            continue
        if number == saved.current:
            current = len(tabs)
        tabs.append((replace(profile, colony=tab.colony, read_only=profile.read_only or read_only), tab))
    if tabs and chosen is not None and chosen.name == PROFILE_NAME and chosen.file is None:
        of_chosen = (n for n, (_, tab) in enumerate(tabs) if (tab.profile, tab.colony) == (chosen.name, chosen.colony))
        found = next(of_chosen, None)
        if found is None:
            tabs.insert(0, (chosen, SavedTab(chosen.name, chosen.colony)))
        current = found or 0
    return RestoredTabs(tuple(tabs), current, tuple(skipped))


def _tab(item: Mapping[str, Any]) -> SavedTab:
    values = {one.name: item.get(one.name, "") for one in fields(SavedTab)}
    if not all(isinstance(value, str) and len(value) <= _LONGEST for value in values.values()):
        raise TypeError
    if not values["profile"] or not values["colony"]:
        raise ValueError
    return SavedTab(**values)


def texts_of(saved: Sequence[SavedTab]) -> list[tuple[str, str, str, str]]:
    """Return what is worth writing at once when it changes; where the cursor is can wait."""
    return [(tab.profile, tab.colony, tab.view, tab.filter) for tab in saved]
