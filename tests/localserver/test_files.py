"""Files, their revisions and labels, and snapshots (§ File, Snapshot)."""

from __future__ import annotations

import asyncio
import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from colonies_tui.localserver.database import Database
from colonies_tui.localserver.records.file import insert_file, labels
from colonies_tui.protocol.crypto import PrivateKey, random_id
from colonies_tui.protocol.errors import NotAllowed, NotFound, Refused
from colonies_tui.protocol.messages.colony import AddColony, AddUser, RemoveColony
from colonies_tui.protocol.messages.file import (
    AddFile,
    CreateSnapshot,
    GetFile,
    GetFileLabels,
    GetFiles,
    GetSnapshot,
    GetSnapshots,
    RemoveAllSnapshots,
    RemoveFile,
    RemoveSnapshot,
)
from colonies_tui.protocol.models.colony import Colony, User
from colonies_tui.protocol.models.file import File, Label, Reference, S3Object
from tests.localserver.file_world import add_file, create_snapshot
from tests.localserver.harness import COLONY, Harness


async def revisions(bench: Harness, label: str, name: str = "f", *, latest: bool = False) -> list[int]:
    files = await bench.send(GetFile(colonyname=COLONY, label=label, name=name, latest=latest))
    return [file.sequencenr for file in files]


async def label_names(bench: Harness, name: str = "", *, exact: bool = False) -> list[str]:
    found = await bench.send(GetFileLabels(colonyname=COLONY, name=name, exact=exact))
    return sorted(label.name for label in found)


async def other_colony(bench: Harness) -> PrivateKey:
    """Add the colony ``other`` and return the key of its user."""
    owner, user = PrivateKey.new(), PrivateKey.new()
    await bench.send(AddColony(colony=Colony(colonyid=owner.identity, name="other")), bench.server_key)
    member = User(colonyname="other", userid=user.identity, name="member")
    await bench.send(AddUser(user=member), owner)
    return user


async def test_revisions_are_numbered_over_the_whole_server_and_newest_first(bench: Harness) -> None:
    user = await other_colony(bench)
    for label in ("/a", "/b", "/a"):
        await add_file(bench, label)
    foreign = await bench.send(AddFile(file=File(colonyname="other", label="/a", name="f")), user)
    await add_file(bench, "/a")
    assert foreign.sequencenr == 4
    assert await revisions(bench, "/a") == [5, 3, 1]
    assert await revisions(bench, "/a", latest=True) == [5]
    assert await revisions(bench, "/b") == [2]


async def test_a_number_is_not_given_again_after_a_removal(bench: Harness) -> None:
    file = await add_file(bench, "/a")
    await bench.send(RemoveFile(colonyname=COLONY, fileid=file.fileid))
    assert (await add_file(bench, "/a")).sequencenr == file.sequencenr + 1


async def test_a_file_keeps_what_was_sent_and_gets_its_id_and_time_from_the_server(bench: Harness) -> None:
    place = S3Object(server="localhost", port=9000, tls=True, secretkey="s", object="o", bucket="b")
    sent = File(
        fileid=random_id(),
        colonyname=COLONY,
        label="/å",
        name='a "b"',
        size=2**40,
        sequencenr=99,
        checksum="c",
        checksumalg="SHA256",
        ref=Reference(protocol="ftp", s3object=place),
    )
    added = await bench.send(AddFile(file=sent))
    assert added.fileid != sent.fileid
    assert added.sequencenr == 1
    assert added.added is not None
    assert added.added.timestamp() == bench.clock.now() / 1e9
    own = {"fileid": added.fileid, "sequencenr": 1, "added": added.added}
    assert added == sent.model_copy(update={**own, "ref": Reference(protocol="s3", s3object=place)})
    assert await bench.send(GetFile(colonyname=COLONY, fileid=added.fileid)) == (added,)


