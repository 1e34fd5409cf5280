"""The diagram of a case: when it is made, what stands for a list left open, dates of the case."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date
from itertools import combinations_with_replacement, product
from pathlib import Path
from random import Random

import pytest

from models.dates import add_years
from models.law import ITEM_SUBJECTS, Derivation, Law, Subject
from models.terms import Outcome
from tests.generate import Maker
from tests.oracles.brute import axes_of
from tests.scenes import DAY, Raw, Scene, acts, as_case, edited, law_names, library, limits, scene
from tests.test_cli import ROBBERY, ROOT, run, written
from tests.test_fillings import lacking
from values_act.answer import Answer
from values_act.casefacts import LISTS
from values_act.data import data_folder
from values_act.decide import Decider
from values_act.readers.mdd import Mdd
from values_act.scenarios import load_folders

Outcomes = frozenset[Outcome]
DIAGRAMS = {"values_act.readers.mdd", "values_act.readers.diagram", "values_act.exact"}
JUDGE = Decider(library(), use_engine=False)
TODAY = "2025-07-17"
TRIALS = 20
GRADES = ("felony", "misdemeanor")
UNDETERMINED = """
as_of: 2025-07-17
action: transfer
person: {registrant: never}
convictions: [{offense: PC 192, date: 2005-03-01, grade: felony, findings: []}]
"""


def settled(raw: Raw, judge: Decider = JUDGE) -> Outcomes:
    return judge.answer(as_case(raw)).settled.outcomes


# ---------------------------------------------------------------- when it is made
LOADED = """
import json, sys
from models.case import InmateCase
from values_act.decide import Decider
from values_act.library import Library
decider = Decider(Library(), use_engine=False)
for raw in json.load(sys.stdin):
    outcome = decider.decide(InmateCase.model_validate(raw)).outcome
    print(json.dumps([outcome, sorted(name for name in sys.modules if "values_act" in name)]))
