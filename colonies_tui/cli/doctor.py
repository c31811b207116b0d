"""``colonies-tui doctor``: checks everything between this terminal and the work of a colony, and says what to do."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import sys
import textwrap
from collections.abc import AsyncIterator
from pathlib import Path

from colonies_tui.cli.checks.finding import Finding, Outcome, bad, good, neutral
from colonies_tui.cli.checks.keys import KeyChecks
from colonies_tui.cli.checks.machine import check_configuration, check_key_file, check_state_dir
from colonies_tui.cli.checks.server import SECONDS, ServerChecks
from colonies_tui.cli.checks.settings import check_settings
from colonies_tui.client.client import ColoniesClient
from colonies_tui.client.time_limits import TimeLimits
from colonies_tui.config.choose import NothingConfigured, choose_profile
from colonies_tui.config.errors import ConfigError
from colonies_tui.config.paths import Paths, paths_from_environment
from colonies_tui.config.profile import Profile
from colonies_tui.protocol.plaintext import plain

_LIMITS = TimeLimits(connect=SECONDS, read=SECONDS, write=SECONDS, transfer=2 * SECONDS)
_GLYPHS = {Outcome.GOOD: "✔", Outcome.BAD: "✖", Outcome.NEUTRAL: "–"}
_ASCII_GLYPHS = {Outcome.GOOD: "+", Outcome.BAD: "x", Outcome.NEUTRAL: "-"}
_COLOURS = {Outcome.GOOD: "32", Outcome.BAD: "31", Outcome.NEUTRAL: "2"}
_WHAT_WIDTH = len("server owner's key")


def run(*, profile: str | None, keys_file: Path | None, as_json: bool) -> int:
    """Check, print, and return the exit code: 0 all well, 1 something is wrong, 2 the configuration is."""
    paths = paths_from_environment(os.environ)
    report = _JsonReport() if as_json else _LineReport()
    try:
        chosen = choose_profile(profile, os.environ, paths, keys_file=keys_file)
    except ConfigError as error:
        report.add(bad("configuration", str(error)))
        return _without_profile(report, paths)
    if isinstance(chosen, NothingConfigured):
        advice = "run colonies-tui for a form that makes a profile, or colonies-tui demo for a look around"
        report.add(bad("configuration", chosen.words, advice))
        return _without_profile(report, paths)

    async def check() -> bool:
        failed = False
        async for finding in examine(chosen, paths):
            failed = failed or finding.outcome is Outcome.BAD
            report.add(finding)
        return failed

    return report.end(chosen, int(asyncio.run(check())))


def _without_profile(report: _LineReport | _JsonReport, paths: Paths) -> int:
    """Check what can be checked without a profile."""
    for finding in check_settings(paths):
        report.add(finding)
    return report.end(None, 2)


async def examine(profile: Profile, paths: Paths) -> AsyncIterator[Finding]:
    """Yield every finding about a profile, in order."""
    yield check_configuration(profile)
    yield check_key_file(profile)
    async with ColoniesClient(profile.address, profile.keys, limits=_LIMITS) as client:
        server = ServerChecks(profile, client)
        async for finding in server.run():
            yield finding
        if server.reached:
            async for finding in KeyChecks(profile, client).run():
                yield finding
            yield _observers(server)
        else:
            yield neutral("colony and keys", "not checked: the server does not answer")
    if profile.read_only:
        yield neutral("changes", "none: this profile is read-only")
    yield check_state_dir(paths)
    for finding in check_settings(paths):
        yield finding


def _observers(server: ServerChecks) -> Finding:
    if server.info is not None and server.info.observersapart:
        return good("observers", "kept apart from executors: waiting work is watched live")
    return neutral(
        "observers",
        "not kept apart from executors by this server: waiting work is looked at by polling,"
        " since watching it live would take wake-ups away from executors; with a user's key all lists are polled",
    )


class _LineReport:
    """Prints each finding as it comes."""

    def __init__(self) -> None:
        try:
            "✔✖–—→…".encode(sys.stdout.encoding or "ascii")
            self._glyphs = _GLYPHS
        except UnicodeEncodeError:
            self._glyphs = _ASCII_GLYPHS
        self._is_terminal = sys.stdout.isatty()
        self._coloured = self._is_terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"

    def add(self, finding: Finding) -> None:
        """Print a finding."""
        mark = self._glyphs[finding.outcome]
        if self._coloured:
            mark = f"\x1b[{_COLOURS[finding.outcome]}m{mark}\x1b[0m"
        dash = "—" if self._glyphs is _GLYPHS else "-"
        indent = " " * (_WHAT_WIDTH + 5)
        words = self._wrap(plain(finding.words), indent)
        self._print(f"{mark} {finding.what.ljust(_WHAT_WIDTH)} {dash} {words}")
        if finding.advice:
            self._print(indent + self._wrap(plain(finding.advice), indent, first="> " if dash == "-" else "→ "))

    def _wrap(self, text: str, indent: str, *, first: str = "") -> str:
        if not self._is_terminal:
            return first + text
        width = max(shutil.get_terminal_size().columns - len(indent), 30)
        lines = textwrap.wrap(
            text,
            width,
            initial_indent=first,
            subsequent_indent=" " * len(first),
            break_on_hyphens=False,
            break_long_words=False,
        )
        return f"\n{indent}".join(lines)

    def _print(self, text: str) -> None:
        encoding = sys.stdout.encoding or "ascii"
        print(text.encode(encoding, "replace").decode(encoding), flush=True)

    def end(self, profile: Profile | None, code: int) -> int:
        """Return the exit code."""
        return code


class _JsonReport:
    """Collects the findings and prints them as one object."""

    def __init__(self) -> None:
        self._findings: list[Finding] = []

    def add(self, finding: Finding) -> None:
        """Keep a finding."""
        self._findings.append(finding)

    def end(self, profile: Profile | None, code: int) -> int:
        """Print everything and return the exit code."""
        report = {
            "ok": code == 0,
            "profile": profile.name if profile else None,
            "source": profile.source if profile else None,
            "server": str(profile.address) if profile else None,
            "colony": profile.colony if profile else None,
            "checks": [
                {
                    "what": finding.what,
                    "outcome": finding.outcome.value,
                    "words": plain(finding.words),
                    "advice": plain(finding.advice),
                }
                for finding in self._findings
            ],
        }
        print(json.dumps(report, indent=2))
        return code
