"""A proposal changes a copy of the law, names only what is there, and always says what it is."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from models.case import InmateCase
from models.law import Law
from tests.test_cli import run
from values_act.decide import Decider
from values_act.errors import ValuesActError
from values_act.library import Library
from values_act.overlay import parts_of
from values_act.render import memo_lines, plain, text_lines
from values_act.schemas import schema_of

RULES = Library().root
HEAD = """\
format: "1"
name: bill
title: A bill
kind: proposal
extends: state
status: never heard
effective: 2018-01-04
source: {title: ours}
"""
WARRANT = {
    "issuer": "federal_magistrate_judge", "crime": "federal_criminal_immigration", "felony": True,
    "form": "arrest_warrant", "outstanding": True, "probable_cause": True,
    "authorizes_arrest": True, "names_person": True, "identified_by_ice": False,
}  # fmt: skip
RULE = """\
rules:
  - id: bill-registrant
    cite: the bill
    title: Registrant
    text: A registrant is handed over.
    source: {title: ours, confidence: unverified}
    subject: case
    when: WHEN
    requires: [transfer]
    notwithstanding: [local]
"""


READING = """\
readings:
  - id: bill-reading
    question: Must it be done?
    cite: the bill
    options: {duty: {says: it must}, permission: {says: it may}}
    default: permission
    why: the bill says may
"""
BASE = """\
base:
  - id: bill-base
    cite: the bill
    title: No transfer
    text: Nobody is handed over.
    source: {title: ours}
    actions: [transfer]
    outcome: not_regulated
"""
ROUTE = """\
routes:
  - {name: bill_route, title: what the bill leaves, yields_to_local: false, cite: the bill}
