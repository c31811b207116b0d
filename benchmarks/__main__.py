"""Measures what is named, or everything: ``python -m benchmarks [NAME…] [--quick] [--json FILE]``."""

from __future__ import annotations

import argparse
import importlib
import json
import os
import platform
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.results import Result, table
from benchmarks.scale import FULL, QUICK, Scale
from colonies_tui import __version__

SUBJECTS = (
    "commands",
    "starting",
    "memory",
    "table",
    "updates",
    "keys",
    "log",
    "stream",
    "decode",
    "graph",
    "idle",
    "server",
    "subscribers",
)
"""Modules of this package with a function ``results``, in the order in which they are run."""


def results_of(subject: str, scale: Scale) -> Iterator[Result]:
    """Measure one subject."""
    found: Iterator[Result] = importlib.import_module(f"benchmarks.{subject}").results(scale)
    return found


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print; 1 when a target was missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure against floors of the same run.")
    parser.add_argument("names", metavar="NAME", nargs="*", help=f"what to measure: {', '.join(SUBJECTS)}")
    parser.add_argument("--quick", action="store_true", help="fewer repetitions")
    parser.add_argument("--json", metavar="FILE", type=Path, help="write the results to this file, too")
    arguments = parser.parse_args(argv)
    if unknown := [name for name in arguments.names if name not in SUBJECTS]:
        parser.error(f"no such benchmark: {', '.join(unknown)}")
    scale = QUICK if arguments.quick else FULL
    began = time.monotonic()
    measured: dict[str, list[Result]] = {}
    for subject in arguments.names or SUBJECTS:
        print(f"measuring {subject} …", file=sys.stderr, flush=True)
        measured[subject] = []
        for result in results_of(subject, scale):
            measured[subject].append(result)
            print(f"  {' '.join(' '.join(result.cells()).split())}", file=sys.stderr, flush=True)
    everything = [result for results in measured.values() for result in results]
    print(table(everything))
    missed = sum(not result.is_met for result in everything)
    bounds = sum(result.target is not None for result in everything)
    print(f"\n{bounds - missed} of {bounds} targets met, in {time.monotonic() - began:.0f} s")
    if arguments.json is not None:
        arguments.json.write_text(json.dumps(_document(measured, quick=arguments.quick), indent=1) + "\n", "utf-8")
    return 1 if missed else 0


def _document(measured: dict[str, list[Result]], *, quick: bool) -> dict[str, object]:
    return {
        "version": __version__,
        "python": platform.python_version(),
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} processors",
        "quick": quick,
        "load_average": os.getloadavg()[0],
        "results": {name: [result.as_json() for result in results] for name, results in measured.items()},
    }


if __name__ == "__main__":
    raise SystemExit(main())