"""


def loaded(cases: list[Raw]) -> list[tuple[str, set[str]]]:
    """The outcome of each case, and the modules that one fresh process has loaded by then."""
    done = subprocess.run(
        [sys.executable, "-c", LOADED],
        cwd=ROOT, input=json.dumps(cases), capture_output=True, text=True, check=True,
    )  # fmt: skip
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    return [(outcome, set(modules)) for outcome, modules in lines]


def complete_cases(count: int) -> list[Raw]:
    """Cases of scenarios in which nothing that the law reads is open."""
    cases = [placed.scenario.case for placed in load_folders([data_folder("scenarios")])]
    Random(7).shuffle(cases)
    found: list[Raw] = []
    for case in cases:
        answer = JUDGE.answer(case)
        if not answer.facts.open_lists and not axes_of(
            answer.program, answer.facts, answer.choices
        ):
            found.append(case.model_dump(mode="json", exclude_unset=True))
            if len(found) == count:
                break
    return found


def test_a_complete_case_is_decided_without_a_diagram(tmp_path: Path) -> None:
    complete = complete_cases(12)
    assert len(complete) == 12
    code = "import sys; from values_act.cli.run import run; run(); print(*sys.modules)"
    for file, outcome, wanted in (
        (Path(ROBBERY), "PERMITTED", set[str]()),
        (written(tmp_path, UNDETERMINED), "UNDETERMINED", DIAGRAMS),
    ):
        done = subprocess.run(
            [sys.executable, "-c", code, "decide", str(file)],
            cwd=ROOT, capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert outcome.lower() in done.stdout.lower()
        assert set(done.stdout.split()) & DIAGRAMS == wanted
    for outcome, modules in loaded(complete):
        assert outcome != "undetermined"
        assert "values_act.settle" in modules
        assert not modules & DIAGRAMS


def test_a_case_that_outgrows_the_diagram_gets_one_line_and_no_outcome(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = written(tmp_path, UNDETERMINED)
    assert "undetermined" in run("decide", file).out.lower()
    monkeypatch.setattr(Mdd.__init__, "__defaults__", (10,))
    ran = run("decide", file)
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith("values-act: ")
    assert "outgrew its limit of 10 nodes; no answer is given" in ran.err
    assert ran.err.count("\n") == 1


# ---------------------------------------------------------------- lists left open
def open_places(count: int) -> list[tuple[Random, Scene]]:
    """Scenes whose rules look at items."""
    found = []
    for seed in range(1000):
        rng = Random(f"open {seed}")
        law = rng.choice(["state", *law_names()])
        place = scene(rng, law, rng.choice(acts(law)))
        if any(not r.about_case and not r.duty for r in place.program.rules.values()):
            found.append((rng, place))
            if len(found) == count:
                break
    return found


def test_lists_left_open_one_or_two_are_all_that_may_stand_on_them() -> None:
    """None, one or more items of each rule, and any others: no outcome more, none less."""
    seen = set()
    for rng, place in open_places(40):
        maker = Maker(rng, place)
        subjects = [s for s in ITEM_SUBJECTS if maker.program.reads[s]]
        opened = rng.sample(subjects, min(len(subjects), rng.choice((1, 2))))
        maker.readings = {}
        raw = maker.frame({name: [] for name in LISTS.values()} | maker.own_facts(None))
        whole = settled(raw | {LISTS[s]: "unknown" for s in opened})
        found = settled(raw)
        for trial in range(60):
            if found == whole and trial > 10:
                break
            filled = {LISTS[s]: some_items(maker, s) for s in opened}
            if maker.fits(raw | filled):
                one = settled(raw | filled)
                assert one <= whole, (raw, opened, filled)
                found |= one
        assert found == whole, (raw, opened)
        seen.add((len(opened), len(whole) > 1))
    assert {(1, True), (2, True)} <= seen


def some_items(maker: Maker, subject: Subject) -> list[Raw]:
    rules = [r for r in maker.program.rules.values() if subject in r.subject and not r.duty]
    count = maker.rng.choice((0, 1, 1, 2))
    return [maker.item(subject, maker.rng.choice([*rules, None])) for _ in range(count)]


HEAD: Raw = {"cite": "ours", "title": "A rule", "text": "A rule.", "source": {"title": "ours"}}
ODD = {"form": "probable_cause_determination"}  # not what a warrant is presumed to be
FELONY = {"felony": True}
PLANTED: dict[str, list[Raw]] = {
    "only an odd item opens": [
        {"id": "p-odd", "subject": "warrant", "when": ODD, "permits": ["transfer"], "route": "r"},
    ],
    "an odd item closes": [
        {"id": "p-any", "subject": "warrant", "when": FELONY, "permits": ["transfer"],
         "route": "r"},
        {"id": "p-odd", "subject": "warrant", "when": ODD, "bars": ["r"]},
    ],
    "no item satisfies one rule without the other": [
        {"id": "p-all", "subject": "warrant", "when": FELONY, "marks": True},
        {"id": "p-part", "subject": "warrant", "when": {"all": [FELONY, ODD]}, "marks": True},
        {"id": "p-opens", "subject": "case", "permits": ["transfer"], "route": "r",
         "when": {"all": [{"found": {"rule": "p-part"}}, {"not": {"found": {"rule": "p-all"}}}]}},
    ],
    "two items of which none does alone": [
        {"id": "p-yes", "subject": "warrant", "when": ODD, "marks": True},
        {"id": "p-no", "subject": "warrant", "when": {"not": ODD}, "marks": True},
        {"id": "p-opens", "subject": "case", "permits": ["transfer"], "route": "r",
         "when": {"all": [{"found": {"rule": "p-yes"}}, {"found": {"rule": "p-no"}}]}},
    ],
    "a number of odd items": [
        {"id": "p-odd", "subject": "warrant", "when": ODD, "marks": True},
        {"id": "p-opens", "subject": "case", "permits": ["transfer"], "route": "r",
         "when": {"found": {"rule": "p-odd", "at_least": 2}}},
    ],
    "an item that is barred itself": [
        {"id": "p-any", "subject": "warrant", "when": FELONY, "permits": ["transfer"],
         "route": "r"},
        {"id": "p-bar", "subject": "warrant", "when": {"not": ODD}, "bars": ["r"],
         "scope": "item"},
    ],
    "a reading that decides whether odd items count": [
        {"id": "p-odd", "subject": "warrant", "when": ODD, "permits": ["transfer"],
         "route": "r", "reading": {"p-reading": ["yes"]}},
    ],
}  # fmt: skip

READINGS: list[Raw] = [{"p-reading": option} for option in ("yes", "no", "none")]
CLOSED: Outcomes = frozenset({"prohibited"})
BOTH: Outcomes = frozenset({"prohibited", "permitted"})
CAN_BE = {
    "no item satisfies one rule without the other": {CLOSED},
    "a reading that decides whether odd items count": {CLOSED, BOTH},
}  # what is possible; all others, both


def planted(rules: list[Raw]) -> Decider:
    """A law of these rules only, under which all else is prohibited."""
    law: Raw = {
        "name": "planted", "title": "A law for a test", "source": {"title": "ours"},
        "routes": [{"name": "r", "title": "R", "yields_to_local": False, "cite": "ours"}],
        "base": [{**HEAD, "id": "p-base", "actions": ["transfer"], "outcome": "prohibited"}],
        "rules": [{**HEAD, **rule} for rule in rules],
        "readings": [{"id": "p-reading", "question": "So?", "cite": "ours", "why": "ours",
                      "default": "none", "options": {"yes": {"says": "y"}, "no": {"says": "n"}}}],
    }  # fmt: skip
    law["readings"] *= any("reading" in rule for rule in rules)
    laws = [*library().laws.values(), Law.model_validate(law)]
    return Decider(edited(laws, library().counties()), use_engine=False)


@pytest.mark.parametrize("name", PLANTED)
def test_what_no_plain_item_shows_is_found_all_the_same(name: str) -> None:
    judge = planted(PLANTED[name])
    raw: Raw = {"as_of": TODAY, "action": "transfer", "law": "planted", "charges": [],
                "convictions": [], "person": {"registrant": "never"}}  # fmt: skip
    specs = [library().vocabulary.facts["warrant", name] for name in ("felony", "form")]
    kinds = [
        dict(zip(("felony", "form"), values, strict=True))
        for values in product(*(list(spec.words) or [True, False] for spec in specs))
    ]
    filled = [list(each) for n in range(4) for each in combinations_with_replacement(kinds, n)]
    seen = set()
    for readings in READINGS if "reading" in name else [{}]:
        opened = settled({**raw, "readings": readings, "warrants": "unknown"}, judge)
        wanted = {
            settled({**raw, "readings": readings, "warrants": each}, judge) for each in filled
        }
        assert opened == frozenset().union(*wanted)
        seen.add(opened)
    assert seen == CAN_BE.get(name, {BOTH})


# ---------------------------------------------------------------- dates of the case
def windows() -> Iterator[tuple[Derivation, str, int]]:
    """Each way to count years to a date of the case: option of a reading, years of a limit."""
    for spec in library().vocabulary.by_subject["conviction"].values():
        if spec.derive is not None:
            for option in spec.derive.years_to.options:
                for years in sorted(limits().numbers["conviction", spec.name]):
                    yield spec.derive, option, years


def test_an_inexact_date_of_the_case_is_as_each_of_its_days_is() -> None:
    """Convictions about a limit that falls into the month of that date, counted to it."""
    seen = Counter[Outcomes]()
    asked = 0
    for seed, (derive, option, years) in enumerate([*windows()] * TRIALS):
        rng = Random(seed)
        name = derive.years_to.options[option]
        section, _, key = name.partition(".")
        month = date(2024, rng.randrange(1, 13), 1)
        near = [add_years(month + rng.randrange(-6, 37) * DAY, -years) for _ in "12"]
        raw: Raw = {
            "as_of": TODAY, "action": "transfer", "person": {"registrant": "never"},
            "warrants": [], "charges": [],
            "convictions": [conviction(rng, day) for day in near[: rng.choice((1, 2))]],
            "readings": {
                derive.years_to.reading: rng.choice([option, option, "none"]),
                derive.anniversary: rng.choice(["inside", "outside"]),
            },
        }  # fmt: skip
        partial = settled_with(raw, section, key, month.isoformat()[:7])
        days = [month + n * DAY for n in range(31) if (month + n * DAY).month == month.month]
        each = {day: settled_with(raw, section, key, day.isoformat()) for day in days}
        assert partial.settled.outcomes == frozenset().union(
            *(answer.settled.outcomes for answer in each.values())
        ), raw
        if all(len(answer.settled.outcomes) == 1 for answer in each.values()):
            decides = len(partial.settled.outcomes) > 1
            assert (("case", name) in lacking(partial)) is decides, raw
            asked += decides
        seen[partial.settled.outcomes] += 1
    assert asked >= 5
    assert len(seen) >= 3


def settled_with(raw: Raw, section: str, key: str, day: str) -> Answer:
    return JUDGE.answer(as_case({**raw, section: {**raw.get(section, {}), key: day}}))


def conviction(rng: Random, day: date) -> Raw:
    """A felony or misdemeanor dated to the day, or now and then to the month."""
    said = day.isoformat()
    return {
        "offense": rng.choice(["PC 487(a)", "PC 273.5(a)"]), "grade": rng.choice(GRADES),
        "findings": [], "date": said if rng.random() < 0.75 else said[:7],
    }  # fmt: skip
