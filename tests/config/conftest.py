"""Files of keys as tests write them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

WriteKeys = Callable[..., Path]


@pytest.fixture
def write_keys(tmp_path: Path) -> WriteKeys:
    """Write a ``keys.toml`` with a mode, 0600 unless told otherwise."""

    def write(text: str, *, mode: int = 0o600) -> Path:
        path = tmp_path / "keys.toml"
        path.write_text(text, encoding="utf-8")
        path.chmod(mode)
        return path

    return write
