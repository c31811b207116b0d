"""Recording and replaying in the console: the same screens at the same times, and the keys to go about in time."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from colonies_tui.config.paths import Paths
from colonies_tui.config.settings import Settings
from colonies_tui.store.journal import MemoryJournal
from colonies_tui.store.recording.entries import Recording
from colonies_tui.store.recording.reading import read_recording
from colonies_tui.store.replay.player import FRAME_SECONDS, Player
from colonies_tui.store.replay.session import ReplaySession
from colonies_tui.ui.context import Target
from colonies_tui.ui.replay_app import ReplayApp
from colonies_tui.ui.widgets.player_line import PlayerLine, PlayerState, minutes
from tests.ui.console.colony import Colony
from tests.ui.console.driver import LARGE, MIDDLE, SMALL, Console, ShiftedClock, console, profile_of

DEMO = Path(__file__).resolve().parents[2] / "recordings" / "demo.ctrec"


class Replayed(Console):
    """A console over a recording, whose time the test turns."""

    player: Player

    async def pass_seconds(self, seconds: float) -> None:
        """Let so many seconds of the operator's time pass."""
        for _ in range(round(seconds / FRAME_SECONDS)):
            await self.player.step(FRAME_SECONDS)
        await self.stand_still()

    async def stand_still(self) -> None:
        """Show everything that has come by now."""
        session = self.session
        assert isinstance(session, ReplaySession)
        await self.settle()
        await session.settle()
        await self.main.jumped_in_time(False)
        self.main.query_one(PlayerLine).look()
        await self.settle()

    async def strike(self, *keys: str) -> None:
        """Press keys, and let what they ask of the player happen."""
        await self.press(*keys)
        while self.player.is_jumping:
            await self.player.step(0.0)
        await self.stand_still()


@asynccontextmanager
async def replayed(
    recording: Recording, directory: Path, *, size: tuple[int, int] = MIDDLE, settings: Settings | None = None
) -> AsyncIterator[Replayed]:
    player = Player(recording)
    place = directory / "replay"
    app = ReplayApp(
        player,
        settings=settings or Settings(reduced_motion=True),
        paths=Paths(place, place, place, place),
        drives=False,
    )
    async with app.run_test(size=size, notifications=True) as pilot:
        shown = Replayed(app, pilot, ShiftedClock(), MemoryJournal())
        shown.player = player
        await shown.stand_still()
        yield shown


def whole(c: Replayed) -> str:
    """Return how long the recording is, as the line says it."""
    return minutes(int(c.player.length))


def listed(c: Console) -> list[list[str]]:
    """Return the processes on the screen: all but their times, which go on."""
    rows = [line.replace("▌", " ").split() for line in c.lines if "render_tile" in line or "fetch" in line]
    return [[*row[:4], row[-1]] for row in rows]


@pytest.fixture(scope="module")
def demo() -> Recording:
    return read_recording(DEMO)


async def test_two_replays_show_the_same_screens_at_the_same_times(demo: Recording, tmp_path: Path) -> None:
    """In one the time goes on in small steps, in the other it jumps about, back as well."""

    async def look(c: Replayed) -> list[str]:
        screens = []
        for view in ("overview", "processes", "workflows", "executors"):
            await c.go(view)
            await c.stand_still()
            await c.press("g")  # the cursor stays on its row, and which that is depends on the way
            screens.append(c.text)
        return screens

    async with replayed(demo, tmp_path) as c:
        for _ in range(11):
            await c.pass_seconds(5.0)
        await c.player.jump(60.0)
        first = await look(c)
        await c.pass_seconds(35.0)
        await c.player.jump(100.0)
        second = await look(c)
    assert first != second
    async with replayed(demo, tmp_path) as c:
        await c.player.jump(c.player.length)
        for at, expected in ((100.0, second), (60.0, first), (100.0, second)):
            c.player.want(at)
            await c.strike()
            got = await look(c)
            for one, two in zip(got, expected, strict=True):
                assert one.splitlines() == two.splitlines()


