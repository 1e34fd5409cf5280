"""`values-act scenarios coverage`: what it prints, and the page that it writes."""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.test_cli import Ran, run
from tests.tinylaw import tiny
from values_act.coverage import measure
from values_act.coverage_page import page
from values_act.coverage_style import DARK, LIGHT, STYLE
from values_act.coverage_text import painted
from values_act.covered import SIGN
from values_act.library import Library
from values_act.scenarios import load_file

SCENARIOS = """
- name: A <i>heavy</i> & plain felony opens
  why: a test
  source: ours
  case: {law: tiny, as_of: 2019-05-01, action: transfer, convictions: [
    {offense: PC 206, grade: felony, date: 2016-05-01, jurisdiction: california}]}
  expect: {outcome: permitted, rule: t-ground}
- name: A light one opens nothing
  why: a test
  source: ours
  case: {law: tiny, as_of: 2019-05-01, action: transfer, convictions: [
    {offense: PC 67, grade: misdemeanor, date: 2016-05-01, jurisdiction: california}]}
  expect: {outcome: prohibited}
- name: A wrong one
  why: a test
  source: ours
  case: {law: tiny, as_of: 2019-05-01, action: transfer}
  expect: {outcome: required}
- name: One to do
  why: a test
  source: ours
  case: {law: tiny, as_of: 2019-05-01, action: transfer}
  expect: null
"""


@pytest.fixture
def law(tmp_path: Path) -> Library:
    return tiny(tmp_path)


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    path = tmp_path / "cases.yaml"
    path.write_text(SCENARIOS, encoding="utf-8")
    return path


def coverage(law: Library, cases: Path, *more: object) -> Ran:
    return run("scenarios", "coverage", cases, "--rules", law.root, *more)


def test_the_summary_comes_first_and_the_tests_last(law: Library, cases: Path) -> None:
    ran = coverage(law, cases)
    assert (ran.code, ran.err) == (0, "")
    lines = ran.out.splitlines()
    assert lines[0].split("\t")[:3] == ["what", "exercised", "of"]
    rows = {cells[0]: cells[1:3] for cells in (line.split("\t") for line in lines[1:9])}
    found = measure(law, load_file(cases))
    assert rows == {c.what: [str(c.main.done), str(c.main.of)] for c in found.counts()}
    assert "4 scenarios, 2 as expected, 1 not, 1 to do (no answer given yet)" in lines
    assert re.search(r"NOT AS EXPECTED.*cases\.yaml:\d+: A wrong one", ran.out)
    assert "expected required, decided prohibited" in ran.out
    assert lines[-1] == f"{found.tested.done} of {found.tested.of} tests exercised"
    assert found.tested == (3, 12)  # the list, and two of the ground's own


def test_what_is_missing_is_cut_short_unless_all_of_it_is_asked_for(
    law: Library, cases: Path
) -> None:
    short, long = coverage(law, cases).out, coverage(law, cases, "--missing").out
    assert "(--missing)" in short
    assert "(--missing)" not in long
    ((count,),) = [re.findall(r"Tests not both true and false \((\d+)\)", long)]
    section = long.split(f"true and false ({count})\n")[1].split("\n\n")[0]
    assert len([line for line in section.splitlines() if line[2] in SIGN.values()]) == int(count)
    assert int(count) > 5


def test_one_rule_is_painted_in_its_own_words_with_the_scenarios(law: Library, cases: Path) -> None:
    ran = coverage(law, cases, "--rule", "t-ground")
    flat = " ".join(ran.out.split())
    assert '[◐ both ways, never decisive: it is "heavy" & <old>]' not in flat
    assert '[✔ it is "heavy" & <old>]; and [✔ the grade is a felony]; and not (' in flat
    assert "not ([◐ only false: the jurisdiction is the federal courts])" in flat
    assert "Held in 1 scenario - A <i>heavy</i> & plain felony opens" in flat
    assert "Failed in 1 scenario - A light one opens nothing" in flat
    assert ran.out.splitlines()[-1] == "2 of 3 tests exercised"
    told = coverage(law, cases, "--rule", "t-ground", "--format", "json").json
    assert told["held"] == ["A <i>heavy</i> & plain felony opens"]
    assert [test["mark"] for test in told["tests"]][-1] == "only false"
    policy = coverage(law, cases, "--rule", "small-when")
    assert "[? not published: the part called `a part`, which is not published]" in " ".join(
        policy.out.split()
    )
    assert "Otherwise closed" in coverage(law, cases, "--rule", "t-base").out


def test_the_words_without_the_signs_are_those_of_the_rule(law: Library, cases: Path) -> None:
    for one in measure(law, load_file(cases)).rules:
        bare = "".join(
            re.sub(rf"^\[[{''.join(SIGN.values())}] (?:[^:]*: )?(.*)\]$", r"\1", said)
            if mark and mark not in {"whole", "none"}
            else said.removeprefix(f"[{SIGN[mark]} ").removesuffix("]")
            if mark
            else said
            for said, mark in painted(one.pieces, one.tests)
        )
        assert bare == "".join(piece.text for piece in one.pieces)


