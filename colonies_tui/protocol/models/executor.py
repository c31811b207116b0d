"""Executors with what they claim to be, and the functions that they register (§ Executor, Function)."""

from __future__ import annotations

from colonies_tui.protocol.model import List, Model, Object, Optional
from colonies_tui.protocol.states import ExecutorState
from colonies_tui.protocol.times import Time


class Gpu(Model):
    """A kind of graphics processor; in conditions it is informational and not matched."""

    name: str = ""
    mem: str = ""
    count: int = 0
    nodecount: int = 0


class Hardware(Model):
    """What an executor says that it runs on: free text, informational only."""

    model: str = ""
    nodes: int = 0
    cpu: str = ""
    cores: int = 0
    mem: str = ""
    storage: str = ""
    gpu: Gpu = Gpu()
    platform: str = ""
    architecture: str = ""
    network: List[str] = ()


class Software(Model):
    """What an executor says that it can run."""

    name: str = ""
    type: str = ""
    version: str = ""


class Capabilities(Model):
    """What an executor says of itself: evidence for an approval, not a promise."""

    hardware: List[Hardware] = ()
    software: List[Software] = ()


class Project(Model):
    """An allocation of one project; the unit is the reporter's choice."""

    allocatedcpu: int = 0
    usedcpu: int = 0
    allocatedgpu: int = 0
    usedgpu: int = 0
    allocatedstorage: int = 0
    usedstorage: int = 0


class Allocations(Model):
    """Allocations by project name."""

    projects: Object[Project] = {}


class Executor(Model):
    """A worker that registered with a key and takes processes of its type once it is approved.

    ``lastheardfromtime`` moves only with assign requests: during an idle long poll it ages up to the poll's time limit.
    """

    executorid: str = ""
    executortype: str = ""
    executorname: str = ""
    colonyname: str = ""
    state: ExecutorState = ExecutorState.PENDING
    requirefuncreg: bool = False
    commissiontime: Time = None
    lastheardfromtime: Time = None
    locationname: Optional[str] = None
    capabilities: Capabilities = Capabilities()
    allocations: Allocations = Allocations()
    blueprintid: Optional[str] = None
    blueprintgen: Optional[int] = None


class FunctionArgument(Model):
    """A parameter of a registered function."""

    name: str = ""
    type: str = ""
    description: Optional[str] = None
    required: Optional[bool] = None
    enum: Optional[tuple[str, ...]] = None


class Function(Model):
    """A function that an executor registered, with statistics of its successful calls; times in seconds, 0 = none yet.

    ``avg…`` is (old average + new value) / 2 at each call, which weights recent calls.
    """

    functionid: str = ""
    executorname: str = ""
    executortype: str = ""
    colonyname: str = ""
    funcname: str = ""
    description: Optional[str] = None
    args: Optional[tuple[FunctionArgument, ...]] = None
    counter: int = 0
    minwaittime: float = 0
    maxwaittime: float = 0
    minexectime: float = 0
    maxexectime: float = 0
    avgwaittime: float = 0
    avgexectime: float = 0
    locationname: Optional[str] = None