"""


def adding(when: str, name: str = "bill-registrant") -> str:
    return RULE.replace("WHEN", when).replace("bill-registrant", name)


def replacing(old: str, new: str = "bill-registrant") -> str:
    rule = "" if new == "bill-reading" else adding("{person.registrant: current}")
    return f"replace: {{{old}: {new}}}\n{rule}"


def with_bill(folder: Path, more: str = "", head: str = HEAD) -> Library:
    """The rules with one more proposal, and without those that are there."""
    root = folder / "rules"
    shutil.copytree(RULES, root)
    shutil.rmtree(root / "laws" / "proposals", ignore_errors=True)
    (root / "laws" / "bill.yaml").write_text(head + more, encoding="utf-8")
    return Library(root)


def case(law: str, **more: object) -> InmateCase:
    known = {
        "as_of": "2025-07-17", "action": "transfer", "law": law, "agency": {"kind": "sheriff"},
        "request": {"kind": "transfer", "by": "ICE"},
        "person": {"registrant": "current", "release_date_public": False},
    }  # fmt: skip
    return InmateCase.model_validate(known | more)


def test_what_a_proposal_adds_comes_last_and_the_law_stays_as_it_was(tmp_path: Path) -> None:
    library = with_bill(tmp_path, adding("{person.registrant: current}"))
    assert [part.name for part in library.parts("bill")][-1] == "bill"
    assert library.parts("bill")[:-1] == library.parts("state")
    outcomes = [Decider(library).decide(case(law)).outcome for law in ("bill", "state")]
    assert outcomes == ["required", "permitted"]


def test_a_dropped_rule_is_gone_from_the_proposal_alone(tmp_path: Path) -> None:
    library = with_bill(tmp_path, "drop: [va-7282.5-a4]\n")
    outcomes = [Decider(library).decide(case(law)).outcome for law in ("bill", "state")]
    assert outcomes == ["prohibited", "permitted"]


def test_a_dropped_route_takes_its_grounds_and_the_bars_on_it_along(tmp_path: Path) -> None:
    library = with_bill(tmp_path, "drop: [discretion, magistrate, public_ground]\n")
    rules = [rule for part in library.parts("bill") for rule in part.rules]
    assert not [rule.id for rule in rules if rule.route in {"discretion", "magistrate"}]
    assert not [rule.id for rule in rules if "discretion" in rule.bars]
    assert [rule for part in library.parts("state") for rule in part.rules if rule.bars]


def test_a_dropped_law_is_gone_with_its_base_rules(tmp_path: Path) -> None:
    library = with_bill(tmp_path, "drop: [values-act]\n")
    assert "values-act" not in [part.name for part in library.parts("bill")]
    assert Decider(library).decide(case("bill")).outcome == "not_regulated"


def test_a_kept_rule_of_a_dropped_law_is_one_of_the_proposals_own(tmp_path: Path) -> None:
    drops = "drop: [values-act]\n"
    decider = Decider(with_bill(tmp_path, drops + "keep: [fed-judicial-warrant]\n"))
    *_, own = decider.library.parts("bill")
    assert [rule.id for rule in own.rules] == ["fed-judicial-warrant"]
    assert decider.decide(case("bill", warrants=[WARRANT])).outcome == "required"
    assert decider.decide(case("bill")).outcome == "not_regulated"
    dropped = Decider(with_bill(tmp_path / "other", drops))
    assert dropped.decide(case("bill", warrants=[WARRANT])).outcome == "not_regulated"


# ---------------------------------------------------------------- what takes the place of what


def test_a_replaced_rule_is_gone_from_the_proposal_alone(tmp_path: Path) -> None:
    decider = Decider(with_bill(tmp_path, replacing("va-7282.5-a4")))
    assert decider.decide(case("bill")).deciding == ("bill-registrant",)
    assert "va-7282.5-a4" in decider.decide(case("state")).deciding


def test_a_replaced_base_rule_decides_where_the_old_one_did(tmp_path: Path) -> None:
    decider = Decider(with_bill(tmp_path, "replace: {va-7284.6-a4: bill-base}\n" + BASE))
    never = {"registrant": "never", "registration_required": False, "release_date_public": False}
    decided = [decider.decide(case(law, person=never)) for law in ("bill", "state")]
    assert [(d.outcome, d.deciding) for d in decided] == [
        ("not_regulated", ("bill-base",)), ("prohibited", ("va-7284.6-a4",))
    ]  # fmt: skip


def test_a_replaced_route_keeps_its_grounds_and_bars(tmp_path: Path) -> None:
    decider = Decider(with_bill(tmp_path, "replace: {discretion: bill_route}\n" + ROUTE))
    closed = {"kind": "sheriff", "county": "Los Angeles"}
    outcomes = [decider.decide(case(law, agency=closed)).outcome for law in ("bill", "state")]
    assert outcomes == ["permitted", "prohibited"]  # the new one does not yield to local policy
    citizen = {"registrant": "current", "us_citizen": True}
    decision = decider.decide(case("bill", agency=closed, person=citizen))
    assert (decision.outcome, decision.rule) == ("prohibited", "fed-us-citizen")


def test_a_replaced_reading_is_asked_by_its_new_name(tmp_path: Path) -> None:
    replaces = "replace: {judicial-warrant: bill-reading}\n" + READING
    decider = Decider(with_bill(tmp_path, replaces))
    more = {"warrants": [WARRANT], "person": {"registrant": "never"}}
    outcomes = [decider.decide(case(law, **more)).outcome for law in ("bill", "state")]
    assert outcomes == ["permitted", "required"]
    duty = decider.decide(case("bill", readings={"bill-reading": "duty"}, **more))
    assert (duty.outcome, [c.reading for c in duty.contested]) == ("required", ["bill-reading"])


def test_a_countys_policy_that_names_a_replaced_rule_means_the_new_one() -> None:
    """AB 2931 takes any magistrate's finding in the place of the one that section 872 is about."""
    policy = {
        "id": "only-after-a-finding", "title": "A policy", "cite": "none", "authority": "board",
        "source": {"title": "ours"}, "binds": ["sheriff"],
        "actions": {"notify_release": {"when": {"found": "va-7282.5-b"}}},
    }  # fmt: skip
    charge = {
        "offense": "PC 211", "grade": "felony", "jurisdiction": "california", "findings": [],
        "stage": "arraigned", "probable_cause": "detention_review", "proposal_offense": False,
    }  # fmt: skip
    more = {
        "action": "notify_release", "policy": policy, "charges": [charge],
        "request": {"kind": "notification", "by": "ICE"},
        "person": {"registrant": "current", "street_gang_member": False},
    }  # fmt: skip
    decider = Decider(Library())
    decided = [decider.decide(case(law, **more)) for law in ("ab-2931", "state")]
    assert [d.outcome for d in decided] == ["permitted", "prohibited"]
    assert "va-7282.5-b" not in decided[0].deciding


