"""Every benchmark still runs, on so little that its figures mean nothing; no test asserts a time."""

from __future__ import annotations

import importlib
import json
import math
import pkgutil
from pathlib import Path

import pytest

import benchmarks
from benchmarks import __main__ as command
from benchmarks.results import Result, alone, of_pairs, percentile, table
from benchmarks.scale import TINY

DEAR = ("starting", "memory", "idle")
"""Not run here: they start the console many times over; what they are made of is also what ``keys`` is made of."""


@pytest.mark.parametrize("subject", [name for name in command.SUBJECTS if name not in DEAR])
def test_it_runs(subject: str) -> None:
    results = list(command.results_of(subject, TINY))
    assert results
    assert len({(result.what, result.floor_is) for result in results}) == len(results)  # each is told apart
    for result in results:
        assert math.isfinite(result.ours)
        assert math.isfinite(result.ratio)


def test_every_subject_is_run() -> None:
    modules = {found.name for found in pkgutil.iter_modules(benchmarks.__path__)} - {"__main__"}
    with_results = {
        name
        for name in modules
        if hasattr(importlib.import_module(f"benchmarks.{name}"), "results") and name != "results"
    }
    assert with_results == set(command.SUBJECTS)


def test_what_is_printed_and_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    slow = of_pairs("paint", [(3.0, 1.0), (4.0, 2.0), (9.0, 1.0)], unit="ms", target=2.0, floor_is="a static")
    quick = alone("lag", [4.0], unit="ms", target=10.0)
    monkeypatch.setattr(command, "results_of", lambda subject, scale: iter([slow, quick]))
    assert command.main(["keys", "--json", str(tmp_path / "out.json")]) == 1
    out = capsys.readouterr().out
    assert "paint 4 1 ms 3.00× ≤ 2× missed a static" in " ".join(out.split())
    assert "1 of 2 targets met" in out
    written = json.loads((tmp_path / "out.json").read_text("utf-8"))["results"]["keys"]
    assert [(row["what"], row["ratio"], row["verdict"]) for row in written] == [
        ("paint", 3.0, "missed"),
        ("lag", 0.0, "ok"),
    ]


def test_a_name_that_is_none_is_refused() -> None:
    with pytest.raises(SystemExit):
        command.main(["nonsense"])


@pytest.mark.parametrize(
    ("ours", "at_least", "is_met"), [(2.0, False, True), (2.1, False, False), (2.0, True, True), (1.9, True, False)]
)
def test_a_bound_is_met_or_missed(ours: float, at_least: bool, is_met: bool) -> None:
    result = of_pairs("x", [(ours, 1.0)], unit="ms", target=2.0, floor_is="y", at_least=at_least)
    assert result.is_met is is_met
    assert result.verdict == ("ok" if is_met else "missed")


def test_the_columns_of_the_table_stand_below_each_other() -> None:
    results: list[Result] = [
        of_pairs("short", [(1.0, 1.0)], unit="ms", target=1.0, floor_is="f"),
        of_pairs("much longer", [(12_345.0, 0.001)], unit="µs/line", target=None, floor_is="g"),
    ]
    heading, first, second = table(results).splitlines()
    assert heading.index("the floor is") == first.index("f", 40) == second.index("g", 40)


def test_a_percentile_is_one_of_the_values() -> None:
    assert percentile(range(1, 101), 95) == 96
    assert percentile([7.0], 95) == 7.0
    assert percentile([3.0, 1.0, 2.0], 50) == 2.0
