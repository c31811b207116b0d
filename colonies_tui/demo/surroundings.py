"""What work can see besides its arguments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from colonies_tui.demo.corpus import Corpus, Source
from colonies_tui.demo.reports import Reports


class InputMissing(ValueError):
    """A function that works on what others found was started without it."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The corpus, the reports, and what came in."""

    corpus: Corpus
    reports: Reports
    input: tuple[Any, ...] = ()
    """What the parents of the process put out, in their order; of a cron's root what its last run put out."""

    def found(self, *keys: str) -> dict[str, Any]:
        """Return the first piece of input that has all of these keys.

        Raises:
            InputMissing: there is none.
        """
        for piece in self.input:
            if isinstance(piece, dict) and all(key in piece for key in keys):
                return piece
        raise InputMissing(f"none of {len(self.input)} pieces of input has {' and '.join(keys)}")

    def listed(self) -> tuple[Source, ...]:
        """Return the files that a parent listed.

        Raises:
            InputMissing: no parent listed files.
            OutsideCorpus: a name leads out of the corpus.
        """
        return tuple(self.corpus.resolve(file["name"]) for file in self.found("folder", "files", "bytes")["files"])
