"""Every message type as a declaration, one file per subject (§ Messages).

Importing a subject makes its messages known in :data:`colonies_tui.protocol.request.MESSAGES`. Here stands which
subject declares which message, so that one can be had without the others; importing
:mod:`colonies_tui.protocol.messages.every` brings them all.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from colonies_tui.protocol.request import Request

_DECLARED: Final = {
    "blueprint": """
        addblueprintdefinitionmsg getblueprintdefinitionmsg getblueprintdefinitionsmsg
        removeblueprintdefinitionmsg addblueprintmsg getblueprintmsg getblueprintsmsg updateblueprintmsg
        updateblueprintstatusmsg removeblueprintmsg reconcileblueprintmsg getblueprinthistorymsg
    """,
    "channel": """
        channelappendmsg channelreadmsg subscribechannelmsg
    """,
    "colony": """
        versionmsg getserverinfomsg getstatisticsmsg getclustermsg addcolonymsg removecolonymsg getcoloniesmsg
        getcolonymsg getcolonystatsmsg changecolonyidmsg changeserveridmsg addusermsg getusermsg getuserbyidmsg
        getusersmsg removeusermsg changeuseridmsg pauseassignmentsmsg resumeassignmentsmsg getpausestatusmsg
    """,
    "executor": """
        addexecutormsg getexecutorsmsg getexecutormsg getexecutorbyidmsg approveexecutormsg rejectexecutormsg
        removeexecutormsg updateexecutormsg reportallocationmsg changeexecutoridmsg addfunctionmsg
        getfunctionsmsg removefunctionmsg
    """,
    "file": """
        addfilemsg getfilemsg getfilesmsg getfilelabelsmsg removefilemsg createsnapshotmsg getsnapshotmsg
        getsnapshotsmsg removesnapshotmsg removeallsnapshotmsg
    """,
    "location": """
        addlocationmsg getlocationsmsg getlocationmsg removelocationmsg
    """,
    "log": """
        addlogmsg addexecutorlogmsg getlogsmsg searchlogsmsg
    """,
    "process": """
        submitfuncspecmsg assignprocessmsg getprocessmsg getprocessesmsg getprocesshistmsg removeprocessmsg
        removeallprocessesmsg cancelprocessmsg setoutputmsg closesuccessfulmsg closefailedmsg addattributemsg
        getattributemsg
    """,
    "schedule": """
        addcronmsg getcronmsg getcronsmsg runcronmsg removecronmsg addgeneratormsg getgeneratormsg
        resolvegeneratormsg getgeneratorsmsg packgeneratormsg removegeneratormsg
    """,
    "subscription": """
        subscribeprocessmsg subscribeprocessesmsg
    """,
    "workflow": """
        submitworkflowspecmsg getprocessgraphmsg getprocessgraphsmsg removeprocessgraphmsg
        removeallprocessgraphsmsg cancelprocessgraphmsg addchildmsg
    """,
}

SUBJECT_OF: Final = {msgtype: subject for subject, msgtypes in _DECLARED.items() for msgtype in msgtypes.split()}
"""The module of this package that declares a message, by its name on the wire."""


def message_type(msgtype: str) -> type[Request[Any]]:
    """Return a message by its name on the wire; only the subject that declares it is loaded.

    Raises:
        KeyError: there is none.
    """
    import_module(f"{__name__}.{SUBJECT_OF[msgtype]}")
    from colonies_tui.protocol.request import MESSAGES

    return MESSAGES[msgtype]
