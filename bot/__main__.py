"""`python -m bot` and the console script `souffleur`."""

import gc

# All that is imported stays: to look through it for garbage again and again is a third of a start.
gc.disable()

from bot.cli import main  # noqa: E402

gc.freeze()
gc.enable()

if __name__ == "__main__":
    main()
