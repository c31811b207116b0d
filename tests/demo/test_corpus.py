"""What the demo works on."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from colonies_tui.demo.corpus import INPUTS, WHOLE, Corpus, OutsideCorpus


@pytest.fixture
def corpus(tmp_path: Path) -> Corpus:
    return Corpus.open(tmp_path / "inputs")


def test_this_machine_has_enough_to_work_on(corpus: Corpus) -> None:
    assert len(corpus.modules) > 100
    assert "email" in corpus.packages
    assert all("site-packages" not in name for name in corpus.modules)
    assert list(corpus.modules) == sorted(corpus.modules)


def test_the_unparsable_do_not_parse_and_the_undecodable_do_not_decode(corpus: Corpus) -> None:
    assert any(name.startswith(f"{INPUTS}/") for name in corpus.unparsable)
    for name in corpus.unparsable:
        source = corpus.resolve(name).path.read_bytes()
        with pytest.raises(SyntaxError):
            compile(source, name, "exec", ast.PyCF_ONLY_AST, dont_inherit=True)
    for name in corpus.undecodable:
        with pytest.raises(UnicodeDecodeError):
            corpus.resolve(name).path.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "inputs/../../secret", "email/../../.."])
def test_no_name_leads_out(corpus: Corpus, name: str) -> None:
    with pytest.raises(OutsideCorpus):
        corpus.resolve(name)


def test_names_of_files_in_a_directory_resolve_to_themselves(corpus: Corpus) -> None:
    for name in (WHOLE, "json"):
        files = corpus.resolve(name).files()
        assert files
        assert corpus.resolve(files[0].name) == files[0]


def test_a_library_without_source_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(FileNotFoundError, match="no source"):
        Corpus.open(tmp_path / "inputs", library=tmp_path / "empty")
