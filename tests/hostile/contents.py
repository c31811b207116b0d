"""What an executor could write anywhere: the fixed catalogue of texts that have broken terminal programs."""

from __future__ import annotations

import json
from typing import Final

DEEP: Final = 2000
"""Levels of JSON that no program here walks down."""

CONTROLS: Final = "".join(map(chr, [*range(0x20), 0x7F, *range(0x80, 0xA0)]))
"""Every control character of C0 and C1, NUL and line ends included."""

CONTENTS: Final[dict[str, str]] = {
    "markup": "[red]x[/] [/nope] [/ [ [bold @click=app.quit]y[/] [@click=app.quit]z[/] \\[ $text {x} %s",
    "controls": CONTROLS,
    "ansi": "\x1b[31mred\x1b[0m\x1b[2J\x1b[H\x1b[?1049l\x1b[6n\x1bc\x1b(0lqqk\x1b(B\x9b1mbold\x9bH",
    "osc": "\x1b]0;title\x07\x1b]52;c;ZXZpbA==\x07\x1b]8;;http://evil/\x1b\\link\x1b]8;;\x1b\\\x1b]11;?\x07\x9d2;t\x9c",
    "dcs": "\x1bP+q544e\x1b\\\x1bP$qm\x1b\\\x90+q\x9c\x1b_apc\x1b\\\x1b^pm\x1b\\\x1bXsos\x1b\\"
    "\x1bPtmux;\x1b\x1b]52;c;eA==\x07",
    "bidi": "\u202eevil\u202c \u2066a\u2067b\u2068c\u2069 \u202ad\u202be \u061c\u200e\u200f",
    "zero width": "a\u200bb\u200cc\u200dd\u2060e\ufefff\u00adg\u180eh\u034fi\U000e0041\U000e007f\ufff9j\ufffbk",
    "combining": "e\u0301" + "Z" + "\u0337\u0334\u0358" * 12 + " \u0e33\u0eb3 \u0903 \u1160\u3164\uffa0 \u20dd\u20e3",
    "wide": "漢字テスト ｆｕｌｌ 한국어 \ufdfd \u3000 \U0001f004 Ａ",
    "emoji": "👩\u200d👩\u200d👧 ❤\ufe0f 1\ufe0f\u20e3 🇸🇪🇫 👍🏽 🏴\U000e0067\U000e007f ☎\ufe0e ⌚\ufe0f",
    "unassigned": "\ue000\U000f0000\U0010ffff\ufffe\uffff\u0378\u2028line\u2029para\x85next\x0bv\x0cf",
    "lines": "a\nb\r\nc\rd\te\b\bf\n\n\n" + " " * 300 + "g\n" + "\t" * 40,
    "length": "x" * 800 + " y" * 400 + "漢" * 200,
    "deep json": '{"a":' + "[" * DEEP + "]" * DEEP + "}",
    "numbers": '{"n": 1' + "0" * 400 + ', "x": NaN, "y": Infinity, "z": -1e999, "t": 99999-13-45T99:99:99Z}',
    "query": "' OR 1=1 -- %_\\ ; $(reboot) `id` \n# --help -rf ~/ ../../../etc/passwd <script> &lt; nul|con",
}
"""One text of each kind. None holds a lone surrogate: JSON that does is refused whole."""

KINDS: Final = tuple(CONTENTS)

LONE_SURROGATES: Final = "\ud800x\udfff\udcff"
"""What a text can hold that came from Python and not over the wire: from a file's name, a variable, a journal."""

LONG_LINE: Final = "L" * 1_000_000
"""A line of one megabyte."""


def is_deep_json_refused_by_python() -> bool:
    """Whether the reader of the standard library gives up on :data:`DEEP` levels, as code has to expect."""
    try:
        json.loads(CONTENTS["deep json"])
    except RecursionError:
        return True
    return False
