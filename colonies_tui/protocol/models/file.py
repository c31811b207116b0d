"""Files, labels and snapshots: metadata only, the content lies in an S3 bucket (§ File, Snapshot)."""

from pydantic import Field

from colonies_tui.protocol.model import Int, List, Model, Text
from colonies_tui.protocol.times import Time


class S3Object(Model):
    """Where the content of a file lies. The credentials in it go to every member: a console must mask them."""

    server: str = ""
    port: Int = 0
    tls: bool = False
    accesskey: str = ""
    secretkey: str = ""
    region: str = ""
    encryptionkey: str = ""
    encryptionalg: str = ""
    object: str = ""
    bucket: str = ""


class Reference(Model):
    """How to reach the content of a file."""

    protocol: str = ""
    s3object: S3Object = Field(default_factory=S3Object)


class File(Model):
    """One revision of a file. ``sequencenr`` increases over the whole server: the highest is the newest."""

    fileid: str = ""
    colonyname: str = ""
    label: str = ""
    name: str = ""
    size: Int = 0
    sequencenr: Int = 0
    checksum: str = ""
    checksumalg: str = ""
    ref: Reference = Field(default_factory=Reference)
    added: Time = None


class FileData(Model):
    """The newest revision of a file in short."""

    name: str = ""
    checksum: str = ""
    size: Int = 0
    s3filename: str = ""


class Label(Model):
    """A label with how many revisions of files it holds."""

    name: str = ""
    files: Int = 0


class Snapshot(Model):
    """The newest revisions of all files under a label, frozen as a list of ids. A removed file leaves a dangling id."""

    snapshotid: str = ""
    colonyname: str = ""
    label: Text = ""
    name: str = ""
    fileids: List[str] = ()
    added: Time = None
