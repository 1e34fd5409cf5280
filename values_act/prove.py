"""Proves properties of the law, for every case with any number of items, or finds a case without.

The answer to a question about an act is one function of the facts over a span of days. A property
is a condition on that function, so it holds for every case exactly where a node of the decision
diagram is the one for "nowhere". What is found otherwise is written as a case file and decided by
every engine before it is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from models.proof import Counterexample, Proof, PropertyView
from values_act.days import DAY
from values_act.diff import Differ
from values_act.library import Library
from values_act.places import Scope, places
from values_act.prove_dead import NoDead
from values_act.prove_implied import NoImplied
from values_act.prove_law import NoConflict, NoGap, OneBase
from values_act.prove_local import NeverWidens, Progress
from values_act.prove_stated import StatedCheck
from values_act.proving import NOTICE, Check, Court, Spot
from values_act.sharing import Grounds, in_time
from values_act.stated import Stated, with_properties
from values_act.versions import DEFAULT, Side

BUILT_IN: tuple[type[Check], ...] = (NoConflict, NoGap, OneBase, NoDead, NoImplied, NeverWidens)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be proved: of which law, county, acts and day; ids of properties, or all."""

    law: str | None = None
    county: str | None = None
    actions: tuple[str, ...] = ()
    as_of: date | None = None
    ids: tuple[str, ...] = ()

    def asks(self, name: str) -> bool:
        return not self.ids or name in self.ids


def all_ids(properties: Iterable[Stated]) -> list[str]:
    """Every property that can be asked for, by id."""
    own = [check.id for check in BUILT_IN]
    return [*own, *(one.stated.id for one in properties)]


@dataclass(slots=True)
class _Sweep:
    """Properties of one side of the law, asked together of each spot."""

    side: Side
    kinds: list[type[Check]] = field(default_factory=list)
    stated: list[Stated] = field(default_factory=list)


