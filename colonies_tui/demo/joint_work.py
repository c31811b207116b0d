"""What members of workflows do with what their parents put out: list, work on what is listed, compare, merge, verify.

As in :mod:`colonies_tui.demo.work`, nothing is caught: findings that do not fit together fail their process.
"""

from __future__ import annotations

import ast
import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Final

from colonies_tui.demo import work
from colonies_tui.demo.corpus import Source
from colonies_tui.demo.filing import REPORTS_LABEL, KeptFile
from colonies_tui.demo.progress import Progress, size
from colonies_tui.demo.surroundings import InputMissing, Surroundings
from colonies_tui.demo.work import Result, VerificationFailed

LOOK_SECONDS: Final = 2.0
"""How often reports are looked at while they are watched."""

_SHARED: Final = ("folder", "files", "bytes")
_SUMS: Final = ("bytes", "functions", "classes", "nodes")


def list_package(progress: Progress, folder: Source, *, limit: int = 0) -> Result:
    """List the Python files below a directory with their sizes, the first ones only if there is a limit."""
    found = folder.files()
    chosen = found[:limit] if limit > 0 else found
    files = [{"name": file.name, "bytes": file.path.stat().st_size} for file in chosen]
    total = sum(file.path.stat().st_size for file in chosen)
    progress.say(f"{folder.name}: {len(found)} files, {len(files)} of them listed, {size(total)}")
    return {"folder": folder.name, "files": files, "bytes": total, "left_out": len(found) - len(files)}


def hash_files(progress: Progress, *files: Source) -> Result:
    """One SHA-256 over the contents of several files."""
    if not files:
        raise InputMissing("there is no file to hash")
    digest = hashlib.sha256()
    total = 0
    for number, file in enumerate(files, 1):
        content = file.path.read_bytes()
        digest.update(hashlib.sha256(content).digest())
        total += len(content)
        _tell_half_way(progress, number, files, "hashed")
        progress.step()
    progress.say(f"{len(files)} files, {size(total)}: sha256 {digest.hexdigest()}")
    return {"files": len(files), "bytes": total, "sha256": digest.hexdigest()}


def parse_files(progress: Progress, *files: Source) -> Result:
    """Parse several Python files and count what they define."""
    if not files:
        raise InputMissing("there is no file to parse")
    kinds: Counter[str] = Counter()
    total = 0
    for number, file in enumerate(files, 1):
        content = file.path.read_bytes()
        total += len(content)
        kinds.update(type(node).__name__ for node in ast.walk(ast.parse(content, file.name)))
        _tell_half_way(progress, number, files, "parsed")
        progress.step()
    functions = kinds["FunctionDef"] + kinds["AsyncFunctionDef"]
    progress.say(f"{len(files)} files, {size(total)}: {functions} functions, {kinds['ClassDef']} classes")
    return {
        "files": len(files),
        "bytes": total,
        "functions": functions,
        "classes": kinds["ClassDef"],
        "nodes": kinds.total(),
    }


def _tell_half_way(progress: Progress, number: int, files: Sequence[Source], done: str) -> None:
    half = len(files) // 2
    if number == half and half > 1:
        progress.say(f"{number} of {len(files)} {done}, at {files[number - 1].name}")


def hash_listed(progress: Progress, surroundings: Surroundings, *, number: int = 0) -> Result:
    """Hash all the files that a parent listed, or the one with this number, counted from 1."""
    if number:
        return work.hash_file(progress, _numbered(surroundings, number))
    folder = surroundings.found(*_SHARED)["folder"]
    return {"folder": folder, **hash_files(progress, *surroundings.listed())}


def parse_listed(progress: Progress, surroundings: Surroundings, *, number: int = 0) -> Result:
    """Parse all the files that a parent listed, or the one with this number, counted from 1."""
    if number:
        return work.count_definitions(progress, _numbered(surroundings, number))
    folder = surroundings.found(*_SHARED)["folder"]
    return {"folder": folder, **parse_files(progress, *surroundings.listed())}


def _numbered(surroundings: Surroundings, number: int) -> Source:
    listed = surroundings.listed()
    if not 1 <= number <= len(listed):
        raise InputMissing(f"there is no file {number} among {len(listed)} that were listed")
    return listed[number - 1]


def compare_findings(progress: Progress, surroundings: Surroundings, *, report: str = "") -> Result:
    """Check that parents who looked at the same files found as many of them; write a report if one is named.

    Raises:
        InputMissing: there are not at least two findings.
        VerificationFailed: they differ in what they should share.
    """
    findings = [piece for piece in surroundings.input if isinstance(piece, dict) and "files" in piece]
    if len(findings) < 2:
        raise InputMissing(f"two findings are needed to compare, there are {len(findings)}")
    for key in _SHARED:
        seen = [finding[key] for finding in findings if key in finding]
        if any(value != seen[0] for value in seen):
            raise VerificationFailed(f"{key}: {' and '.join(map(str, seen))}")
        if seen:
            progress.say(f"{key}: {seen[0]}, {len(seen)} findings agree")
    together: Result = {key: value for finding in findings for key, value in finding.items()}
    if report:
        _write_report(progress, surroundings, report, together)
    return together


