"""`values-act law check`: can everything in a copy of the law be loaded and decided under."""

from __future__ import annotations

from values_act.cli.app import law_app
from values_act.cli.common import (
    Format,
    FormatOption,
    RulesOption,
    library,
    progress,
    show_json,
)


@law_app.command("check")
def check_law(rules: RulesOption = None, output: FormatOption = Format.text) -> None:
    """Load every law and county, and compile each act on each span of days; or the first fault."""
    from values_act.wholecheck import Checker, places, read_everything

    store = library(rules)
    read_everything(store)
    spans, checker = list(places(store)), Checker(store)
    programs = sum(checker.check(span) for span in progress(spans, "compiling"))
    laws, counties = len(store.laws), len(store.county_names)
    if output is Format.json:
        told = {"laws": laws, "counties": counties, "programs": programs}
        show_json({"ok": True, **told, "law_digest": store.digest})
        return
    print(f"OK: {laws} laws, {counties} counties, {programs} programs; rules {store.digest}")
