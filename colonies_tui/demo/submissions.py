"""What the demo's users submit: an endless, varied stream that a seed decides. Pure: nothing is sent from here."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from colonies_tui.demo.cast import COLONY, UNSERVED_TYPE
from colonies_tui.demo.corpus import WHOLE, Corpus
from colonies_tui.protocol.models.process import NO_LIMIT, Conditions, FunctionSpec

OPENING_PILE: Final = 24
"""Compilations submitted at once when the colony comes up; nobody is approved to take them."""

_MISSING: Final = ("email/mime/video.py", "asyncio/fibers.py", "json/yaml.py")

_CYCLE: Final = 5
"""Rounds after which the rare kinds of work come again."""


@dataclass(frozen=True, slots=True)
class Submission:
    """One process to submit."""

    spec: FunctionSpec
    cancel_after: float | None = None
    """Seconds after which its user cancels it, because something newer has replaced it."""
    long: bool = False
    """Whether it keeps an executor for long, so that a second one is not worth submitting while the first runs."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Processes that one user submits together, under one label."""

    user: str
    submissions: tuple[Submission, ...]


@dataclass(frozen=True, slots=True)
class _Occasion:
    """Why work is submitted: who asks, under which label, how urgent it is."""

    user: str
    label: str
    priority: int = 0
    env: tuple[tuple[str, str], ...] = ()


_OCCASIONS: Final = (
    _Occasion("ci", "pull request 118"),
    _Occasion("ci", "pull request 123"),
    _Occasion("ci", "nightly", priority=-1),
    _Occasion("ci", "smoke test", priority=2),
    _Occasion("release-bot", "release 3.4", priority=5, env=(("SOURCE_DATE_EPOCH", "1735689600"),)),
    _Occasion("release-bot", "audit"),
)

_BATCH_SIZES: Final = (1, 1, 1, 2, 2, 3, 3, 4, 5, 9)


