"""What comes with a file is bounded like the file itself."""

from tests.actors import WebCitizen
from tests.scenarios.desk import Colleague, asks_for_a_human
from tests.scenarios.test_pieces import PNG
from tests.scenarios.test_uploads import attach, kept
from tests.stage import Stage


async def test_a_form_of_countless_fields_is_not_read_to_its_end(stage: Stage, camille: Colleague) -> None:
    ada = WebCitizen(stage)
    await asks_for_a_human(ada, "Besançon")
    many = {f"champ-{number}": "x" * 1000 for number in range(50)}
    status, answer = await attach(ada, PNG, "écran.png", **many)
    assert (status, answer["error"]["code"]) == (400, "bad_request")
    assert await kept(stage) == (0, 0)
