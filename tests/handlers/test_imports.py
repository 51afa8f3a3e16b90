"""Each module imports alone: none leans on what another happened to import before.

Only the modules of its own package are forgotten in between: imports go down only, so what lies below
cannot lean on it.
"""

import subprocess
import sys

import pytest

from tests.handlers import code

ONE_BY_ONE = """
import gc, importlib, sys
gc.disable()  # nothing of modules is garbage until the end
for name in sys.argv[1:]:
    for known in [one for one in sys.modules if one.split(".")[0] == name.split(".")[0]]:
        del sys.modules[known]
    importlib.import_module(name)
"""
RUN_BY_ALEMBIC = "storage.migrations.env"


@pytest.mark.parametrize("package", code.PACKAGES)
def test_each_module_imports_alone(package: str) -> None:
    names = [name for name, _ in code.modules() if name.split(".")[0] == package and name != RUN_BY_ALEMBIC]
    done = subprocess.run(
        [sys.executable, "-c", ONE_BY_ONE, *names],
        cwd=code.ROOT,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert len(names) > 5
