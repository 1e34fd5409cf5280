"""Files to fill in: a case with its common facts, and a county's policy."""

from __future__ import annotations

import json
from collections.abc import Iterator

from models.law import Subject
from values_act.errors import InputError
from values_act.library import county_slug
from values_act.vocabulary import Vocabulary

_CASE = (("agency", "kind"), ("request", "kind"), ("request", "by"),
         ("person", "registrant"), ("person", "release_date_public"))  # fmt: skip
_ITEMS: dict[Subject, tuple[str, ...]] = {
    "conviction": ("grade", "date", "jurisdiction", "disposition", "findings"),
    "charge": ("grade", "stage", "probable_cause", "findings"),
    "warrant": ("issuer", "crime", "felony", "outstanding", "probable_cause",
                "authorizes_arrest", "names_person", "identified_by_ice"),
}  # fmt: skip
_OFFENSE = {"conviction", "charge"}
_LISTS = {"conviction": "convictions", "charge": "charges", "warrant": "warrants"}


def case_template(vocabulary: Vocabulary, day: str) -> str:
    """A case file that decides as it stands, with comments that say what may be written."""
    return "\n".join(_lines(vocabulary, day)) + "\n"


def _lines(vocabulary: Vocabulary, day: str) -> Iterator[str]:
    yield "# A hypothetical case. Leave a fact out, or write unknown, if it is not known."
    yield "title: A hypothetical case"
    yield f"as_of: {day}                # the day of the act"
    yield "action: transfer            # " + ", ".join(list(vocabulary.actions)[:4]) + " …"
    part = ""
    for section, name in _CASE:
        if section != part:
            yield f"{section}:"
            part = section
            if section == "agency":
                yield "  # county: Orange          # left out: state law alone"
        yield f"  {name}: unknown{_hint(vocabulary, 'case', f'{section}.{name}')}"
    for subject, names in _ITEMS.items():
        yield f"{_LISTS[subject]}: []"
        first = True
        if subject in _OFFENSE:
            yield "#  - offense: PC 211         # code and section; see `offenses search`"
            first = False
        for name in names:
            mark = "- " if first else "  "
            first = False
            yield f"#  {mark}{name}: unknown{_hint(vocabulary, subject, name)}"


def _hint(vocabulary: Vocabulary, subject: Subject, name: str) -> str:
    members = vocabulary.lists.get((subject, name))
    if members:
        return f"   # [] or a list of: {', '.join(members)}"
    spec = vocabulary.get(subject, name)
    if spec is None:
        return ""
    kind = {"yes_no": "true or false", "date": "2012-05-01, 2012-05 or 2012", "number": "a number"}
    return f"   # {', '.join(spec.words) or kind.get(spec.type, '')}"


def policy_template(vocabulary: Vocabulary, county: str) -> str:
    """A policy of a county to fill in, with comments; every field stands in it once.

    Raises:
        InputError: the county's name has no letter.
    """
    slug = county_slug(county)
    if not slug:
        raise InputError(f"county `{county}`: a name has letters")
    return "\n".join(_policy_lines(vocabulary, " ".join(county.split()), slug)) + "\n"


def county_template(vocabulary: Vocabulary, county: str) -> str:
    """A county's file with one policy to fill in."""
    head = [
        "# A county's file; it belongs in the `counties` folder of a copy of the law, under the",
        f"# name {county_slug(county)}.yaml, and is read with `--rules DIR`.",
        'format: "1"',
        f"county: {quoted(' '.join(county.split()))}",
        "note: what was not found, and what the answer then applies",
        "policies:",
    ]
    lines = policy_template(vocabulary, county).splitlines()
    start = next(n for n, line in enumerate(lines) if not line.startswith("#"))
    body = [*lines[:start], f"- {lines[start]}", *(f"  {line}" for line in lines[start + 1 :])]
    return "\n".join([*head, *(f"  {line}" for line in body)]) + "\n"


def _policy_lines(vocabulary: Vocabulary, county: str, slug: str) -> Iterator[str]:
    kinds = vocabulary.facts["case", "agency.kind"].words
    acts = list(vocabulary.actions)
    public = next(
        n
        for n, s in vocabulary.by_subject["case"].items()
        if s.type == "yes_no" and not s.list_name
    )
    yield f"# A policy of {quoted(county)} to fill in. Everything in it is an example: change it."
    yield "# `values-act decide CASE --policy FILE` decides under it; it may also stand in a case"
    yield "# under `policy:`, or in a county's file under `policies:`. A policy closes acts that"
    yield "# state law leaves open; it never opens one."
    yield f"id: {slug}-sheriff"
    yield f"title: {quoted(f'Policy of the sheriff of {county} County')}"
    yield "cite: a number, a section, a date   # how a reader finds it"
    yield "authority: sheriff                  # who issued it: board, sheriff, voters, court"
    yield f"binds: [{next(iter(kinds))}]    # kinds of agency: {', '.join(kinds)}"
    yield "effective: 2025-01-01               # first day in force: a day, 2025-01 or 2025"
    yield "# ended: 2026-12-31                 # last day in force; left out: still in force"
    yield "actions:                            # an act left out is one the policy is silent on"
    yield f"  # {vocabulary.actions[acts[0]]}"
    yield f"  {acts[0]}: closed"
    yield f"  # {vocabulary.actions[acts[1]]}; open only where a condition holds"
    yield f"  {acts[1]}:"
    yield "    when: {all: [{" + public + ": true}]}   # all, any, not; a fact, or found: RULE"
    yield f"  # {vocabulary.actions[acts[2]]}; nobody has published what it says"
    yield f"  {acts[2]}:"
    yield f"    unpublished: {slug}-{acts[2].replace('_', '-')}   # a name for the part"
    yield "    refer: why counsel should be asked"
    yield f"  # {vocabulary.actions[acts[3]]}"
    yield f"  {acts[3]}: open"
    yield f"  # {vocabulary.actions[acts[4]]}; with what is done in fact"
    yield f"  {acts[4]}:"
    yield "    says: closed"
    yield "    practice: what the agency is known to do"
    yield "source:                             # where it was read"
    yield "  title: a title"
    yield '  url: "https://example.org/policy"'
    yield '  read: "in full or in part, and on which day"'
    yield "  confidence: unverified            # high, medium, low or unverified"
    yield "  note: what was not found"
    yield "note: anything else a reader must know"


def quoted(text: str) -> str:
    """Text as a YAML scalar that stays text, whatever is in it."""
    return json.dumps(text, ensure_ascii=False)
