"""A case to fill in: the common facts, each with the words it may take."""

from __future__ import annotations

from collections.abc import Iterator

from models.law import Subject
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
