"""Which questions there are: from what an answer misses, and from what a case begins with."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import replace

from models.base import Scalar
from models.decision import Assumed, Missing
from values_act.answer import Answer
from values_act.assumptions import assumed_in
from values_act.conditions import facts_of
from values_act.library import Library
from values_act.questions import (
    CASE,
    EQUIVALENT,
    SUBJECTS,
    VARIANT,
    Choice,
    Place,
    Question,
    Raw,
    about_fact,
    about_list,
    about_presumed,
    item_name,
    make_unknown,
    place_of,
    stated,
)
from values_act.reasons import missing_in
from values_act.records import OFFENSE
from values_act.replay import State
from values_act.vocabulary import Vocabulary

DAY, ACT = Place(CASE, 0, "as_of"), Place(CASE, 0, "action")
COUNTY, KIND = Place(CASE, 0, "agency.county"), Place(CASE, 0, "agency.kind")
BEGINNING = frozenset({DAY, ACT, COUNTY, KIND})
FIRST = "warrants"  # of the lists, the one that settles most
SAID: Mapping[Scalar, str] = {True: "yes", False: "no"}  # as what is missing names its answers


# ---------------------------------------------------------------- what a case begins with


def is_dated(raw: Raw) -> bool:
    """Whether a case can be decided: it names its day and its act."""
    return {DAY.fact, ACT.fact} <= raw.keys()


def beginning(library: Library, state: State, today: str | None) -> Question | None:
    """Day, act and county, where the case has none yet."""
    raw = state.raw
    if DAY.fact not in raw:
        text = "On which day is the act done?"
        return Question(DAY, text, "day", default=today, needed=True)
    if ACT.fact not in raw:
        choices = tuple(Choice(act, said) for act, said in library.vocabulary.actions.items())
        return Question(ACT, "Which act is asked about?", "choice", CASE, choices, needed=True)
    if COUNTY not in state.asked and not stated(raw, COUNTY) and not raw.get("policy"):
        text = "In which county (none: state law alone)?"
        return Question(COUNTY, text, "county", default="none")
    return None


def about_agency(library: Library, state: State, answer: Answer) -> Question | None:
    """Which kind of agency, if another kind could get another answer or has another policy."""
    if KIND in state.asked or stated(state.raw, KIND):
        return None
    spec = library.vocabulary.facts["case", KIND.fact]
    if not any(one.fact == KIND.fact and one.otherwise for one in assumed_in(answer)):
        case = answer.case
        county = case.agency.county
        policies = [*(library.county(county).policies if county else ())]
        policies += [case.policy] if case.policy else []
        acting = [policy for policy in policies if case.action in policy.actions]
        if all(set(policy.binds) >= spec.words.keys() for policy in acting):
            return None
    default = str(spec.presumed.value) if spec.presumed else None
    return replace(about_fact(library.vocabulary, KIND, CASE, set()), default=default)


# ---------------------------------------------------------------- what is missing


def missing_questions(library: Library, state: State, answer: Answer) -> list[Question]:
    """Questions for what an answer misses and was not asked yet, in order."""
    members: dict[Place, set[str]] = {}
    found: dict[Place, Question] = {}
    for missing in missing_in(answer):
        place = place_of(missing.item, missing.fact, library.vocabulary)
        if place is None:
            continue
        members.setdefault(place, set()).add(missing.fact.rpartition(".")[2])
        question = _about_missing(library, state, place, missing, members[place])
        if question is not None and question.place not in state.asked:
            found[question.place] = question
    return _ordered(library.vocabulary, found)


def _about_missing(
    library: Library, state: State, place: Place, missing: Missing, members: set[str]
) -> Question | None:
    """The question for a missing fact, or for one that may tell it."""
    if place.of_list:
        return about_list(place)
    if place.fact == OFFENSE:
        return _about_offense(library, state, place, missing)
    offense = place._replace(fact=OFFENSE)
    if place in state.asked and offense in _tellers(library.vocabulary, place):
        return _about_offense(library, state, offense, missing)
    window = _about_window(library, state, place)
    return window or _with_leads(
        about_fact(library.vocabulary, place, missing.item, members), missing
    )


def _ordered(vocabulary: Vocabulary, found: Mapping[Place, Question]) -> list[Question]:
    """Lists first, of them the one that settles most; else what may tell a fact before it."""
    waiting = sorted(found, key=lambda place: (place != (FIRST, 0, ""), not place.of_list))
    told_by = {place: _tellers(vocabulary, place) - {place} for place in waiting}
    ordered: list[Question] = []
    while waiting:
        free = (place for place in waiting if told_by[place].isdisjoint(waiting))
        place = next(free, waiting[0])
        waiting.remove(place)
        ordered.append(found[place])
    return ordered


def _tellers(vocabulary: Vocabulary, place: Place) -> set[Place]:
    """Facts that may tell one: they imply it; or the offense, by what the catalogue rules out."""
    subject = SUBJECTS.get(place.part, "case")
    specs = vocabulary.by_subject[subject]
    names = {spec.name for spec in specs.values() if place.fact in (spec.name, spec.list_name)}
    found = {fact for name in names for one in specs[name].implied for fact in facts_of(one.when)}
    for never in vocabulary.never.get(subject, ()):
        tied = set(facts_of(never.when))
        if names & tied and any(specs[name].origin == "looked_up" for name in tied):
            found.add(OFFENSE)
    return {place._replace(fact=name) for name in found}


def _with_leads(question: Question, missing: Missing) -> Question:
    """The question with what each choice leaves, where the answer says it."""
    if question.form not in ("yes_no", "choice"):
        return question
    left = {answer.value: answer.outcomes for answer in missing.answers}
    leads = tuple(left.get(SAID.get(c.value, str(c.value))) for c in question.choices)
    return replace(question, leads=leads)


def _about_window(library: Library, state: State, place: Place) -> Question | None:
    """In place of a date, the one that a reading of the case counts the years by, from or to."""
    readings = state.raw.get("readings", {})
    for spec in library.vocabulary.by_subject[SUBJECTS.get(place.part, "case")].values():
        if spec.derive is None or spec.derive.years_from.otherwise != place.fact:
            continue
        of_case, of_item = spec.derive.years_to, spec.derive.years_from
        names = (
            (Place(CASE, 0, ""), of_case.options.get(readings.get(of_case.reading))),
            (place, of_item.options.get(readings.get(of_item.reading))),
        )
        for where, name in names:
            other = where._replace(fact=name or "")
            if name and other not in state.asked and not stated(state.raw, other):
                return about_fact(library.vocabulary, other, item_name(other), set())
    return None


def _about_offense(
    library: Library, state: State, place: Place, missing: Missing
) -> Question | None:
    """Which offense; which of several that it may be; or, where it is foreign, its like."""
    told = stated(state.raw, place)
    if not told and place not in state.asked:
        return Question(place, "Which offense is it (code and section)?", "offense", missing.item)
    entries = library.catalogue.find(told).entries if told else ()
    if len(entries) > 1:
        every = [Choice(entry.cite, entry.title) for entry in entries]
        fits = [one for one in every if f"{one.value}: {one.words}" in missing.choices] or every
        which = place._replace(fact=VARIANT)
        return Question(which, "Which of these is it?", "offense", missing.item, tuple(fits))
    spec = library.vocabulary.get(SUBJECTS[place.part], "jurisdiction")
    court = stated(state.raw, place._replace(fact="jurisdiction"))
    like = place._replace(fact=EQUIVALENT)
    if entries or court is None or (spec and court == spec.usual) or stated(state.raw, like):
        return None
    text = "Which California offense has the same elements (code and section)?"
    return Question(like, text, "offense", missing.item)


# ---------------------------------------------------------------- what was taken without being told


def taken_untold(library: Library, state: State, answer: Answer) -> dict[Place, Assumed]:
    """What an answer presumes or infers, and was not shown or asked yet."""
    done = state.asked | state.confirmed | {COUNTY}
    placed = ((place_of(one.item, one.fact, library.vocabulary), one) for one in assumed_in(answer))
    return {place: one for place, one in placed if place is not None and place not in done}


def with_nothing_taken(raw: Raw, taken: dict[Place, Assumed]) -> Raw:
    """The case with all that unknown instead."""
    bare = deepcopy(raw)
    for place in taken:
        make_unknown(bare, place)
    return bare


def about_taken(
    library: Library, state: State, taken: dict[Place, Assumed], bare: Answer
) -> Question | None:
    """One question for all that could matter; what could do so by itself stands first."""
    missing = {place_of(one.item, one.fact, library.vocabulary) for one in missing_in(bare)}
    mattering = [place for place in taken if place in missing]
    mattering.sort(key=lambda place: not taken[place].otherwise)
    shown = {place: taken[place] for place in mattering}
    return about_presumed(library.vocabulary, state.rounds, shown) if shown else None
