"""A law of a few rules in a folder of its own, for tests that count every one of them."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterable
from pathlib import Path

from tests.scenes import library
from values_act.library import Library

FACTS = """
format: "1"
actions: {transfer: hand a person over, hold: keep a person}
facts:
  - {name: agency.kind, subject: case, type: word, label: the agency,
     words: {sheriff: a sheriff, police: a police department},
     presumed: {value: sheriff, because: jails are run by sheriffs}}
  - {name: person.us_citizen, subject: case, type: yes_no, label: the person is a citizen,
     presumed: {value: false, because: a citizen would be named}}
  - {name: grade, subject: conviction, type: word, label: the grade,
     words: {felony: a felony, misdemeanor: a misdemeanor}}
  - {name: jurisdiction, subject: conviction, type: word, label: the jurisdiction,
     words: {california: California, federal: the federal courts}}
  - {name: date, subject: conviction, type: date, label: the date of conviction}
  - {name: serious, subject: conviction, type: word, origin: looked_up, label: the list,
     words: {"yes": listed, "no": not listed, conditional: listed on a condition}}
  - {name: heavy, subject: conviction, type: yes_no, origin: defined, label: it is "heavy" & <old>}
"""
LAW = """
format: "1"
name: tiny
title: A tiny law
effective: 2018-01-04
source: {title: made up for a test}
routes:
  - {name: discretion, title: discretion, yields_to_local: true, cite: T 1}
readings:
  - {id: way, question: Which way?, cite: T 2, default: narrow, why: it opens less,
     options: {narrow: {says: one}, wide: {says: both}}}
  - {id: undecided-way, question: Whose?, cite: T 3, default: none, why: nobody has said,
     options: {first: {says: one}, second: {says: other}}}
base:
  - {id: t-base, cite: T 0, title: Otherwise closed, text: Nothing is open., outcome: prohibited,
     source: {title: made up}, actions: [transfer]}
rules:
  - {id: t-heavy, cite: T 4, title: Heavy, text: What is heavy., source: {title: made up},
     subject: conviction, defines: heavy,
     when: {any: [{serious: "yes"}, {date: {before: 2010-01-01}}]}}
  - {id: t-ground, cite: T 5, title: A <b>heavy</b> & "felony", text: It opens.,
     source: {title: made up}, subject: conviction, permits: [transfer], route: discretion,
     when: {all: [{heavy: true}, {grade: felony}, {not: {jurisdiction: federal}}]}}
  - {id: t-wide, cite: T 6, title: Wider, text: It opens more., source: {title: made up},
     subject: conviction, permits: [transfer], route: discretion, reading: {way: [wide]},
     when: {all: [{grade: misdemeanor}, {date: {from: 2015-01-01}}]}}
  - {id: t-first, cite: T 7, title: First, text: Under one reading., source: {title: made up},
     subject: conviction, marks: true, reading: {undecided-way: [first]},
     when: {grade: felony}}
  - {id: t-any, cite: T 9, title: Any conviction, text: Each., source: {title: made up},
     subject: conviction, duty: request}
  - {id: t-citizen, cite: T 8, title: Citizens, text: They are left alone., excludes: [transfer],
     source: {title: made up}, subject: case,
     when: {all: [{person.us_citizen: true}, {not: {found: t-first}}]}}
"""
BILL = """
format: "1"
name: tiny-bill
title: A tiny bill
kind: proposal
extends: tiny
status: pending
effective: 2020-01-01
source: {title: made up for a test}
replace: {t-first: b-first}
rules:
  - {id: b-first, cite: B 1, title: First, text: Otherwise., source: {title: made up},
     subject: conviction, marks: true, when: {grade: misdemeanor}}
"""
COUNTY = """
format: "1"
county: Smallest
policies:
  - {id: small-closed, title: Closed, cite: S 1, authority: sheriff, binds: [sheriff],
     effective: 2020-01-01, ended: 2020-12-31, source: {title: made up},
     actions: {transfer: closed, hold: open}}
  - {id: small-when, title: Perhaps, cite: S 2, authority: sheriff, binds: [sheriff],
     effective: 2021-01-01, ended: 2021-12-31, source: {title: made up},
     actions: {transfer: {when: {any: [{found: t-ground}, {unpublished: a part}]}}}}
  - {id: small-vague, title: Some day of 2023, cite: S 3, authority: sheriff, binds: [sheriff],
     effective: 2023, source: {title: made up}, actions: {transfer: closed}}
"""
OFFENSES = ("206", "67", "187(a) first degree", "187(a) second degree")


def tiny(folder: Path) -> Library:
    """A library of one law, a bill, one county and four offenses of the catalogue."""
    rules = folder / "rules"
    for name in ("laws", "counties", "offenses"):
        (rules / name).mkdir(parents=True)
    (rules / "facts.yaml").write_text(FACTS, encoding="utf-8")
    (rules / "laws" / "tiny.yaml").write_text(LAW, encoding="utf-8")
    (rules / "laws" / "proposals").mkdir()
    (rules / "laws" / "proposals" / "bill.yaml").write_text(BILL, encoding="utf-8")
    (rules / "counties" / "smallest.yaml").write_text(COUNTY, encoding="utf-8")
    source = library().root / "offenses"
    for name in ("codes", "prefixes", "enhancements", "federal"):
        shutil.copy(source / f"{name}.csv", rules / "offenses" / f"{name}.csv")
    _cut(source / "offenses.csv", rules / "offenses" / "offenses.csv", OFFENSES)
    return Library(rules)


def _cut(source: Path, target: Path, sections: Iterable[str]) -> None:
    wanted = set(sections)
    with source.open(encoding="utf-8", newline="") as file:
        head, *rows = csv.reader(file)
    with target.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([head, *(row for row in rows if row[1] in wanted)])
