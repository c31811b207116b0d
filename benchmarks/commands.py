"""Commands that end by themselves, against a bare Python and against the smallest script that does the same."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from functools import partial

from benchmarks.programs import COMMAND, PYTHON, environment, home, program, run_seconds
from benchmarks.results import Result, compared
from benchmarks.scale import Scale

_BARE_CALL = """
import base64, hashlib, json, os
import coincurve, httpx
payload = base64.b64encode(json.dumps({"msgtype": "versionmsg"}).encode()).decode()
key = coincurve.PrivateKey(bytes.fromhex(os.environ["COLONIES_PRVKEY"]))
signature = key.sign_recoverable(hashlib.sha3_256(payload.encode()).digest(), hasher=None).hex()
body = {"payloadtype": "versionmsg", "payload": payload, "signature": signature}
url = f"http://{os.environ['COLONIES_SERVER_HOST']}:{os.environ['COLONIES_SERVER_HTTP_PORT']}/api"
with httpx.Client(trust_env=False, verify=False) as http:
    print(base64.b64decode(http.post(url, content=json.dumps(body)).json()["payload"]).decode())
"""


def results(scale: Scale) -> Iterator[Result]:
    """Measure."""
    with home() as where:
        env = environment(where)
        for option in ("--version", "--help"):
            yield compared(
                f"colonies-tui {option}",
                partial(_milliseconds, [*COMMAND, option], env),
                partial(_milliseconds, [*PYTHON, "-c", "pass"], env),
                runs=scale.starts,
                unit="ms",
                target=3.0,
                floor_is="python -c pass",
            )
        with program([*PYTHON, "-m", "benchmarks.served", "0", str(time.time_ns())], env) as served:
            with_server = {**env, **served.hello}
            yield compared(
                "call versionmsg",
                partial(_milliseconds, [*COMMAND, "call", "versionmsg"], with_server),
                partial(_milliseconds, [sys.executable, "-c", _BARE_CALL], with_server),
                runs=scale.starts,
                unit="ms",
                target=1.6,
                floor_is="a script that imports httpx and coincurve and sends it",
            )


def _milliseconds(command: list[str], env: dict[str, str]) -> float:
    return 1000 * run_seconds(command, env)
