"""The referents' desk with an archive of years."""
