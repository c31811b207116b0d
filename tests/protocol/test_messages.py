"""Which subject declares which message stands beside the declarations, and must say what they say."""

from __future__ import annotations

import subprocess
import sys

import pytest

from colonies_tui.protocol import messages
from colonies_tui.protocol.messages import SUBJECT_OF, message_type
from colonies_tui.protocol.messages.every import MESSAGES


def test_each_message_is_declared_where_it_is_said_to_be() -> None:
    declared = {name: kind.__module__ for name, kind in MESSAGES.items() if kind.__module__.startswith("colonies_tui.")}
    assert {name: f"{messages.__name__}.{subject}" for name, subject in SUBJECT_OF.items()} == declared


@pytest.mark.parametrize("msgtype", SUBJECT_OF)
def test_a_message_is_had_by_its_name(msgtype: str) -> None:
    assert message_type(msgtype) is MESSAGES[msgtype]


def test_what_is_no_message_is_none() -> None:
    with pytest.raises(KeyError):
        message_type("every")


def test_a_message_is_had_without_the_other_subjects() -> None:
    script = (
        "from colonies_tui.protocol.messages import message_type; import sys; message_type('versionmsg');"
        "print(*(name for name in sys.modules if name.startswith('colonies_tui.protocol.messages.')))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.split() == ["colonies_tui.protocol.messages.colony"]
