"""The tables of the catalogue, read apart from the program."""

from __future__ import annotations

import csv
import re

from values_act.catalogue import Catalogue, Entry
from values_act.data import data_folder

FOLDER = data_folder("rules") / "offenses"
CATALOGUE = Catalogue.load(FOLDER)


def table(name: str) -> list[dict[str, str]]:
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


OFFENSES = table("offenses")
FEDERAL = table("federal")
CITES = [f"{row['code']} {row['section']}" for row in OFFENSES] + [r["section"] for r in FEDERAL]
LETTERS = {row["letter"]: row for row in table("list_a3")}
CLOSED = {letter for letter, row in LETTERS.items() if row["not_limited_to"] != "yes"}
ATTEMPTS = re.compile(r"664/")


def cites(text: str) -> list[str]:
    return [entry.cite for entry in CATALOGUE.find(text).entries]


def one(text: str) -> Entry:
    (entry,) = CATALOGUE.find(text).entries
    return entry


def flags(text: str) -> tuple[bool, bool, bool]:
    match = CATALOGUE.find(text)
    return match.attempt, match.conspiracy, match.solicitation


def row_of(section: str, code: str = "PC") -> dict[str, str]:
    (found,) = (r for r in OFFENSES if (r["code"], r["section"]) == (code, section))
    return found


def bases(row: dict[str, str]) -> set[str]:
    """Section numbers a row is known by, read without the program's own parser."""
    text = row["section"].removeprefix("former ")
    text = re.sub(r"\([^)]*\)|\$950.*|\b(first|second|over|with|no|after)\b.*", "", text)
    found = set(re.findall(r"\d+(?:\.\d+)?[a-z]*", text))
    if span := re.match(r"(\d+)-(\d+)", text):
        found |= {str(n) for n in range(int(span[1]), int(span[2]) + 1)}
    return found