def merge_findings(progress: Progress, surroundings: Surroundings) -> Result:
    """Sum what the parents found about single files; each file must have been hashed and parsed.

    Raises:
        InputMissing: no parent found anything about a file.
        VerificationFailed: a file was hashed and not parsed, or parsed and not hashed.
    """
    pieces = [piece for piece in surroundings.input if isinstance(piece, dict) and "file" in piece]
    if not pieces:
        raise InputMissing(f"none of {len(surroundings.input)} pieces of input is about a file")
    hashes: dict[str, str] = {piece["file"]: piece["sha256"] for piece in pieces if "sha256" in piece}
    parsed = {piece["file"] for piece in pieces if "functions" in piece}
    if hashes.keys() != parsed:
        raise VerificationFailed(f"hashed or parsed alone: {', '.join(sorted(hashes.keys() ^ parsed))}")
    sums = {key: sum(piece.get(key, 0) for piece in pieces) for key in _SUMS}
    progress.say(f"{len(pieces)} findings about {len(hashes)} files, {size(sums['bytes'])}")
    progress.say(f"{sums['functions']} functions, {sums['classes']} classes, {sums['nodes']} nodes")
    digest = _digest_of_digests(bytes.fromhex(hashes[name]) for name in sorted(hashes))
    return {"files": len(hashes), **sums, "sha256": digest}


def verify_merge(progress: Progress, surroundings: Surroundings, *, report: str = "") -> Result:
    """Read the listed files once more and check that number, bytes and hash are those of the merge.

    Raises:
        InputMissing: there is no list or no merge.
        VerificationFailed: the merge is wrong.
    """
    listed = sorted(surroundings.listed(), key=lambda file: file.name)
    merged = surroundings.found("sha256", "functions")
    digests: list[bytes] = []
    total = 0
    for file in listed:
        content = file.path.read_bytes()
        digests.append(hashlib.sha256(content).digest())
        total += len(content)
        progress.step()
    again = {"files": len(listed), "bytes": total, "sha256": _digest_of_digests(digests)}
    for key, value in again.items():
        if merged[key] != value:
            raise VerificationFailed(f"{key}: the merge says {merged[key]}, the files say {value}")
    progress.say(f"{len(listed)} files read again, {size(total)}: the merge is right")
    result = {**merged, "folder": surroundings.found(*_SHARED)["folder"]}
    if report:
        _write_report(progress, surroundings, report, result)
    return result


def _digest_of_digests(digests: Iterable[bytes]) -> str:
    return hashlib.sha256(b"".join(digests)).hexdigest()


def _write_report(progress: Progress, surroundings: Surroundings, name: str, finding: Result) -> None:
    entry = {**finding, "at": datetime.now(UTC).isoformat(timespec="seconds")}
    path = surroundings.reports.rewrite(name, str(finding.get("folder", "files")), entry)
    kept = KeptFile.of(REPORTS_LABEL, path)
    progress.keep(kept)
    progress.say(f"wrote {REPORTS_LABEL}/{kept.name}, {size(kept.size)}")


def take_stock(progress: Progress, surroundings: Surroundings, folder: Source) -> Result:
    """Hash a directory and say whether it changed since the last time, if that is known."""
    found = work.hash_tree(progress, folder)
    before = next((piece for piece in surroundings.input if isinstance(piece, dict) and "times" in piece), None)
    if before is None:
        progress.say("this is the first time")
        return {**found, "times": 1, "changed": False}
    changed = before["sha256"] != found["sha256"]
    progress.say(f"{'changed' if changed else 'unchanged'} since the last time; {before['times']} times before")
    return {**found, "times": before["times"] + 1, "changed": changed}


def confirm_stock(progress: Progress, surroundings: Surroundings) -> Result:
    """Count the files of a stock once more and hand it on for the next time.

    Raises:
        InputMissing: no stock was taken.
        VerificationFailed: the numbers differ.
    """
    stock = surroundings.found("folder", "files", "times")
    files = surroundings.corpus.resolve(stock["folder"]).files()
    if len(files) != stock["files"]:
        raise VerificationFailed(f"the stock says {stock['files']} files, there are {len(files)}")
    progress.say(f"{len(files)} files, as the stock says; taken {stock['times']} times")
    return dict(stock)


def watch_reports(progress: Progress, surroundings: Surroundings, *, seconds: float = 25) -> Result:
    """Watch the reports for a while and tell of each that is rewritten."""
    before = surroundings.reports.stamps()
    progress.say(f"{len(before)} reports; watching for {seconds:g} s")
    changes: Counter[str] = Counter()
    for _ in range(max(1, round(seconds / LOOK_SECONDS))):
        progress.rest(LOOK_SECONDS)
        now = surroundings.reports.stamps()
        for name, stamp in now.items():
            if before.get(name) != stamp:
                changes[name] += 1
                progress.say(f"{name} was {'rewritten' if name in before else 'written'}, {size(stamp[0])}")
        before = now
    progress.say(f"{changes.total()} changes")
    return {"reports": len(before), "changes": dict(changes)}
