"""Cases at random, made of nothing but the vocabulary, the limits of rules and the catalogue.

No law stands here: facts and words come from `rules/facts.yaml`, both sides of every limit from the
rules and policies that are loaded, offenses from the rows of the catalogue. A new rule is covered
as soon as it is loaded.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from math import prod
from random import Random
from typing import Any

from models.dates import add_years, years_between
from models.law import ITEM_SUBJECTS, AllOf, AnyOf, Condition, Found, Not, Rule, Subject, Test
from tests.scenes import DAY, Raw, Scene, as_case, bound, library, limits, rows_with
from values_act.casefacts import LISTS, read_facts
from values_act.conditions import leaves
from values_act.errors import InputError
from values_act.kleene import expected
from values_act.narrow import ContradictionError, narrow
from values_act.vocabulary import FactSpec, Open, Value, Values, is_known

EVENTS = ("A", "B", "C")
RAW = ("stated", "looked_up")
EMPTY: Mapping[str, Value] = {}


class Maker:
    """Makes cases of one scene on one day."""

    def __init__(self, rng: Random, scene: Scene, day: date | None = None) -> None:
        self.rng = rng
        self.scene = scene
        self.program = scene.program
        self.day = day or scene.day(rng)
        self.vocabulary = library().vocabulary
        self.definers: dict[tuple[Subject, str], list[Rule]] = {}
        for rule in self.program.rules.values():
            for subject in rule.subject if rule.defines else ():
                self.definers.setdefault((subject, rule.defines or ""), []).append(rule)
        self.readings: dict[str, str] = {}

    def domain(self, spec: FactSpec) -> list[Any]:
        """Values worth trying: every word, both answers, both sides of each limit."""
        key = (spec.subject, spec.name)
        if spec.type == "yes_no":
            return [True, False]
        if spec.type == "word":
            return list(spec.words) or list(EVENTS)
        if spec.type == "number":
            near = {n + d for n in limits().numbers.get(key, ()) for d in (-1, 0, 1)}
            return sorted(n for n in near | {0, 100_000} if n >= 0)
        return sorted(d.toordinal() for d in self.days(spec) if d <= self.day)

    def days(self, spec: FactSpec) -> set[date]:
        """The act's day, days about each date a rule tests, about each window, and leap days."""
        key = (spec.subject, spec.name)
        near = {self.day, self.day - DAY, date(1985, 6, 1), date(2016, 2, 29), date(2004, 2, 29)}
        near |= {day + n * DAY for day in limits().days.get(key, ()) for n in (-1, 0, 1)}
        for name in self.vocabulary.by_subject[spec.subject]:
            if self.vocabulary.facts[spec.subject, name].derive is None:
                continue
            for years in limits().numbers.get((spec.subject, name), ()):
                start = add_years(self.day, -years)
                near |= {start + n * DAY for n in (-2, -1, 0, 1)}
                leap = max(y for y in range(start.year - 4, start.year + 1) if y % 4 == 0)
                near |= {date(leap, 2, 28) + n * DAY for n in range(3)}
        return near

    def solve(self, subject: Subject, node: Condition | None, truth: bool, facts: Values) -> bool:
        """Add facts that give a condition a truth; false where those present forbid it."""
        if isinstance(node, (AllOf, AnyOf)):
            if isinstance(node, AllOf) is truth:
                return all(self.solve(subject, part, truth, facts) for part in node.parts)
            return self._any(subject, node.parts, truth, facts)
        if isinstance(node, Not):
            return self.solve(subject, node.part, not truth, facts)
        if not isinstance(node, Test):
            return True
        spec = self.vocabulary.facts[subject, node.fact]
        if spec.origin == "defined":
            return self._solve_defined(subject, node.fact, truth, facts)
        if spec.derive is not None:
            name = spec.derive.years_from.otherwise
            dated = self.vocabulary.facts[subject, name]
            options = [
                value
                for value in ([facts[name]] if name in facts else self.domain(dated))
                if expected(node.expect, self.years(value)) is truth
            ]
        else:
            name = node.fact
            options = [facts[name]] if name in facts else self.domain(spec)
            options = [value for value in options if expected(node.expect, value) is truth]
        if not options:
            return False
        facts[name] = self.rng.choice(options)
        return True

    def years(self, start: Value) -> int:
        return years_between(date.fromordinal(int(str(start))), self.day)

    def _any(
        self, subject: Subject, nodes: Sequence[Condition | None], truth: bool, facts: Values
    ) -> bool:
        """The first of several conditions, in any order, that can be given a truth."""
        for node in self.rng.sample(nodes, len(nodes)):
            trial = dict(facts)
            if self.solve(subject, node, truth, trial):
                facts |= trial
                return True
        return False

    def _solve_defined(self, subject: Subject, name: str, truth: bool, facts: Values) -> bool:
        rules = self.definers.get((subject, name), [])
        if not truth:
            return all(
                self.solve(subject, rule.when, False, facts) or self.shut(rule) for rule in rules
            )
        for rule in self.rng.sample(rules, len(rules)):
            trial = dict(facts)
            if self.solve(subject, rule.when, True, trial):
                facts |= trial
                self.choose(rule)
                return True
        return False

    def shut(self, rule: Rule) -> bool:
        """Take another option of some reading that a rule asks for."""
        for name, options in rule.reading.items():
            for option in self.program.readings[name].options:
                if option not in options and self.readings.setdefault(name, option) == option:
                    return True
        return False

    def choose(self, rule: Rule) -> None:
        """Take the readings under which a rule is live."""
        self.readings |= {name: self.rng.choice(list(o)) for name, o in rule.reading.items()}

    def facts(self, subject: Subject, aim: Rule | None = None, *, truth: bool = True) -> Raw | None:
        """Every fact of a subject that the program reads; None where the aim cannot be met."""
        facts: Values = {}
        if aim is not None and not self.solve(subject, aim.when, truth, facts):
            return None
        specs = self.vocabulary.by_subject[subject]
        looked = {n: v for n, v in facts.items() if specs[n].origin == "looked_up"}
        if aim is None or self.rng.random() < 0.8 or any(specs[n].list_name for n in looked):
            fits = rows_with(subject, looked)
            if fits:
                row, given = self.rng.choice(fits)
                facts = {n: v for n, v in facts.items() if n not in looked}
                return self.complete(subject, facts, row, given)
        return self.complete(subject, facts)

    def complete(
        self, subject: Subject, facts: Values, row: str = "", given: Mapping[str, Value] = EMPTY
    ) -> Raw | None:
        """Facts as written, with those that are still open chosen as `never` allows."""
        specs = self.vocabulary.by_subject[subject]
        values = {n: s.unknown(self.day) for n, s in specs.items() if s.origin in RAW}
        values |= {n: s.presumed.value for n, s in specs.items() if s.presumed}
        values |= {**given, **facts}
        names = [
            name
            for name in self.needed(subject)
            if name not in facts and not (row and name in given)
        ]
        self.rng.shuffle(names)
        lists = {specs[name].list_name for name in facts}
        try:
            narrow(self.vocabulary, subject, values)
            for name in names:
                spec = specs[name]
                if is_known(values[name]) and not (spec.presumed and self.rng.random() < 0.08):
                    continue
                if spec.list_name:
                    values[name] = spec.list_name not in lists and self.rng.random() < 0.12
                else:
                    value = values[name]
                    options = value.choices if isinstance(value, Open) else self.domain(spec)
                    values[name] = self.rng.choice(list(options))
                if name in bound(subject):
                    narrow(self.vocabulary, subject, values)
        except ContradictionError:
            return None
        stated = {name: values[name] for name in (*names, *facts) if is_known(values[name])}
        raw = self.as_written(subject, stated)
        return {**raw, "offense": row} if row else raw

    def needed(self, subject: Subject) -> list[str]:
        """Raw facts that the program reads, with the dates that derived ones are computed from."""
        names: dict[str, None] = {}
        for name in sorted(self.program.reads[subject]):
            derive = self.vocabulary.facts[subject, name].derive
            names[derive.years_from.otherwise if derive else name] = None
        return list(names)

    def as_written(self, subject: Subject, facts: Values) -> Raw:
        """Facts as a case file states them: members in lists, days as text."""
        written: Raw = {}
        for name, value in facts.items():
            spec = self.vocabulary.facts[subject, name]
            if spec.list_name:
                if spec.origin == "looked_up":
                    continue  # a case cannot state them; a row of the catalogue does
                members = written.setdefault(spec.list_name, [])
                if value:
                    members.append(spec.member)
            elif spec.type == "date":
                written[name] = date.fromordinal(int(str(value))).isoformat()
            else:
                written[name] = value
        return written

    # ------------------------------------------------------------ whole cases
    def item(self, subject: Subject, aim: Rule | None = None) -> Raw:
        """An item with every fact known that the program reads."""
        for attempt in range(40):
            found = self.facts(subject, aim if attempt < 20 else None)
            if found is None:
                continue
            if self.rng.random() < 0.5 and self.vocabulary.get(subject, "event"):
                found["event"] = self.rng.choice(EVENTS)
            found |= self.other_dates(subject)
            if self.fits(self.frame({LISTS[subject]: [found]})):
                return found
        return {}

    def other_dates(self, subject: Subject) -> Raw:
        """Dates that a reading may count from instead, now and then."""
        found: Raw = {}
        for spec in self.vocabulary.by_subject[subject].values():
            for name in spec.derive.years_from.options.values() if spec.derive else ():
                if self.rng.random() < 0.15:
                    days = self.domain(self.vocabulary.facts[subject, name])
                    found[name] = date.fromordinal(self.rng.choice(days)).isoformat()
        return found

    def fits(self, raw: Raw) -> bool:
        """Whether the facts stated can all be true."""
        try:
            read_facts(as_case(raw), self.vocabulary, library().catalogue)
        except InputError:
            return False
        return True

    def frame(self, parts: Raw) -> Raw:
        raw: Raw = {
            "as_of": self.day.isoformat(),
            "action": self.scene.action,
            "law": self.scene.law,
        }
        raw["agency"] = {"county": self.scene.county} if self.scene.county else {}
        if self.scene.policy is not None:
            raw["policy"] = self.scene.policy.model_dump(mode="json", exclude_unset=True)
        if self.scene.agency is not None:
            raw["agency"]["kind"] = self.scene.agency
        for name, value in parts.items():
            section, _, rest = name.partition(".")
            if rest:
                raw.setdefault(section, {})[rest] = value
            else:
                raw[name] = value
        return raw

    def case(self, *, most: int = 3, gaps: tuple[int, ...] = (0, 0, 0, 0, 1, 1, 2, 3)) -> Raw:
        """A whole case with up to `most` items, of which some facts are left unknown."""
        rng = self.rng
        while True:
            self.readings = {}
            parts = self.frame(self._parts(rng.randrange(most + 1)))
            for _ in range(rng.choice(gaps)):
                self.leave_open(parts)
            parts["readings"] = self.some_readings()
            if self.fits(parts):
                return parts

    def _parts(self, count: int) -> Raw:
        rng = self.rng
        aims = [rule for rule in self.program.rules.values() if not rule.duty]
        if rng.random() < 0.5:
            aims = [rule for rule in aims if rule.permits or rule.requires] or aims
        aim = rng.choice(aims) if aims and rng.random() < 0.85 else None
        if aim is not None:
            self.choose(aim)
        subjects = [subject for subject in ITEM_SUBJECTS if self.program.reads[subject]]
        parts: Raw = {LISTS[subject]: [] for subject in ITEM_SUBJECTS}
        wanted: list[tuple[Subject, Rule | None]] = []
        if aim is not None and not aim.about_case:
            wanted.append((rng.choice(aim.subject), aim))
        if aim is not None and aim.about_case:
            named = [leaf for leaf in leaves(aim.when) if isinstance(leaf, Found)]
            rules = [self.program.rules[leaf.rule] for leaf in named[:2]]
            wanted += [(rule.subject[0], rule) for rule in rules]
        wanted += [(rng.choice(subjects), None) for _ in range(count) if subjects]
        for subject, rule in wanted:
            parts[LISTS[subject]].append(self.item(subject, rule))
        for subject in subjects:
            if not parts[LISTS[subject]] and rng.random() < 0.3 and self.fillings(subject) < 20_000:
                parts[LISTS[subject]] = "unknown"
        parts |= self.own_facts(aim if aim is not None and aim.about_case else None)
        return parts

    def own_facts(self, aim: Rule | None) -> Raw:
        """Facts of the case itself."""
        found = self.facts("case", aim) or self.facts("case") or {}
        found.pop("agency.kind", None)
        for spec in self.vocabulary.facts.values():
            for name in spec.derive.years_to.options.values() if spec.derive else ():
                if self.rng.random() < 0.15:
                    days = self.domain(self.vocabulary.facts["case", name])
                    found[name] = date.fromordinal(self.rng.choice(days)).isoformat()
        return found

    def fillings(self, subject: Subject) -> int:
        specs = [self.vocabulary.facts[subject, name] for name in self.needed(subject)]
        return prod(len(spec.words) or 2 for spec in specs)

    def some_readings(self) -> dict[str, str]:
        taken = dict(self.readings) if self.rng.random() < 0.7 else {}
        names = list(self.program.readings)
        if self.rng.random() < 0.5:
            for name in self.rng.sample(names, min(3, len(names))):
                options = [*self.program.readings[name].options, "none"]
                taken.setdefault(name, self.rng.choice(options))
        return taken

    def leave_open(self, raw: Raw) -> None:
        """Make one stated fact of a case unknown, or a date partial, or an offense less exact."""
        sections = [raw[name] for name in ("request", "person", "act", "handover") if name in raw]
        items = [i for name in LISTS.values() if isinstance(raw[name], list) for i in raw[name]]
        places = [(part, key) for part in (*sections, *items) for key in part if key != "event"]
        if not places:
            return
        telling = [(part, key) for part, key in places if key in ("offense", "date")]
        if telling and self.rng.random() < 0.25:
            places = telling
        part, key = self.rng.choice(places)
        value = part[key]
        if key == "offense":
            part[key] = value.rpartition("(")[0] or value
        elif isinstance(value, list):
            if self.rng.random() < 0.3:
                del part[key]
        elif re.fullmatch(r"\d{4}-\d\d-\d\d", str(value)):
            part[key] = self.rng.choice([value[:7], value[:4], "unknown"])
        else:
            part[key] = "unknown"
