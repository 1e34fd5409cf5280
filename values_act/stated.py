"""Properties that a file states: read, checked, and put as rules that every engine evaluates.

What a property says of a case becomes a duty that changes no outcome, so the diagrams of every case
know where it holds, and a decision on a case says whether it holds there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from models.law import AllOf, Condition, Found, Law, Rule, Source
from models.property import OUTCOMES, Property, Such
from values_act import lawcheck
from values_act.altered import Altered
from values_act.errors import InputError, LawError, Steps, did_you_mean
from values_act.library import Library
from values_act.yamltext import Document, compose, load_many, read_text

FACTS, CLAIM = "facts", "claim"  # what a property presupposes of a case, and what it says of it
_SOURCE = Source(title="a property that is to be proved")


@dataclass(frozen=True, slots=True)
class Stated:
    """A property and where it stands."""

    stated: Property
    document: Document
    index: int
    actions: tuple[str, ...]

    @property
    def claim(self) -> Such | None:
        """What it says of a case, besides its outcome."""
        return self.stated.never or self.stated.always

    def rule(self, part: str) -> str:
        """The id of the rule that stands for a part of it."""
        return f"property {self.stated.id}: {part}"


def read_properties(path: Path, library: Library) -> list[Stated]:
    """Every property of a file, each name in it checked.

    Raises:
        InputError: it is no list of properties, or names what does not exist.
    """
    document = compose(read_text(path), str(path))
    found: list[Stated] = []
    for index, (stated, _) in enumerate(load_many(Property, document)):
        one = Stated(stated, document, index, tuple(_actions(stated, library, document, index)))
        known = {other.stated.id for other in found}
        if stated.id in known:
            raise document.error((index, "id"), f"property `{stated.id}` is given twice")
        _check(one, library)
        found.append(one)
    return found


def _actions(
    stated: Property, library: Library, document: Document, index: int
) -> Iterator[str]:  # fmt: skip
    vocabulary = library.vocabulary
    for name in stated.action:
        if name == "all":
            yield from vocabulary.actions
        elif name in vocabulary.several:
            yield from vocabulary.several[name]
        elif name in vocabulary.actions:
            yield name
        else:
            known = ["all", *vocabulary.actions, *vocabulary.several]
            raise document.error(
                (index, "action"),
                f"unknown action `{name}`; actions: {', '.join(known)}{did_you_mean(name, known)}",
            )


# ---------------------------------------------------------------- checks


def _check(one: Stated, library: Library) -> None:
    """Refuse what names no law, county, reading, outcome, fact or rule.

    Raises:
        InputError: with file, line and column.
    """
    stated = one.stated
    claims: list[tuple[Steps, Such]] = [((), stated)]
    for key, claim in (("never", stated.never), ("always", stated.always)):
        if claim is not None:
            claims.append(((key,), claim))
            for word in claim.outcome:
                if word not in OUTCOMES:
                    said = f"`{word}` is no outcome; outcomes: {', '.join(OUTCOMES)}"
                    raise _fault(one, (key, "outcome"), said + did_you_mean(word, OUTCOMES))
    _check_side(one, (), stated.law, stated.county, stated.readings, library)
    if stated.same_as is not None:
        other = stated.same_as
        _check_side(one, ("same as",), other.law or stated.law, other.county, other.readings,
                    library)  # fmt: skip
        return
    for steps, such in claims:
        for condition, path in _conditions(such, steps):
            _check_rules(one, path, condition, library)


def _check_side(
    one: Stated, path: Steps, law: str, county: str | None, readings: Mapping[str, str],
    library: Library,
) -> None:  # fmt: skip
    try:
        library.law(law)
    except InputError as error:
        raise _fault(one, (*path, "law"), str(error)) from None
    try:
        if county is not None:
            library.county(county)
    except InputError as error:
        raise _fault(one, (*path, "county"), str(error)) from None
    known = library.readings_beside(law)
    for name, option in readings.items():
        if name not in known:
            said = f"unknown reading `{name}`; see `readings list`{did_you_mean(name, known)}"
            raise _fault(one, (*path, "readings"), said)
        options = [*known[name].options, "none"]
        if option not in options:
            said = f"reading `{name}` has no option `{option}`; options: {', '.join(options)}"
            raise _fault(one, (*path, "readings", name), said + did_you_mean(option, options))


def _conditions(such: Such, path: Steps) -> Iterator[tuple[Rule, Steps]]:
    """Each condition as a rule of its own subject, to be checked as one, with its place."""
    if such.when is not None:
        yield _rule("checked", ("case",), such.when), (*path, "when")
    for subject, condition in such.some.items():
        yield _rule("checked", (subject,), condition), (*path, "some", subject)
    if such.found is not None:
        yield _rule("checked", ("case",), Found(rule=such.found)), (*path, "found")


def _check_rules(one: Stated, path: Steps, rule: Rule, library: Library) -> None:
    scope = (*library.definitions, *library.parts(one.stated.law))
    fault = lawcheck.rule_fault(rule, scope, library.vocabulary)
    if fault:
        raise _fault(one, path, fault)


def _fault(one: Stated, path: Steps, said: str) -> InputError:
    return one.document.error((one.index, *path), f"property `{one.stated.id}`: {said}")


# ---------------------------------------------------------------- rules


def with_properties(library: Library, properties: Sequence[Stated]) -> Library:
    """The law with a duty for what each property says of a case; the library itself without any.

    Raises:
        LawError: the law has a rule of the same name.
    """
    rules = tuple(rule for one in properties for rule in _rules(one))
    if not rules:
        return library
    there = {rule.id for law in library.laws.values() for rule in law.rules}
    for rule in rules:
        if rule.id in there:
            raise LawError(f"the law has a rule `{rule.id}`, as a property is called")
    add = Law(name="properties", title="properties", kind="definitions", source=_SOURCE,
              rules=rules)  # fmt: skip
    return Altered(library, add)


def _rules(one: Stated) -> Iterable[Rule]:
    yield from _such(one, FACTS, one.stated)
    if one.claim is not None:
        yield from _such(one, CLAIM, one.claim)


def _such(one: Stated, part: str, such: Such) -> Iterator[Rule]:
    """The rules for what is said of a case; none if nothing is."""
    name = one.rule(part)
    parts: list[Condition] = [such.when] if such.when is not None else []
    for subject, condition in such.some.items():
        mark = f"{name}, {subject}"
        yield _rule(mark, (subject,), condition)
        parts.append(Found(rule=mark))
    parts += [Found(rule=such.found)] if such.found is not None else []
    if parts:
        rule = _rule(name, ("case",), AllOf(parts=tuple(parts)))
        yield rule.model_copy(
            update={"marks": None, "duty": "request", "actions": one.actions}
        )  # fmt: skip


def _rule(name: str, subjects: tuple[str, ...], when: Condition) -> Rule:
    return Rule.model_validate({
        "id": name, "cite": name, "title": name, "text": name, "source": _SOURCE,
        "subject": subjects, "when": when, "marks": True,
    })  # fmt: skip
