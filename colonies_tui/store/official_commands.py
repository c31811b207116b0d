"""The commands of the official client, ``colonies``, by the message that each of them sends.

Only where a command sends exactly this request: a field that no option carries means that there is no command. The
client takes server and keys from its environment variables (§ Environment); the colony stands in front of the command
where the request names one, since the variable would win over any option.
"""

from __future__ import annotations

import csv
import io
import json
import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pydantic import ValidationError

from colonies_tui.protocol.messages import blueprint as blueprints
from colonies_tui.protocol.messages import colony as colonies
from colonies_tui.protocol.messages import executor as executors
from colonies_tui.protocol.messages import file as files
from colonies_tui.protocol.messages import location as locations
from colonies_tui.protocol.messages import log as logs
from colonies_tui.protocol.messages import process as processes
from colonies_tui.protocol.messages import schedule as schedules
from colonies_tui.protocol.messages import workflow as workflows
from colonies_tui.protocol.model import Model
from colonies_tui.protocol.models.executor import Executor, Function
from colonies_tui.protocol.models.location import Location
from colonies_tui.protocol.models.schedule import BY_EXPRESSION, Cron, Generator
from colonies_tui.protocol.models.workflow import WorkflowSpec
from colonies_tui.protocol.request import Request
from colonies_tui.protocol.states import ProcessState

ASKS: Final = "it asks first: answer YES"

_STATE_OPTIONS: Final = {
    -1: (),
    int(ProcessState.WAITING): ("--waiting",),
    int(ProcessState.SUCCESS): ("--successful",),
    int(ProcessState.FAILED): ("--failed",),
}


@dataclass(frozen=True, slots=True)
class OfficialCommand:
    """A command line for a POSIX shell, and what to know before using it."""

    text: str
    note: str = ""


def official_command(request: Request[Any]) -> OfficialCommand | None:
    """Return the command that sends a request; ``None`` when none is known that does."""
    make = _COMMANDS.get(type(request))
    return None if make is None else make(request)


def _command(
    words: Sequence[str], *, colony: str = "", spec: Any = None, note: str = "", environment: Sequence[str] = ()
) -> OfficialCommand:
    """Put a command together.

    Args:
        words: the command and its options.
        colony: the colony that the request names, if it does.
        spec: JSON that the command reads from a file: here from its standard input.
        note: what to know.
        environment: further variables, written for the shell.
    """
    variables = [f"COLONIES_COLONY_NAME={shlex.quote(colony)}"] if colony else []
    options = [] if spec is None else ["--spec", "/dev/stdin"]
    text = " ".join([*variables, *environment, shlex.join(["colonies", *words, *options])])
    if spec is not None:
        text = f"printf %s {shlex.quote(json.dumps(spec, separators=(',', ':')))} | {text}"
    return OfficialCommand(text, note)


def _slim(model: Model) -> dict[str, Any]:
    slim: dict[str, Any] = model.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return slim


def _has_only(model: Model, *names: str) -> bool:
    """Whether everything but these fields is as it is when it is not given."""
    return set(_slim(model)) <= set(names)


def _options(model: Model, **fields: str) -> list[str]:
    """Return an option for each field that has a value; ``fields`` are options without dashes by name of the field."""
    given = {option: getattr(model, name) for name, option in fields.items()}
    return [word for option, value in given.items() if value for word in (f"--{option}", str(value))]


def _by_name(*words: str, option: str, field: str, note: str = "") -> Callable[[Any], OfficialCommand | None]:
    """Return how a command is made that takes one value and, from the environment, the colony."""

    def make(request: Any) -> OfficialCommand | None:
        value = getattr(request, field)
        colony = getattr(request, "colonyname", "") or getattr(request, "namespace", "")
        if not value or not _has_only(request, field, "colonyname", "namespace"):
            return None
        return _command([*words, f"--{option}", value], colony=colony, note=note)

    return make