async def test_what_is_recorded_from_a_server_is_shown_again(colony: Colony, tmp_path: Path) -> None:
    """Over real HTTP: the rows, the detail and the log of the replay are those of the console that recorded."""
    file = tmp_path / "a.ctrec"
    await colony.register("worker-1")
    process = await colony.failed("worker-1", "out of memory")
    await colony.submit_many(3)
    async with console(profile_of(colony), tmp_path) as c:
        await c.until_known()
        c.session.record(file)
        running = await colony.assign("worker-1")
        await colony.log("worker-1", running, "fetching the scene", "decoding band 8")
        await c.go("processes")
        await c.press("shift+tab", "shift+tab", "shift+tab", "shift+tab")  # those that run
        await c.until_shows("running 1")
        await c.press("l")
        await c.until_shows("decoding band 8")
        await c.press("escape")
        await c.go("processes")
        await c.press("shift+tab", "shift+tab")
        await c.until_shows("Processes · 4")
        rows = listed(c)
        c.session.stop_recording()
    assert process.processid
    recording = read_recording(file)
    async with replayed(recording, tmp_path) as r:
        await r.player.jump(r.player.length)
        await r.go("processes")
        await r.stand_still()
        assert listed(r) == rows
        await r.strike("l")
        assert r.shows("fetching the scene", "decoding band 8", "recording")


async def test_the_keys_pause_jump_and_change_the_speed(demo: Recording, tmp_path: Path) -> None:
    async with replayed(demo, tmp_path) as c:
        assert c.shows(f"0:00 of {whole(c)}", "1x", "recording")
        await c.pass_seconds(2.0)
        assert c.shows(f"0:02 of {whole(c)}")
        await c.strike("full_stop")
        await c.pass_seconds(5.0)
        assert c.shows(f"0:02 of {whole(c)}", "‖", ". play")
        await c.strike("greater_than_sign", "greater_than_sign", "greater_than_sign")
        assert c.shows(f"0:32 of {whole(c)}")
        await c.strike("less_than_sign")
        assert c.shows(f"0:22 of {whole(c)}")
        await c.strike("right_parenthesis", "right_parenthesis", "full_stop")
        assert c.shows("5x", ". pause")
        await c.pass_seconds(2.0)
        assert c.shows(f"0:32 of {whole(c)}")
        await c.strike("left_parenthesis")
        assert c.shows("2x")


async def test_a_jump_back_keeps_view_filter_cursor_and_detail(demo: Recording, tmp_path: Path) -> None:
    async with replayed(demo, tmp_path, size=LARGE) as c:
        await c.player.jump(120.0)
        await c.go("processes")
        await c.filter("state=failed")
        await c.press("j", "j", "j")
        await c.stand_still()
        table = c.processes.table
        chosen = table.cursor_id
        assert chosen is not None
        before = table.row_count
        await c.strike("less_than_sign")
        assert c.view == "processes"
        assert c.processes.filter_text == "state=failed"
        assert table.cursor_id == chosen
        assert c.shows(chosen[:8])
        assert 0 < table.row_count < before
        await c.strike("greater_than_sign")
        assert (table.cursor_id, table.row_count) == (chosen, before)


async def test_a_log_ends_where_it_ended_then(demo: Recording, tmp_path: Path) -> None:
    async with replayed(demo, tmp_path) as c:
        await c.player.jump(c.player.length)
        failed = [row for row in c.session.processes.rows.values() if row.error.startswith("SyntaxError")]
        first = min(failed, key=lambda row: (row.submissiontime or 0.0, row.processid))
        await c.main.go(Target("logs", "process", first.processid))
        await c.stand_still()
        lines = c.logs.log_view.line_count
        assert lines > 0
        c.player.want(20.0)
        await c.strike()
        assert c.logs.log_view.line_count == 0
        c.player.want(c.player.length)
        await c.strike()
        assert c.logs.log_view.line_count == lines


