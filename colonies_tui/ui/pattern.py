r"""Regular expressions whose search takes time in proportion to the text, whatever the expression. Pure.

Python's own can take hours for a short expression on a short text; what an operator types, or a locator brings along,
must not. So an expression is made into an automaton, whose states are worked out while texts are searched, and kept.

Known are ``.``, ``[a-z]``, ``[^…]``, ``\d \w \s`` and their opposites, ``* + ? {2} {2,} {2,5}``, ``|``, ``( )``,
``(?: )``, ``^`` and ``$`` for the ends of the text, and ``\`` before a character that stands for itself. Case does not
matter. There are no back references, no looking around and no ``\b``: those are refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

MAX_LENGTH: Final = 200
"""Most characters of an expression."""
MAX_REPEATS: Final = 100
"""Most repetitions that can be asked for by number."""
MAX_PARTS: Final = 2000
"""Most parts of an expression with its repetitions written out."""
MAX_DEPTH: Final = 20
"""Most parentheses within each other."""

_MAX_STATES: Final = 1000
_MAX_MOVES: Final = 50_000
_CLASSES: Final[dict[str, Callable[[str], bool]]] = {
    "d": str.isdecimal,
    "w": lambda character: character.isalnum() or character == "_",
    "s": str.isspace,
}
_CONTROLS: Final = {"n": "\n", "r": "\r", "t": "\t", "f": "\f", "v": "\v"}


class PatternError(ValueError):
    """An expression cannot be understood, or would take too much; the message says why."""


# What an expression is made of


@dataclass(frozen=True, slots=True)
class _One:
    """One character that passes a test."""

    test: Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class _End:
    """The beginning or the end of the text."""

    is_start: bool


@dataclass(frozen=True, slots=True)
class _Row:
    """Parts one after the other."""

    parts: tuple[_Part, ...]


@dataclass(frozen=True, slots=True)
class _Either:
    """One of several."""

    parts: tuple[_Part, ...]


@dataclass(frozen=True, slots=True)
class _Repeat:
    """A part some times; ``most`` of ``None`` is any number of times."""

    part: _Part
    least: int
    most: int | None


_Part = _One | _End | _Row | _Either | _Repeat


class _Reader:
    """Reads an expression from left to right."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._depth = 0

    def read(self) -> _Part:
        part = self._either()
        if self._at < len(self._text):
            raise PatternError("a ) has no ( before it")
        return part

    def _peek(self) -> str:
        return self._text[self._at : self._at + 1]

    def _take(self, text: str) -> bool:
        if self._text.startswith(text, self._at):
            self._at += len(text)
            return True
        return False

    def _either(self) -> _Part:
        parts = [self._row()]
        while self._take("|"):
            parts.append(self._row())
        return parts[0] if len(parts) == 1 else _Either(tuple(parts))

    def _row(self) -> _Part:
        parts: list[_Part] = []
        while self._peek() not in ("", "|", ")"):
            parts.append(self._repeated())
        return _Row(tuple(parts))

    def _repeated(self) -> _Part:
        if self._peek() in tuple("*+?") or self._counts() is not None:
            raise PatternError(f"there is nothing before {self._peek()} to repeat")
        part = self._atom()
        least, most = self._times()
        if (least, most) == (1, 1):
            return part
        if isinstance(part, _End):
            raise PatternError("an end of the text cannot be repeated")
        self._take("?")  # as few as possible: whether there is a match stays the same
        if self._peek() in tuple("*+?") or self._counts() is not None:
            raise PatternError("there are two repetitions in a row")
        return _Repeat(part, least, most)

    def _times(self) -> tuple[int, int | None]:
        for sign, times in (("*", (0, None)), ("+", (1, None)), ("?", (0, 1))):
            if self._take(sign):
                return times
        counts = self._counts()
        if counts is None:
            return 1, 1
        self._at = self._text.index("}", self._at) + 1
        return counts

    def _counts(self) -> tuple[int, int | None] | None:
        """Return what ``{2,5}`` says, if it stands here; elsewhere a brace is a character."""
        if self._peek() != "{" or "}" not in self._text[self._at :]:
            return None
        first, comma, last = self._text[self._at + 1 : self._text.index("}", self._at)].partition(",")
        if not (first + last).isascii() or not (first + last).isdigit() or (not first and not last):
            return None
        if any(part and not part.isdigit() for part in (first, last)):
            return None
        if len(first) > 3 or len(last) > 3:
            raise PatternError(f"at most {MAX_REPEATS} repetitions can be asked for")
        least = int(first or 0)
        most = least if not comma else int(last) if last else None
        if max(least, most or 0) > MAX_REPEATS:
            raise PatternError(f"at most {MAX_REPEATS} repetitions can be asked for")
        if most is not None and most < least:
            raise PatternError("the second number of repetitions is smaller than the first")
        return least, most

    def _atom(self) -> _Part:
        character = self._text[self._at]
        self._at += 1
        if character == "(":
            return self._group()
        if character == "[":
            return _One(self._set())
        if character == ".":
            return _One(lambda found: found != "\n")
        if character in "^$":
            return _End(character == "^")
        if character == "\\":
            return self._escape()
        return _literal(character)

    def _group(self) -> _Part:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise PatternError(f"at most {MAX_DEPTH} parentheses can stand within each other")
        if self._peek() == "?" and not self._take("?:"):
            raise PatternError("of groups with (? there is only (?:")
        part = self._either()
        if not self._take(")"):
            raise PatternError("a ( is not closed")
        self._depth -= 1
        return part

    def _escaped(self) -> str | Callable[[str], bool]:
        """Return the character, or the class, after a backslash."""
        character = self._peek()
        self._at += 1
        if not character:
            raise PatternError("a \\ stands at the end")
        if character.lower() in _CLASSES:
            inside = _CLASSES[character.lower()]
            return inside if character.islower() else lambda found: not inside(found)
        if character in _CONTROLS:
            return _CONTROLS[character]
        if character.isalnum():
            raise PatternError(f"\\{character} is not known here")
        return character

    def _escape(self) -> _Part:
        found = self._escaped()
        return _literal(found) if isinstance(found, str) else _One(found)

    def _set(self) -> Callable[[str], bool]:
        is_negated = self._take("^")
        tests: list[Callable[[str], bool]] = []
        singles: set[str] = set()
        is_first = True
        while is_first or self._peek() != "]":
            low = self._member()
            is_first = False
            if not isinstance(low, str):
                tests.append(low)
                continue
            if self._peek() == "-" and self._text[self._at + 1 : self._at + 2] not in ("]", ""):
                self._at += 1
                high = self._member()
                if not isinstance(high, str):
                    raise PatternError("a range in [ ] goes from one character to another")
                if high < low:
                    raise PatternError(f"the range {low}-{high} is the wrong way round")
                tests.append(_range(low, high))
            else:
                singles.update(low.casefold() if len(low.casefold()) == 1 else low)
        self._at += 1
        chosen, found_in = frozenset(singles), tuple(tests)
        return lambda found: (found in chosen or any(test(found) for test in found_in)) is not is_negated

    def _member(self) -> str | Callable[[str], bool]:
        character = self._peek()
        if not character:
            raise PatternError("a [ is not closed")
        self._at += 1
        return self._escaped() if character == "\\" else character