class Prover:
    """Proves properties under one copy of the law.

    Args:
        library: the law.
        properties: those that a file states.
        use_engine: whether counterexamples are decided by durable_rules too.
    """

    def __init__(
        self, library: Library, properties: Sequence[Stated] = (), *, use_engine: bool = True
    ) -> None:
        self.library = library
        self.properties = properties
        self.use_engine = use_engine

    def prove(self, wanted: Wanted, progress: Progress = lambda found, _: found) -> Proof:
        """Every property asked for, in the order of the file after those of any law.

        Raises:
            InputError: there is no such law or county.
            EngineError: a counterexample was found to be none; nothing is told then.
        """
        views = list(self._prove(wanted, progress))
        order = {name: number for number, name in enumerate(all_ids(self.properties))}
        views.sort(key=lambda view: order[view.id])
        return Proof(law_digest=self.library.digest, properties=tuple(views), notice=NOTICE)

    def _prove(self, wanted: Wanted, progress: Progress) -> Iterator[PropertyView]:
        for sweep in self._sweeps(wanted):
            yield from self._sweep(sweep, wanted, progress)
        for one in self._asked(wanted):
            if one.stated.same_as is not None:
                yield self._compare(one, wanted, progress)

    def _asked(self, wanted: Wanted) -> list[Stated]:
        return [
            one
            for one in self.properties
            if wanted.asks(one.stated.id) and wanted.law in (None, one.stated.law)
        ]

    def _side(self, one: Stated, wanted: Wanted) -> Side:
        stated = one.stated
        county = stated.county or wanted.county
        return Side(stated.law, self.library, stated.law, county, dict(stated.readings))

    # ------------------------------------------------------------ one version
    def _sweeps(self, wanted: Wanted) -> list[_Sweep]:
        """Properties of one version of the law by side."""
        law = wanted.law or DEFAULT
        first = _Sweep(Side(law, self.library, law, wanted.county))
        first.kinds = [check for check in BUILT_IN if wanted.asks(check.id)]
        found = [first]
        for one in self._asked(wanted):
            if one.stated.same_as is None:
                side = self._side(one, wanted)
                sweep = next((s for s in found if _alike(s.side, side)), None)
                if sweep is None:
                    sweep = _Sweep(side)
                    found.append(sweep)
                sweep.stated.append(one)
        return [sweep for sweep in found if sweep.kinds or sweep.stated]

    def _sweep(
        self, sweep: _Sweep, wanted: Wanted, progress: Progress
    ) -> Iterator[PropertyView]:  # fmt: skip
        library = with_properties(self.library, sweep.stated)
        names = frozenset(_rule_names(library) - _rule_names(self.library))
        side = replace(sweep.side, library=library)
        court = Court(side, self.use_engine)
        actions = self._actions(wanted, side)
        checks = [kind(court) for kind in sweep.kinds]
        checks += [StatedCheck(court, one) for one in sweep.stated]
        if not sweep.kinds:
            asked = {action for one in sweep.stated for action in one.actions}
            actions = tuple(action for action in actions if action in asked)
        scope = Scope(actions, side.county, wanted.as_of, _cuts(sweep.stated), every=True)
        grounds = Grounds()
        found = sorted(places(side, side, scope), key=in_time)
        for place in progress(found, "proving"):
            spot = Spot(place, grounds.of(place, found), names)
            for check in checks:
                check.at(spot)
        for check in checks:
            check.finish()
            if isinstance(check, NeverWidens):
                check.compare(wanted.county, scope, progress)
            yield check.view()

    def _actions(self, wanted: Wanted, side: Side) -> tuple[str, ...]:
        """The acts asked for that the law can speak of."""
        covered = side.library.encoded(side.law)
        actions = wanted.actions or tuple(side.library.vocabulary.actions)
        return tuple(action for action in actions if covered is None or action in covered)

    # ------------------------------------------------------------ two versions
    def _compare(self, one: Stated, wanted: Wanted, progress: Progress) -> PropertyView:
        """Whether two sides answer every case alike, and which kinds of case they do not."""
        other = one.stated.same_as
        assert other is not None  # noqa: S101  # asked only then
        first = self._side(one, wanted)
        second = Side(
            other.law or other.county or "readings", self.library, other.law or first.law,
            other.county or first.county, {**first.readings, **other.readings},
        )  # fmt: skip
        acts = [a for a in one.actions if not wanted.actions or a in wanted.actions]
        day = wanted.as_of or one.stated.as_of
        scope = Scope(acts, None, day, _cuts([one]))
        difference = Differ(first, second, use_engine=self.use_engine).compare(scope, progress)
        low, high = one.stated.days
        found: list[Counterexample] = []
        spans = 0
        for act in difference.actions:
            inside = [
                number for number, period in enumerate(act.periods)
                if not (period.last is not None and period.last < low)
                and not (period.first is not None and period.first > high)
            ]  # fmt: skip
            spans += len(inside)
            for kind in act.kinds:
                shown = [number for number in kind.periods if number in inside]
                if shown:
                    period = act.periods[shown[0]]
                    found.append(Counterexample(
                        words=f"{act.action}: {kind.sentence}", action=act.action,
                        first=period.first, last=period.last, county=period.county[0],
                        facts=kind.facts, case=kind.witness,
                    ))  # fmt: skip
        return PropertyView(
            id=one.stated.id, title=one.stated.title, says=one.stated.why or one.stated.title,
            verdict="DOES NOT HOLD" if found else "VERIFIED", law=first.law, county=first.county,
            acts=len(difference.actions), spans=spans, counterexamples=tuple(found),
            notes=difference.notes,
        )  # fmt: skip


def _alike(a: Side, b: Side) -> bool:
    return (a.law, a.county, dict(a.readings)) == (b.law, b.county, dict(b.readings))


def _rule_names(library: Library) -> set[str]:
    return {rule.id for law in library.definitions for rule in law.rules}


def _cuts(properties: Iterable[Stated]) -> frozenset[date]:
    """Days on which a property begins, or no longer is, to speak of acts."""
    found: set[date] = set()
    for one in properties:
        first, last = one.stated.days
        found |= {first} if first > date.min else set()
        found |= {last + DAY} if last < date.max else set()
    return frozenset(found)
