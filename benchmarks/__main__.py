"""Runs all benchmarks one after the other: ``make bench``. Each prints ratios to floors measured in the same run."""

from __future__ import annotations

import importlib
import pkgutil

import benchmarks


def main() -> int:
    """Run every module of this package that has a ``main``; 1 when a target was missed."""
    missed: list[str] = []
    for found in pkgutil.iter_modules(benchmarks.__path__):
        if found.name == "__main__":
            continue
        module = importlib.import_module(f"benchmarks.{found.name}")
        if not hasattr(module, "main"):
            continue
        print(f"\n{found.name}", flush=True)
        if module.main():
            missed.append(found.name)
    if missed:
        print(f"\ntargets missed in: {', '.join(missed)}")
    return 1 if missed else 0


if __name__ == "__main__":
    raise SystemExit(main())
