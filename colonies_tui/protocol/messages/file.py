"""Messages about files, labels and snapshots (§ File, Snapshot)."""

from colonies_tui.protocol.errors import UnsafeRequest
from colonies_tui.protocol.guards import check_name
from colonies_tui.protocol.models.file import File, FileData, Label, Snapshot
from colonies_tui.protocol.request import Empty, Request, Rows
from colonies_tui.protocol.roles import Role


class AddFile(Request[File], msgtype="addfilemsg", role=Role.MEMBER, changes=True):
    """Record a revision of a file whose content was stored before."""

    file: File

    def check(self) -> None:
        if not self.file.name or not self.file.colonyname:
            raise UnsafeRequest("a file needs a name and a colonyname")


class GetFile(Request[Rows[File]], msgtype="getfilemsg", role=Role.MEMBER):
    """One revision by id; the newest of a label and name with ``latest``; else all revisions, newest first."""

    colonyname: str
    fileid: str = ""
    label: str = ""
    name: str = ""
    latest: bool = False

    def check(self) -> None:
        if not self.fileid and not self.name:
            raise UnsafeRequest("a file is asked for by fileid, or by label and name")


class GetFiles(Request[Rows[FileData]], msgtype="getfilesmsg", role=Role.MEMBER):
    """The newest revision of each file with exactly this label, without those of labels below it, in no order."""

    colonyname: str
    label: str


class GetFileLabels(Request[Rows[Label]], msgtype="getfilelabelsmsg", role=Role.MEMBER):
    """Labels: all when ``name`` is empty; else those that begin with it, or with ``exact`` it and those below it.

    With ``exact`` nothing at all is returned when the label itself holds no file.
    """

    colonyname: str
    name: str = ""
    exact: bool = False


class RemoveFile(Request[Empty], msgtype="removefilemsg", role=Role.MEMBER, changes=True):
    """Remove one revision by id, or all revisions by label and name; contents stay in the bucket."""

    colonyname: str
    fileid: str = ""
    label: str = ""
    name: str = ""

    def check(self) -> None:
        if not self.fileid and not self.name:
            raise UnsafeRequest("a file is removed by fileid, or by label and name")


class CreateSnapshot(Request[Snapshot], msgtype="createsnapshotmsg", role=Role.MEMBER, changes=True):
    """Freeze the newest revisions of all files under a label. A label without files of its own gives an empty one."""

    colonyname: str
    label: str
    name: str

    def check(self) -> None:
        check_name(self.name, "snapshot")


class GetSnapshot(Request[Snapshot], msgtype="getsnapshotmsg", role=Role.MEMBER):
    """One snapshot by id or name."""

    colonyname: str
    snapshotid: str = ""
    name: str = ""


class GetSnapshots(Request[Rows[Snapshot]], msgtype="getsnapshotsmsg", role=Role.MEMBER):
    """All snapshots of a colony, newest first."""

    colonyname: str


class RemoveSnapshot(Request[Empty], msgtype="removesnapshotmsg", role=Role.MEMBER, changes=True):
    """Remove a snapshot by id or name."""

    colonyname: str
    snapshotid: str = ""
    name: str = ""

    def check(self) -> None:
        if not self.snapshotid and not self.name:
            raise UnsafeRequest("a snapshot is removed by snapshotid or by name")


class RemoveAllSnapshots(Request[Empty], msgtype="removeallsnapshotmsg", role=Role.MEMBER, changes=True):
    """Remove all snapshots of a colony. The older protocol document spells the type ``removeallsnapshotsmsg``, which a
    real server refuses.
    """

    colonyname: str
