"""`law timeline`: what it tells of a law and of a county, and how it is printed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.scenes import library
from tests.test_cli import ROOT, edit, rules, run
from values_act.days import ALWAYS, Days
from values_act.timeline import Event, timeline, within

__all__ = ["rules"]  # a fixture


def events(law: str = "state", place: str | None = None, **wanted: Any) -> list[Event]:
    county = library().county(place) if place else None
    found = timeline(library(), law, county)
    return [e for e in found if all(getattr(e, key) == value for key, value in wanted.items())]


def told(found: Iterable[Event]) -> list[tuple[str, str, str]]:
    return [(event.when, event.change, event.id) for event in found]


def test_the_timeline_of_state_law_begins_with_no_law_and_has_each_act_in_turn() -> None:
    (before,) = events(kind="no_law")
    assert (before.first, before.until, before.when) == (None, "2013-12-31", "to 2013-12-31")
    assert told(events(kind="law")) == [
        ("2014-01-01", "begins", "other-law"), ("2014-01-01", "begins", "trust-act"),
        ("2017-01-01", "begins", "truth-act"), ("2018-01-04", "ends", "trust-act"),
        ("2018-01-04", "begins", "values-act"),
    ]  # fmt: skip
    trust = events(kind="law", id="trust-act")
    assert [event.until for event in trust] == ["2018-01-03", "2018-01-03"]
    assert trust[0].details["actions"] == ["hold"]


def test_the_timeline_has_what_begins_or_ends_inside_a_law_and_what_is_still_to_come() -> None:
    assert told(events(kind="base")) == [
        ("2016-01-01", "begins", "wic-831-b"), ("2018-01-04", "ends", "truth-7283.1-a"),
        ("2018-01-04", "ends", "wic-831-b"),
    ]  # fmt: skip
    duties = told(events(kind="duty"))
    assert ("2021-07-01", "begins", "gc-15160-reason") in duties
    assert ("2027-01-01", "begins", "gc-12532.5") in duties
    begun = told(events(kind="rule"))
    assert ("2018-01-01", "begins", "pc-679.015-b") in begun
    assert ("2024-01-01", "begins", "pc-1192-7-c42") in begun
    assert ("2025-01-01", "begins", "pc-667-5-c24") in begun
    assert not [name for _, _, name in begun if name.startswith("va-7282.5")]  # with its law


def test_the_timeline_has_grades_lists_and_limits() -> None:
    grades = told(events(kind="grade"))
    assert ("2014-11-05", "changes", "PC 459.5") in grades
    assert ("2024-12-18", "changes", "PC 666.1 first") in grades
    (shop,) = events(id="PC 459.5")
    assert (shop.details["before"], shop.details["now"]) == ("wobbler_1170h", "misdemeanor")
    assert told(events(kind="listing")) == [
        ("2024-01-01", "changes", "PC 236.1(c)(1)"), ("2025-01-01", "changes", "PC 261(a)(3)"),
    ]  # fmt: skip
    limits = {(event.when, event.id) for event in events(kind="limit")}
    assert ("2011-10-01", "pc-1170h-before-2011") in limits
    assert ("2022-01-01", "pc-1192-7-gang-old") in limits


def test_a_law_shows_what_it_reads_and_nothing_that_no_case_of_its_days_could_meet() -> None:
    assert [event.kind for event in events("other-law") if event.kind in {"grade", "limit"}] == []
    trust = events("trust-act")
    assert max(event.first for event in trust if event.first) == date(2018, 1, 4)
    assert told(trust)[-1] == ("2018-01-04", "lasts", "trust-act")  # no law of it is in force
    assert events("article", kind="law", change="begins")


def test_a_proposal_shows_its_own_and_says_that_it_is_no_law() -> None:
    (own,) = events("sb-554", kind="proposal")
    assert own.details["status"]
    assert own.details["extends"] == "state"
    assert own.details["rules"] == [rule.id for rule in library().law("sb-554").rules]
    assert "a proposal that is not law" in own.what
    assert {event.id for event in events("sb-554", kind="law")} >= {"values-act", "truth-act"}
    assert not events("sb-554", id="trust-act")  # it was over before the proposal's first day
    assert not events(kind="proposal")


def test_a_county_shows_bounds_as_known_and_gaps_as_no_policy_found() -> None:
    marin = [e for e in events("state", "Marin") if e.kind in {"policy", "no_policy"}]
    assert told(marin) == [
        ("to 2018-11-29", "lasts", "marin"), ("2018-11-30", "begins", "marin-2018-11-sheriff"),
        ("2020-07", "ends", "marin-2018-11-sheriff"),
        ("2020-08", "begins", "marin-2020-08-sheriff"),
    ]  # fmt: skip
    ends, begins = marin[2:]
    assert (ends.first, ends.last) == (date(2020, 7, 2), date(2020, 8, 1))
    assert (begins.first, begins.last) == (date(2020, 8, 1), date(2020, 8, 31))
    assert "some day of 2020-07" in ends.what
    (gap,) = [e for e in events("state", "San Francisco", kind="no_policy") if e.first]
    assert (gap.first, gap.until) == (date(2016, 5, 24), "2016-05-31")
    (none,) = events("state", "Alpine", kind="no_policy")
    assert (none.when, none.what) == ("always", "no policy found")


def test_a_day_that_the_condition_of_a_policy_names_is_shown(rules: Path) -> None:
    file = rules / "counties" / "orange.yaml"
    edit(file, "transfer: {says: open", "transfer: {when: {request.date: {from: 2019-05-06}}")
    found = run("law", "timeline", "--county", "Orange", "--rules", rules, "--format", "json").json
    (limit,) = [event for event in found if event["date"] == "2019-05-06"]
    assert (limit["kind"], limit["id"]) == ("limit", "orange-2018-01-sheriff")


def test_the_window_keeps_what_may_fall_in_it_and_states_that_last_into_it() -> None:
    found = timeline(library(), "state", library().county("Marin"))
    mid = within(found, Days(date(2020, 7, 10), date(2020, 8, 5)))
    assert told(mid) == [
        ("2020-07", "ends", "marin-2018-11-sheriff"),
        ("2020-08", "begins", "marin-2020-08-sheriff"),
    ]
    early = within(found, Days(date.min, date(2013, 12, 31)))
    assert {event.kind for event in early} == {"no_law", "no_policy", "limit"}
    assert within(found, ALWAYS) == found
    assert [e.id for e in within(found, Days(date(2026, 6, 1), date.max))] == ["gc-12532.5"]


# ---------------------------------------------------------------- the command
def test_the_command_prints_a_table_of_date_what_and_citation() -> None:
    ran = run("law", "timeline")
    assert (ran.code, ran.err) == (0, "")
    rows = [line.split("\t") for line in ran.out.splitlines()]
    assert rows[0] == ["date", "what", "citation"]
    assert rows[1][:2] == ["to 2013-12-31", "no law in force: no act is governed [state]"]
    assert ["2018-01-01", "begins: Uncharged victim or witness [pc-679.015-b]",
            "Penal Code § 679.015(b)"] in rows  # fmt: skip
    assert rows[-1][0] == "2027-01-01"
    assert {len(row) for row in rows} == {3}


def test_the_command_prints_events_as_json() -> None:
    ran = run("law", "timeline", "state", "--county", "marin", "--format", "json")
    assert ran.code == 0
    for event in ran.json:
        assert {"date", "kind", "change", "id", "title", "cite", "what"} <= set(event)
    dates = [event["date"] for event in ran.json]
    assert dates == sorted(dates, key=lambda day: day or "")
    (end,) = [e for e in ran.json if e["id"] == "marin-2018-11-sheriff" and e["change"] == "ends"]
    assert (end["date"], end["latest"], end["known"]) == ("2020-07-02", "2020-08-01", "2020-07")
    assert (end["county"], end["authority"]) == ("Marin", "sheriff")
    (trust,) = [e for e in ran.json if e["id"] == "trust-act" and e["change"] == "begins"]
    assert (trust["until"], trust["actions"]) == ("2018-01-03", ["hold"])


def test_the_command_shows_the_days_asked_for_and_no_other() -> None:
    ran = run("law", "timeline", "--from", "2018-01-01", "--to", "2018-01-04", "--format", "json")
    assert {event["date"] for event in ran.json} == {"2018-01-01", "2018-01-04"}
    empty = run("law", "timeline", "--from", "2040-01-01", "--format", "json")
    assert (empty.code, empty.json) == (0, [])


@pytest.mark.parametrize(("arguments", "said"), [
    (["stat"], "unknown law `stat`; laws: "), (["stat"], "did you mean `state`?"),
    (["criminal-law"], "unknown law `criminal-law`"),
    (["--county", "Marn"], "unknown county `Marn`"), (["--county", "Marn"], "did you mean `Marin`"),
    (["--from", "2020"], "--from `2020` is not a day; write it as 2025-07-17"),
    (["--to", "soon"], "--to `soon` is not a day"),
    (["--from", "2021-01-01", "--to", "2020-12-31"], "--from 2021-01-01 is after --to 2020-12-31"),
])  # fmt: skip
def test_what_the_command_cannot_read_is_one_line(arguments: list[str], said: str) -> None:
    ran = run("law", "timeline", *arguments)
    assert (ran.code, ran.out) == (1, "")
    assert said in ran.err
    assert ran.err.count("\n") == 1


def test_a_table_that_gives_no_day_for_a_change_is_refused_with_its_line(rules: Path) -> None:
    edit(rules / "offenses" / "offenses.csv", ",2014-11-05,", ",2014-11-5,")
    ran = run("law", "timeline", "--rules", rules)
    assert ran.code == 1
    assert "offenses.csv:" in ran.err
    assert "`2014-11-5` is not a day" in ran.err


def test_an_option_that_is_none_is_wrong_usage() -> None:
    assert run("law", "timeline", "--as-of", "2020-01-01").code == 2


def test_the_readme_shows_what_the_command_prints() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    _, _, rest = text.partition("$ values-act law timeline ")
    command, _, block = rest.partition(" | cut -f 1,2\n")
    shown = block.partition("```")[0].splitlines()
    printed = run("law", "timeline", *command.split()).out.splitlines()
    assert len(shown) > 5
    assert shown == ["\t".join(line.split("\t")[:2]) for line in printed]
