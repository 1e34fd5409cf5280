"""`values-act prove`: properties of the law, for every case."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from values_act.cli.app import app
from values_act.cli.common import (
    AsOfOption,
    CountyOption,
    Format,
    FormatOption,
    RulesOption,
    given_day,
    library,
    progress,
    show,
    show_json,
)
from values_act.cli.diff import acts_of, save_cases
from values_act.errors import InputError, did_you_mean

if TYPE_CHECKING:
    from models.proof import Proof
    from values_act.library import Library
    from values_act.prove import Wanted
    from values_act.stated import Stated

PROPERTIES = "properties.yaml"  # beside the facts, in a copy of the law


@app.command("prove")
def prove(
    properties: Annotated[
        Path | None,
        typer.Option("--properties", metavar="FILE", help="Other properties than the law's own."),
    ] = None,
    only: Annotated[
        list[str] | None,
        typer.Option("--property", metavar="ID", help="This one alone; may be repeated."),
    ] = None,
    law: Annotated[
        str | None, typer.Option("--law", help="The law that is proved: state; see `law list`.")
    ] = None,
    county: CountyOption = None,
    action: Annotated[
        list[str] | None, typer.Option("--action", help="This act alone; may be repeated.")
    ] = None,
    as_of: AsOfOption = None,
    save: Annotated[
        Path | None,
        typer.Option(
            "--save-witnesses", metavar="DIR", help="Write each counterexample as a case."
        ),
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Tell everything, however long.")] = False,
    rules: RulesOption = None,
    output: FormatOption = Format.text,
) -> int:
    """Prove properties of the law for every case, or show a case of which one does not hold.

    Properties of any law are proved first: no conflict, no gap, every date covered, no dead rule,
    no rule implied by another, local policy never widens. Then those of FILE, or of
    properties.yaml beside the rules. Exits with 0 if all are verified, with 3 if one does not hold.
    """
    from values_act.prove import Prover
    from values_act.prove_text import proof_lines

    law_of = library(rules)
    stated = _read(law_of, properties)
    wanted = _wanted(law_of, stated, only, law, county, action, as_of)
    found = Prover(law_of, stated).prove(wanted, lambda tasks, doing: progress(list(tasks), doing))
    if save is not None:
        save_cases(_cases(found), save)
    if output is Format.json:
        show_json(found.as_json())
    else:
        show(proof_lines(found, every=every))
    return 0 if found.verified else 3


def _read(law_of: Library, path: Path | None) -> list[Stated]:
    """The properties of a file; of the law's own, if it has any."""
    from values_act.stated import read_properties

    own = law_of.root / PROPERTIES
    if path is None and not own.exists():
        return []
    return read_properties(path or own, law_of)


def _wanted(
    law_of: Library, stated: list[Stated], only: list[str] | None, law: str | None,
    county: str | None, action: list[str] | None, as_of: str | None,
) -> Wanted:  # fmt: skip
    """What is asked for.

    Raises:
        InputError: there is no such property, law, county, act or day.
    """
    from values_act.prove import Wanted, all_ids
    from values_act.versions import DEFAULT

    ids = all_ids(stated)
    for name in only or ():
        if name not in ids:
            raise InputError(
                f"unknown property `{name}`; properties: {', '.join(ids)}{did_you_mean(name, ids)}"
            )
    law_of.law(law or DEFAULT)
    place = law_of.county(county).county if county is not None else None
    day = None if as_of is None else given_day(as_of)
    acts = acts_of(law_of, action) if action else ()
    return Wanted(law, place, acts, day, tuple(only or ()))


def _cases(proof: Proof) -> dict[str, dict[str, object]]:
    """Every counterexample that is a case, with a name for its file."""
    return {
        f"{view.id}-{number:02d}": one.case
        for view in proof.properties
        for number, one in enumerate(view.counterexamples, 1)
        if one.case is not None
    }
