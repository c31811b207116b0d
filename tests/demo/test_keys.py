"""The keys of the demo: made once, kept for their owner alone, never shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from colonies_tui.demo.keys import KEYS_FILE, KeysDamaged, open_keys


def test_keys_are_made_once_and_kept_for_their_owner(tmp_path: Path) -> None:
    first = open_keys(tmp_path)
    assert open_keys(tmp_path) == first
    assert (tmp_path / KEYS_FILE).stat().st_mode & 0o777 == 0o600
    assert {"compile-1", "ci"} <= first.members.keys()
    assert first.operator.reveal() not in repr(first)


def test_a_damaged_file_is_named_and_its_content_is_not(tmp_path: Path) -> None:
    (tmp_path / KEYS_FILE).write_text('{"operator": "5ec2e7"}')
    with pytest.raises(KeysDamaged) as caught:
        open_keys(tmp_path)
    assert KEYS_FILE in str(caught.value)
    assert "5ec2e7" not in str(caught.value)
