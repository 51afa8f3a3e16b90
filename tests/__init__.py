"""The tests mirror the packages; what several share (fakes, actors) are packages and modules of their own."""

import os
import sys

# What is compiled is kept, even where the environment says otherwise, as in many containers: some hundred
# programs are started, and each process of pytest would compile all modules of the tests again.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
