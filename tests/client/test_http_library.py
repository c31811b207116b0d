"""What loading the network library brings with it, seen in a Python of its own."""

from __future__ import annotations

import subprocess
import sys


def loaded_by(statement: str) -> set[str]:
    code = f"{statement}; import sys; print(*sys.modules)"
    return set(subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True).stdout.split())


def test_its_command_line_is_not_loaded() -> None:
    modules = loaded_by("import colonies_tui.client.transport")
    assert "httpx" in modules
    assert modules.isdisjoint({"httpx._main", "rich", "click", "pygments"})


def test_what_loads_it_before_or_after_is_not_disturbed() -> None:
    assert "httpx._main" in loaded_by("import httpx; import colonies_tui.client.transport")
    assert "httpx._main" in loaded_by("import colonies_tui.client.transport; import httpx._main")
