"""Watches over time: links that go and come, doubled events, bounds, and what is kept over the end of the program."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from colonies_tui.protocol.errors import NotFound, NotReached
from colonies_tui.protocol.messages.process import GetProcess
from colonies_tui.protocol.models.process import Process, ProcessRow
from colonies_tui.protocol.states import ProcessState
from colonies_tui.store.colony_state import ColonyState
from colonies_tui.store.feed import Schedule
from colonies_tui.store.graphs import Graphs
from colonies_tui.store.link import Link, LinkCondition
from colonies_tui.store.pace import Pace
from colonies_tui.store.resource import Resource
from colonies_tui.store.watch import MAX_NEWS, MAX_WATCHES, Event, News, Watch, WatchKind
from colonies_tui.store.watch_feed import READ_WATCHED, WatchFeed
from colonies_tui.store.watch_file import MemoryKeeper, WatchFile
from colonies_tui.store.watch_sight import FilterRows
from colonies_tui.store.watching import REST, TURN, Watches

from .fake_client import FakeClient
from .fake_clock import FakeClock
from .rows import COLONY, process_row

WAITING, RUNNING, SUCCESS, FAILED, CANCELLED = ProcessState
NO_ANSWER = NotReached("no answer")


class Bench:
    """A colony that is known only by what a test says, and the watches on it."""

    def __init__(self, keeper: MemoryKeeper | WatchFile | None = None, clock: FakeClock | None = None) -> None:
        self.clock = clock or FakeClock()
        self.client = FakeClient()
        self.state = ColonyState(COLONY, self.clock, most_processes=10_000)
        self.schedule = Schedule(self.clock, Pace())
        book, watchers = self.state.book, self.state._watchers
        self.graphs = Graphs(self.client, COLONY, self.schedule, watchers, self.clock, book)
        self.feed = WatchFeed(self.client, book, self.graphs, self.schedule, Pace())
        self.link = Link(LinkCondition.POLLING, heard_at=self.clock.now())
        self.told: list[News] = []
        self.watches = Watches(
            self.state,
            self.graphs,
            self.feed,
            link=lambda: self.link,
            rows=Resource("watches", watchers),
            look=lambda viewer, feeds: None,
            on_change=lambda: None,
            keeper=keeper,
        )
        self.watches.restore()
        self.watches.tell(self.told.extend)

    def see(self, row: ProcessRow) -> None:
        """Let a process be read, and look."""
        self.state.book.take_read(row)
        self.feed.seen.add(row.processid)
        self.watches.look()

    def lose(self) -> None:
        self.link = Link(LinkCondition.LOST, self.clock.now(), self.clock.now(), NO_ANSWER)
        self.watches.look()

    def recover(self) -> None:
        self.link = Link(LinkCondition.POLLING, self.clock.now(), self.clock.now())
        self.watches.look()

    @property
    def events(self) -> Sequence[Event]:
        return [news.event for news in self.told]


def watch(row: ProcessRow) -> Watch:
    return Watch(WatchKind.PROCESS, row.processid, row.funcname)


steps = st.lists(st.sampled_from(["seen", "seen", "seen", "lost", "back"]), max_size=14)


@given(steps, st.sampled_from([SUCCESS, FAILED, CANCELLED]), st.integers(1, 3))
def test_each_change_is_told_once_and_as_one_of_the_time_without_a_link_if_it_was(
    course: list[str], end: ProcessState, doubled: int
) -> None:
    bench = Bench()
    row = process_row("p", WAITING)
    bench.see(row)
    assert bench.watches.add(watch(row)) is None
    expected: list[tuple[Event, bool]] = []
    is_lost = was_away = False
    retries = 0
    for step in course:
        if step == "lost":
            bench.lose()
            is_lost = was_away = True
        elif step == "back":
            bench.recover()
            is_lost = False
        elif not is_lost:
            is_start = row.state is WAITING
            retries += not is_start
            row = replace(row, state=RUNNING if is_start else WAITING, retries=retries)
            for _ in range(doubled):
                bench.see(row)
            expected.append((Event.STARTED if is_start else Event.WAITS_AGAIN, was_away))
            was_away = False
    if is_lost:
        bench.recover()
    for _ in range(doubled):
        bench.see(replace(row, state=end, error="boom"))
    last = {SUCCESS: Event.SUCCEEDED, FAILED: Event.FAILED, CANCELLED: Event.CANCELLED}[end]
    assert [(news.event, bool(news.away)) for news in bench.told] == [*expected, (last, was_away)]


async def test_an_absence_lasts_from_the_last_sign_of_life_to_the_first_new_one() -> None:
    bench = Bench()
    row = process_row("p", RUNNING)
    bench.see(row)
    bench.watches.add(watch(row))
    bench.lose()
    await bench.clock.advance(192)
    bench.recover()
    await bench.clock.advance(50)
    bench.see(replace(row, state=FAILED))
    (news,) = bench.told
    assert (news.away, news.away_seconds) == ("the link was down", 192.0)


async def test_news_before_anybody_listens_are_handed_over_later() -> None:
    bench = Bench()
    bench.watches.tell(None)
    row = process_row("p", RUNNING)
    bench.see(row)
    bench.watches.add(watch(row))
    bench.see(replace(row, state=SUCCESS))
    assert not bench.told
    bench.watches.tell(bench.told.extend)
    bench.watches.tell(bench.told.extend)
    assert bench.events == [Event.SUCCEEDED]
    assert bench.watches.unread == 1
    bench.watches.mark_read()
    assert bench.watches.unread == 0


def test_watches_and_news_are_bounded_and_ended_ones_give_way() -> None:
    bench = Bench()
    rows = [process_row(f"p{number}", RUNNING) for number in range(MAX_WATCHES + 1)]
    for row in rows:
        bench.see(row)
    assert [bench.watches.add(watch(row)) for row in rows[:-1]] == [None] * MAX_WATCHES
    assert bench.watches.add(watch(rows[0])) == "it is watched already"
    assert "end a watch first" in (bench.watches.add(watch(rows[-1])) or "")
    bench.see(replace(rows[7], state=SUCCESS))
    assert bench.watches.add(watch(rows[-1])) is None
    assert not bench.watches.has(watch(rows[7]).key)
    state, retries = RUNNING, 0
    for _ in range(MAX_NEWS + 10):
        retries += state is RUNNING
        state = WAITING if state is RUNNING else RUNNING
        bench.see(replace(rows[0], state=state, retries=retries))
    assert len(bench.watches.news) == MAX_NEWS
    assert bench.watches.unread == MAX_NEWS


async def test_a_filter_rests_after_news_and_then_tells_how_it_stands() -> None:
    bench = Bench()
    rows: dict[str, str] = {}
    bench.watches.filter_by(lambda key, text: FilterRows(dict(rows), rows.keys()))
    bench.watches.add(Watch(WatchKind.FILTER, "processes", "Processes / x", filter_text="x"))
    for number in range(5):
        rows[str(number)] = f"row-{number}"
        await bench.clock.advance(TURN)
        bench.watches.look()
    assert [news.words for news in bench.told] == ["1 row entered: row-0"]
    await bench.clock.advance(REST)
    bench.watches.look()
    assert [news.words for news in bench.told[1:]] == ["4 rows entered: row-1, row-2, row-3 and 1 more"]


def test_what_cannot_be_kept_is_said_and_ends_nothing(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file where the directory should be")
    bench = Bench(WatchFile(tmp_path / "taken" / "watches.json"))
    assert bench.watches.problem.startswith("the watches of the last time cannot be read")
    row = process_row("p", RUNNING)
    bench.see(row)
    bench.watches.add(watch(row))
    bench.see(replace(row, state=SUCCESS))
    assert bench.events == [Event.SUCCEEDED]
    assert bench.watches.problem.startswith("the watches cannot be kept")


@pytest.mark.parametrize("content", ["", "{", "[]", '{"version": 9}', '{"watches": [{}]}', '{"news": "x"}', "null"])
def test_any_other_file_is_refused_whole(content: str, tmp_path: Path) -> None:
    path = tmp_path / "watches.json"
    path.write_text(content)
    with pytest.raises(ValueError, match="it "):
        WatchFile(path).load()


def test_a_file_comes_back_as_it_was_written(tmp_path: Path) -> None:
    file = WatchFile.of(tmp_path, profile="../../etc/x", server="http://a", colony="dev")
    assert file.path.parent == tmp_path
    bench = Bench(file)
    row = replace(process_row("p", RUNNING), funcname="train ☃\udcff")
    bench.see(row)
    bench.watches.add(watch(row))
    bench.watches.add(Watch(WatchKind.EXECUTOR, "odd\udcff", "odd\udcff"))
    bench.see(replace(row, state=FAILED, error="boom"))
    saved = file.load()
    assert [each.watch.name for each in saved.watches] == ["train ☃?"], "an id that cannot be written is not kept"
    assert [news.event for news in saved.news] == [Event.FAILED]
    assert [path.name for path in tmp_path.iterdir()] == [file.path.name], "nothing else is left there"
    assert Bench(file).watches.rows.rows.keys() == {watch(row).key}


async def test_the_feed_reads_a_few_in_turn_those_not_seen_first() -> None:
    bench = Bench()
    bench.client.answers[GetProcess] = lambda request: Process(processid=request.processid, state=RUNNING)
    ids = [f"p{number}" for number in range(10)]
    for process_id in ids:
        bench.feed.follow(process_id, is_workflow=False)
    asked = []
    for _ in range(3):
        await bench.feed.feed.read()
        asked.append([request.processid for request in bench.client.asked if isinstance(request, GetProcess)])
        bench.client.asked.clear()
    assert [len(ids_asked) for ids_asked in asked] == [READ_WATCHED] * 3
    assert set(ids) == {process_id for ids_asked in asked for process_id in ids_asked}


async def test_a_process_that_the_server_does_not_know_is_gone_and_asked_for_no_more() -> None:
    bench = Bench()

    def unknown(request: GetProcess) -> Process:
        raise NotFound(404, "Process not found")

    bench.client.answers[GetProcess] = unknown
    row = process_row("p", RUNNING)
    bench.see(row)
    bench.watches.add(watch(row))
    await bench.feed.feed.read()
    bench.watches.look()
    bench.watches.look()
    assert bench.events == [Event.GONE]
    assert await bench.feed.feed.read() is False
