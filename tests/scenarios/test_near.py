"""People whose territory is known read, under the national answer, what is known for their place."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.library import Library
from tests.actors import DOORS, Citizen, texts
from tests.knowledge.conftest import SMALL
from tests.knowledge.test_complements import LOCAL
from tests.shelf import SHELF
from tests.stage import Stage, open_stage

QUESTION = "/start forgotten-password"
NEAR = "Près de chez vous (Doubs)"


@pytest.fixture(scope="module")
def small_library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    folder = tmp_path_factory.mktemp("content")
    for name, text in {"entries/essai.yaml": SMALL, "territoires/25.yaml": LOCAL}.items():
        path: Path = folder / name
        path.parent.mkdir()
        path.write_text(text, encoding="utf-8")
    return Library(folder, SHELF)


@pytest.fixture
async def small_stage(tmp_path: Path, small_library: Library) -> AsyncIterator[Stage]:
    url = f"sqlite:///{tmp_path / 'small.db'}"
    async with open_stage(url, tmp_path, small_library) as stage:
        yield stage


@pytest.mark.parametrize("door", DOORS)
async def test_who_is_known_to_be_there_reads_the_local_complement(small_stage: Stage, door: str) -> None:
    nadia = DOORS[door](small_stage)
    assert NEAR not in texts(await nadia.says(QUESTION))
    await nadia.says("/start dep-25")
    heard = texts(await nadia.says(QUESTION))
    assert heard.index("Source : Aide") < heard.index(NEAR) < heard.index("Source : Ville de Besançon")
    assert heard.index(NEAR) < heard.index("Réponse automatique.")


async def test_not_elsewhere_and_not_after_its_last_day(small_stage: Stage) -> None:
    nadia, paul = DOORS["core"](small_stage), DOORS["core"](small_stage)
    await nadia.says("/start dep-25")
    await paul.says("/start dep-39")
    assert "Près de chez vous" not in texts(await paul.says(QUESTION))
    last_day = datetime(2027, 6, 30, 12, tzinfo=UTC)
    small_stage.clock.advance(seconds=(last_day - small_stage.clock()).total_seconds())
    assert NEAR in texts(await nadia.says(QUESTION))
    small_stage.clock.advance(days=1)
    assert "Près de chez vous" not in texts(await nadia.says(QUESTION))


async def test_the_shipped_complements_are_said(nadia: Citizen) -> None:
    await nadia.says("/start dep-25")
    heard = texts(await nadia.says("c'est quoi l'expérimentation du pass culture en 2019"))
    assert NEAR in heard
    assert "Le Doubs est entré dans l'expérimentation" in heard
