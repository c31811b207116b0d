"""The work functions: right answers about small files, real errors for faulty ones."""

from __future__ import annotations

import hashlib
import lzma
from pathlib import Path

import pytest

from colonies_tui.demo import work
from colonies_tui.demo.corpus import Source
from colonies_tui.demo.progress import Abandoned, size
from tests.demo.recording import RecordingProgress

PROGRAM = '''"""A module."""
import os
from sys import path

class Shop:
    """Sells."""

    async def sell(self, item):
        return item

    def close(self):
        item = 1
        return os, path, item
'''


@pytest.fixture
def progress() -> RecordingProgress:
    return RecordingProgress()


def written(folder: Path, name: str, content: str | bytes) -> Source:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return Source(name, path)


def test_hash_file(tmp_path: Path, progress: RecordingProgress) -> None:
    content = b"x" * (work.CHUNK * 2 + 5)
    result = work.hash_file(progress, written(tmp_path, "a.bin", content))
    assert result == {"file": "a.bin", "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    assert progress.lines == ["hashing a.bin, 128.0 KiB", f"sha256 {result['sha256']}"]
    assert progress.steps == 3


def test_hash_of_a_missing_file(tmp_path: Path, progress: RecordingProgress) -> None:
    with pytest.raises(FileNotFoundError):
        work.hash_file(progress, Source("gone.py", tmp_path / "gone.py"))


def test_hash_tree_depends_on_names_and_contents(tmp_path: Path, progress: RecordingProgress) -> None:
    for number in range(8):
        written(tmp_path, f"pkg/m{number}.py", f"n = {number}\n")
    written(tmp_path, "pkg/test/test_m.py", "tests are left out")
    written(tmp_path, "pkg/notes.txt", "no Python")
    folder = Source("pkg", tmp_path / "pkg")
    first = work.hash_tree(progress, folder)
    assert (first["files"], first["bytes"]) == (8, 48)
    assert [partial["files"] for partial in progress.partials] == [2, 4, 6]
    assert work.hash_tree(progress, folder) == first
    (tmp_path / "pkg/m0.py").rename(tmp_path / "pkg/z0.py")
    assert work.hash_tree(progress, folder)["sha256"] != first["sha256"]


def test_a_file_is_no_directory(tmp_path: Path, progress: RecordingProgress) -> None:
    with pytest.raises(NotADirectoryError):
        work.hash_tree(progress, written(tmp_path, "a.py", ""))
    with pytest.raises(FileNotFoundError):
        work.hash_tree(progress, Source("gone", tmp_path / "gone"))


def test_compare_files(tmp_path: Path, progress: RecordingProgress) -> None:
    one = written(tmp_path, "one", "a\nb\nc\n")
    other = written(tmp_path, "other", "a\nx\nc\nd\n")
    assert work.compare_files(progress, one, other) == {
        "equal": False,
        "first_difference": 2,
        "shared_lines": 2,
        "lines": [3, 4],
    }
    assert work.compare_files(progress, one, one)["equal"] is True
    assert progress.lines[-1] == "the files are equal"


def test_count_definitions(tmp_path: Path, progress: RecordingProgress) -> None:
    result = work.count_definitions(progress, written(tmp_path, "shop.py", PROGRAM))
    assert {key: result[key] for key in ("functions", "coroutines", "classes", "imports")} == {
        "functions": 2,
        "coroutines": 1,
        "classes": 1,
        "imports": 2,
    }
    assert result["longest_function"] == ["close", 3]
    assert "2 functions, 1 classes" in progress.lines[1]


def test_a_file_that_does_not_parse_says_where(tmp_path: Path, progress: RecordingProgress) -> None:
    with pytest.raises(SyntaxError) as caught:
        work.count_definitions(progress, written(tmp_path, "old.py", 'a = 1\nprint "hello"\n'))
    assert (caught.value.filename, caught.value.lineno) == ("old.py", 2)


def test_count_words(tmp_path: Path, progress: RecordingProgress) -> None:
    result = work.count_words(progress, written(tmp_path, "a.txt", "number Number of things\n\nmore things here\n"))
    assert result == {
        "file": "a.txt",
        "lines": 3,
        "words": 7,
        "longest_line": 23,
        "commonest": [["number", 2], ["things", 2]],
    }
    assert "1 lines blank" in progress.lines[1]


def test_words_of_a_latin_1_file(tmp_path: Path, progress: RecordingProgress) -> None:
    with pytest.raises(UnicodeDecodeError):
        work.count_words(progress, written(tmp_path, "a.txt", "Élie".encode("latin-1")))


def test_index_file_leaves_keywords_out(tmp_path: Path, progress: RecordingProgress) -> None:
    result = work.index_file(progress, written(tmp_path, "shop.py", PROGRAM))
    assert ["item", 4] in result["most_used"]
    assert result["identifiers"] == 8  # os sys path Shop sell self item close
    assert result["places"] == 14


def test_index_package_sums_its_files(tmp_path: Path, progress: RecordingProgress) -> None:
    for number in range(4):
        written(tmp_path, f"pkg/m{number}.py", f"common = only_{number}\n")
    result = work.index_package(progress, Source("pkg", tmp_path / "pkg"))
    assert (result["files"], result["identifiers"], result["places"]) == (4, 5, 8)
    assert result["most_used"][0] == ["common", 4]
    assert progress.partials[-1]["identifiers"] == 5


@pytest.mark.parametrize("method", ["zlib", "lzma"])
def test_compress_file(tmp_path: Path, progress: RecordingProgress, method: str) -> None:
    result = work.compress_file(progress, written(tmp_path, "a.py", PROGRAM * 50), method=method, level=1)
    assert result["bytes"] == len(PROGRAM) * 50
    assert 0 < result["ratio"] < 0.1
    assert "equal" in progress.lines[-1]


def test_compress_with_an_unknown_method(tmp_path: Path, progress: RecordingProgress) -> None:
    with pytest.raises(ValueError, match="no such method: zstandard"):
        work.compress_file(progress, written(tmp_path, "a.py", "x"), method="zstandard")


def test_an_archive_that_does_not_come_back_fails(
    tmp_path: Path, progress: RecordingProgress, monkeypatch: pytest.MonkeyPatch
) -> None:
    def damaged(data: bytes) -> bytes:
        return b"other"

    monkeypatch.setattr(lzma, "decompress", damaged)
    with pytest.raises(work.VerificationFailed):
        work.compress_file(progress, written(tmp_path, "a.py", "x"), method="lzma")


def test_archive_tree(tmp_path: Path, progress: RecordingProgress) -> None:
    for number in range(9):
        written(tmp_path, f"pkg/m{number}.py", f"n = {number}\n" * 400)
    result = work.archive_tree(progress, Source("pkg", tmp_path / "pkg"), level=0)
    assert (result["files"], result["bytes"]) == (9, 9 * 6 * 400)
    assert result["packed"] < result["bytes"] / 4
    assert [partial["of"] for partial in progress.partials] == [result["bytes"]] * len(progress.partials)
    assert progress.lines[-1].startswith("equal; ")


def test_work_stops_at_the_step_where_it_is_given_up(tmp_path: Path) -> None:
    for number in range(6):
        written(tmp_path, f"pkg/m{number}.py", "n = 1\n")
    progress = RecordingProgress(abandon_at_step=3)
    with pytest.raises(Abandoned):
        work.archive_tree(progress, Source("pkg", tmp_path / "pkg"))
    assert progress.steps == 3


def test_compile_module(tmp_path: Path, progress: RecordingProgress) -> None:
    result = work.compile_module(progress, written(tmp_path, "shop.py", PROGRAM))
    assert result["code_objects"] == 4  # module, class, two functions
    assert result["instructions"] > 20
    assert result["stack"] >= 1


def test_packages_are_the_sum_of_their_files(tmp_path: Path, progress: RecordingProgress) -> None:
    for number in range(5):
        written(tmp_path, f"pkg/m{number}.py", PROGRAM)
    written(tmp_path, "pkg/large.py", PROGRAM * 3)
    folder = Source("pkg", tmp_path / "pkg")
    surveyed = work.survey_package(progress, folder)
    assert (surveyed["files"], surveyed["functions"], surveyed["classes"]) == (6, 16, 8)
    assert surveyed["largest"] == "pkg/large.py"
    compiled = work.compile_package(progress, folder)
    assert (compiled["files"], compiled["code_objects"]) == (6, 5 * 4 + 10)


@pytest.mark.parametrize(
    ("count", "words"), [(0, "0 bytes"), (1, "1 byte"), (1023, "1023 bytes"), (1536, "1.5 KiB"), (3 << 20, "3.0 MiB")]
)
def test_size(count: int, words: str) -> None:
    assert size(count) == words