def test_every_kind_of_name_of_what_is_replaced_is_followed() -> None:
    source, words = {"title": "ours"}, {"cite": "c", "title": "t", "text": "t"}

    def rule(name: str, subject: str = "case", **more: object) -> dict[str, object]:
        return {"id": name, **words, "source": source, "subject": subject, **more}

    def reading(name: str) -> dict[str, object]:
        options = {"a": {"says": "a"}, "b": {"says": "b"}}
        return {"id": name, "question": "q", "cite": "c", "options": options, "default": "a",
                "why": "w"}  # fmt: skip

    def route(name: str) -> dict[str, object]:
        return {"name": name, "title": "t", "yields_to_local": True, "cite": "c"}

    named = {
        "all": [{"not": {"found": {"rule": "old", "at_least": 2}}}, {"any": [{"open": "way"}]}]
    }
    base = {**words, "id": "base", "source": source, "actions": ["transfer"],
            "outcome": "permitted", "route": "way"}  # fmt: skip
    old = {
        "name": "old-law", "title": "t", "source": source,
        "routes": [route("way")], "readings": [reading("point")], "base": [base],
        "rules": [
            rule("old", "conviction", permits=["transfer"], route="way"),
            rule("bar", bars=["way", "other"]),
            rule("late", when=named, requires=["transfer"], reading={"point": "a"}),
            rule("exception", permits=["transfer"], route="way", notwithstanding=["old", "way"]),
        ],
    }  # fmt: skip
    bill = {
        "name": "bill", "title": "t", "source": source, "kind": "proposal", "extends": "old-law",
        "status": "s", "replace": {"old": "new", "way": "new_way", "point": "new-point"},
        "routes": [route("new_way")], "readings": [reading("new-point")],
        "rules": [rule("new", "conviction", marks=True)],
    }  # fmt: skip
    laws = {str(raw["name"]): Law.model_validate(raw) for raw in (old, bill)}
    before = laws["old-law"].model_dump()
    copy, own = parts_of(laws["bill"], laws)
    assert own == laws["bill"]
    assert laws["old-law"].model_dump() == before
    bar, late, exception = copy.rules
    assert (copy.routes, copy.readings, copy.base[0].route) == ((), (), "new_way")
    assert bar.bars == ("new_way", "other")
    assert late.reading == {"new-point": ("a",)}
    assert late.when is not None
    assert str(late.when.model_dump()) == str(named).replace("'old'", "'new'").replace(
        "'way'", "'new_way'"
    )
    assert (exception.route, exception.notwithstanding) == ("new_way", ("new", "new_way"))


# ---------------------------------------------------------------- what it says of itself


def test_a_decision_under_a_proposal_says_in_every_form_that_it_is_no_law(tmp_path: Path) -> None:
    decider = Decider(with_bill(tmp_path))
    decision = decider.decide(case("bill"))
    assert decision.as_json()["law_status"] == "never heard"
    assert decision.explanation.startswith("If A bill were law (it is not: never heard):")
    said = "Not law: bill is a proposal (never heard)"
    assert [line.text for line in text_lines(decision, "an act")][1] == said
    assert said in plain(memo_lines(decision, "an act", []))
    under_state = decider.decide(case("state"))
    assert under_state.as_json()["law_status"] is None
    assert "not law" not in str(under_state.as_json())
    assert "Not law" not in plain(text_lines(under_state, "an act"))
    assert "Not law" not in plain(memo_lines(under_state, "an act", []))


def test_every_command_that_answers_under_a_proposal_says_that_it_is_no_law(tmp_path: Path) -> None:
    file = tmp_path / "case.yaml"
    file.write_text(json.dumps(case("sb-554").model_dump(mode="json", exclude_unset=True)))
    status = Library().law("sb-554").status or ""
    for told in (
        run("decide", str(file)),
        run("decide", str(file), "--format", "memo"),
        run("decide", str(file), "--format", "json"),
        run("decide", str(file), "--action", "all"),
        run("explain", str(file)),
        run("counties", "compare", str(file), "--county", "Orange"),
        run("counties", "compare", str(file), "--county", "Orange", "--format", "json"),
    ):
        assert status in " ".join(told.out.split())
    told = run("counties", "compare", str(file), "--county", "Orange", "--law", "state")
    assert "Not law" not in told.out


def test_the_schema_of_a_law_knows_what_a_proposal_keeps_and_replaces() -> None:
    schema = Draft202012Validator(schema_of("law", Library().vocabulary))
    head = yaml.safe_load(HEAD.replace("2018-01-04", '"2018-01-04"'))
    for more, good in (
        ({"keep": ["a"], "replace": {"a": "b"}}, True),
        ({"replace": [{"a": "b"}]}, False),
        ({"replace": {"a": ["b"]}}, False),
        ({"replaces": {"a": "b"}}, False),
    ):
        assert schema.is_valid({**head, **more}) is good, more


@pytest.mark.parametrize(
    ("day", "applied"), [("2017-12-31", False), ("2018-01-04", True), ("2020-01-01", False)]
)
def test_outside_its_dates_a_proposal_says_where_the_answer_is(
    tmp_path: Path, day: str, applied: bool
) -> None:
    decider = Decider(with_bill(tmp_path, "ended: 2019-12-31\n"))
    decision = decider.decide(case("bill", as_of=day))
    said = (
        f"proposal `bill` is applied from 2018-01-04 on to 2019-12-31, and says nothing of {day}; "
        "ask law `state` what governed then"
    )
    assert decision.outcome == ("permitted" if applied else "not_regulated")
    assert decision.warnings == (() if applied else (f"the {said}",))
    assert (f"The {said}. Not regulated: " in decision.explanation) is not applied
    assert decider.decide(case("trust-act", as_of="2020-01-01")).warnings == (
        "nothing of `trust-act` is in force on 2020-01-01",
    )