async def test_what_the_recording_console_did_not_look_at_is_said_to_be_missing(
    demo: Recording, tmp_path: Path
) -> None:
    async with replayed(demo, tmp_path) as c:
        await c.player.jump(30.0)
        await c.go("crons")
        await c.stand_still()
        assert c.shows("No crons in the recording up to now", "did not look here")
        c.player.want(c.player.length)
        await c.strike()
        assert not c.shows("No crons")


async def test_nothing_can_be_changed_in_a_recording(demo: Recording, tmp_path: Path) -> None:
    async with replayed(demo, tmp_path) as c:
        await c.player.jump(100.0)
        await c.go("executors")
        await c.stand_still()
        await c.press("a")
        assert c.dialog is None
        assert any("this is a recording" in notice for notice in c.notices)
        await c.press("f9")
        assert c.notices[-1] == "This is a recording already"


@pytest.mark.parametrize("size", [SMALL, MIDDLE, LARGE])
async def test_the_line_of_the_player_fits_every_width(demo: Recording, tmp_path: Path, size: tuple[int, int]) -> None:
    async with replayed(demo, tmp_path, size=size, settings=Settings(ascii=True, reduced_motion=True)) as c:
        await c.player.jump(c.player.length / 2)
        await c.stand_still()
        line = c.lines[-2]
        assert line.isascii()
        assert f"{minutes(int(c.player.length / 2))} of {whole(c)}" in line
        assert "1x" in line
        slider = line.split("  ")[1].strip()
        assert slider.index("*") == pytest.approx(len(slider) / 2, abs=2)


async def test_a_click_on_the_slider_goes_there(demo: Recording, tmp_path: Path) -> None:
    async with replayed(demo, tmp_path) as c:
        line = c.main.query_one(PlayerLine)
        row = c.lines[-2]
        start = row.index("●")
        end = row.rindex("─")
        await c.pilot.click(line, offset=((start + end) // 2, 0))
        await c.strike()
        assert c.player.position == pytest.approx(c.player.length / 2, abs=3)
        await c.pilot.click(line, offset=(1, 0))
        await c.settle()
        assert not c.player.is_playing


@pytest.mark.parametrize(("seconds", "words"), [(0, "0:00"), (61, "1:01"), (3599, "59:59"), (3661, "1:01:01")])
def test_positions_are_minutes_and_seconds(seconds: int, words: str) -> None:
    assert minutes(seconds) == words


def test_an_empty_recording_is_over_at_once(demo: Recording) -> None:
    player = Player(Recording(demo.header, (), (), ()))
    assert PlayerState.of(player).share == 1.0
    assert player.has_ended


# Recording ------------------------------------------------------------------------------------------------------------


async def test_the_key_begins_and_ends_a_recording(colony: Colony, tmp_path: Path) -> None:
    await colony.register("worker-1")
    async with console(profile_of(colony), tmp_path) as c:
        await c.until_known()
        await c.press("f9")
        await c.until_shows("● rec")
        assert "secrets are left out" in c.notices[-1]
        await c.press("f9")
        await c.until(lambda: not c.shows("● rec"))
        assert c.notices[-1].startswith("Recorded: ")
    (file,) = (tmp_path / "state" / "recordings").iterdir()
    assert file.name.startswith(f"test-{colony.name}-")
    assert not read_recording(file).is_torn


async def test_leaving_the_console_ends_its_recording_well(colony: Colony, tmp_path: Path) -> None:
    file = tmp_path / "a.ctrec"
    async with console(profile_of(colony), tmp_path, record_to=file) as c:
        await c.until_known()
        assert c.shows("● rec")
    recording = read_recording(file)
    assert not recording.is_torn
    assert recording.header.colony == colony.name
    assert {"getcolonystatsmsg", "getexecutorsmsg"} <= {request.msgtype for request in recording.requests}
