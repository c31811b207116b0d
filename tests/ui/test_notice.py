"""A notification whose time is over when its toast is made goes by; it does not stop the program."""

from __future__ import annotations

import asyncio

from textual.notifications import Notify
from textual.widgets._toast import Toast

from colonies_tui.ui.notice import SHORTEST, Notice
from colonies_tui.ui.themed_app import ThemedApp


def test_no_time_is_left_negative() -> None:
    over, fresh = Notice("over", timeout=-0.5), Notice("fresh", timeout=5.0)
    assert (over.time_left, over.has_expired) == (SHORTEST, True)
    assert 4.0 < fresh.time_left <= 5.0
    assert not fresh.has_expired


async def test_a_toast_whose_time_is_over_goes_by() -> None:
    app: ThemedApp[None] = ThemedApp()
    async with app.run_test(notifications=True) as pilot:
        toast = Toast(Notice("late", timeout=-0.13))
        await app.screen.mount(toast)
        async with asyncio.timeout(20):
            while toast.is_attached:
                await pilot.pause()


async def test_what_the_app_is_told_is_such_a_notification() -> None:
    told: list[object] = []

    class Listening(ThemedApp[None]):
        def post_message(self, message: object) -> bool:
            if isinstance(message, Notify):
                told.append(message.notification)
            return super().post_message(message)  # type: ignore[arg-type]  # see above

    app = Listening()
    async with app.run_test(notifications=True):
        app.notify("words", title="title", severity="warning", timeout=3.0, markup=False)
        (notice,) = told
        assert isinstance(notice, Notice)
        assert (notice.message, notice.title, notice.severity, notice.timeout, notice.markup) == (
            "words",
            "title",
            "warning",
            3.0,
            False,
        )