def test_acts_that_a_proposal_does_not_cover_are_refused(tmp_path: Path) -> None:
    decider = Decider(with_bill(tmp_path, "covers: [transfer]\n"))
    assert decider.decide(case("bill")).outcome == "permitted"
    with pytest.raises(ValuesActError, match="`hold` is not encoded in law `bill`"):
        decider.decide(case("bill", action="hold"))


@pytest.mark.parametrize(
    ("head", "more", "line", "said"),
    [
        ("extends: stat", "", 5, "extends unknown law `stat`; did you mean `state`"),
        ("extends: bill", "", 5, "extends unknown law `bill`"),
        ("extends: criminal-law", "", 5, "extends unknown law `criminal-law`"),
        ("extends: state", "drop: [va-7282.5-a44]\n", 9, "did you mean `va-7282.5-a4`"),
        ("extends: state", "drop: [va-7282.5-a5-reentry-mark]\n", 9, "`va-7282.5-a5-reentry`: "),
        ("extends: state", "keep: [fed-judicial-warrant]\n", 9, "no rule of a law that it drops"),
        ("extends: state", "drop: [values-act]\nkeep: [fed-judicial]\n", 10,
         "did you mean `fed-judicial-warrant`"),
        ("extends: state", "drop: [values-act]\nkeep: [va-7282.5-a4]\n", 9, "route `discretion`"),
        ("extends: state", replacing("va-7282.5-a44"), 9, "did you mean `va-7282.5-a4`"),
        ("extends: state", replacing("values-act"), 9, "no rule, base rule, route or reading of"),
        ("extends: state", replacing("pc-17-felony"), 9, "no rule, base rule, route or reading of"),
        ("extends: state", replacing("discretion"), 9, "route `discretion` by `bill-registrant`"),
        ("extends: state", replacing("va-7282.5-a4", "bill-registrat"), 9,
         "is no rule of its own; did you mean `bill-registrant`"),
        ("extends: state", replacing("va-7282.5-a4", "va-7282.5-a2"), 9, "is no rule of its own"),
        ("extends: state", "drop: [va-7282.5-a4]\n" + replacing("va-7282.5-a4"), 10,
         "both drops and replaces `va-7282.5-a4`"),
        ("extends: state", replacing("va-7282.5-a5-reentry-mark"), 9,
         "`va-7282.5-a5-reentry`: found: unknown item rule `bill-registrant`"),
        ("extends: state", replacing("local-authority", "bill-reading") + READING, 9,
         "is asked under every law"),
        ("extends: state", replacing("prop47-bar", "bill-reading") + READING, 9,
         "reading `bill-reading` has no option `offense`"),
        ("extends: state", BASE, 10, "overlaps `va-7284.6-a4` for `transfer`"),
        ("extends: state", adding("{open: discretio}"), 10, "did you mean `discretion`"),
        ("extends: state", adding("{found: va-7282.5-a22}"), 10, "did you mean `va-7282.5-a2`"),
        ("extends: state", adding("{open: discretion}", "va-7282.5-a4"), 10, "is used already in"),
    ],
)  # fmt: skip
def test_a_name_that_is_nothing_is_one_line_with_its_place(
    tmp_path: Path, head: str, more: str, line: int, said: str
) -> None:
    with pytest.raises(ValuesActError) as caught:
        _ = with_bill(tmp_path, more, HEAD.replace("extends: state", head)).laws
    message = str(caught.value)
    assert said in message
    assert "\n" not in message
    assert f"bill.yaml:{line}: " in message or "is used already" in message


def test_a_proposal_must_say_its_status_and_only_a_proposal_has_one(tmp_path: Path) -> None:
    for name, head in (
        ("a", HEAD.replace("status: never heard\n", "")),
        ("b", HEAD.replace("kind: proposal\nextends: state\n", "")),
        ("c", HEAD.replace("kind: proposal\nextends: state\nstatus: never heard\n", "keep: [x]\n")),
        (
            "d",
            HEAD.replace(
                "kind: proposal\nextends: state\nstatus: never heard\n", "replace: {x: y}\n"
            ),
        ),
    ):
        with pytest.raises(ValuesActError, match=r"status.*proposal|proposal.*status"):
            _ = with_bill(tmp_path / name, "", head).laws