def _literal(character: str) -> _Part:
    """Return what a character stands for in texts without upper case; some become two."""
    parts = tuple(_One(lambda found, wanted=each: found == wanted) for each in character.casefold())  # type: ignore[misc]  # a default binds the character
    return parts[0] if len(parts) == 1 else _Row(parts)


def _range(low: str, high: str) -> Callable[[str], bool]:
    return lambda found: low <= found <= high or low <= found.upper() <= high


# The automaton


@dataclass(slots=True)
class _Node:
    """A place in the expression: ``test`` leads over a character, ``end`` over an end of the text, else nothing is
    needed to go on."""

    ways: tuple[int, ...]
    test: Callable[[str], bool] | None = None
    end: _End | None = None


class _State:
    """All places that a search can be at, at the same time."""

    __slots__ = ("accepts", "accepts_at_end", "moves", "tests")

    def __init__(self, tests: tuple[int, ...], accepts: bool, accepts_at_end: bool) -> None:
        self.tests = tests
        self.accepts = accepts
        self.accepts_at_end = accepts_at_end
        self.moves: dict[str, _State] = {}


class Pattern:
    """A regular expression, ready to search."""

    def __init__(self, expression: str) -> None:
        """
        Args:
            expression: see the module.

        Raises:
            PatternError: it cannot be understood, or would take too much.
        """
        if len(expression) > MAX_LENGTH:
            raise PatternError(f"an expression has at most {MAX_LENGTH} characters")
        self._nodes: list[_Node] = [_Node(())]  # where everything has been found
        self._start = self._build(_Reader(expression).read(), 0)
        self._states: dict[frozenset[int], _State] = {}
        self._move_count = 0
        self._first = self._make(frozenset((self._start,)), is_start=True)

    def found_in(self, text: str) -> bool:
        """Whether a part of the text fits."""
        state = self._first
        if state.accepts:
            return True
        for character in text.casefold():
            following = state.moves.get(character)
            if following is None:
                following = self._move(state, character)
            if following.accepts:
                return True
            state = following
        return state.accepts_at_end

    def _add(self, node: _Node) -> int:
        if len(self._nodes) >= MAX_PARTS:
            raise PatternError("with its repetitions written out it is too long")
        self._nodes.append(node)
        return len(self._nodes) - 1

    def _build(self, part: _Part, then: int) -> int:
        """Add a part that leads to a place; return where it begins."""
        match part:
            case _One():
                return self._add(_Node((then,), test=part.test))
            case _End():
                return self._add(_Node((then,), end=part))
            case _Row():
                for each in reversed(part.parts):
                    then = self._build(each, then)
                return then
            case _Either():
                return self._add(_Node(tuple(self._build(each, then) for each in part.parts)))
            case _Repeat():
                return self._repeat(part, then)

    def _repeat(self, part: _Repeat, then: int) -> int:
        if part.most is None:
            loop = self._add(_Node(()))
            self._nodes[loop] = _Node((self._build(part.part, loop), then))
            then = loop
        else:
            beyond = then
            for _ in range(part.most - part.least):
                then = self._add(_Node((self._build(part.part, then), beyond)))
        for _ in range(part.least):
            then = self._build(part.part, then)
        return then

    def _reached(self, places: Iterable[int], *, is_start: bool, is_end: bool) -> set[int]:
        """Return all places that are reached without a character."""
        reached: set[int] = set()
        waiting = list(places)
        while waiting:
            place = waiting.pop()
            if place in reached:
                continue
            reached.add(place)
            node = self._nodes[place]
            if node.test is None and (node.end is None or (is_start if node.end.is_start else is_end)):
                waiting.extend(node.ways)
        return reached

    def _make(self, places: frozenset[int], *, is_start: bool = False) -> _State:
        reached = self._reached(places, is_start=is_start, is_end=False)
        at_end = self._reached(places, is_start=is_start, is_end=True)
        tests = tuple(sorted(place for place in reached if self._nodes[place].test is not None))
        return _State(tests, 0 in reached, 0 in at_end)

    def _move(self, state: _State, character: str) -> _State:
        nodes = self._nodes
        places = frozenset(
            (self._start, *(nodes[at].ways[0] for at in state.tests if (test := nodes[at].test) and test(character)))
        )
        following = self._states.get(places)
        if following is None:
            if len(self._states) >= _MAX_STATES:
                self._forget()
            following = self._states[places] = self._make(places)
        if self._move_count >= _MAX_MOVES:
            self._forget()
        self._move_count += 1
        state.moves[character] = following
        return following

    def _forget(self) -> None:
        """Begin anew: an unkind expression must not take much room either."""
        for state in (self._first, *self._states.values()):
            state.moves.clear()
        self._states.clear()
        self._move_count = 0
