"""Every problem at once, with file and line, in French; and nothing but KnowledgeError."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knowledge.documents import MAX_BYTES
from knowledge.entries import Audience, KnowledgeBase
from knowledge.errors import KnowledgeError
from knowledge.loading import examine, load_knowledge
from tests.knowledge.conftest import SMALL

Writer = Callable[..., Path]
FILE = "entries/essai.yaml"


def problems(folder: Path) -> list[str]:
    with pytest.raises(KnowledgeError) as caught:
        load_knowledge(folder)
    return [str(problem) for problem in caught.value.problems]


def test_the_shipped_content_loads(kb: KnowledgeBase) -> None:
    assert len(kb.entries) >= 70
    assert kb.frequent(Audience.JEUNE)
    assert all(kb.frequent(audience) for audience in (*Audience, None))


@pytest.mark.fault(78)
def test_a_small_folder_takes_the_rest_from_the_shipped_content(folder: Writer) -> None:
    kb = load_knowledge(folder())
    assert list(kb.entries) == ["forgotten-password"]
    assert kb.texts("decline")
    assert kb.territories.by_code("75")


def test_the_hash_changes_with_any_file(folder: Writer) -> None:
    first = load_knowledge(folder()).hash
    assert load_knowledge(folder()).hash == first
    assert load_knowledge(folder({FILE: SMALL.replace("perdu", "égaré")})).hash != first


def test_every_problem_of_every_file_at_once(folder: Writer) -> None:
    found = problems(
        folder(
            {
                FILE: SMALL.replace("audiences: [jeune]", "audiences: [ado]\n  colour: red"),
                "entries/autre.yaml": "theme: autre\ntitle: Autre\nentries:\n- id: 12\n",
                "texts/fr.yaml": "a: '{'\nb: 3\n",
            }
        )
    )
    assert any(line.startswith("entries/essai.yaml:5: « audiences.0 »") for line in found)
    assert any(line.startswith("entries/essai.yaml:6: « colour » : champ inconnu") for line in found)
    assert any("entries/autre.yaml:4" in line and "id" in line for line in found)
    assert any(line.startswith("texts/fr.yaml:1") for line in found)
    assert any(line.startswith("texts/fr.yaml:2") for line in found)


@pytest.mark.fault(77)
@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: &x [1]\nb: *x\n", "ancres"),
        ("a: !!python/object:os.system x\n", "étiquettes"),
        ("theme: a\ntheme: b\n", "double"),
        ("[" * 3000, "niveaux"),
        ("a: [1\n", "illisible"),
        ("theme: \x00", "illisible"),
        ("1: 2\n", "clé"),
        ("- a\n", "doit contenir"),
        ("", "doit contenir"),
    ],
)
def test_hostile_or_broken_yaml_is_refused(folder: Writer, text: str, words: str) -> None:
    assert any(words in line for line in problems(folder({FILE: text})))


@pytest.mark.fault(77)
def test_too_big_and_not_utf8(folder: Writer) -> None:
    path = folder()
    (path / "entries/gros.yaml").write_bytes(b"#" * (MAX_BYTES + 1))
    (path / "entries/latin.yaml").write_bytes("thème".encode("latin-1"))
    found = problems(path)
    assert any("1 Mio" in line for line in found)
    assert any("UTF-8" in line for line in found)


@pytest.mark.fault(77)
@pytest.mark.fault(78)
def test_an_empty_or_missing_folder(tmp_path: Path) -> None:
    assert any("aucune fiche" in line for line in problems(tmp_path))
    assert any("aucune fiche" in line for line in problems(tmp_path / "nowhere"))


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("Touchez", "# Touchez", "titre"),
        ("Touchez", "<b>Touchez</b>", "HTML"),
        ("Touchez", "*Touchez*", "italique"),
        ("Touchez", "[x](http://x.fr) Touchez", "https"),
        ('checked: "2026-11-22"', "checked: 20261122", "date"),
        ('checked: "2026-11-22"', 'checked: "2026-07-01"', "antérieur"),
        ('as_of: "2026-08"', "as_of: 2026", "texte"),
        ('as_of: "2026-08"', "as_of: null", "handoff: always"),
        ("  as_of", "  related: [nothing]\n  as_of", "fiche liée inconnue"),
        ("  as_of", "  also: [nothing]\n  as_of", "fiche liée inconnue"),
        ("Touchez", "[x](fiche:forgotten-password) Touchez", "`related` ou `also`"),
        ("  as_of", "  handoff: never\n  as_of", "valeurs possibles"),
        ("https://aide", "ftp://aide", "https"),
        ("phrasings: [", "phrasings: [] #", "au moins"),
        ("id: forgotten", "id: Forgotten", "mal formée"),
    ],
)
def test_what_an_entry_may_not_hold(folder: Writer, old: str, new: str, words: str) -> None:
    assert any(words in line for line in problems(folder({FILE: SMALL.replace(old, new)})))


def test_answers_too_long(folder: Writer) -> None:
    assert any(
        "3500" in line for line in problems(folder({FILE: SMALL.replace("Touchez", "Touchez " * 600)}))
    )
    base, found = examine(folder({FILE: SMALL.replace("Touchez", "Touchez " * 150)}))
    assert base is not None
    assert [problem.warning for problem in found] == [True]


@pytest.mark.fault(77)
def test_duplicate_ids_and_colliding_phrasings(folder: Writer) -> None:
    again = SMALL.replace("theme: essai", "theme: double")
    assert any(
        "identifiant en double" in line for line in problems(folder({FILE: SMALL, "entries/z.yaml": again}))
    )
    other = again.replace("forgotten-password", "other")
    base, found = examine(folder({"entries/z.yaml": other}))
    assert base is not None
    assert [str(problem) for problem in found if "mdp" in str(problem)] == [
        "entries/z.yaml:7: « jai perdu mon mdp » est aussi une formulation de « forgotten-password »"
        " (entries/essai.yaml:7)"
    ]
    assert all(problem.warning for problem in found)


def test_the_same_words_twice_in_one_entry(folder: Writer) -> None:
    text = SMALL.replace(
        "je ne peux plus me connecter]", "mon mdp jai perdu]\n  negatives: [Mot de passe OUBLIÉ]"
    )
    said = [str(problem) for problem in examine(folder({FILE: text}))[1]]
    assert any("dit la même chose que « jai perdu mon mdp » (entries/essai.yaml:7)" in one for one in said)
    assert any("à la fois dans `phrasings` et dans `negatives`" in one for one in said)


def test_no_source_only_with_a_hand_over(folder: Writer) -> None:
    text = SMALL.replace('as_of: "2026-08"', "as_of: null\n  handoff: always")
    entry = load_knowledge(folder({FILE: text})).entries["forgotten-password"]
    assert entry.information_date() is None
    assert not entry.to_confirm(date(2030, 1, 1))


@pytest.mark.parametrize(
    ("as_of", "words"),
    [
        ("2026", "de 2026"),
        ("2026-08", "d'août 2026"),
        ("2026-03", "de mars 2026"),
        ("2026-03-03", "du 3 mars 2026"),
    ],
)
def test_dates_in_french(folder: Writer, as_of: str, words: str) -> None:
    entry = load_knowledge(folder({FILE: SMALL.replace("2026-08", as_of)})).entries["forgotten-password"]
    assert entry.information_date() == words


def test_old_information_is_to_be_confirmed(folder: Writer) -> None:
    entry = load_knowledge(folder()).entries["forgotten-password"]
    assert not entry.to_confirm(date(2027, 8, 31))
    assert entry.to_confirm(date(2027, 9, 1))


def test_validity(folder: Writer) -> None:
    text = SMALL.replace("  as_of", '  valid_from: "2026-01-01"\n  valid_until: "2026-12-31"\n  as_of')
    entry = load_knowledge(folder({FILE: text})).entries["forgotten-password"]
    assert [entry.in_force(date(year, 6, 1)) for year in (2025, 2026, 2027)] == [False, True, False]


_YAML = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    raw=st.binary(max_size=200)
    | st.text(max_size=200).map(str.encode)
    | _YAML.map(lambda v: repr(v).encode("utf-8", "replace"))
)
def test_loading_raises_only_knowledge_error(folder: Writer, raw: bytes) -> None:
    path = folder()
    for name in (
        "entries/essai.yaml",
        "texts/fr.yaml",
        "language/x.yaml",
        "territories/x.yaml",
        "frequent.yaml",
    ):
        (path / name).parent.mkdir(exist_ok=True)
        (path / name).write_bytes(raw)
    with pytest.raises(KnowledgeError):
        load_knowledge(path)


def test_small_talk_of_a_kind_without_a_reply_is_named(folder: Writer) -> None:
    said = "smalltalk_said:\n  chanson:\n  - la la la\n"
    found = problems(folder({FILE: SMALL, "language/dits.yaml": said}))
    assert any("smalltalk.chanson" in line and "language/dits.yaml:2" in line for line in found), found
