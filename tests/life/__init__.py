"""The life of a ticket against itself: every two acts at once, and any acts in any order against a model."""
