"""What is loaded when: the layers as they are at run time, and a command line that answers before it loads anything.

Import contracts see what is written; these tests see what a process really holds after an import.
"""

from __future__ import annotations

import subprocess
import sys

import pytest

SCREEN = {"textual", "rich"}
NETWORK = {"httpx", "httpcore", "websockets"}
SERVER = {"starlette", "uvicorn"}
MODELS = {"pydantic", "pydantic_core", "coincurve"}

IMPORT_ALL_OF = """
import importlib, pkgutil, sys
package = importlib.import_module(sys.argv[1])
for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
    importlib.import_module(module.name)
print(*sorted({name.partition(".")[0] for name in sys.modules}))
"""

FORBIDDEN = {
    "protocol": SCREEN | NETWORK | SERVER | {"sqlite3", "platformdirs"},
    "config": SCREEN | NETWORK | SERVER | {"sqlite3"},
    "client": {"textual", "sqlite3", "platformdirs"} | SERVER,  # httpx loads rich for a command line of its own
    "store": SCREEN | NETWORK | SERVER | {"sqlite3"},
    "localserver": SCREEN | {"httpx", "httpcore", "platformdirs"},
    "demo": {"textual"},
    "ui": NETWORK | SERVER | {"sqlite3"},
}
"""Top-level packages that are not loaded by importing all of a layer."""

OWN_FORBIDDEN = {
    "protocol": {"client", "config", "store", "localserver", "demo", "ui", "cli"},
    "config": {"client", "store", "localserver", "demo", "ui", "cli"},
    "client": {"config", "store", "localserver", "demo", "ui", "cli"},
    "store": {"localserver", "demo", "ui", "cli"},
    "localserver": {"client", "config", "store", "demo", "ui", "cli"},
    "demo": {"config", "store", "ui", "cli"},
    "ui": {"localserver", "demo", "cli"},
}
"""Layers of ours that are not loaded by importing all of a layer."""


def output_of(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run this Python with arguments; it must succeed."""
    finished = subprocess.run([sys.executable, *arguments], capture_output=True, text=True, timeout=60, check=False)
    assert finished.returncode == 0, finished.stderr
    return finished


@pytest.mark.parametrize("layer", FORBIDDEN)
def test_a_layer_loads_no_package_that_it_must_not_know(layer: str) -> None:
    loaded = set(output_of("-c", IMPORT_ALL_OF, f"colonies_tui.{layer}").stdout.split())
    assert loaded >= {"colonies_tui"}
    assert loaded & FORBIDDEN[layer] == set()


@pytest.mark.parametrize("layer", OWN_FORBIDDEN)
def test_a_layer_loads_no_layer_that_stands_above_or_beside_it(layer: str) -> None:
    script = IMPORT_ALL_OF.replace(
        'name.partition(".")[0] for name in sys.modules',
        'name.split(".")[1] for name in sys.modules if name.startswith("colonies_tui.")',
    )
    loaded = set(output_of("-c", script, f"colonies_tui.{layer}").stdout.split())
    assert layer in loaded
    assert loaded & OWN_FORBIDDEN[layer] == set()


def loaded_by(*arguments: str) -> tuple[str, set[str]]:
    """Run the program with arguments and return what it printed and the top-level packages that it loaded."""
    finished = output_of("-X", "importtime", "-m", "colonies_tui", *arguments)
    lines = [line for line in finished.stderr.splitlines() if line.startswith("import time:")]
    return finished.stdout, {line.rpartition("|")[2].strip().partition(".")[0] for line in lines}


@pytest.mark.parametrize(
    "arguments",
    [
        ("--version",),
        ("--help",),
        ("demo", "--help"),
        ("serve", "--help"),
        ("doctor", "--help"),
        ("keys", "--help"),
        ("journal", "--help"),
        ("get", "--help"),
    ],
    ids=" ".join,
)
def test_version_and_help_load_nothing_that_takes_time(arguments: tuple[str, ...]) -> None:
    printed, loaded = loaded_by(*arguments)
    assert "colonies-tui" in printed
    assert "colonies_tui" in loaded
    assert ("argparse" in loaded) is (arguments != ("--version",)), "a version is told at once"
    assert loaded & (SCREEN | NETWORK | SERVER | MODELS | {"asyncio", "sqlite3", "platformdirs"}) == set()


def test_the_command_line_is_loaded_without_what_it_starts() -> None:
    script = (
        'import colonies_tui.cli.command_line, sys; print(*sorted({name.partition(".")[0] for name in sys.modules}))'
    )
    loaded = set(output_of("-c", script).stdout.split())
    assert loaded & (SCREEN | NETWORK | SERVER | MODELS) == set()


def test_a_client_loads_the_network_libraries_only_when_it_is_used() -> None:
    script = 'import colonies_tui.client.client, sys; print(*sorted({name.partition(".")[0] for name in sys.modules}))'
    loaded = set(output_of("-c", script).stdout.split())
    assert loaded & (NETWORK | SCREEN) == set()


@pytest.mark.parametrize("package", ["tables", "format"])
def test_lists_and_their_filters_are_told_without_the_screen(package: str) -> None:
    script = "import colonies_tui.ui.filter, colonies_tui.ui.filter_completion, colonies_tui.ui.known\n" + IMPORT_ALL_OF
    loaded = set(output_of("-c", script, f"colonies_tui.ui.{package}").stdout.split())
    assert "colonies_tui" in loaded
    assert "textual" not in loaded
