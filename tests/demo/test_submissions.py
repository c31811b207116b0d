"""The stream of submissions: decided by the seed, valid, and with something of everything."""

from __future__ import annotations

import itertools
from collections import Counter

import pytest

from colonies_tui.demo.cast import CAST, RECONCILER, UNSERVED_TYPE, USERS
from colonies_tui.demo.corpus import Corpus
from colonies_tui.demo.executor import ABILITIES
from colonies_tui.demo.programme import Programme, StartWorkflow
from colonies_tui.demo.standing_orders import CRONS, DEFINITION, GENERATOR
from colonies_tui.demo.submissions import OPENING_PILE, Batch, Stream
from colonies_tui.demo.submitter import PILE_LIMIT, WAITING_LIMIT, wanted
from colonies_tui.demo.talk import CONVERSATION
from colonies_tui.protocol.messages.process import check_spec
from colonies_tui.protocol.models.workflow import WorkflowSpec


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    return Corpus.open(tmp_path_factory.mktemp("demo") / "inputs")


def first(corpus: Corpus, seed: int, count: int = 300) -> list[Batch]:
    stream = Stream(seed, corpus)
    return [*stream.opening(), *itertools.islice(stream.batches(), count)]


def test_a_seed_decides_everything(corpus: Corpus) -> None:
    assert first(corpus, 7) == first(corpus, 7)
    assert first(corpus, 7) != first(corpus, 8)


def test_every_specification_may_be_sent(corpus: Corpus) -> None:
    for batch in first(corpus, 1):
        assert batch.user in USERS
        for submission in batch.submissions:
            check_spec(submission.spec)
            assert submission.spec.conditions.colonyname


def test_every_function_is_asked_for_where_somebody_has_it(corpus: Corpus) -> None:
    specs = [item.spec for batch in first(corpus, 1) for item in batch.submissions]
    steps = (step for _, step in itertools.islice(Programme(1, corpus).steps(), 50))
    specs += [spec for step in steps if isinstance(step, StartWorkflow) for spec in step.spec.functionspecs]
    standing = [cron.workflowspec for cron in CRONS] + [GENERATOR.workflowspec]
    specs += [spec for text in standing for spec in WorkflowSpec.model_validate_json(text).functionspecs]
    specs.append(CONVERSATION)
    asked = {(spec.conditions.executortype, spec.funcname) for spec in specs}
    asked |= {(RECONCILER, DEFINITION.spec.handler.function_name), (RECONCILER, "cleanup")}  # asked for by the server
    offered = {(member.executortype, name) for member in CAST for name in member.functions}
    assert asked - offered == {(UNSERVED_TYPE, "translate_docstrings")}
    assert offered <= asked
    assert {name for _, name in offered} == ABILITIES.keys()


def test_the_stream_has_bursts_priorities_labels_limits_and_cancels(corpus: Corpus) -> None:
    batches = first(corpus, 3)
    items = [item for batch in batches for item in batch.submissions]
    assert max(len(batch.submissions) for batch in batches[3:]) == 9
    assert len({item.spec.priority for item in items}) >= 3
    assert len({item.spec.label for item in items}) >= 4
    share = Counter(
        "cancelled" if item.cancel_after else "waits" if item.spec.maxwaittime > 0 else "plain" for item in items
    )
    assert 0.01 < share["cancelled"] / len(items) < 0.05
    assert 0.02 < share["waits"] / len(items) < 0.1
    deadline = [item.spec for item in items if item.spec.maxexectime == 1]
    assert deadline
    assert all(spec.funcname == "archive_tree" and spec.maxretries == 1 for spec in deadline)


def test_the_pile_stands_from_the_start_and_has_a_limit(corpus: Corpus) -> None:
    pile = Stream(1, corpus).opening()[0]
    assert len(pile.submissions) == OPENING_PILE
    assert {item.spec.conditions.executortype for item in pile.submissions} == {"compiler"}
    assert wanted(pile, waiting=PILE_LIMIT - 1) == pile.submissions
    assert wanted(pile, waiting=PILE_LIMIT) == ()
    everyday = Stream(1, corpus).opening()[1]
    assert wanted(everyday, waiting=PILE_LIMIT) == everyday.submissions
    assert wanted(everyday, waiting=WAITING_LIMIT) == ()
