"""Which key signs what, and the words for what is missing."""

from __future__ import annotations

import pytest

from colonies_tui.protocol.crypto import PrivateKey
from colonies_tui.protocol.errors import KeyMissing
from colonies_tui.protocol.keyring import Keyring
from colonies_tui.protocol.roles import KeySlot, Role

MEMBER, COLONY, SERVER = PrivateKey.new(), PrivateKey.new(), PrivateKey.new()
ALL = Keyring(member=MEMBER, colony=COLONY, server=SERVER)

SIGNERS = {
    Role.NOBODY: None,
    Role.ANYBODY: MEMBER,
    Role.SERVER_OWNER: SERVER,
    Role.COLONY_OWNER: COLONY,
    Role.MEMBER: MEMBER,
    Role.REGISTERED: MEMBER,
    Role.EXECUTOR: MEMBER,
    Role.REGISTERED_EXECUTOR: MEMBER,
    Role.USER: MEMBER,
    Role.MEMBER_OR_OWNER: MEMBER,
}


@pytest.mark.parametrize("role", Role)
def test_each_role_has_its_signer(role: Role) -> None:
    assert ALL.key_for(role) is SIGNERS[role]
    assert ALL.missing(role) is None


@pytest.mark.parametrize("role", Role)
def test_an_empty_keyring_says_whose_key_is_missing(role: Role) -> None:
    empty = Keyring()
    if role is Role.NOBODY:
        assert empty.key_for(role) is None
        assert empty.missing(role) is None
        return
    holder = {Role.SERVER_OWNER: "server owner", Role.COLONY_OWNER: "colony owner"}.get(role, "member")
    with pytest.raises(KeyMissing, match=f"needs the {holder}'s key") as caught:
        empty.key_for(role)
    assert caught.value.holder == empty.missing(role) == holder


def test_reads_need_the_member_key_because_the_colony_owner_is_no_member() -> None:
    owners = Keyring(colony=COLONY, server=SERVER)
    assert owners.missing(Role.MEMBER) == "member"
    assert owners.missing(Role.REGISTERED) == "member"


def test_roles_that_several_slots_hold_take_the_first_that_is_there() -> None:
    assert Keyring(colony=COLONY).key_for(Role.MEMBER_OR_OWNER) is COLONY
    assert Keyring(server=SERVER).key_for(Role.ANYBODY) is SERVER
    assert Keyring(colony=COLONY, server=SERVER).key_for(Role.ANYBODY) is COLONY
    assert Keyring(server=SERVER).missing(Role.MEMBER_OR_OWNER) == "member"


def test_slots_are_found_by_name() -> None:
    assert [ALL.in_slot(slot) for slot in KeySlot] == [MEMBER, COLONY, SERVER]
    assert Keyring().in_slot(KeySlot.MEMBER) is None
