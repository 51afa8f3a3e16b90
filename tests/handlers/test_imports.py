"""No module leans on what another happened to import before: imports never lead round in a circle."""

from graphlib import TopologicalSorter

import grimp

from tests.handlers import code

LATE = "storage.database"
"""Imports the two kinds of databases when one is opened, and not before: they know what it promises."""


def test_imports_lead_round_in_no_circle() -> None:
    graph = grimp.build_graph(*code.PACKAGES, exclude_type_checking_imports=True, cache_dir=None)
    imported = {name: graph.find_modules_directly_imported_by(name) for name in graph.modules}
    assert imported[LATE] >= {"storage.postgresql", "storage.sqlite"}
    imported[LATE] = set()
    TopologicalSorter(imported).prepare()
    assert len(imported) > 300
