"""The workflow that a cron or generator carries as JSON text, in a few lines."""

from __future__ import annotations

from pydantic import ValidationError

from colonies_tui.protocol.models.workflow import WorkflowSpec
from colonies_tui.protocol.plaintext import plain
from colonies_tui.ui.document import Field, Section
from colonies_tui.ui.fit import cut, width_of
from colonies_tui.ui.spans import Span

MAX_NAME = 30
"""Most cells that the name of a node takes."""


def workflow_section(text: str) -> Section:
    """Return the functions of a workflow, with what each waits for; what is wrong, when it is none."""
    try:
        spec = WorkflowSpec.model_validate_json(text)
    except ValidationError:
        return Section("Starts", [Field("", [Span("its workflowspec is not a workflow", "error")])])
    names = [plain(function.nodename) or "–" for function in spec.functionspecs]
    width = min(max(map(width_of, names), default=0), MAX_NAME)
    rows = []
    for name, function in zip(names, spec.functionspecs, strict=True):
        name = cut(name, width, "…")
        spans = [
            Span(name + " " * (width - width_of(name)), "dim"),
            Span("  " + (plain(function.funcname) or "–")),
            Span(f"  {plain(function.conditions.executortype)}", "dim"),
        ]
        if function.conditions.dependencies:
            parents = ", ".join(plain(parent) for parent in function.conditions.dependencies)
            spans.append(Span(f"  after {parents}", "dim"))
        rows.append(Field("", spans))
    return Section(f"Starts · {len(rows)}", rows or [Field("", [Span("nothing: functionspecs is empty", "error")])])