async def test_a_listing_shows_the_newest_revision_of_exactly_one_label(bench: Harness) -> None:
    await add_file(bench, "/a", "f", size=1)
    await add_file(bench, "/a", "f", size=2, checksum="new", ref=Reference(s3object=S3Object(object="second")))
    await add_file(bench, "/a", "g", size=3)
    await add_file(bench, "/a/b", "h")
    files = await bench.send(GetFiles(colonyname=COLONY, label="/a"))
    assert {(file.name, file.size, file.checksum, file.s3filename) for file in files} == {
        ("f", 2, "new", "second"),
        ("g", 3, "", ""),
    }
    assert await bench.send(GetFiles(colonyname=COLONY, label="/nosuch")) == ()


async def test_an_id_wins_over_a_name_and_belongs_to_its_colony(bench: Harness) -> None:
    user = await other_colony(bench)
    first, second = await add_file(bench, "/a"), await add_file(bench, "/a")
    assert await bench.send(GetFile(colonyname=COLONY, fileid=first.fileid, label="/a", name="f", latest=True)) == (
        first,
    )
    with pytest.raises(Refused) as unknown:
        await bench.send(GetFile(colonyname="other", fileid=second.fileid), user)
    assert unknown.value.status == 400
    await bench.send(RemoveFile(colonyname="other", fileid=second.fileid), user)
    await bench.send(RemoveFile(colonyname="other", label="/a", name="f"), user)
    assert len(await revisions(bench, "/a")) == 2


async def test_removal_by_name_takes_all_revisions_and_unknown_is_no_error(bench: Harness) -> None:
    for label in ("/a", "/a", "/b"):
        await add_file(bench, label)
    for _ in range(2):
        await bench.send(RemoveFile(colonyname=COLONY, label="/a", name="f"))
        await bench.send(RemoveFile(colonyname=COLONY, fileid=random_id()))
    with pytest.raises(NotFound):
        await revisions(bench, "/a")
    assert await revisions(bench, "/b") == [3]


async def test_labels_count_revisions_and_prefixes_know_no_paths(bench: Harness) -> None:
    for label in ("/a", "/a", "/a/b", "/ab", "/x/y", "plain"):
        await add_file(bench, label)
    assert await label_names(bench) == ["/a", "/a/b", "/ab", "/x/y", "plain"]
    assert await label_names(bench, "/a") == ["/a", "/a/b", "/ab"]
    assert await label_names(bench, "/a", exact=True) == ["/a", "/a/b"]
    assert await label_names(bench, "/x") == ["/x/y"]
    assert await label_names(bench, "/x", exact=True) == []
    assert await label_names(bench, "", exact=True) == await label_names(bench)
    found = await bench.send(GetFileLabels(colonyname=COLONY, name="/a", exact=True))
    assert set(found) == {Label(name="/a", files=2), Label(name="/a/b", files=1)}


LABELS = st.text(alphabet="/ab%_*", max_size=4)


@given(st.lists(LABELS, max_size=8), LABELS)
def test_labels_are_found_by_their_text_alone(stored: list[str], name: str) -> None:
    async def find() -> tuple[dict[str, int], dict[str, int]]:
        database = Database(None)
        with database.change():
            for label in stored:
                insert_file(database, File(colonyname=COLONY, label=label, name="f"), random_id(), 1)
                insert_file(database, File(colonyname="other", label=f"{label}x", name="f"), random_id(), 1)
        found = tuple(dict(labels(database, COLONY, name, exact=exact)) for exact in (False, True))
        database.close()
        return found[0], found[1]

    by_prefix, exactly = asyncio.run(find())
    counts = {label: stored.count(label) for label in stored}
    assert by_prefix == {label: count for label, count in counts.items() if label.startswith(name)}
    below = {label: count for label, count in counts.items() if label == name or label.startswith(f"{name}/")}
    assert exactly == (counts if not name else below if name in counts else {})


async def test_a_snapshot_freezes_the_newest_revisions_below_its_label(bench: Harness) -> None:
    await add_file(bench, "/a")
    kept = [await add_file(bench, label, name) for label, name in (("/a", "f"), ("/a", "g"), ("/a/b", "f"))]
    await add_file(bench, "/ab")
    snapshot = await create_snapshot(bench, "/a/", "first")
    assert set(snapshot.fileids) == {file.fileid for file in kept}
    assert (snapshot.label, snapshot.name) == ("/a", "first")
    newer = await add_file(bench, "/a")
    await bench.send(RemoveFile(colonyname=COLONY, fileid=kept[2].fileid))
    assert await bench.send(GetSnapshot(colonyname=COLONY, name="first")) == snapshot
    assert newer.fileid in (await create_snapshot(bench, "/a", "second")).fileids


