"""What a difference says, beside what brute force finds for the same place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from random import Random

from models.difference import ActionView, Difference, KindView, PeriodView
from tests.everycase import Pair, Space, Tried
from tests.littlelaw import ACTION, LAW
from tests.scenes import Raw, as_case
from values_act.decide import NONE, Decider
from values_act.diff import Differ
from values_act.errors import InputError
from values_act.library import Library
from values_act.places import Scope
from values_act.program import build
from values_act.versions import Side

PLACE = {("agency", "county"), ("agency", "kind")}  # where a witness is, not a fact of it
PLACES = 2  # of an edit that are tried, picked at random
MOST = 4  # items that brute force goes up to for an outcome that fewer do not reach


def sides(first: Library, second: Library) -> tuple[Side, Side]:
    return Side("the one", first, law=LAW), Side("the other", second, law=LAW)


def compared(a: Side, b: Side, scope: Scope) -> tuple[Difference, ActionView]:
    found = Differ(a, b, use_engine=False).compare(scope)
    return found, found.actions[0]


def space(
    libraries: tuple[Library, Library], day: date, counties: tuple[str | None, str | None],
    kind: str, readings: Mapping[str, str], rng: Random,
) -> Space:  # fmt: skip
    """Every case on a day, in a county and of an agency, with some readings taken."""
    programs, choices = [], []
    for held, county in zip(libraries, counties, strict=True):
        place = held.county(county) if county else None
        program = build(held, LAW, day, ACTION, place, kind if county else None)
        taken = {n: readings.get(n, r.default) for n, r in program.readings.items()}
        programs.append(program)
        choices.append({n: None if option == NONE else option for n, option in taken.items()})
    agency = {"kind": kind, **({"county": counties[0]} if counties[0] else {})}
    raw = {"as_of": day.isoformat(), "action": ACTION, "law": LAW, "agency": agency}
    raw |= {"readings": dict(readings)} if readings else {}
    return Space((programs[0], programs[1]), (choices[0], choices[1]), day, raw, rng)


def pairs_of(period: PeriodView) -> set[Pair]:
    return {(b, a) for b, row in period.matrix.items() for a, n in row.items() if n}  # type: ignore[misc]


def faults(
    libraries: tuple[Library, Library], act: ActionView, rng: Random, seen: Counter[str]
) -> Iterator[str]:
    """Everything in which an act's periods and kinds are not as brute force says."""
    deciders = tuple(Decider(held, use_engine=False) for held in libraries)
    places = list(enumerate(act.periods))
    for number, period in rng.sample(places, min(PLACES, len(places))):
        for kind in period.agencies or ("sheriff",):
            where = f"{period.county} {kind} {period.readings} {period.first} {period.last}"
            kinds = [k for k in act.kinds if number in k.periods]
            duties = {(d.rule, d.change) for d in act.duties if number in d.periods}
            told = pairs_of(period)
            own = space(libraries, period.day, period.county, kind, period.readings, rng)
            found: set[Pair] = set()
            owed: set[tuple[str, str]] = set()
            changed: dict[object, Tried] = {}
            for most in range(MOST + 1):
                for tried in own.every(most):
                    found.add(tried.outcomes)
                    if tried.outcomes[0] != tried.outcomes[1]:
                        changed.setdefault(tried.key, tried)
                    else:
                        before, after = tried.duties
                        owed |= {(r, "owed") for r in after - before}
                        owed |= {(r, "no longer owed") for r in before - after}
                if most >= 2 and (found, owed) == (told, duties):
                    break
            seen["cases"] += own.cases
            seen[f"up to {most} items"] += 1
            if found != told:
                yield f"{where}: told {sorted(told - found)} too many, {sorted(found - told)} lack"
            if owed != duties:
                yield f"{where}: duties told {sorted(duties)}, found {sorted(owed)}"
            seen["periods"] += 1
            seen["changed"] += len(changed)
            for tried in changed.values():
                yield from kindless(deciders, tried, kinds, where, seen)


