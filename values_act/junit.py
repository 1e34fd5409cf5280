"""Results of scenarios as JUnit XML, for continuous integration to show.

One suite a file of scenarios, one case a scenario. The elements are those that tools read in
common: `failure` with the problems and the source, `skipped` for a to-do. A case also has the
attributes `file` and `line`, by which such tools point into the file. No times are given.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from xml.etree import ElementTree as ET

from values_act.scenarios import Result

TODO = "to do: no outcome and source given yet"
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit_xml(results: Iterable[Result], below: Path) -> bytes:
    """The report in UTF-8; files below a folder (the one CI runs in) are named from there."""
    by_file: dict[Path, list[Result]] = {}
    for result in results:
        by_file.setdefault(result.placed.file, []).append(result)
    root = ET.Element("testsuites", name="values-act scenarios")
    for file, found in by_file.items():
        root.append(_suite(_named(file, below), found))
    every = [result for found in by_file.values() for result in found]
    root.attrib |= _counts(every)
    ET.indent(root)
    body: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return body + b"\n"


def _suite(file: str, results: list[Result]) -> ET.Element:
    suite = ET.Element("testsuite", {"name": file, **_counts(results), "file": file})
    for result in results:
        suite.append(_case(file, result))
    return suite


def _counts(results: list[Result]) -> dict[str, str]:
    states = Counter(result.state for result in results)
    counts = {
        "tests": len(results),
        "failures": states["failed"],
        "errors": 0,
        "skipped": states["todo"],
    }
    return {name: str(count) for name, count in counts.items()}


def _case(file: str, result: Result) -> ET.Element:
    scenario, line = result.placed.scenario, str(result.placed.line)
    case = ET.Element(
        "testcase",
        name=_clean(scenario.name),
        classname=file.removesuffix(".yaml"),
        file=file,
        line=line,
    )
    if result.state == "todo":
        ET.SubElement(case, "skipped", message=TODO)
    elif result.state == "failed":
        kind = "not as expected" if result.decision else "not decided"
        failure = ET.SubElement(case, "failure", type=kind, message=_clean(result.problems[0]))
        lines = (f"{file}:{line}", *result.problems, f"source: {scenario.source}")
        failure.text = _clean("\n".join(lines))
    return case


def _named(file: Path, below: Path) -> str:
    """A file's name from a folder, if it lies below it; else as it is."""
    whole = file.resolve()
    inside = whole.is_relative_to(below)
    return _clean((whole.relative_to(below) if inside else file).as_posix())


def _clean(text: str) -> str:
    """The text, with characters that XML cannot hold spelled out (a file's name may have them)."""
    return _NOT_XML.sub(lambda found: found[0].encode("unicode_escape").decode(), text)
