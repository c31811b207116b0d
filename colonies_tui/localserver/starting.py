"""Workflows that start by themselves, in the name of whoever wrote the cron or the generator (§ Crons, Generators)."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING

from pydantic import ValidationError

from colonies_tui.localserver.access import Caller
from colonies_tui.localserver.refusal import AccessDenied, Refusal
from colonies_tui.localserver.workflow_submission import SubmittedWorkflow, submit_workflow
from colonies_tui.protocol.model import as_declared
from colonies_tui.protocol.models.workflow import WorkflowSpec
from colonies_tui.protocol.roles import Role

if TYPE_CHECKING:
    from colonies_tui.localserver.records.cron import CronRecord
    from colonies_tui.localserver.records.generator import GeneratorRecord
    from colonies_tui.localserver.server import LocalServer

log = logging.getLogger(__name__)


def workflow_of(text: str) -> WorkflowSpec:
    """Read the JSON text of a workflow.

    Raises:
        Refusal: it is none.
    """
    try:
        sent = json.loads(text)
        return WorkflowSpec.model_validate(as_declared(WorkflowSpec, sent) if isinstance(sent, dict) else sent)
    except ValidationError as error:
        problem = error.errors(include_url=False, include_input=False, include_context=False)[0]
        place = ".".join(map(str, problem["loc"]))
        raise Refusal(
            400, f"the workflowspec cannot be read: {f'{place}: ' if place else ''}{problem['msg']}"
        ) from None
    except (ValueError, RecursionError) as error:
        raise Refusal(400, f"the workflowspec cannot be read: {error}") from None


def start(
    server: LocalServer,
    origin: CronRecord | GeneratorRecord,
    *,
    root_input: str = "[]",
    root_args: Sequence[str] | None = None,
) -> SubmittedWorkflow:
    """Submit the workflow of a cron or a generator, as :func:`submit_workflow`, within a change of the database.

    Raises:
        Refusal: it cannot run, or its creator may not start it any more.
    """
    spec = workflow_of(origin.workflowspec)
    if not spec.colonyname and not server.settings.real_quirks:
        spec = spec.model_copy(update={"colonyname": origin.colonyname})
    creator = _creator(server, origin, spec.colonyname)
    try:
        return submit_workflow(
            server,
            spec,
            initiatorid=creator.identity,
            initiatorname=creator.name,
            root_input=root_input,
            root_args=root_args,
        )
    except (OverflowError, RecursionError, UnicodeError):
        # Told like any other reason, so that what else is due is not held up by it.
        raise Refusal(400, "something in the workflow is too large, nested too deeply, or no text") from None


def _creator(server: LocalServer, origin: CronRecord | GeneratorRecord, colonyname: str) -> Caller:
    # A real server does not let the colony owner start anything, who may add blueprints and with them crons.
    role = Role.MEMBER if server.settings.real_quirks else Role.MEMBER_OR_OWNER
    try:
        return server.access.require(role, colonyname, origin.initiatorid)
    except AccessDenied:
        raise Refusal(
            403, f"{origin.initiatorname or origin.initiatorid} is not a member of colony <{colonyname}> any more"
        ) from None


class Complaints:
    """Tells the log why something does not start: once, although it is tried again and again."""

    def __init__(self, kind: str) -> None:
        self._kind = kind
        self._told: dict[str, str] = {}

    def about(self, key: str, name: str, refusal: Refusal) -> None:
        """Tell, unless the same was told last."""
        if self._told.get(key) != refusal.message:
            self._told[key] = refusal.message
            log.warning("%s %r does not start its workflow, and is tried again: %s", self._kind, name, refusal.message)

    def over(self, key: str) -> None:
        """Note that it starts again."""
        self._told.pop(key, None)
