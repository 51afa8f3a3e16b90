"""The tests mirror the packages; what several share (fakes, actors) are packages and modules of their own."""