def _specification(spec: Model) -> dict[str, Any]:
    """Return a function specification: a limit that is not given means none to the official client, 0 on the wire."""
    whole = spec.to_wire()
    return {**_slim(spec), **{name: whole[name] for name in ("maxwaittime", "maxexectime")}}


def _submit(request: processes.SubmitProcess) -> OfficialCommand:
    spec = _specification(request.spec)
    return _command(["function", "submit"], spec=spec)


def _submit_workflow(request: workflows.SubmitWorkflow) -> OfficialCommand:
    return _command(["workflow", "submit"], colony=request.spec.colonyname, spec=_steps(request.spec))


def _steps(spec: WorkflowSpec) -> list[dict[str, Any]]:
    return [_specification(step) for step in spec.functionspecs]


def _carried(text: str, colony: str) -> list[dict[str, Any]] | None:
    """Return the steps of the workflow that a cron or generator carries as text, if it is one of the same colony."""
    try:
        spec = WorkflowSpec.model_validate_json(text)
    except ValidationError:
        return None
    return _steps(spec) if spec.colonyname == colony else None


def _add_cron(request: schedules.AddCron) -> OfficialCommand | None:
    cron: Cron = request.cron
    steps = _carried(cron.workflowspec, cron.colonyname)
    known = ("colonyname", "name", "cronexpression", "interval", "random", "waitforprevprocessgraph", "workflowspec")
    if steps is None or not _has_only(cron, *known):
        return None
    if cron.interval == BY_EXPRESSION:
        when = ["--cron", cron.cronexpression]
    else:
        when = ["--interval", str(cron.interval), *(["--random"] if cron.random else [])]
    waits = ["--waitprevious"] if cron.waitforprevprocessgraph else []
    return _command(["cron", "add", "--name", cron.name, *when, *waits], colony=cron.colonyname, spec=steps)


def _add_generator(request: schedules.AddGenerator) -> OfficialCommand | None:
    made: Generator = request.generator
    steps = _carried(made.workflowspec, made.colonyname)
    if steps is None or not _has_only(made, "colonyname", "name", "trigger", "timeout", "workflowspec"):
        return None
    words = ["generator", "add", "--name", made.name, "--trigger", str(made.trigger), "--timeout", str(made.timeout)]
    return _command(words, colony=made.colonyname, spec=steps)


def _pack(request: schedules.PackGenerator) -> OfficialCommand:
    return _command(["generator", "pack", "--generatorid", request.generatorid, "--arg", request.arg])


def _remove_all(noun: str) -> Callable[[Any], OfficialCommand | None]:
    def make(request: Any) -> OfficialCommand | None:
        options = _STATE_OPTIONS.get(request.state)
        if options is None:
            return None
        return _command([noun, "removeall", *options], colony=request.colonyname, note=ASKS)

    return make


def _values(option: str, values: Sequence[Any]) -> list[str] | None:
    """Return options for a list of texts; the client reads each value as a line of comma separated values."""
    words: list[str] = []
    for value in values:
        if not isinstance(value, str) or not value:
            return None
        line = io.StringIO()
        csv.writer(line, lineterminator="").writerow([value])
        words += [f"--{option}", line.getvalue()]
    return words


def _assign(request: processes.AssignProcess) -> OfficialCommand | None:
    if not _has_only(request, "colonyname", "timeout"):
        return None
    return _command(["process", "assign", f"--timeout={request.timeout}"], colony=request.colonyname)


def _close(request: processes.CloseSuccessful) -> OfficialCommand | None:
    out = _values("out", request.out)
    return None if out is None else _command(["process", "close", "--processid", request.processid, *out])


def _fail(request: processes.CloseFailed) -> OfficialCommand | None:
    errors = _values("errors", request.errors)
    return _command(["process", "fail", "--processid", request.processid, *errors]) if errors else None


