"""Messages about crons and generators (§ Cron, Generator)."""

from pydantic import ValidationError

from colonies_tui.protocol.errors import UnsafeRequest
from colonies_tui.protocol.guards import check_cron_expression, check_name
from colonies_tui.protocol.model import Optional
from colonies_tui.protocol.models.schedule import BY_EXPRESSION, Cron, Generator
from colonies_tui.protocol.models.workflow import WorkflowSpec
from colonies_tui.protocol.request import Empty, Request, Rows
from colonies_tui.protocol.roles import Role
from colonies_tui.protocol.workflow_check import check_workflow


def check_workflow_text(text: str) -> WorkflowSpec:
    """Return the workflow that a cron or generator carries as JSON text.

    Raises:
        UnsafeRequest: it is no workflow that could run.
    """
    try:
        spec = WorkflowSpec.model_validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise UnsafeRequest(f"workflowspec: {where + ': ' if where else ''}{first['msg']}") from None
    if not spec.colonyname:
        raise UnsafeRequest("workflowspec: colonyname is missing: its start would fail without a word")
    try:
        check_workflow(spec.functionspecs)
    except UnsafeRequest as error:
        raise UnsafeRequest(f"workflowspec: {error}") from None
    return spec


class AddCron(Request[Cron], msgtype="addcronmsg", role=Role.MEMBER, changes=True):
    """Add a workflow that is started by the clock."""

    cron: Cron

    def check(self) -> None:
        check_name(self.cron.name, "cron")
        if self.cron.interval == BY_EXPRESSION:
            check_cron_expression(self.cron.cronexpression)
            if self.cron.random:
                raise UnsafeRequest("random needs an interval, not an expression")
        elif self.cron.interval < 1:
            raise UnsafeRequest("a cron's interval is a number of seconds, or -1 to go by its expression")
        check_workflow_text(self.cron.workflowspec)


class GetCron(Request[Cron], msgtype="getcronmsg", role=Role.MEMBER):
    """One cron."""

    cronid: str


class GetCrons(Request[Rows[Cron]], msgtype="getcronsmsg", role=Role.MEMBER):
    """At most ``count`` crons of a colony, in no order."""

    colonyname: str
    count: int


class RunCron(Request[Cron], msgtype="runcronmsg", role=Role.MEMBER, changes=True):
    """Start a cron now. The reply shows it as it was before; when it waits for its last graph, nothing starts.

    A real server starts it before it looks at who asked.
    """

    cronid: str


class RemoveCron(Request[Empty], msgtype="removecronmsg", role=Role.MEMBER, changes=True):
    """Remove a cron; what it started goes on."""

    cronid: str
    all: Optional[bool] = None


class AddGenerator(Request[Generator], msgtype="addgeneratormsg", role=Role.MEMBER, changes=True):
    """Add a workflow that is started by packed arguments. A trigger of 0 would end a real server, again and again."""

    generator: Generator

    def check(self) -> None:
        check_name(self.generator.name, "generator")
        if self.generator.trigger < 1:
            raise UnsafeRequest("a generator's trigger is at least 1: 0 would crash a Colonies server")
        check_workflow_text(self.generator.workflowspec)


class GetGenerator(Request[Generator], msgtype="getgeneratormsg", role=Role.MEMBER):
    """One generator with the size of its queue."""

    generatorid: str


class ResolveGenerator(Request[Generator], msgtype="resolvegeneratormsg", role=Role.MEMBER):
    """One generator by name."""

    colonyname: str
    generatorname: str


class GetGenerators(Request[Rows[Generator]], msgtype="getgeneratorsmsg", role=Role.MEMBER):
    """At most ``count`` generators of a colony, without the sizes of their queues."""

    colonyname: str
    count: int


class PackGenerator(Request[Empty], msgtype="packgeneratormsg", role=Role.MEMBER, changes=True):
    """Append an argument to a generator's queue."""

    generatorid: str
    arg: str


class RemoveGenerator(Request[Empty], msgtype="removegeneratormsg", role=Role.MEMBER, changes=True):
    """Remove a generator with its queue."""

    generatorid: str
    all: Optional[bool] = None
