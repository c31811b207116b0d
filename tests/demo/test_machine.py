"""What executors say of themselves."""

from __future__ import annotations

import platform
from pathlib import Path

from colonies_tui.demo.cast import CAST
from colonies_tui.demo.machine import capabilities


def test_capabilities_are_this_machine(tmp_path: Path) -> None:
    stated = capabilities("archiver", tmp_path)
    (hardware,) = stated.hardware
    assert hardware.cores >= 1
    assert hardware.architecture
    assert hardware.mem.endswith("Gi")
    assert hardware.storage.endswith("Gi")
    assert stated.software[0].version == platform.python_version()
    assert [software.name for software in stated.software[1:]] == ["zlib", "lzma"]


def test_two_executors_wait_and_only_one_of_them_tells_the_truth(tmp_path: Path) -> None:
    waiting = {member.name: member for member in CAST if not member.approved}
    assert set(waiting) == {"compile-1", "turbo-hash"}
    truth = waiting["compile-1"].capabilities(tmp_path).hardware
    assert waiting["turbo-hash"].capabilities(tmp_path).hardware != truth
    assert [member.name for member in CAST if member.executortype == "compiler"] == ["compile-1"]
