"""Facts about this machine, as an executor states them."""

from __future__ import annotations

import lzma
import os
import platform
import shutil
import sys
import zlib
from pathlib import Path

from colonies_tui.protocol.models.executor import Capabilities, Hardware, Software

_ARCHITECTURES = {"x86_64": "amd64", "AMD64": "amd64", "aarch64": "arm64"}
_GIBI = 1024**3


def hardware(directory: Path) -> Hardware:
    """Return what this machine is; ``directory`` decides which file system's size is told."""
    return Hardware(
        model=platform.system() or sys.platform,
        nodes=1,
        cpu=_processor_name(),
        cores=_cores(),
        mem=_memory(),
        storage=f"{max(1, shutil.disk_usage(directory).total // _GIBI)}Gi",
        platform=sys.platform,
        architecture=_ARCHITECTURES.get(platform.machine(), platform.machine()),
        network=("loopback",),
    )


def software(executortype: str) -> tuple[Software, ...]:
    """Return what an executor of a type runs on: this Python, and the libraries that matter to its work."""
    python = Software(name=platform.python_implementation(), type="runtime", version=platform.python_version())
    if executortype == "archiver":
        return (
            python,
            Software(name="zlib", type="library", version=zlib.ZLIB_RUNTIME_VERSION),
            Software(
                name="lzma", type="library", version="built in" if lzma.is_check_supported(lzma.CHECK_CRC64) else ""
            ),
        )
    return (python,)


def capabilities(executortype: str, directory: Path) -> Capabilities:
    """Return the honest capabilities of an executor on this machine."""
    return Capabilities(hardware=(hardware(directory),), software=software(executortype))


def _cores() -> int:
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # only Linux tells which cores a process may use
        return os.cpu_count() or 1


def _memory() -> str:
    try:
        bytes_ = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (ValueError, OSError, AttributeError):
        return ""
    return f"{max(1, round(bytes_ / _GIBI))}Gi"


def _processor_name() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines():
            key, _, value = line.partition(":")
            if key.strip() == "model name" and value.strip():
                return value.strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()
