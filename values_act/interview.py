"""An interview: ask only what still matters, and stop when the outcome is settled.

There is no stored position but the stack of replies. Each step fills them into the case and decides
it again, so a question is asked because of what is known now, and never out of habit.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy

from pydantic import ValidationError

from models.base import UNKNOWN
from models.case import MAX_ITEMS, InmateCase
from models.decision import Assumed, Decision
from models.law import Outcome
from values_act.answer import Answer, in_order
from values_act.asking import (
    BEGINNING,
    about_agency,
    about_taken,
    beginning,
    is_dated,
    missing_questions,
    taken_untold,
    with_nothing_taken,
)
from values_act.casefacts import LISTS
from values_act.casetext import case_yaml, in_file_order
from values_act.decide import Decider
from values_act.errors import InputError, first_fault, spelled
from values_act.questions import (
    CASE,
    PRESUMED,
    SUBJECTS,
    Choice,
    Place,
    Question,
    Raw,
    about_fact,
    about_list,
    item_name,
    named,
    put,
)
from values_act.replay import Given, State, replay
from values_act.replies import UncataloguedError, read_reply

KEPT = 500  # answers


class Interview:
    """Questions about one case, the next of them found by deciding what is known so far."""

    def __init__(
        self,
        decider: Decider,
        raw: Raw | None = None,
        *,
        fresh: bool = False,
        today: str | None = None,
        decided: dict[str, Answer] | None = None,
    ) -> None:
        """Begin.

        Args:
            decider: decides the case at every step.
            raw: the case so far, as a file gives it.
            fresh: nothing was written down yet: day, act, county and agency are asked where `raw`
                lacks them, and lists that it lacks are unknown.
            today: a day to offer for the day of the act, `2025-07-17`.
            decided: answers found before by the same decider, kept for interviews that begin
                alike; each interview adds its own.
        """
        self.decider = decider
        self.library = decider.library
        self._start: Raw = dict.fromkeys(LISTS.values(), UNKNOWN) if fresh else {}
        self._start |= deepcopy(raw or {})
        self._fresh, self._today = fresh, today
        self._replies: list[Given] = []
        self._refused: tuple[Place, str] | None = None  # an offense that the catalogue lacks
        self._decided: dict[str, Answer] = {} if decided is None else decided
        self._next: tuple[Question | None] | None = None

    # ------------------------------------------------------------ the steps
    def question(self) -> Question | None:
        """The next question; None once the outcome is settled, or nothing is left to ask.

        Raises:
            InputError: the case it began with cannot be decided.
        """
        if self._next is None:
            self._next = (self._find(),)
        return self._next[0]

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
        self._take(Given(question.place, value, offered=self._offered(question)))

    def skip(self) -> None:
        """Say that the answer is not known; the question is not asked again.

        Raises:
            InputError: nothing can be decided without an answer.
        """
        question = self._current()
        if question.needed:
            raise InputError("nothing can be decided without it")
        self._refused = None
        self._take(Given(question.place, skipped=True, offered=self._offered(question)))

    def back(self) -> None:
        """Take the last reply back.

        Raises:
            InputError: nothing was replied yet.
        """
        if not self._replies:
            raise InputError("this is the first question")
        self._replies.pop()
        self._next = self._refused = None

    # ------------------------------------------------------------ what has come of it
    def decision(self) -> Decision | None:
        """The decision on what is known; None before day and act are.

        A list that may hold more than was said is taken as complete, and the decision says so.
        """
        state = self._state()
        if not is_dated(state.raw):
            return None
        known = self._decide(state.raw)
        decision = self.decider.decide(known.case)
        lists = (*state.open, *state.doubted)
        found = (self._taken_as_complete(state.raw, name, known) for name in lists)
        assumed = [one for one in found if one is not None]
        warnings = [
            f"it is not known whether there are other {one.fact}; the answer takes none"
            for one in assumed
        ]
        more = {
            "assumed": (*assumed, *decision.assumed),
            "warnings": (*warnings, *decision.warnings),
        }
        return decision.model_copy(update=more)

    def so_far(self) -> tuple[Outcome, ...]:
        """The outcomes that what is known leaves; none before day and act are known."""
        raw = self._state().raw
        return in_order(self._decide(raw).settled.outcomes) if is_dated(raw) else ()

    def case(self) -> Raw:
        """The case as a file gives it, with every reply."""
        return in_file_order(self._state().raw)

    def yaml(self) -> str:
        """The case as text of a file that decides the same; says which lists may hold more."""
        state = self._state()
        notes = [f"{name}: whether there are others was not asked" for name in state.open]
        notes += [f"{name}: whether there are others is not known" for name in state.doubted]
        return case_yaml(state.raw, notes)

    def leads_to(self, question: Question) -> Iterator[tuple[Choice, tuple[Outcome, ...] | None]]:
        """The outcomes that each choice leaves, found as they are asked for.

        None where that was not looked into; no outcomes where a choice contradicts what is known,
        or where something presumed could change nothing by itself.
        """
        if question.place in BEGINNING:
            yield from ((choice, None) for choice in question.choices)
            return
        leads = question.leads or (None,) * len(question.choices)
        for choice, known in zip(question.choices, leads, strict=True):
            yield choice, self._outcomes(question, choice) if known is None else known

    def _outcomes(self, question: Question, choice: Choice) -> tuple[Outcome, ...]:
        raw = deepcopy(self._state().raw)
        put(raw, question.place, [choice.value] if question.form == "several" else choice.value)
        try:
            return in_order(self._decide(raw).settled.outcomes)
        except InputError:
            return ()

    # ------------------------------------------------------------ what is known
    def _current(self) -> Question:
        question = self.question()
        if question is None:
            raise InputError("no question is open")
        return question

    def _offered(self, question: Question) -> tuple[Place, ...]:
        if question.place.part != PRESUMED:
            return ()
        places = (named(str(choice.value), self.library.vocabulary) for choice in question.choices)
        return tuple(place for place in places if place is not None)

    def _take(self, given: Given) -> None:
        """Keep a reply, unless the case cannot be decided with it."""
        self._replies.append(given)
        try:
            raw = self._state().raw
            if is_dated(raw):
                self._decide(raw)
        except InputError:
            self._replies.pop()
            raise
        self._next = None

    def _state(self) -> State:
        return replay(self._start, self._replies, self.library.vocabulary)

    def _decide(self, raw: Raw) -> Answer:
        """The answer without contested readings, which no question hangs on."""
        key = json.dumps(raw, sort_keys=True)
        if key not in self._decided:
            if len(self._decided) >= KEPT:
                del self._decided[next(iter(self._decided))]
            self._decided[key] = self.decider.answer(as_case(raw), contested=False)
        return self._decided[key]

    # ------------------------------------------------------------ the next question
    def _find(self) -> Question | None:
        state = self._state()
        if self._fresh and (question := beginning(self.library, state, self._today)):
            return question
        if not is_dated(state.raw):
            raise InputError("a case names its day and its act")
        answer = self._decide(state.raw)
        if self._fresh and (question := about_agency(self.library, state, answer)):
            return question
        for place in state.owed:
            return about_fact(self.library.vocabulary, place, item_name(place), set())
        waiting: list[Question] = []
        if answer.outcome == "undetermined":
            waiting = missing_questions(self.library, state, answer)
            begun = [question for question in waiting if _of_last_item(state, question.place)]
            if begun:
                return begun[0]
        others = self._about_others(state, answer)
        if others or waiting:
            return others or waiting[0]
        return self._about_taken(state, answer)

    def _about_others(self, state: State, answer: Answer) -> Question | None:
        """Whether a list that has items holds another one, where one more could matter."""
        for name in state.open:
            if self._more_matters(state.raw, name, answer):
                return about_list(Place(name, len(state.raw[name]), ""))
        return None

    def _more_matters(self, raw: Raw, name: str, answer: Answer) -> bool:
        if len(raw[name]) >= MAX_ITEMS:  # a case holds no more
            return False
        more = self._with_one_more(raw, name).settled
        new = (SUBJECTS[name], len(raw[name]) + 1)
        return more.outcomes != answer.settled.outcomes or any(
            (lack.record.subject, lack.record.number) == new for lack in more.missing
        )

    def _with_one_more(self, raw: Raw, name: str) -> Answer:
        more = deepcopy(raw)
        put(more, Place(name, len(raw[name]), ""), True)
        return self._decide(more)

    def _taken_as_complete(self, raw: Raw, name: str, answer: Answer) -> Assumed | None:
        if not self._more_matters(raw, name, answer):
            return None
        more = self._with_one_more(raw, name).settled.outcomes
        return Assumed(
            fact=name,
            item=CASE,
            value="no others",
            because="it is not known whether there are others",
            otherwise=in_order(more - answer.settled.outcomes),
        )

    def _about_taken(self, state: State, answer: Answer) -> Question | None:
        """What was presumed, where it could matter if it is otherwise.

        The case is decided with all of it unknown: what is missing then is what could matter, some
        of it only together with other facts.
        """
        taken = taken_untold(self.library, state, answer)
        if not taken:
            return None
        bare = self._decide(with_nothing_taken(state.raw, taken))
        return about_taken(self.library, state, taken, bare)


def as_case(raw: Raw) -> InmateCase:
    """The case that raw values make.

    Raises:
        InputError: they make none; the first error.
    """
    try:
        return InmateCase.model_validate(raw)
    except ValidationError as error:
        fault = first_fault(InmateCase, raw, error, lambda _: (0, 0))
        raise InputError(f"{spelled(fault.path) or 'the case'}: {fault.message}") from None


def _of_last_item(state: State, place: Place) -> bool:
    """Whether a question is about the item that was begun last."""
    name = state.open[-1] if state.open else None
    return place.part == name and place.number == len(state.raw[name]) and bool(place.fact)
