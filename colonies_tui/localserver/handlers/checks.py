"""Checks that several handlers make on what they are about to store."""

from __future__ import annotations

from colonies_tui.localserver.refusal import Refusal
from colonies_tui.localserver.server import LocalServer
from colonies_tui.localserver.starting import workflow_of
from colonies_tui.localserver.workflow_submission import read_workflow


def check_id_length(identity: str, words: str) -> None:
    """Refuse what cannot be an identity.

    Raises:
        Refusal: with the given words.
    """
    if len(identity) != 64:
        raise Refusal(400, words)


def check_stored_name(server: LocalServer, name: str, what: str) -> None:
    """Refuse a name with a colon; a real server stores it and can never read that list again.

    Raises:
        Refusal: says so.
    """
    if ":" in name and not server.settings.real_quirks:
        raise Refusal(400, f"Failed to add {what}, a name must not hold a colon")


def check_workflow_text(server: LocalServer, text: str, *, always_whole: bool) -> None:
    """Refuse the JSON text of a workflow that could not run.

    Args:
        server: whose rules.
        text: what is to be started later.
        always_whole: whether a real server looks beyond the form of the text as well.

    Raises:
        Refusal: says why.
    """
    spec = workflow_of(text)
    real_quirks = server.settings.real_quirks
    if always_whole or not real_quirks:
        try:
            read_workflow(spec, real_quirks=real_quirks)
        except Refusal as refusal:
            raise Refusal(400, refusal.message) from None
