"""The workflow that a cron or generator carries as JSON text, in a few lines."""

from __future__ import annotations

from pydantic import ValidationError

from colonies_tui.protocol.models.workflow import WorkflowSpec
from colonies_tui.protocol.plaintext import plain
from colonies_tui.ui.document import Field, Section
from colonies_tui.ui.spans import Span


def workflow_section(text: str) -> Section:
    """Return the functions of a workflow, with what each waits for; what is wrong, when it is none."""
    try:
        spec = WorkflowSpec.model_validate_json(text)
    except ValidationError:
        return Section("Starts", [Field("", [Span("its workflowspec is not a workflow", "error")])])
    rows = []
    for function in spec.functionspecs:
        spans = [Span(plain(function.funcname) or "–"), Span(f"  {plain(function.conditions.executortype)}", "dim")]
        if function.conditions.dependencies:
            names = ", ".join(plain(name) for name in function.conditions.dependencies)
            spans.append(Span(f"  after {names}", "dim"))
        rows.append(Field(plain(function.nodename) or "–", spans))
    return Section(f"Starts · {len(rows)}", rows or [Field("", [Span("nothing: functionspecs is empty", "error")])])
