"""Line-drawing characters: which character shows a cell's arms, light or heavy, in Unicode and in ASCII."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import Final

UP, RIGHT, DOWN, LEFT = 1, 2, 4, 8
"""Arms of a cell, added up."""

_ARMS: Final = (UP, RIGHT, DOWN, LEFT)

_JOINTS: Final = " ╴╸╷┐┑╻┒┓╶─╾┌┬┭┎┰┱╺╼━┍┮┯┏┲┳╵┘┙│┤┥╽┧┪└┴┵├┼┽┟╁╅┕┶┷┝┾┿┢╆╈╹┚┛╿┦┩┃┨┫┖┸┹┞╀╃┠╂╉┗┺┻┡╄╇┣╊╋"
"""For every weight (none, light, heavy) of the arms up, right, down, left, the last changing fastest."""

_ROUND: Final = {"┌": "╭", "┐": "╮", "└": "╰", "┘": "╯"}


@dataclass(frozen=True, slots=True)
class Border:
    """The border of a box."""

    top_left: str
    top_right: str
    bottom_left: str
    bottom_right: str
    level: str
    upright: str
    top_port: str
    """Where a line comes in."""
    bottom_port: str
    """Where a line goes out."""
    heavy_top_port: str
    heavy_bottom_port: str


@dataclass(frozen=True, slots=True)
class Linework:
    """One set of line-drawing characters."""

    joints: tuple[tuple[str, ...], ...]
    """By arms, then by heavy arms."""
    plain: Border
    unborn: Border
    """Of a box that has not run."""
    cursor: Border
    cut_off: str
    """In the top border of a box some of whose parents are not known."""


def _unicode_joints() -> tuple[tuple[str, ...], ...]:
    table = [[" "] * 16 for _ in range(16)]
    for number, weights in enumerate(product(range(3), repeat=4)):
        arms = sum(arm for arm, weight in zip(_ARMS, weights, strict=True) if weight)
        heavy = sum(arm for arm, weight in zip(_ARMS, weights, strict=True) if weight == 2)
        table[arms][heavy] = _ROUND.get(_JOINTS[number], _JOINTS[number])
    return tuple(tuple(row) for row in table)


def _ascii_joints() -> tuple[tuple[str, ...], ...]:
    def shape(arms: int, heavy: int) -> str:
        if not arms:
            return " "
        if not arms & (UP | DOWN):
            return "=" if heavy else "-"
        if not arms & (LEFT | RIGHT):
            return "H" if heavy else "|"
        return "#" if heavy else "+"

    return tuple(tuple(shape(arms, heavy) for heavy in range(16)) for arms in range(16))


UNICODE_LINES: Final = Linework(
    joints=_unicode_joints(),
    plain=Border("╭", "╮", "╰", "╯", "─", "│", "┴", "┬", "┸", "┰"),
    unborn=Border("╭", "╮", "╰", "╯", "╌", "╎", "┴", "┬", "┸", "┰"),
    cursor=Border("╔", "╗", "╚", "╝", "═", "║", "╧", "╤", "╧", "╤"),
    cut_off="⋯",
)

ASCII_LINES: Final = Linework(
    joints=_ascii_joints(),
    plain=Border("+", "+", "+", "+", "-", "|", "+", "+", "#", "#"),
    unborn=Border(".", ".", ".", ".", ".", ":", "+", "+", "#", "#"),
    cursor=Border("#", "#", "#", "#", "=", "#", "+", "+", "#", "#"),
    cut_off="~",
)


def linework_of(alphabet_name: str) -> Linework:
    """Return the line-drawing characters that go with an alphabet."""
    return ASCII_LINES if alphabet_name == "ascii" else UNICODE_LINES
