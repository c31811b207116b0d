"""Members of workflows: real sums over what their parents found, real failures when that does not fit."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from colonies_tui.demo import joint_work
from colonies_tui.demo.corpus import Corpus, OutsideCorpus
from colonies_tui.demo.filing import REPORTS_LABEL
from colonies_tui.demo.functions import FUNCTIONS
from colonies_tui.demo.reports import Reports
from colonies_tui.demo.surroundings import InputMissing, Surroundings
from colonies_tui.demo.work import VerificationFailed
from colonies_tui.demo.workflows import diamond, fan_out
from colonies_tui.protocol.models.process import FunctionSpec
from colonies_tui.protocol.models.workflow import WorkflowSpec
from tests.demo.recording import RecordingProgress


@pytest.fixture
def progress() -> RecordingProgress:
    return RecordingProgress()


@pytest.fixture
def surroundings(tmp_path: Path) -> Surroundings:
    library = tmp_path / "lib"
    (library / "pkg").mkdir(parents=True)
    for number in range(6):
        text = f"class C{number}:\n    def f(self):\n        return {number}\n" + "# and so on\n" * (100 + number)
        (library / "pkg" / f"m{number}.py").write_text(text)
    return Surroundings(Corpus.open(tmp_path / "inputs", library=library), Reports(tmp_path / "reports"))


def given(surroundings: Surroundings, *pieces: Any) -> Surroundings:
    return Surroundings(surroundings.corpus, surroundings.reports, pieces)


def carried_out(
    workflow: WorkflowSpec, surroundings: Surroundings, progress: RecordingProgress
) -> dict[str, dict[str, Any]]:
    """Run the nodes of a workflow in their order, handing on outputs as a server does."""
    results: dict[str, dict[str, Any]] = {}
    for spec in workflow.functionspecs:
        pieces = [results[parent] for parent in spec.conditions.dependencies]
        result = FUNCTIONS[spec.funcname](progress, given(surroundings, *pieces), spec)
        results[spec.nodename] = json.loads(json.dumps(result))
    return results


def contents(surroundings: Surroundings) -> list[bytes]:
    return [file.path.read_bytes() for file in surroundings.corpus.resolve("pkg").files()]


def test_a_diamond_compares_what_its_two_sides_found(surroundings: Surroundings, progress: RecordingProgress) -> None:
    results = carried_out(diamond("pkg", "x"), surroundings, progress)
    texts = contents(surroundings)
    total = sum(map(len, texts))
    digest = hashlib.sha256(b"".join(hashlib.sha256(text).digest() for text in texts)).hexdigest()
    assert (
        results["compare"].items()
        >= {
            "folder": "pkg",
            "files": 6,
            "bytes": total,
            "sha256": digest,
            "functions": 6,
            "classes": 6,
        }.items()
    )
    (kept,) = progress.kept
    path = surroundings.reports.directory / kept.name
    assert (kept.label, kept.size) == (REPORTS_LABEL, path.stat().st_size)
    assert kept.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert json.loads(path.read_text())["pkg"]["sha256"] == digest


def test_a_fan_out_sums_what_its_nodes_found_and_verifies_it(
    surroundings: Surroundings, progress: RecordingProgress
) -> None:
    names = [file.name for file in surroundings.corpus.resolve("pkg").files()]
    results = carried_out(fan_out("pkg", names, "x"), surroundings, progress)
    assert len(results) == 2 * len(names) + 3
    assert results["hash/m3.py"]["sha256"] == hashlib.sha256(contents(surroundings)[3]).hexdigest()
    assert results["parse/m5.py"]["functions"] == 1
    merged = results["merge"]
    assert (merged["files"], merged["bytes"]) == (6, sum(map(len, contents(surroundings))))
    assert (merged["functions"], merged["classes"]) == (6, 6)
    assert results["verify"] == {**merged, "folder": "pkg"}
    assert progress.lines[-2].endswith("the merge is right")


def test_a_merge_that_is_wrong_is_found_out(surroundings: Surroundings, progress: RecordingProgress) -> None:
    listed = joint_work.list_package(progress, surroundings.corpus.resolve("pkg"), limit=2)
    merged = {"files": 2, "bytes": 7, "functions": 2, "sha256": "0" * 64}
    with pytest.raises(VerificationFailed, match="bytes: the merge says 7"):
        joint_work.verify_merge(progress, given(surroundings, listed, merged))
    hashed = {"file": "pkg/m0.py", "sha256": "0" * 64, "bytes": 1}
    with pytest.raises(VerificationFailed, match=r"hashed or parsed alone: pkg/m0\.py"):
        joint_work.merge_findings(progress, given(surroundings, hashed))


def test_findings_that_differ_fail_the_comparison(surroundings: Surroundings, progress: RecordingProgress) -> None:
    one, other = {"files": 2, "bytes": 10}, {"files": 3, "functions": 1}
    with pytest.raises(VerificationFailed, match="files: 2 and 3"):
        joint_work.compare_findings(progress, given(surroundings, one, other))
    with pytest.raises(InputMissing, match="two findings"):
        joint_work.compare_findings(progress, given(surroundings, one))


@pytest.mark.parametrize("funcname", ["hash_listed", "parse_listed", "merge_findings", "verify_merge", "confirm_stock"])
def test_work_without_input_says_so(surroundings: Surroundings, progress: RecordingProgress, funcname: str) -> None:
    with pytest.raises(InputMissing):
        FUNCTIONS[funcname](progress, surroundings, FunctionSpec(funcname=funcname))


def test_input_leads_nowhere_else(surroundings: Surroundings, progress: RecordingProgress) -> None:
    evil = {"folder": "pkg", "files": [{"name": "../../../etc/passwd", "bytes": 1}], "bytes": 1}
    with pytest.raises(OutsideCorpus):
        joint_work.hash_listed(progress, given(surroundings, evil))
    harmless = {"folder": "pkg", "files": [{"name": "pkg/m0.py", "bytes": 1}], "bytes": 1}
    with pytest.raises(InputMissing, match="no file 3 among 1"):
        joint_work.parse_listed(progress, given(surroundings, harmless), number=3)


@pytest.mark.parametrize("name", ["../evil", "a/b", "", "A", "a.json", "a\n"])
def test_a_report_goes_nowhere_else(surroundings: Surroundings, name: str) -> None:
    with pytest.raises(ValueError, match="a report's name"):
        surroundings.reports.rewrite(name, "key", 1)


def test_a_stock_is_handed_from_run_to_run(surroundings: Surroundings, progress: RecordingProgress) -> None:
    folder = surroundings.corpus.resolve("pkg")
    first = joint_work.confirm_stock(
        progress, given(surroundings, joint_work.take_stock(progress, surroundings, folder))
    )
    second = joint_work.take_stock(progress, given(surroundings, first), folder)
    assert (first["times"], first["changed"], second["times"], second["changed"]) == (1, False, 2, False)
    (folder.path / "m0.py").write_text("changed = True\n")
    assert joint_work.take_stock(progress, given(surroundings, second), folder)["changed"] is True
    (folder.path / "m1.py").unlink()
    with pytest.raises(VerificationFailed, match="the stock says 6 files, there are 5"):
        joint_work.confirm_stock(progress, given(surroundings, second))


def test_reports_are_watched(surroundings: Surroundings) -> None:
    class Meanwhile(RecordingProgress):
        """Something is written in the second and third pause."""

        def rest(self, seconds: float) -> None:
            super().rest(seconds)
            if self.rested in (4.0, 6.0):
                surroundings.reports.rewrite("packages", f"after {self.rested}", "x" * 100)

    surroundings.reports.rewrite("verified", "key", 1)
    progress = Meanwhile()
    result = joint_work.watch_reports(progress, surroundings, seconds=8)
    assert result == {"reports": 2, "changes": {"packages.json": 2}}
    assert progress.rested == 8.0
    assert [line.partition(",")[0] for line in progress.lines[1:-1]] == [
        "packages.json was written",
        "packages.json was rewritten",
    ]