def _assignments(verb: str) -> Callable[[Any], OfficialCommand | None]:
    def make(request: Any) -> OfficialCommand | None:
        environment = ('COLONIES_PRVKEY="$COLONIES_COLONY_PRVKEY"',)
        note = "this command signs with the key in COLONIES_PRVKEY: it has to be the colony owner's"
        return _command(["process", verb], colony=request.colonyname, environment=environment, note=note)

    return make


def _add_executor(request: executors.AddExecutor) -> OfficialCommand | None:
    executor: Executor = request.executor
    options = ["executor", "add", "--executorid", executor.executorid]
    if _has_only(executor, "executorid", "executorname", "executortype", "colonyname"):
        options += ["--name", executor.executorname, "--type", executor.executortype]
        return _command(options, colony=executor.colonyname)
    return _command(options, colony=executor.colonyname, spec=_slim(executor))


def _add_function(request: executors.AddFunction) -> OfficialCommand | None:
    fun: Function = request.fun
    if not _has_only(fun, "executorname", "funcname", "colonyname"):
        return None
    words = ["function", "register", "--name", fun.executorname, "--func", fun.funcname]
    return _command(words, colony=fun.colonyname)


def _add_user(request: colonies.AddUser) -> OfficialCommand:
    options = _options(request.user, name="name", userid="userid", email="email", phone="phone")
    return _command(["user", "add", *options], colony=request.user.colonyname)


def _add_colony(request: colonies.AddColony) -> OfficialCommand:
    return _command(["colony", "add", *_options(request.colony, colonyid="colonyid", name="name")])


def _remove_colony(request: colonies.RemoveColony) -> OfficialCommand:
    return _command(["colony", "remove", "--name", request.colonyname])


def _change_colony_id(request: colonies.ChangeColonyId) -> OfficialCommand:
    return _command(["colony", "chid", "--colonyid", request.colonyid], colony=request.colonyname)


def _change_server_id(request: colonies.ChangeServerId) -> OfficialCommand:
    return _command(["server", "chid", "--serverid", request.serverid])


def _add_location(request: locations.AddLocation) -> OfficialCommand:
    place: Location = request.location
    words = ["location", "add", *_options(place, name="name", description="desc")]
    words += [f"--long={place.longitude}", f"--lat={place.lat}"]  # joined: a degree may begin with a minus
    return _command(words, colony=place.colonyname, note="the client makes another id for it")


def _remove_file(request: files.RemoveFile) -> OfficialCommand | None:
    if request.fileid:
        options = _options(request, fileid="fileid")
    elif request.label and request.name:
        options = _options(request, label="label", name="name")
    else:
        return None
    note = "it also removes the content from the bucket"
    return _command(["fs", "remove", *options], colony=request.colonyname, note=note)


def _create_snapshot(request: files.CreateSnapshot) -> OfficialCommand:
    options = _options(request, label="label", name="snapshotname")
    is_whole = request.label.startswith("/") and request.label.endswith("/")
    note = "" if is_whole else "the client adds the slashes that the label lacks at its ends"
    return _command(["fs", "snapshot", "create", *options], colony=request.colonyname, note=note)


def _remove_snapshot(request: files.RemoveSnapshot) -> OfficialCommand:
    chosen = {"snapshotid": "snapshotid"} if request.snapshotid else {"name": "snapshotname"}
    return _command(["fs", "snapshot", "remove", *_options(request, **chosen)], colony=request.colonyname)


def _remove_all_snapshots(request: files.RemoveAllSnapshots) -> OfficialCommand:
    return _command(["fs", "snapshot", "removeall"], colony=request.colonyname, note=ASKS)


def _add_log(request: logs.AddLog) -> OfficialCommand:
    return _command(["log", "add", "--processid", request.processid, f"--msg={request.message}"])


def _add_definition(request: blueprints.AddBlueprintDefinition) -> OfficialCommand:
    return _command(["blueprint", "definition", "add"], spec=_slim(request.blueprintdefinition))


