"""What we know and can say: entries, matching, texts, territories.

Everything here can be decided from words alone. It reads the YAML files of `content/` once and is
pure afterwards: no clock, no database, no network, no event loop, nothing of our other packages.
What depends on a date takes that date as an argument.
"""
