"""An interview: ask only what still matters, and stop when the outcome is settled.

There is no stored position but the stack of replies. Each step fills them into the case and decides
it again, so a question is asked because of what is known now, and never out of habit.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from models.base import UNKNOWN
from models.case import MAX_ITEMS, InmateCase
from models.decision import Assumed, Decision, Missing
from models.law import Outcome
from values_act.answer import in_order
from values_act.casefacts import LISTS
from values_act.casetext import case_yaml, in_file_order
from values_act.decide import Decider
from values_act.errors import InputError
from values_act.questions import (
    CASE,
    EQUIVALENT,
    ITEM,
    OFFENSE,
    PRESUMED,
    SUBJECTS,
    VARIANT,
    Choice,
    Place,
    Question,
    Raw,
    about_fact,
    about_list,
    place_of,
    put,
    stated,
)
from values_act.replies import UncataloguedError, read_reply

DAY, ACT = Place(CASE, 0, "as_of"), Place(CASE, 0, "action")
COUNTY, KIND = Place(CASE, 0, "agency.county"), Place(CASE, 0, "agency.kind")
FIRST = "warrants"  # of the lists, the one that settles most
KEPT = 500  # decisions


@dataclass(slots=True)
class Given:
    """One reply; `skipped` if it was that nobody knows."""

    place: Place
    value: Any = None
    skipped: bool = False
    offered: tuple[Place, ...] = ()  # what was presumed, where that is what the question was


@dataclass(slots=True)
class State:
    """What the replies so far make of the case."""

    raw: Raw
    asked: set[Place] = field(default_factory=set)
    open: list[str] = field(default_factory=list)  # lists with items, perhaps with more
    doubted: list[str] = field(default_factory=list)  # lists that may hold more, nobody knows
    owed: list[Place] = field(default_factory=list)  # presumed wrongly, so to be asked
    confirmed: set[Place] = field(default_factory=set)  # presumed, and shown
    rounds: int = 0


class Interview:
    """Questions about one case, the next of them found by deciding what is known so far."""

    def __init__(
        self,
        decider: Decider,
        raw: Raw | None = None,
        *,
        fresh: bool = False,
        today: str | None = None,
    ) -> None:
        """Begin.

        Args:
            decider: decides the case at every step.
            raw: the case so far, as a file gives it.
            fresh: nothing was written down yet: day, act, county and agency are asked where `raw`
                lacks them, and lists that it lacks are unknown.
            today: a day to offer for the day of the act, `2025-07-17`.
        """
        self.decider = decider
        self.library = decider.library
        self._start: Raw = dict.fromkeys(LISTS.values(), UNKNOWN) if fresh else {}
        self._start |= deepcopy(raw or {})
        self._fresh, self._today = fresh, today
        self._given: list[Given] = []
        self._refused: tuple[Place, str] | None = None
        self._decided: dict[str, Decision] = {}
        self._next: tuple[int, Question | None] | None = None

    # ------------------------------------------------------------ the steps
    def question(self) -> Question | None:
        """The next question; None once the outcome is settled, or nothing is left to ask.

        Raises:
            InputError: the case it began with cannot be decided.
        """
        if self._next is None:
            self._next = (len(self._given), self._find())
        return self._next[1]

    def answer(self, reply: object) -> None:
        """Take a reply to the question asked: text as typed, or a value.

        Raises:
            InputError: it is no reply to the question, or contradicts what is known; it is not
                taken then, and the question stands.
        """
        question = self._current()
        refused, self._refused = self._refused, None
        try:
            value = read_reply(question, reply, self.library)
        except UncataloguedError as error:
            if refused != (question.place, error.text):
                self._refused = (question.place, error.text)
                raise
            value = error.text
        if question.place.of_list and question.place.number >= MAX_ITEMS and value:
            raise InputError(f"a case holds at most {MAX_ITEMS} {question.place.part}")
        self._take(Given(question.place, value, offered=self._offered(question)))

    def skip(self) -> None:
        """Say that the answer is not known; the question is not asked again.

        Raises:
            InputError: nothing can be decided without an answer.
        """
        question = self._current()
        if question.needed:
            raise InputError(f"{question.place.fact} must be known; nothing is decided without it")
        self._refused = None
        self._take(Given(question.place, skipped=True, offered=self._offered(question)))

    def back(self) -> None:
        """Take the last reply back.

        Raises:
            InputError: nothing was replied yet.
        """
        if not self._given:
            raise InputError("this is the first question")
        self._given.pop()
        self._next = self._refused = None

    def decision(self) -> Decision | None:
        """The decision on what is known; None before day and act are.

        A list that may hold more than was said is taken as complete, and the decision says so.
        """
        state = self._state()
        decision = self._decide(state.raw)
        if decision is None:
            return None
        told = [self._taken_as_complete(state.raw, name, decision)
                for name in (*state.open, *state.doubted)]  # fmt: skip
        assumed = [one for one in told if one is not None]
        warnings = [f"whether there are other {one.fact} is not known; the answer takes none"
                    for one in assumed]  # fmt: skip
        return decision.model_copy(
            update={
                "assumed": (*assumed, *decision.assumed),
                "warnings": (*warnings, *decision.warnings),
            }
        )

    def case(self) -> Raw:
        """The case as a file gives it, with every reply."""
        return in_file_order(self._state().raw)

    def yaml(self) -> str:
        """The case as text of a file that decides the same; says which lists may hold more."""
        state = self._state()
        notes = [f"{name}: whether there are others is not known"
                 for name in (*state.open, *state.doubted)]  # fmt: skip
        return case_yaml(state.raw, notes)

    def leads_to(self, question: Question) -> list[tuple[Choice, tuple[Outcome, ...]]]:
        """The outcomes that each choice leaves; none for one that contradicts what is known."""
        if question.leads:
            return list(zip(question.choices, question.leads, strict=True))
        return [(choice, self._outcomes(question, choice)) for choice in question.choices]

    # ------------------------------------------------------------ what is known
    def _current(self) -> Question:
        question = self.question()
        if question is None:
            raise InputError("no question is open")
        return question

    def _take(self, given: Given) -> None:
        """Keep a reply, unless the case cannot be decided with it."""
        self._given.append(given)
        try:
            self._decide(self._state().raw)
        except InputError:
            self._given.pop()
            raise
        self._next = None

    def _state(self) -> State:
        state = State(deepcopy(self._start))
        for given in self._given:
            self._apply(state, given)
        return state

    def _apply(self, state: State, given: Given) -> None:
        place = given.place
        state.asked.add(place)
        if place.part == PRESUMED:
            state.rounds += 1
            state.confirmed |= set(given.offered)
            for wrong in given.value or ():
                self._correct(state, wrong)
        elif place.of_list:
            if place.part in state.open:
                state.open.remove(place.part)
            if given.skipped and place.number:
                state.doubted.append(place.part)
            elif not given.skipped:
                put(state.raw, place, given.value)
                state.open += [place.part] if given.value else []
        elif given.skipped:
            if place in state.owed:
                put(state.raw, place, UNKNOWN)
        elif given.value is not None:
            put(state.raw, place, given.value)
        if place in state.owed:
            state.owed.remove(place)

    def _correct(self, state: State, name: str) -> None:
        """What was presumed is not so: the other answer, an item, or a question more."""
        place = self._named(name)
        if place.of_list:
            put(state.raw, place, True)
            state.open.append(place.part)
            return
        spec = self.library.vocabulary.facts[SUBJECTS.get(place.part, "case"), place.fact]
        taken = [spec.presumed] if spec.presumed else spec.implied
        if all(isinstance(one.value, bool) for one in taken):
            put(state.raw, place, not taken[0].value)
        else:
            state.owed.append(place)

    def _decide(self, raw: Raw) -> Decision | None:
        if not {DAY.fact, ACT.fact} <= raw.keys():
            return None
        key = json.dumps(raw, sort_keys=True)
        if key not in self._decided:
            try:
                case = InmateCase.model_validate(raw)
            except ValidationError as error:
                message = error.errors()[0]["msg"].removeprefix("Value error, ")
                raise InputError(message[:1].lower() + message[1:]) from None
            if len(self._decided) >= KEPT:
                self._decided.clear()
            self._decided[key] = self.decider.decide(case)
        return self._decided[key]

    # ------------------------------------------------------------ the next question
    def _find(self) -> Question | None:
        state = self._state()
        if self._fresh and (first := self._beginning(state)):
            return first
        decision = self._decide(state.raw)
        if decision is None:
            raise InputError("a case names its day and its act")
        for place in state.owed:
            return about_fact(self.library.vocabulary, place, self._title(place), set())
        if decision.outcome == "undetermined":
            waiting = in_order_asked(self._open_facts(state, decision))
            begun = [q for q in waiting if state.open and _of_last(state, q.place)]
            if begun:
                return begun[0]
            return self._others(state, decision) or next(
                iter(waiting), self._presumed(state, decision)
            )
        return self._others(state, decision) or self._presumed(state, decision)

    def _beginning(self, state: State) -> Question | None:
        """What a case begins with: day, act, county, and the agency if it matters."""
        raw, asked = state.raw, state.asked
        if DAY.fact not in raw:
            text = "On which day is the act done?"
            return Question(DAY, text, "day", default=self._today, needed=True)
        if ACT.fact not in raw:
            acts = self.library.vocabulary.actions.items()
            choices = tuple(Choice(act, said) for act, said in acts)
            return Question(ACT, "Which act is asked about?", "choice", CASE, choices, needed=True)
        if COUNTY not in asked and not stated(raw, COUNTY) and not raw.get("policy"):
            text = "In which county (none: state law alone)?"
            return Question(COUNTY, text, "county", default="none")
        if KIND not in asked and not stated(raw, KIND) and self._kind_matters(raw):
            question = about_fact(self.library.vocabulary, KIND, CASE, set())
            presumed = self.library.vocabulary.facts["case", KIND.fact].presumed
            default = str(presumed.value) if presumed else None
            return Question(KIND, question.text, question.form, CASE, question.choices, (), default)
        return None

    def _kind_matters(self, raw: Raw) -> bool:
        """Whether another kind of agency could get another answer, or another policy."""
        decision = self._decide(raw)
        if decision and any(a.fact == KIND.fact and a.otherwise for a in decision.assumed):
            return True
        kinds = set(self.library.vocabulary.facts["case", KIND.fact].words)
        case = InmateCase.model_validate(raw)
        name = case.agency.county
        found = self.library.county(name).policies if name else ()
        policies = (case.policy,) if case.policy else found
        return any(case.action in p.actions and not kinds <= set(p.binds) for p in policies)

    def _open_facts(self, state: State, decision: Decision) -> list[Question]:
        """Questions for what is missing, in the decision's order, without what was asked."""
        vocabulary = self.library.vocabulary
        members: dict[Place, set[str]] = {}
        found: dict[Place, Question] = {}
        for missing in decision.missing:
            place = place_of(missing.item, missing.fact, vocabulary)
            if place is None:
                continue
            if place.fact == OFFENSE:
                question = self._offense(state, place, missing)
            elif place.of_list:
                question = about_list(place)
            else:
                members.setdefault(place, set()).add(missing.fact.rpartition(".")[2])
                question = about_fact(vocabulary, place, missing.item, members[place])
            if question is not None and question.place not in state.asked:
                found[question.place] = question
        return list(found.values())

    def _offense(self, state: State, place: Place, missing: Missing) -> Question | None:
        """Which offense; which of several that it may be; or, where it is foreign, its like."""
        told = stated(state.raw, place)
        if not told and place not in state.asked:
            return Question(place, "Which offense is it (code and section)?", OFFENSE, missing.item)
        entries = self.library.catalogue.find(told).entries if told else ()
        if len(entries) > 1:
            pairs = [Choice(entry.cite, entry.title) for entry in entries]
            fits = [c for c in pairs if f"{c.value}: {c.words}" in missing.choices] or pairs
            return Question(
                place._replace(fact=VARIANT), missing.question, OFFENSE, missing.item, tuple(fits)
            )
        spec = self.library.vocabulary.get(SUBJECTS[place.part], "jurisdiction")
        court = stated(state.raw, place._replace(fact="jurisdiction"))
        like = place._replace(fact=EQUIVALENT)
        if entries or court is None or (spec and court == spec.usual) or stated(state.raw, like):
            return None
        text = "Which California offense has the same elements (code and section)?"
        return Question(like, text, OFFENSE, missing.item)

    def _others(self, state: State, decision: Decision) -> Question | None:
        """Whether a list that has items holds another one, where one more could matter."""
        for name in state.open:
            place = Place(name, len(state.raw[name]), "")
            if self._more_matters(state.raw, name, decision):
                return about_list(place)
        return None

    def _more_matters(self, raw: Raw, name: str, decision: Decision) -> bool:
        more = self._with_one_more(raw, name)
        number = str(len(raw[name]) + 1)
        return more.possible_outcomes != decision.possible_outcomes or any(
            (found := ITEM.match(missing.item)) and found.groups() == (_subject(name), number)
            for missing in more.missing
        )

    def _with_one_more(self, raw: Raw, name: str) -> Decision:
        more_raw = deepcopy(raw)
        put(more_raw, Place(name, len(raw[name]), ""), True)
        more = self._decide(more_raw)
        assert more is not None  # noqa: S101  # day and act are known where a list is asked for
        return more

    def _taken_as_complete(self, raw: Raw, name: str, decision: Decision) -> Assumed | None:
        if not self._more_matters(raw, name, decision):
            return None
        more = self._with_one_more(raw, name).possible_outcomes
        return Assumed(
            fact=name,
            item=CASE,
            value="no others",
            because="whether there are others is not known",
            otherwise=in_order(set(more) - set(decision.possible_outcomes)),
        )

    # ------------------------------------------------------------ what is presumed
    def _presumed(self, state: State, decision: Decision) -> Question | None:
        """One question for all that was taken without being told, and could matter otherwise.

        The case is decided with all of it unknown: what is missing then is what could matter,
        some of it only together with other facts.
        """
        taken: dict[Place, Assumed] = {}
        bare = deepcopy(state.raw)
        for assumed in decision.assumed:
            place = place_of(assumed.item, assumed.fact, self.library.vocabulary)
            if place and place != COUNTY and place not in state.asked | state.confirmed:
                taken[place] = assumed
                if place.of_list:
                    bare[place.part] = UNKNOWN
                else:
                    put(bare, place, UNKNOWN)
        other = self._decide(bare) if taken else None
        missing = (
            [place_of(m.item, m.fact, self.library.vocabulary) for m in other.missing]
            if other
            else []
        )
        found = [place for place in taken if place in missing]
        if not found:
            return None
        found.sort(key=lambda place: not taken[place].otherwise)
        choices = tuple(self._as_choice(place, taken[place]) for place in found)
        return Question(
            Place(PRESUMED, state.rounds, ""), "Is any of this otherwise?", "several", CASE, choices,
            tuple(taken[place].otherwise for place in found), "none",
        )  # fmt: skip

    def _as_choice(self, place: Place, assumed: Assumed) -> Choice:
        spec = self.library.vocabulary.get(SUBJECTS.get(place.part, "case"), place.fact)
        said = f"{spec.label}: {spec.say(assumed.value)}" if spec else f"{assumed.value}"
        return Choice(f"{self._title(place)} {place.fact or place.part}", said)

    def _offered(self, question: Question) -> tuple[Place, ...]:
        if question.place.part != PRESUMED:
            return ()
        return tuple(self._named(str(choice.value)) for choice in question.choices)

    def _named(self, name: str) -> Place:
        """The place of `conviction 1 disposition`, or `case charges`."""
        item, _, fact = name.rpartition(" ")
        return place_of(item, fact, self.library.vocabulary) or Place(CASE, 0, fact)

    def _title(self, place: Place) -> str:
        return CASE if place.part == CASE else f"{_subject(place.part)} {place.number}"

    # ------------------------------------------------------------ what a reply would lead to
    def _outcomes(self, question: Question, choice: Choice) -> tuple[Outcome, ...]:
        raw = deepcopy(self._state().raw)
        value = [choice.value] if question.form == "several" else choice.value
        put(raw, question.place, value)
        try:
            decision = self._decide(raw)
        except InputError:
            return ()
        return decision.possible_outcomes if decision else ()


def in_order_asked(questions: list[Question]) -> list[Question]:
    """Lists first, then which offense it is; for the rest the order of the decision stays."""
    return sorted(questions, key=_rank)


def _rank(question: Question) -> int:
    place = question.place
    if place.of_list:
        return 0 if place.part == FIRST else 1
    if question.form == OFFENSE:
        return 2
    return 4 if question.form == "several" else 3


def _of_last(state: State, place: Place) -> bool:
    """Whether a question is about the item that was begun last."""
    name = state.open[-1]
    return place.part == name and place.number == len(state.raw[name]) and bool(place.fact)


def _subject(name: str) -> str:
    return SUBJECTS[name]


def undecided_lists(raw: Raw) -> Iterator[str]:
    """Lists that a case leaves open."""
    yield from (name for name in LISTS.values() if raw.get(name) == UNKNOWN)