class Stream:
    """The stream of one seed over one corpus."""

    def __init__(self, seed: int, corpus: Corpus) -> None:
        self._random = random.Random(seed)  # noqa: S311  (choices of a demo that must repeat, not secrets)
        self._corpus = corpus

    def opening(self) -> tuple[Batch, ...]:
        """Return what is submitted at once: a pile that waits, and something of everything so that work is seen."""
        pile = Batch("ci", tuple(self._compilation(_OCCASIONS[0]) for _ in range(OPENING_PILE)))
        release = _OCCASIONS[4]
        one_of_each = {item.spec.funcname: item for item in self._everyday(release)}
        first_work = Batch("release-bot", (*one_of_each.values(), *self._rare(release, 0)))
        nightly = _OCCASIONS[2]
        failing = Batch(
            "ci",
            (*self._failing(nightly), self._superseded(nightly), self._unserved(nightly), self._deadline_miss(nightly)),
        )
        return (pile, first_work, failing)

    def batches(self) -> Iterator[Batch]:
        """Yield batches for ever. Each round holds a fixed mixture in a new order, so nothing is absent for long."""
        number = 0
        while True:
            occasion = self._random.choice(_OCCASIONS)
            items = self._everyday(occasion) + [self._compilation(occasion) for _ in range(6)]
            items.append(self._submission("compiler", "compile_package", [self._package()], occasion))
            items += self._random.sample(self._failing(occasion), 2)
            items += [self._unserved(occasion), self._compilation(occasion, maxwaittime=20), self._superseded(occasion)]
            items += self._rare(occasion, number % _CYCLE)
            self._random.shuffle(items)
            number += 1
            while items:
                count = self._random.choice(_BATCH_SIZES)
                yield Batch(occasion.user, tuple(items[:count]))
                del items[:count]

    def _rare(self, occasion: _Occasion, phase: int) -> list[Submission]:
        whole = [WHOLE]
        match phase:
            case 0:
                index = self._submission("indexer", "index_package", whole, occasion, maxexectime=600)
                return [replace(index, long=True), self._submission("hasher", "hash_tree", whole, occasion)]
            case 1:
                archive = self._submission("archiver", "archive_tree", whole, occasion, maxexectime=600)
                return [replace(archive, long=True)]
            case 2:
                survey = self._submission("parser", "survey_package", whole, occasion, maxexectime=600)
                return [replace(survey, long=True)]
            case 3:
                return [self._deadline_miss(occasion)]
        return []

    def _everyday(self, occasion: _Occasion) -> list[Submission]:
        module, package = self._module, self._package
        methods = [("zlib", 6), ("zlib", 9), ("lzma", 6), ("lzma", 1)]
        return [
            *(self._submission("hasher", "hash_file", [module()], occasion) for _ in range(7)),
            self._submission("hasher", "hash_tree", [package()], occasion),
            self._submission("hasher", "compare_files", [module(), module()], occasion),
            *(self._submission("parser", "count_definitions", [module()], occasion) for _ in range(7)),
            *(self._submission("parser", "count_words", [module()], occasion) for _ in range(5)),
            *(self._submission("indexer", "index_file", [module()], occasion) for _ in range(2)),
            self._submission("indexer", "index_package", [package()], occasion),
            self._submission("parser", "survey_package", [package()], occasion),
            self._submission("archiver", "archive_tree", [package()], occasion, kwargs={"level": 9}),
            *(
                self._submission(
                    "archiver", "compress_file", [module()], occasion, kwargs={"method": method, "level": level}
                )
                for method, level in methods
            ),
        ]

    def _failing(self, occasion: _Occasion) -> list[Submission]:
        choose, corpus = self._random.choice, self._corpus
        return [
            self._submission("parser", "count_definitions", [choose(corpus.unparsable)], occasion),
            self._submission("parser", "count_words", [choose(corpus.undecodable)], occasion),
            self._submission("hasher", "hash_file", [choose(_MISSING)], occasion),
            self._submission("archiver", "compress_file", [self._module()], occasion, kwargs={"method": "zstandard"}),
        ]

    def _compilation(self, occasion: _Occasion, *, maxwaittime: int = NO_LIMIT) -> Submission:
        return self._submission("compiler", "compile_module", [self._module()], occasion, maxwaittime=maxwaittime)

    def _unserved(self, occasion: _Occasion) -> Submission:
        kwargs = {"to": self._random.choice(["sv", "fi", "de"])}
        return self._submission(
            UNSERVED_TYPE, "translate_docstrings", [self._module()], occasion, kwargs=kwargs, maxwaittime=45
        )

    def _superseded(self, occasion: _Occasion) -> Submission:
        spec = self._submission("indexer", "index_package", [self._package()], occasion).spec
        return Submission(spec, cancel_after=self._random.uniform(0.4, 1.5))

    def _deadline_miss(self, occasion: _Occasion) -> Submission:
        return self._submission(
            "archiver", "archive_tree", [WHOLE], occasion, kwargs={"level": 9}, maxexectime=1, maxretries=1
        )

    def _module(self) -> str:
        return self._random.choice(self._corpus.modules)

    def _package(self) -> str:
        return self._random.choice(self._corpus.packages)

    def _submission(
        self,
        executortype: str,
        funcname: str,
        args: Sequence[str],
        occasion: _Occasion,
        *,
        kwargs: dict[str, Any] | None = None,
        maxwaittime: int = NO_LIMIT,
        maxexectime: int = 120,
        maxretries: int = 3,
    ) -> Submission:
        return Submission(
            FunctionSpec(
                funcname=funcname,
                args=tuple(args),
                kwargs=kwargs or {},
                priority=occasion.priority,
                maxwaittime=maxwaittime,
                maxexectime=maxexectime,
                maxretries=maxretries,
                conditions=Conditions(colonyname=COLONY, executortype=executortype),
                label=occasion.label,
                env=dict(occasion.env),
            )
        )