def kindless(deciders, tried, kinds, where, seen) -> Iterator[str]:
    """Whether a case that changes is of no kind whose rules decide it."""
    case = as_case(tried.raw)
    one, two = (decider.decide(case) for decider in deciders)
    seen["decided"] += 1
    if (one.outcome, two.outcome) != tried.outcomes:
        yield f"{where}: {tried.raw}: {tried.outcomes} but decided {one.outcome} {two.outcome}"
    own = [k for k in kinds if (k.before, k.after) == tried.outcomes]
    fit = [
        k for k in own
        if (k.before == "undetermined" or k.rule_before in one.deciding)
        and (k.after == "undetermined" or k.rule_after in two.deciding)
    ]  # fmt: skip
    if not fit:
        yield f"{where}: of no kind: {tried.raw}: {one.deciding} {two.deciding} {own}"


# ---------------------------------------------------------------- what is said to be equal


def silent(
    libraries: tuple[Library, Library], act: ActionView, day: date, county: str | None, kind: str,
    readings: Mapping[str, str], rng: Random, most: int = 2,
) -> str | None:  # fmt: skip
    """A case that changes on a day of which the difference does not speak, if there is one."""
    own = space(libraries, day, (county, county), kind, readings, rng)
    for number in range(most + 1):
        for tried in own.every(number):
            if tried.outcomes[0] != tried.outcomes[1] or tried.duties[0] != tried.duties[1]:
                return f"{day} {county} {kind} {readings}: {tried.outcomes} {tried.raw}"
    return None


def covering(act: ActionView, day: date, county: str | None, kind: str,
             readings: Mapping[str, str]) -> list[PeriodView]:  # fmt: skip
    """The places of a difference that speak of a day, a county, an agency and readings."""
    return [
        p for p in act.periods
        if (p.first is None or p.first <= day) and (p.last is None or day <= p.last)
        and p.county == (county, county) and (not p.agencies or kind in p.agencies)
        and p.readings == dict(readings)
    ]  # fmt: skip


# ---------------------------------------------------------------- witnesses


def without_each(raw: Raw) -> Iterator[tuple[str, Raw]]:
    """The case without each fact, item or reading that it states."""
    for section in ("person", "request", "agency"):
        for name in raw.get(section, {}):
            if (section, name) not in PLACE:
                kept = {k: v for k, v in raw[section].items() if k != name}
                yield f"{section}.{name}", {**raw, section: kept}
    for name in ("convictions", "charges", "warrants"):
        items = raw.get(name, [])
        for number, item in enumerate(items):
            rest = [*items[:number], *items[number + 1 :]]
            yield f"{name} {number}", {**raw, name: rest}
            for fact in item:
                kept = {k: v for k, v in item.items() if k != fact}
                rest = [*items[:number], kept, *items[number + 1 :]]
                yield f"{name} {number} {fact}", {**raw, name: rest}
    for name in raw.get("readings", {}):
        kept = {k: v for k, v in raw["readings"].items() if k != name}
        yield f"reading {name}", {**raw, "readings": kept}


def needless(deciders: Sequence[Decider], kind: KindView) -> Iterator[str]:
    """What a witness states without need: left out, both decide alike, by the same rules."""

    def gist(raw: Raw) -> list[object]:
        each = (decider.decide(as_case(raw)) for decider in deciders)
        return [
            (d.outcome, set(d.deciding), {(m.fact, m.item) for m in d.missing},
             {(duty.rule, duty.certain) for duty in d.duties})
            for d in each
        ]  # fmt: skip

    wanted = gist(kind.witness)
    if [one[0] for one in wanted] != [kind.before, kind.after]:  # type: ignore[index]
        yield "the witness is decided otherwise"
    for what, raw in without_each(kind.witness):
        try:
            if gist(raw) == wanted:
                yield what
        except InputError:
            continue  # without it there is no case
