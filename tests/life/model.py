"""What should become of a demand, in plain Python: the rules of its life without database or clock."""

from collections import Counter
from dataclasses import dataclass, field

SERVES = {"Camille": "25", "Sam": "25", "Lou": "39", "Diane": ""}
PEOPLE = tuple(SERVES)
PLACES = ("25", "39", "75")
_REGION = {"25": ("Camille", "Sam", "Lou"), "39": ("Camille", "Sam", "Lou"), "75": ()}
_CIRCLES = ("first", "territory", "deputy", "region", "national")


@dataclass
class Demand:
    """One demand and everybody around it. What is refused gives the reason and changes nothing."""

    now: int = 0
    state: str = "waiting"
    holder: str | None = None
    territory: str = "25"
    stage: str = "unrouted"
    told: dict[str, int] = field(default_factory=dict)
    round: tuple[str, int] | None = None
    """The circle that was told last, and when."""
    gone: bool = False
    forgotten: bool = False
    answered_at: int | None = None
    solution: str | None = None
    written: int = 0
    replies: int = 0
    notices: Counter[str] = field(default_factory=Counter)

    def begin(self) -> None:
        """It was just asked, and those who could take it are told."""
        self._route_anew()

    @property
    def is_open(self) -> bool:
        return self.state != "closed"

    def take(self, who: str, *, over: bool) -> str:
        refusal = self._opened(who)
        if refusal or self.holder == who:
            return refusal or "done"
        if self.holder is not None and not over:
            return "desk.taken_by"
        self._tell(self.holder)
        self._hand_to(who)
        return "done"

    def reply(self, who: str) -> str:
        refusal = self._workable(who)
        if refusal or self.state == "unreachable":
            return refusal or "desk.unreachable"
        self.state, self.holder, self.answered_at = "answered", who, self.now
        self.replies += 1
        return "done"

    def close(self, who: str) -> str:
        refusal = self._workable(who)
        if not refusal:
            self.state, self.holder, self.solution = "closed", who, "assumed"
        return refusal or "done"

    def take_up(self, who: str) -> str:
        if self._opened(who) == "desk.not_found":
            return "desk.not_found"
        if self.is_open:
            return "desk.not_closed"
        if self.forgotten:
            return "desk.erased"
        if self.holder not in (None, who):
            return "desk.closed_anothers"
        if self.gone:
            return "desk.unreachable"
        self.state, self.holder, self.solution = "taken", who, None
        return "done"

    def pass_on(self, who: str, place: str) -> str:
        refusal = self._workable(who)
        if not refusal:
            self.state = self.state if self.state == "unreachable" else "waiting"
            self.holder, self.territory = None, place
            self._route_anew()
        return refusal or "done"

    def hand_to(self, who: str, colleague: str) -> str:
        refusal = self._workable(who)
        if not refusal:
            self._hand_to(colleague)
            self._tell(colleague)
        return refusal or "done"

    def relocate(self, who: str, place: str) -> str:
        refusal = self._workable(who)
        if not refusal:
            self.territory = place
            if self.state == "waiting":
                self._route_anew()
        return refusal or "done"

    def write(self) -> None:
        self.find()
        self.written += 1
        self._ask()
        self._tell(self.holder)

    def confirm(self) -> None:
        self.find()
        if self.state == "closed" and self.solution == "confirmed":
            return
        if self.is_open:
            self._tell(self.holder)
        self.state, self.solution = "closed", "confirmed"

    def deny(self) -> None:
        self.find()
        if self.state == "closed":
            self.solution = None
            if self.holder is not None:
                self.state = "taken"
                self._tell(self.holder)
            else:
                self.state = "waiting"
                self._route_anew()
            return
        if self.state == "answered":
            self._tell(self.holder)
        self._ask()

    def lose(self) -> None:
        if self.gone:
            return
        self.gone = True
        if self.is_open:
            self.state = "unreachable"
            self._tell(self.holder)

    def find(self) -> None:
        if not self.gone:
            return
        self.gone = False
        if self.state == "unreachable":
            self.state = "waiting" if self.holder is None else "taken"
            self._tell(self.holder)
            if self.holder is None:
                self._route_anew()

    def forget(self) -> None:
        self.forgotten = True
        if self.is_open:
            self.state = "closed"
            self._tell(self.holder)

    def notice_is_due(self, round_: tuple[str, int]) -> None:
        """No notice is ever delivered here: the next circle is told, if it is still that one's turn."""
        if self.state == "waiting" and self.stage == round_[0] and self.round == round_:
            self._route()

    def silence_is_over(self, answered_at: int) -> None:
        if self.state == "answered" and self.answered_at == answered_at:
            self.state, self.solution = "closed", "assumed"

    def _opened(self, who: str) -> str | None:
        sees = who == "Diane" or SERVES[who] == self.territory or self.holder == who
        if not sees and not (who in self.told and self.is_open):
            return "desk.not_found"
        return None if self.is_open else "desk.closed"

    def _workable(self, who: str) -> str | None:
        refusal = self._opened(who)
        if refusal is None and self.holder not in (None, who):
            return "desk.taken_by"
        return refusal

    def _hand_to(self, who: str) -> None:
        self.holder = who
        self.state = self.state if self.state == "unreachable" else "taken"

    def _ask(self) -> None:
        if self.state == "answered":
            self.state = "taken"

    def _tell(self, who: str | None) -> None:
        if who is not None:
            self.notices[who] += 1

    def _route_anew(self) -> None:
        self.stage, self.told, self.round = "unrouted", {}, None
        self._route()

    def _route(self) -> None:
        while self.state == "waiting" and self.stage != "national":
            self.stage = _CIRCLES[_CIRCLES.index(self.stage) + 1] if self.stage in _CIRCLES else "first"
            new = [who for who in self._circle() if who not in self.told]
            new = new or (self._circle() if self.stage == "national" else [])
            if new:
                self.told |= dict.fromkeys(new, self.now)
                self.round = (self.stage, self.now)
                self.notices.update(new)
                return

    def _circle(self) -> list[str]:
        serving = [who for who in PEOPLE if SERVES[who] == self.territory]
        match self.stage:
            case "first":
                return serving[:1] if len(serving) > 1 else []
            case "territory":
                return serving
            case "region":
                return list(_REGION[self.territory])
            case "national":
                return ["Diane"]
            case _:
                return []
