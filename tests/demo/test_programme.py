"""The programme: what it starts is valid, comes soon, comes again, and is the same for the same seed."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime

import pytest

from colonies_tui.demo.cast import USERS
from colonies_tui.demo.corpus import Corpus
from colonies_tui.demo.programme import ChangeBlueprint, Pack, Programme, StartWorkflow, Step, TakeSnapshot
from colonies_tui.demo.standing_orders import BLUEPRINTS, CRONS, DEFINITION, GENERATOR, TRIGGER
from colonies_tui.demo.workflows import FAN
from colonies_tui.localserver.blueprint_schema import violation
from colonies_tui.protocol.cron import schedule_of
from colonies_tui.protocol.messages.schedule import AddCron, AddGenerator
from colonies_tui.protocol.models.workflow import WorkflowSpec
from colonies_tui.protocol.workflow_check import check_workflow


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    return Corpus.open(tmp_path_factory.mktemp("demo") / "inputs")


def until(corpus: Corpus, seconds: float, seed: int = 1) -> list[tuple[float, Step]]:
    return list(itertools.takewhile(lambda item: item[0] <= seconds, Programme(seed, corpus).steps()))


def names(spec: WorkflowSpec) -> set[str]:
    return {node.nodename for node in spec.functionspecs}


def test_a_seed_decides_everything(corpus: Corpus) -> None:
    assert until(corpus, 600, seed=7) == until(corpus, 600, seed=7)
    assert until(corpus, 600, seed=7) != until(corpus, 600, seed=8)


def test_every_workflow_may_be_sent(corpus: Corpus) -> None:
    steps = [step for _, step in until(corpus, 1200)]
    assert {step.user for step in steps} == set(USERS)
    for step in steps:
        if isinstance(step, StartWorkflow):
            check_workflow(step.spec.functionspecs)
            assert step.spec.colonyname
        if isinstance(step, ChangeBlueprint):
            assert DEFINITION.spec.schema_ is not None
            assert violation(step.spec, DEFINITION.spec.schema_) is None


def test_the_first_of_each_kind_comes_soon_and_all_come_again(corpus: Corpus) -> None:
    started = [(at, step) for at, step in until(corpus, 300) if isinstance(step, StartWorkflow)]
    diamonds = [
        at for at, step in started if names(step.spec) >= {"hash", "parse", "compare"} and len(names(step.spec)) == 4
    ]
    fans = [at for at, step in started if "verify" in names(step.spec) and step.cancel_after is None]
    cascades = [at for at, step in started if "check" in names(step.spec)]
    assert diamonds[0] <= 3
    assert fans[0] <= 20
    assert cascades[0] <= 30
    assert min(len(diamonds), len(fans), len(cascades)) >= 2
    assert len([step for _, step in started if step.cancel_after]) >= 1


def test_the_fan_is_as_wide_as_it_says_and_joined_again(corpus: Corpus) -> None:
    spec = next(
        step.spec
        for _, step in until(corpus, 20)
        if isinstance(step, StartWorkflow) and len(step.spec.functionspecs) > 40
    )
    by_name = {node.nodename: node for node in spec.functionspecs}
    (root,) = (name for name, node in by_name.items() if not node.conditions.dependencies)
    side_by_side = [name for name, node in by_name.items() if node.conditions.dependencies == (root,)]
    assert len(side_by_side) == FAN
    assert set(by_name["merge"].conditions.dependencies) == set(side_by_side)
    assert by_name["verify"].conditions.dependencies == (root, "merge")


def test_steps_come_in_order_at_a_gentle_pace(corpus: Corpus) -> None:
    steps = until(corpus, 1200)
    assert [at for at, _ in steps] == sorted(at for at, _ in steps)
    processes = sum(len(step.spec.functionspecs) for _, step in steps if isinstance(step, StartWorkflow))
    assert processes / 1200 < 1.0


def test_the_generator_fires_about_once_a_minute(corpus: Corpus) -> None:
    packed = [at for at, step in until(corpus, 700) if isinstance(step, Pack)]
    runs = packed[TRIGGER - 1 :: TRIGGER]
    assert runs[0] < 45
    assert all(50 <= later - earlier <= 90 for earlier, later in itertools.pairwise(runs))


def test_snapshots_have_names_of_their_own(corpus: Corpus) -> None:
    taken = [step.name for _, step in until(corpus, 4000) if isinstance(step, TakeSnapshot)]
    assert len(taken) > 3
    assert len(set(taken)) == len(taken)


def test_what_stands_may_be_sent() -> None:
    for cron in CRONS:
        AddCron(cron=cron).check()
        assert len(schedule_of(cron, zone=UTC).following(datetime(2025, 1, 1, tzinfo=UTC), 3)) == 3
    AddGenerator(generator=GENERATOR).check()
    assert DEFINITION.spec.schema_ is not None
    assert all(violation(blueprint.spec, DEFINITION.spec.schema_) is None for blueprint in BLUEPRINTS)
    assert sum(cron.waitforprevprocessgraph for cron in CRONS) == 1
