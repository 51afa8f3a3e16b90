"""How the world reaches us: Telegram, web, mail, the command line, settings, running processes.

A line belongs here when it mentions one of these. What to do is decided in `handlers`; doors only parse,
call one handler, and render.
"""

import os

# Our processes share few cores: beside others at work numpy's threads, waiting for one another in circles,
# take five times the processor time of one and twice as long (`learning._meaning`).
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# What a content may hold is for us to say; looking for plug-ins of pydantic among all that is installed is a
# twentieth of a start.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")

# Learning asks for hundreds of megabytes, for a moment each. In huge pages, which numpy would ask for, a
# virtual machine takes a fifth longer for all of it, and deciding is no faster with them.
os.environ.setdefault("NUMPY_MADVISE_HUGEPAGE", "0")