def _add_blueprint(request: blueprints.AddBlueprint) -> OfficialCommand:
    return _command(["blueprint", "add"], spec=_slim(request.blueprint))


def _update_blueprint(request: blueprints.UpdateBlueprint) -> OfficialCommand | None:
    if request.forcegeneration:
        return None
    return _command(["blueprint", "update"], spec=_slim(request.blueprint))


def _reconcile(request: blueprints.ReconcileBlueprint) -> OfficialCommand:
    force = ["--force"] if request.force else []
    return _command(["blueprint", "reconcile", "--name", request.name, *force], colony=request.namespace)


_COMMANDS: Final[Mapping[type[Request[Any]], Callable[[Any], OfficialCommand | None]]] = {
    processes.SubmitProcess: _submit,
    processes.AssignProcess: _assign,
    processes.RemoveProcess: _by_name("process", "remove", option="processid", field="processid"),
    processes.RemoveAllProcesses: _remove_all("process"),
    processes.CloseSuccessful: _close,
    processes.CloseFailed: _fail,
    workflows.SubmitWorkflow: _submit_workflow,
    workflows.RemoveProcessGraph: _by_name("workflow", "remove", option="workflowid", field="processgraphid"),
    workflows.RemoveAllProcessGraphs: _remove_all("workflow"),
    workflows.CancelProcessGraph: _by_name("workflow", "cancel", option="workflowid", field="processgraphid"),
    schedules.AddCron: _add_cron,
    schedules.RunCron: _by_name("cron", "run", option="cronid", field="cronid"),
    schedules.RemoveCron: _by_name("cron", "remove", option="cronid", field="cronid"),
    schedules.AddGenerator: _add_generator,
    schedules.PackGenerator: _pack,
    schedules.RemoveGenerator: _by_name("generator", "remove", option="generatorid", field="generatorid"),
    executors.AddExecutor: _add_executor,
    executors.ApproveExecutor: _by_name("executor", "approve", option="name", field="executorname"),
    executors.RejectExecutor: _by_name("executor", "reject", option="name", field="executorname"),
    executors.RemoveExecutor: _by_name("executor", "remove", option="name", field="executorname"),
    executors.ChangeExecutorId: _by_name("executor", "chid", option="executorid", field="executorid"),
    executors.AddFunction: _add_function,
    executors.RemoveFunction: _by_name("function", "remove", option="functionid", field="functionid"),
    colonies.AddColony: _add_colony,
    colonies.RemoveColony: _remove_colony,
    colonies.ChangeColonyId: _change_colony_id,
    colonies.ChangeServerId: _change_server_id,
    colonies.AddUser: _add_user,
    colonies.RemoveUser: _by_name("user", "remove", option="name", field="name", note=ASKS),
    colonies.ChangeUserId: _by_name("user", "chid", option="userid", field="userid"),
    colonies.PauseAssignments: _assignments("pause"),
    colonies.ResumeAssignments: _assignments("resume"),
    locations.AddLocation: _add_location,
    locations.RemoveLocation: _by_name("location", "remove", option="name", field="name", note=ASKS),
    files.RemoveFile: _remove_file,
    files.CreateSnapshot: _create_snapshot,
    files.RemoveSnapshot: _remove_snapshot,
    files.RemoveAllSnapshots: _remove_all_snapshots,
    logs.AddLog: _add_log,
    blueprints.AddBlueprintDefinition: _add_definition,
    blueprints.RemoveBlueprintDefinition: _by_name("blueprint", "definition", "remove", option="name", field="name"),
    blueprints.AddBlueprint: _add_blueprint,
    blueprints.UpdateBlueprint: _update_blueprint,
    blueprints.RemoveBlueprint: _by_name("blueprint", "remove", option="name", field="name"),
    blueprints.ReconcileBlueprint: _reconcile,
}
