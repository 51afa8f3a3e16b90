"""What each button does. A choice that was never offered to this contact does nothing but say so."""

from collections.abc import Callable
from typing import Any

from handlers import (
    answer,
    ending,
    escalation,
    feedback,
    greeting,
    guide,
    infos_chat,
    lessons_chat,
    meeting_chat,
    privacy,
    quality_chat,
    referent_chat,
    satisfaction,
    template_chat,
    transfer_chat,
)
from handlers.delivery import chosen, say
from handlers.talk import Talk
from handlers.turn import Turn
from knowledge.entries import Audience
from storage.tables import Contact

Given = dict[str, Any]
Doing = Callable[[Turn, Contact, Talk, Given], None]


def choose(turn: Turn, contact: Contact, talk: Talk, choice: str) -> None:
    """Does what the choice with this id stands for."""
    subject = infos_chat.stopped_by(choice)
    if subject is not None:
        infos_chat.stop(turn, contact, subject, "button")
        return
    found = chosen(turn, contact, choice)
    doing = DOINGS.get(found["do"]) if found is not None else None
    if found is None or doing is None:
        say(turn, contact, "choice.gone")
        return
    greeting.inform_once(turn, contact)
    doing(turn, contact, talk, found["given"])


def _entry(turn: Turn, contact: Contact, talk: Talk, given: Given) -> None:
    answer.show_entry(turn, contact, talk, given["entry"], question_id=given.get("question"))


def _human(turn: Turn, contact: Contact, talk: Talk, _given: Given) -> None:
    feedback.hand_over_last(turn, contact, talk)


def _another(turn: Turn, contact: Contact, talk: Talk, _given: Given) -> None:
    talk.ticket, talk.awaiting = None, None
    talk.forget_question()
    say(turn, contact, "another")


DOINGS: dict[str, Doing] = {
    "audience": lambda t, c, _, g: greeting.choose_audience(t, c, Audience(g["audience"])),
    "audiences": lambda t, c, _, __: _audiences(t, c),
    "themes": lambda t, c, _, __: greeting.themes(t, c),
    "theme": lambda t, c, _, g: greeting.theme(t, c, g["theme"]),
    "entry": _entry,
    "helped": lambda t, c, k, g: feedback.note(t, c, k, g["question"], helped=True),
    "not_helped": lambda t, c, k, g: feedback.note(t, c, k, g["question"], helped=False),
    "none": lambda t, c, k, g: feedback.rephrase_or_hand_over(t, c, k, g.get("question")),
    "rephrase": lambda t, c, k, _: feedback.ask_to_rephrase(t, c, k),
    "facile": lambda t, c, k, g: answer.give_facile(t, c, k, g["entry"], g["question"]),
    "guide": lambda t, c, k, g: guide.start(t, c, k, g["guide"]),
    "guide_pick": lambda t, c, k, g: guide.pick(t, c, k, g["guide"], g["step"], g["label"]),
    "guide_back": lambda t, c, k, g: guide.back(t, c, k, g["guide"], g["step"]),
    "guide_leave": lambda t, c, k, g: guide.leave(t, c, k, g["guide"]),
    "guide_resume": lambda t, c, k, _: guide.resume(t, c, k),
    "human": _human,
    "another": _another,
    "follow": lambda t, c, k, g: escalation.follow(t, c, k, g["ticket"]),
    "territory": lambda t, c, k, g: escalation.set_territory(t, c, k, g["code"]),
    "territory_unknown": lambda t, c, k, _: escalation.set_territory(t, c, k, None),
    "territory_change": lambda t, c, k, g: escalation.change_territory(t, c, k, g["ticket"]),
    "structure_skipped": lambda t, c, k, _: escalation.set_structure(t, c, k, None),
    "solved": lambda t, c, k, g: ending.confirm(t, c, k, g["ticket"]),
    "not_solved": lambda t, c, k, g: ending.deny(t, c, k, g["ticket"]),
    "helped_by": lambda t, c, _, g: satisfaction.note(t, c, g["ticket"], g["answer"]),
    "infos": lambda t, c, _, __: infos_chat.show(t, c),
    "infos_ask": lambda t, c, _, g: infos_chat.ask(t, c, g["subject"]),
    "infos_move": lambda t, c, _, __: infos_chat.move(t, c),
    "infos_region": lambda t, c, _, g: infos_chat.choose_region(t, c, g["subject"], g["region"]),
    "infos_place": lambda t, c, _, g: infos_chat.choose_place(t, c, g["subject"], g["code"]),
    "infos_agree": lambda t, c, _, g: infos_chat.agree(t, c, g),
    "infos_refuse": lambda t, c, _, __: infos_chat.refuse(t, c),
    "infos_stop": lambda t, c, _, g: infos_chat.stop(t, c, g["subject"], "button"),
    "infos_stop_all": lambda t, c, _, __: infos_chat.stop(t, c, None, "button"),
    "erase": lambda t, c, _, __: privacy.erase_contact(t, c),
    "keep": lambda t, c, _, __: _kept(t, c),
    "take": lambda t, c, _, g: referent_chat.take(t, c, g["ticket"]),
    "take_over": lambda t, c, _, g: referent_chat.take(t, c, g["ticket"], over=True),
    "learn": lambda t, c, _, g: lessons_chat.begin(t, c, g["ticket"], g["what"]),
    "learn_confirm": lambda t, c, _, __: lessons_chat.confirm(t, c),
    "learn_drop": lambda t, c, _, __: lessons_chat.drop(t, c),
    "assign": lambda t, c, _, g: transfer_chat.assign(t, c, g["ticket"], g["code"]),
    "assign_other": lambda t, c, _, g: transfer_chat.ask_place(t, c, g["ticket"]),
    "reply": lambda t, c, _, g: referent_chat.begin_reply(t, c, g["ticket"]),
    "send_template": lambda t, c, _, g: template_chat.send(t, c, g["ticket"], g["template"]),
    "drop_template": lambda t, c, _, __: template_chat.drop(t, c),
    "reply_to": lambda t, c, _, g: referent_chat.send_held(t, c, g["ticket"]),
    "ask_bot": lambda t, c, k, _: referent_chat.ask_bot(t, c, k),
    "action_done": lambda t, c, _, g: meeting_chat.done(t, c, g["action"]),
    "judge": lambda t, c, _, g: quality_chat.judge(t, c, g["answer"], g["verdict"]),
    "judge_skip": lambda t, c, _, g: quality_chat.skip(t, c, g["answer"]),
    "confirm_account": lambda t, c, _, g: referent_chat.confirm_account(t, c, g["invitation"]),
    "refuse_account": lambda t, c, _, g: referent_chat.refuse_account(t, c, g["invitation"]),
}
"""The table of contents of what buttons can do."""


def _audiences(turn: Turn, contact: Contact) -> None:
    say(turn, contact, "audience.which", greeting.audience_options(turn))


def _kept(turn: Turn, contact: Contact) -> None:
    say(turn, contact, "privacy.kept")
