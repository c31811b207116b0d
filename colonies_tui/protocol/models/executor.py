"""Executors with what they claim to be, and the functions that they register (§ Executor, Function)."""

from pydantic import Field

from colonies_tui.protocol.model import Int, List, Model, Object, Optional
from colonies_tui.protocol.states import ExecutorState
from colonies_tui.protocol.times import Time


class Gpu(Model):
    """A kind of graphics processor; in conditions it is informational and not matched."""

    name: str = ""
    mem: str = ""
    count: Int = 0
    nodecount: Int = 0


class Hardware(Model):
    """What an executor says that it runs on: free text, informational only."""

    model: str = ""
    nodes: Int = 0
    cpu: str = ""
    cores: Int = 0
    mem: str = ""
    storage: str = ""
    gpu: Gpu = Field(default_factory=Gpu)
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

    allocatedcpu: Int = 0
    usedcpu: Int = 0
    allocatedgpu: Int = 0
    usedgpu: Int = 0
    allocatedstorage: Int = 0
    usedstorage: Int = 0


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
    capabilities: Capabilities = Field(default_factory=Capabilities)
    allocations: Allocations = Field(default_factory=Allocations)
    blueprintid: Optional[str] = None
    blueprintgen: Optional[Int] = None


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
    counter: Int = 0
    minwaittime: float = 0
    maxwaittime: float = 0
    minexectime: float = 0
    maxexectime: float = 0
    avgwaittime: float = 0
    avgexectime: float = 0
    locationname: Optional[str] = None
