"""`content freeze`, `thaw`, `holds`, and `ask --live` that heeds them."""

import json

from tests.cli.conftest import Terminal

ENTRY = "pro-create-account"
ASKED = "comment créer un compte pass Culture Pro ?"


def test_what_is_frozen_is_listed_heeded_and_lifted(bot: Terminal) -> None:
    assert bot("referent", "add", "Diane Roux", "--national", "--email", "d@exemple.fr").code == 0
    done = bot("content", "freeze", "--entry", ENTRY, "--reason", "nouveau décret", "--by", "diane roux")
    assert done.code == 0, done
    listed = bot("content", "holds").out
    assert "nouveau décret" in listed
    assert "Diane Roux" in listed
    asked = json.loads(bot("ask", ASKED, "--json", "--live").out)
    assert (asked["outcome"], asked["answer"]) == ("handoff", None)
    assert asked["entries"][0]["id"] == ENTRY
    assert "fiche suspendue" in bot("ask", ASKED, "--live").out
    assert json.loads(bot("ask", ASKED, "--json").out)["outcome"] == "answer"
    assert bot("content", "thaw", "--entry", ENTRY).code == 0
    assert json.loads(bot("ask", ASKED, "--json", "--live").out)["outcome"] == "answer"
    assert "command line" in bot("content", "holds").out


def test_what_cannot_be_is_refused(bot: Terminal) -> None:
    assert bot("content", "freeze", "--reason", "x").code == 2
    assert bot("content", "freeze", "--tag", "montant", "--entry", ENTRY, "--reason", "x").code == 2
    assert bot("content", "freeze", "--tag", "montant").code == 2
    assert bot("content", "freeze", "--tag", "nimporte", "--reason", "x").code == 1
    assert bot("content", "freeze", "--tag", "montant", "--reason", " ").code == 1
    assert bot("content", "freeze", "--tag", "montant", "--reason", "x", "--by", "Personne").code == 1
    assert bot("content", "thaw", "--tag", "montant").code == 1
    assert bot("referent", "add", "Camille", "--territories", "25", "--email", "c@exemple.fr").code == 0
    done = bot("content", "freeze", "--tag", "montant", "--reason", "x", "--by", "Camille")
    assert done.code == 1
    assert "guichet national" in done.err
