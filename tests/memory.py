"""Where files of tests lie: in memory where there is room, since each commit would wait for the disk."""

import os
import shutil
from pathlib import Path

_MEMORY, _ROOM = Path("/dev/shm"), 2 << 30


def memory() -> Path | None:
    """A folder in memory; None where there is none, or too little of it."""
    roomy = os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free > _ROOM
    return _MEMORY if roomy else None
