"""The map of tiles: every territory once, none beside another's place."""

from knowledge.entries import KnowledgeBase
from knowledge.tiles import COLUMNS, ROWS, TILES


def test_every_territory_has_one_tile_of_its_own(kb: KnowledgeBase) -> None:
    assert sorted(tile.code for tile in TILES) == sorted(one.code for one in kb.territories.all())
    assert len({(tile.column, tile.row) for tile in TILES}) == len(TILES)
    assert max(tile.column for tile in TILES) < COLUMNS <= 12
    assert max(tile.row for tile in TILES) < ROWS
