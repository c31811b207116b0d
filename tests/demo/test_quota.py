"""Rates and the quota of processor time, on a clock of our own."""

from __future__ import annotations

import pytest

from colonies_tui.demo.quota import ProcessorQuota, TokenBucket


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_burst_is_free_and_then_the_rate_holds() -> None:
    clock = Clock()
    bucket = TokenBucket(rate=2, burst=3, clock=clock)
    assert [bucket.take() for _ in range(5)] == [0, 0, 0, 0.5, 1.0]
    clock.now += 1.0
    assert bucket.take() == pytest.approx(0.5)
    clock.now += 1000
    assert [bucket.take(3), bucket.take()] == [0, 0.5]


def test_a_large_batch_goes_out_at_once_and_is_paid_for_afterwards() -> None:
    clock = Clock()
    bucket = TokenBucket(rate=2, burst=4, clock=clock)
    assert bucket.take(10) == 3.0


def test_many_threads_together_stay_within_the_share() -> None:
    clock = Clock()
    quota = ProcessorQuota(share=0.25, burst=0.5, clock=clock)
    used = 0.0
    for _ in range(1000):
        waits = [quota.use(0.01) for _ in range(4)]
        used += 0.04
        clock.now += max(0.01, *waits)
    assert used <= 0.25 * (clock.now - 100) + 0.5 + 0.04
    assert used >= 0.9 * 0.25 * (clock.now - 100)