@pytest.mark.parametrize("real_quirks", [False, True])
async def test_a_label_without_files_of_its_own_gives_an_empty_snapshot(
    bench: Harness, quirky: Harness, real_quirks: bool
) -> None:
    server = quirky if real_quirks else bench
    await add_file(server, "/x/y")
    assert (await create_snapshot(server, "/x")).fileids == ()
    response = await server.post(
        "getsnapshotsmsg", {"msgtype": "getsnapshotsmsg", "colonyname": COLONY}, server.user_key
    )
    empty = b'"fileids":null' if real_quirks else b'"fileids":[]'
    assert empty in decoded(response.content)


def decoded(body: bytes) -> bytes:
    return base64.b64decode(json.loads(body)["payload"])


async def test_snapshots_are_listed_newest_first_and_removed_one_by_one_or_together(bench: Harness) -> None:
    await add_file(bench, "/a")
    made = [await create_snapshot(bench, "/a", name) for name in ("one", "two", "three", "four")]
    assert await bench.send(GetSnapshots(colonyname=COLONY)) == tuple(reversed(made))
    await bench.send(RemoveSnapshot(colonyname=COLONY, snapshotid=made[0].snapshotid))
    for _ in range(2):
        await bench.send(RemoveSnapshot(colonyname=COLONY, name="two"))
    assert await bench.send(GetSnapshots(colonyname=COLONY)) == (made[3], made[2])
    await bench.send(RemoveAllSnapshots(colonyname=COLONY))
    assert await bench.send(GetSnapshots(colonyname=COLONY)) == ()
    assert await create_snapshot(bench, "/a", "one") != made[0]


async def test_snapshot_names_are_unique_and_hold_no_colon(bench: Harness, quirky: Harness) -> None:
    await create_snapshot(bench, "/a", "one")
    with pytest.raises(Refused) as twice:
        await create_snapshot(bench, "/b", "one")
    assert twice.value.status == 500
    payload = {"msgtype": "createsnapshotmsg", "colonyname": COLONY, "label": "/a", "name": "a:b"}
    assert (await bench.post("createsnapshotmsg", payload, bench.user_key)).status_code == 400
    assert (await quirky.post("createsnapshotmsg", payload, quirky.user_key)).status_code == 200


async def test_all_snapshots_are_removed_also_by_the_name_of_the_document(bench: Harness, quirky: Harness) -> None:
    msgtype = "removeallsnapshotsmsg"
    payload = {"msgtype": msgtype, "colonyname": COLONY}
    await create_snapshot(bench, "/a")
    response = await bench.post(msgtype, payload, bench.user_key)
    assert response.status_code == 200
    assert response.json()["payloadtype"] == msgtype
    assert await bench.send(GetSnapshots(colonyname=COLONY)) == ()
    assert (await bench.post(msgtype, payload, bench.colony_key)).status_code == 403
    assert (await quirky.post(msgtype, payload, quirky.user_key)).status_code == 403


async def test_colonies_do_not_see_each_others_files_and_take_them_along(bench: Harness) -> None:
    user = await other_colony(bench)
    await bench.send(AddFile(file=File(colonyname="other", label="/a", name="f")), user)
    await bench.send(CreateSnapshot(colonyname="other", label="/a", name="s"), user)
    assert await label_names(bench) == []
    assert await bench.send(GetSnapshots(colonyname=COLONY)) == ()
    with pytest.raises(NotAllowed):
        await bench.send(GetFileLabels(colonyname="other"))
    await bench.send(RemoveColony(colonyname="other"), bench.server_key)
    user = await other_colony(bench)
    assert await bench.send(GetFileLabels(colonyname="other"), user) == ()
    assert await bench.send(GetSnapshots(colonyname="other"), user) == ()
