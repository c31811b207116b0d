"""What is taken out of a recording."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from colonies_tui.protocol.keyring import Keyring
from colonies_tui.protocol.models.file import File, Reference, S3Object
from colonies_tui.protocol.models.process import FunctionSpec
from colonies_tui.store.recording.removal import REMOVED, Removal

secrets = st.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=8, max_size=24).map(lambda text: f"s3cr3t-{text}")


def cleaned(value: Any) -> Any:
    return Removal(Keyring()).from_json(value)


@given(secrets, secrets)
def test_no_value_of_an_environment_stays(first: str, second: str) -> None:
    spec = FunctionSpec(funcname="f", env={"TOKEN": first, "PLACE": second}).to_wire()
    assert cleaned(spec)["env"] == {"TOKEN": REMOVED, "PLACE": REMOVED}
    assert cleaned({**spec, "env": {}}) == {**spec, "env": {}}


def test_the_keys_of_a_file_store_are_removed_and_the_rest_stays() -> None:
    place = S3Object(server="s3", accesskey="AKIA-1", secretkey="s-2", encryptionkey="e-3", bucket="maps", object="o")
    wire = File(name="a.tif", ref=Reference(protocol="s3", s3object=place)).to_wire()
    found = cleaned(wire)["ref"]["s3object"]
    assert {name for name, value in found.items() if value == REMOVED} == {"accesskey", "secretkey", "encryptionkey"}
    assert (found["server"], found["bucket"], found["object"]) == ("s3", "maps", "o")


@given(secrets)
def test_a_secret_is_found_in_json_inside_a_text_too(secret: str) -> None:
    workflow = json.dumps({"functionspecs": [{"funcname": "f", "env": {"K": secret}}]})
    found = cleaned({"cronid": "1", "workflowspec": workflow})["workflowspec"]
    assert secret not in found
    assert json.loads(found)["functionspecs"][0]["funcname"] == "f"


@given(secrets)
def test_a_text_that_repeats_a_known_secret_loses_it(secret: str) -> None:
    found = cleaned({"message": f"using {secret} now", "spec": {"env": {"K": secret}}, "errors": [secret]})
    assert found == {"message": f"using {REMOVED} now", "spec": {"env": {"K": REMOVED}}, "errors": [REMOVED]}


@pytest.mark.parametrize("name", ["password", "apiKey", "SECRET", "access_token", "private-key", "Authorization"])
def test_names_that_say_secret_hide_their_values(name: str) -> None:
    assert cleaned({"kwargs": {name: "hunter2"}}) == {"kwargs": {name: REMOVED}}


@pytest.mark.parametrize("value", [{"env": "a text"}, {"tokens": "many"}, {"password": 3}, {"secret": ""}, ["env"]])
def test_what_only_looks_like_it_stays(value: Any) -> None:
    assert cleaned(value) == value


def test_what_is_rewritten_further_are_values_and_not_names() -> None:
    removal = Removal(Keyring(), rewrite=lambda text: text.replace("tree", "operator"))
    assert removal.from_json({"treeids": ["/tree/a"]}) == {"treeids": ["/operator/a"]}


def test_a_short_value_is_removed_where_it_stands_and_not_by_chance_elsewhere() -> None:
    assert cleaned({"env": {"N": "1"}, "label": "1 of 10"}) == {"env": {"N": REMOVED}, "label": "1 of 10"}
