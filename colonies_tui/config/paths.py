"""The directories of this program on this platform, and the files in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import platformdirs

_NAME: Final = "colonies-tui"


@dataclass(frozen=True, slots=True)
class Paths:
    """Where this program keeps what. Nothing here is created before something is written."""

    config_dir: Path
    """``keys.toml`` and ``settings.toml``: what the operator writes."""
    state_dir: Path
    """The journal of actions, the log of the program, and what was open."""
    data_dir: Path
    """The local server's database."""
    cache_dir: Path
    """What can be thrown away at any time."""

    @property
    def keys_file(self) -> Path:
        """The profiles with their keys."""
        return self.config_dir / "keys.toml"

    @property
    def tabs_file(self) -> Path:
        """What was open when the console was left."""
        return self.state_dir / "tabs.json"

    @property
    def settings_file(self) -> Path:
        """The operator's taste and limits."""
        return self.config_dir / "settings.toml"

    @property
    def journal_file(self) -> Path:
        """What was done, and how it ended."""
        return self.state_dir / "journal.jsonl"

    @property
    def filters_file(self) -> Path:
        """The filters that were saved under names."""
        return self.state_dir / "filters.json"

    @property
    def watches_dir(self) -> Path:
        """What is watched, a file for each profile and colony."""
        return self.state_dir / "watches"


def paths_from_environment(env: Mapping[str, str]) -> Paths:
    """Return the platform's directories; ``COLONIES_TUI_CONFIG_DIR``, ``_STATE_DIR``, ``_DATA_DIR`` and ``_CACHE_DIR``
    put one elsewhere.
    """
    platform = platformdirs.PlatformDirs(_NAME, appauthor=False)

    def choose(variable: str, usual: Path) -> Path:
        text = env.get(variable, "")
        return Path(text).expanduser() if text else usual

    return Paths(
        config_dir=choose("COLONIES_TUI_CONFIG_DIR", platform.user_config_path),
        state_dir=choose("COLONIES_TUI_STATE_DIR", platform.user_state_path),
        data_dir=choose("COLONIES_TUI_DATA_DIR", platform.user_data_path),
        cache_dir=choose("COLONIES_TUI_CACHE_DIR", platform.user_cache_path),
    )
