"""The table of contents of what the console can do."""

from aiohttp import web

from bot.web.console import (
    being_told,
    calendar,
    confidence,
    entrance,
    entries,
    freezes,
    hours,
    inserting,
    journal,
    learning,
    listing,
    news,
    people,
    person,
    pieces,
    previewing,
    profile,
    revisions,
    shared,
    ticket,
    trial,
    unanswered,
    validation,
)
from bot.web.console.access import behind_login

_TICKET = r"/console/demandes/{number:[1-9][0-9]{0,8}}"
_MESSAGE = _TICKET + r"/messages/{row:[1-9][0-9]{0,12}}"
_PERSON = r"/console/annuaire/{number:[1-9][0-9]{0,8}}"
_ABSENCE = r"/console/absences/{number:[1-9][0-9]{0,8}}"
_ENTRY = r"/console/fiches/{entry:[a-z0-9-]+}"
_GROUP = r"/console/sans-reponse/{number:[1-9][0-9]{0,17}}"
_PROPOSAL = r"/console/validation/{number:[1-9][0-9]{0,8}}"
_SHARED = r"/console/reponses/{number:[1-9][0-9]{0,8}}"
_PLACE = r"/console/horaires/{place:national|[0-9][0-9AB][0-9]?}"
_HOLD = r"/console/gels/{number:[1-9][0-9]{0,8}}"

ROUTES = [
    web.get("/console/login", entrance.show),
    web.post("/console/login", entrance.send_link),
    web.get("/console/login/{token}", entrance.show_token),
    web.post("/console/login/{token}", entrance.enter),
    web.get("/console", behind_login(listing.show)),
    web.get("/console/nouvelles", behind_login(news.show)),
    web.get(_TICKET, behind_login(ticket.show)),
    web.post(_TICKET + "/reponse", behind_login(ticket.reply)),
    web.post(_TICKET + "/prise", behind_login(ticket.take)),
    web.post(_TICKET + "/transmission", behind_login(ticket.pass_on)),
    web.post(_TICKET + "/territoire", behind_login(ticket.correct_territory)),
    web.post(_TICKET + "/cloture", behind_login(ticket.close)),
    web.post(_TICKET + "/reouverture", behind_login(ticket.reopen)),
    web.post(_TICKET + "/note", behind_login(ticket.add_note)),
    web.post(_MESSAGE + "/modification", behind_login(revisions.edit)),
    web.post(_MESSAGE + "/suppression", behind_login(revisions.delete)),
    web.post(_MESSAGE + "/renvoi", behind_login(revisions.send_again)),
    web.post(_TICKET + "/pieces", behind_login(pieces.add)),
    web.get(_TICKET + r"/pieces/{piece:[1-9][0-9]{0,8}}", behind_login(pieces.show)),
    web.post(_TICKET + "/insertion", behind_login(inserting.insert)),
    web.post(_TICKET + "/partage", behind_login(shared.share)),
    web.post("/console/apercu", behind_login(previewing.show)),
    web.get("/console/reponses", behind_login(shared.show)),
    web.post(_SHARED + "/retrait", behind_login(shared.withdraw)),
    web.get("/console/annuaire", behind_login(people.show)),
    web.post("/console/annuaire/comptes", behind_login(people.decide_account)),
    web.get("/console/annuaire/nouveau", behind_login(person.show_new)),
    web.post("/console/annuaire/nouveau", behind_login(person.add)),
    web.get(_PERSON, behind_login(person.show_one)),
    web.post(_PERSON, behind_login(person.change)),
    web.post(_PERSON + "/invitation", behind_login(person.invite)),
    web.post(_PERSON + "/absence", behind_login(person.note_absence)),
    web.post(_PERSON + "/retour", behind_login(person.end_absences)),
    web.post(_PERSON + "/retrait", behind_login(person.remove)),
    web.get("/console/absences", behind_login(calendar.show)),
    web.post("/console/absences", behind_login(calendar.note)),
    web.post(_ABSENCE + "/retrait", behind_login(calendar.take_back)),
    web.get("/console/journal", behind_login(journal.show)),
    web.get("/console/journal.csv", behind_login(journal.download)),
    web.get("/console/fiches", behind_login(entries.show)),
    web.get(_ENTRY, behind_login(entries.show_one)),
    web.get("/console/confiance", behind_login(confidence.show)),
    web.get("/console/essai", behind_login(trial.show)),
    web.post("/console/essai", behind_login(trial.show)),
    web.post("/console/gels", behind_login(freezes.freeze)),
    web.post(_HOLD + "/fin", behind_login(freezes.thaw)),
    web.post(_TICKET + "/apprentissage", behind_login(learning.learn)),
    web.get("/console/sans-reponse", behind_login(unanswered.show)),
    web.get(_GROUP, behind_login(unanswered.show_group)),
    web.post(_GROUP + "/apprentissage", behind_login(unanswered.learn)),
    web.get("/console/validation", behind_login(validation.show)),
    web.post(_PROPOSAL + "/acceptation", behind_login(validation.accept)),
    web.post(_PROPOSAL + "/refus", behind_login(validation.reject)),
    web.post(_PROPOSAL + "/retrait", behind_login(validation.withdraw)),
    web.get("/console/profil", behind_login(profile.show)),
    web.post("/console/profil/raccourcis", behind_login(profile.choose_shortcuts)),
    web.post("/console/profil/absence", behind_login(profile.note_absence)),
    web.post("/console/profil/retour", behind_login(profile.end_absences)),
    web.post("/console/profil/horaires", behind_login(profile.set_hours)),
    web.post("/console/profil/avis", behind_login(being_told.choose_ways)),
    web.get("/console/horaires", behind_login(hours.show)),
    web.get(_PLACE, behind_login(hours.show_place)),
    web.post(_PLACE, behind_login(hours.set_place)),
    web.post("/console/session", behind_login(entrance.stay)),
    web.post("/console/quitter", behind_login(entrance.leave)),
]
