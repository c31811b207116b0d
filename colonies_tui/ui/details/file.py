"""Files and snapshots in full. The credentials that a file's reference carries are never shown."""

from __future__ import annotations

from collections.abc import Sequence

from colonies_tui.protocol.models.file import File, FileData, Snapshot
from colonies_tui.protocol.plaintext import plain
from colonies_tui.ui.document import Field, Section
from colonies_tui.ui.format.durations import moment, short_age
from colonies_tui.ui.format.ids import short_id
from colonies_tui.ui.format.numbers import bytes_size, counted
from colonies_tui.ui.spans import Span

MASKED = "•••••••• (a member's secret: not shown)"
"""Stands for a credential that is there."""


def file_sections(data: FileData, label: str, revisions: Sequence[File] | None, now: float) -> list[Section]:
    """Return a file with its revisions.

    Args:
        data: its newest revision in short.
        label: the label it has.
        revisions: all revisions, newest first; ``None`` while they are not loaded.
        now: seconds since 1970.
    """
    head = [
        Field("file", [Span(plain(data.name), "strong")]),
        Field("label", [Span(plain(label))]),
        Field("size", [Span(bytes_size(data.size))]),
        Field("checksum", [Span(plain(data.checksum) or "–", "dim")]),
    ]
    sections = [Section("", head)]
    if revisions is None:
        return [*sections, Section("Revisions", [Field("", [Span("loading", "dim")])])]
    rows = []
    for revision in revisions:
        at = None if revision.added is None else revision.added.timestamp()
        age = "–" if at is None else f"{short_age(now - at)} ago"
        spans = [Span(f"{bytes_size(revision.size):>9}"), Span(f"  {age:>9}  {plain(revision.checksum[:12])}", "dim")]
        rows.append(Field(f"nr {revision.sequencenr}", spans))
    sections.append(Section(f"Revisions · {len(rows)}", rows))
    if revisions:
        sections.append(_reference(revisions[0]))
    return sections


def _reference(file: File) -> Section:
    place = file.ref.s3object
    rows = [
        Field("protocol", [Span(plain(file.ref.protocol) or "–")]),
        Field("server", [Span(plain(place.server) or "–")]),
        Field("bucket", [Span(plain(place.bucket) or "–")]),
        Field("object", [Span(plain(place.object) or "–", "dim")]),
    ]
    for label, secret in (
        ("access key", place.accesskey),
        ("secret key", place.secretkey),
        ("encryption", place.encryptionkey),
    ):
        if secret:
            rows.append(Field(label, [Span(MASKED, "dim")]))
    return Section("Where its content lies", rows)


def snapshot_sections(snapshot: Snapshot, files: Sequence[File] | None, now: float) -> list[Section]:
    """Return a snapshot with what it holds.

    Args:
        snapshot: in full.
        files: the files it lists, as far as they still exist; ``None`` while they are not loaded.
        now: seconds since 1970.
    """
    at = None if snapshot.added is None else snapshot.added.timestamp()
    taken = [Span(moment(at, now)), Span("" if at is None else f"  {short_age(now - at)} ago", "dim")]
    head = [
        Field("snapshot", [Span(plain(snapshot.name), "strong")]),
        Field("of label", [Span(plain(snapshot.label))]),
        Field("taken", taken),
        Field("holds", [Span(counted(len(snapshot.fileids), "file"))]),
    ]
    sections = [Section("", head)]
    if files is None:
        return [*sections, Section("Files", [Field("", [Span("loading", "dim")])])] if snapshot.fileids else sections
    known = {file.fileid: file for file in files}
    rows = []
    for file_id in snapshot.fileids:
        file = known.get(file_id)
        if file is None:
            rows.append(Field(short_id(file_id), [Span("removed since", "warning")]))
        else:
            path = f"{plain(file.label)}/{plain(file.name)}"
            rows.append(Field(f"nr {file.sequencenr}", [Span(path), Span(f"  {bytes_size(file.size)}", "dim")]))
    return [*sections, Section(f"Files · {len(rows)}", rows)] if rows else sections