def test_the_data_have_the_same_numbers(law: Library, cases: Path) -> None:
    told = coverage(law, cases, "--format", "json").json
    found = measure(law, load_file(cases))
    assert told["totals"]["tests"]["exercised"] == found.tested.done
    tests = [t for owner in told["rules"] for t in owner["tests"]]
    tests += [t for p in told["policies"] for term in p["terms"] for t in term["tests"]]
    both = [t for t in tests if t["knowable"] and t["true"] and t["false"]]
    assert len(both) == found.tested.done
    assert told["scenarios"]["read"] == 4
    assert [f["name"].split(": ")[-1] for f in told["scenarios"]["not_as_expected"]] == [
        "A wrong one"
    ]
    assert len(told["rules"]) == 7
    assert {entry["id"] for entry in told["policies"]} == {
        "small-closed",
        "small-when",
        "small-vague",
    }


def test_one_law_alone_is_without_policies_and_lists(law: Library, cases: Path) -> None:
    told = coverage(law, cases, "--law", "tiny", "--format", "json").json
    assert (told["law"], told["policies"], told["lists"]) == ("tiny", [], [])
    assert {entry["owner"] for entry in told["dates"]} == {"tiny"}


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (
            ["--rule", "t-grond"],
            "unknown rule or policy `t-grond`; see `law show` and `counties show`; did you",
        ),
        (["--law", "tinny"], "unknown law `tinny`; laws: tiny, tiny-bill; did you mean `tiny`"),
        (["--law", "tiny", "--rule", "small-when"], "unknown rule `small-when` of law `tiny`"),
        (["--rule", "t-base", "--html", "x.html"], "give one of them"),
        (["--html", "{cases}"], "exists already; nothing was written"),
        (["--html", "{cases}.d/x.html"], "no directory"),
    ],
)
def test_what_is_wrong_is_told_in_one_line(
    law: Library, cases: Path, more: list[str], said: str
) -> None:
    ran = coverage(law, cases, *(word.format(cases=cases) for word in more))
    assert ran.code == 1
    assert ran.out == ""
    assert len(ran.err.splitlines()) == 1
    assert said in ran.err
    assert cases.read_text(encoding="utf-8") == SCENARIOS


# ---------------------------------------------------------------- the page


class Reader(HTMLParser):
    """Reads a page strictly: every element is closed in turn."""

    VOID = frozenset({"meta", "br", "hr", "img", "link", "input"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.marks: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)
        if tag == "mark":
            self.marks.append((dict(attrs)["class"] or "", ""))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)
        if "mark" in self.open:
            kind, said = self.marks[-1]
            self.marks[-1] = (kind, said + data)


def read(text: str) -> Reader:
    reader = Reader()
    reader.feed(text)
    reader.close()
    assert reader.open == []
    return reader


def test_the_page_is_well_formed_and_stands_alone(law: Library, cases: Path) -> None:
    reader = read(page(measure(law, load_file(cases))))
    tags = {tag for tag, _ in reader.tags}
    assert {"html", "header", "main", "h1", "h2", "details", "summary", "article"} <= tags
    assert not tags & {"script", "link", "img", "iframe"}
    named = [value for _, attrs in reader.tags for key, value in attrs.items()
             if key in {"src", "href", "style"} or key.startswith("on")]  # fmt: skip
    assert named == ["#main"]
    assert not re.search(r"https?:|url\(|@import", STYLE)
    ids = Counter(attrs["id"] for _, attrs in reader.tags if "id" in attrs)
    assert set(ids.values()) == {1}
    assert dict(reader.tags)["html"] == {"lang": "en"}
    assert ("meta", {"name": "viewport", "content": "width=device-width, initial-scale=1"}) in (
        reader.tags
    )


def test_the_page_has_every_rule_with_its_words_painted_and_its_scenarios(
    law: Library, cases: Path
) -> None:
    found = measure(law, load_file(cases))
    reader = read(page(found))
    ids = {attrs.get("id") for tag, attrs in reader.tags if tag == "article"}
    assert {f"rule-{one.id}" for one in (*found.rules, *found.bases)} <= ids
    assert {f"policy-{one.policy}-{one.act}" for one in found.terms} <= ids
    text = "".join(reader.text)
    for one in found.rules:
        assert one.title in text
        assert one.cite in text
        for test in one.tests:
            assert any(said.startswith(f"{SIGN[test.mark]} {test.words}")
                       for kind, said in reader.marks if kind == test.mark)  # fmt: skip
    assert "A <i>heavy</i> & plain felony opens" in text  # as text, never as a tag
    assert "i" not in {tag for tag, _ in reader.tags}
    assert "b" not in {tag for tag, _ in reader.tags}


def test_no_mark_is_told_by_color_alone(law: Library, cases: Path) -> None:
    for kind, said in read(page(measure(law, load_file(cases)))).marks:
        sign = {**SIGN}[kind]  # type: ignore[index]  # the class is one of the marks
        assert said.startswith(sign), (kind, said)


def luminance(color: str) -> float:
    parts = [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@pytest.mark.parametrize("pairs", [LIGHT, DARK], ids=["light", "dark"])
def test_ink_stands_out_from_paper(pairs: dict[str, tuple[str, str]]) -> None:
    for name, colors in pairs.items():
        low, high = sorted(map(luminance, colors))
        assert (high + 0.05) / (low + 0.05) >= 4.5, name
    assert set(SIGN) < set(pairs)


def test_the_page_is_written_once_and_told(law: Library, cases: Path) -> None:
    out = cases.parent / "page.html"
    ran = coverage(law, cases, "--html", out, "--format", "json")
    assert ran.json["scenarios"]["read"] == 4
    assert ran.err == f"wrote {out}\n"
    assert read(out.read_text(encoding="utf-8")).tags
    assert coverage(law, cases, "--html", out).code == 1
