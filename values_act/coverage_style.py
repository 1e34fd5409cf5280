"""How the page of what is exercised looks: its colors, light and dark, and its shapes."""

from __future__ import annotations

from collections.abc import Mapping

# Pairs of ink and paper, each at least 4.5 to 1.
LIGHT = {
    "page": ("#1b1b1b", "#ffffff"),
    "faint": ("#4f4f4f", "#ffffff"),
    "link": ("#0b4fa8", "#ffffff"),
    "whole": ("#0b3d17", "#d9f0dd"),
    "part": ("#4a3500", "#fff0c2"),
    "none": ("#6b1010", "#fbd9d7"),
    "closed": ("#3d3d3d", "#e6e6e6"),
}
DARK = {
    "page": ("#e8e8e8", "#151515"),
    "faint": ("#b5b5b5", "#151515"),
    "link": ("#8ab8ff", "#151515"),
    "whole": ("#c9f0d2", "#123d1d"),
    "part": ("#ffe9a8", "#4a3900"),
    "none": ("#ffd9d6", "#5a1717"),
    "closed": ("#dddddd", "#3a3a3a"),
}


def _colors(pairs: Mapping[str, tuple[str, str]]) -> str:
    return "".join(f"--{name}:{ink};--{name}-on:{paper};" for name, (ink, paper) in pairs.items())


STYLE = f"""
:root{{color-scheme:light dark;{_colors(LIGHT)}}}
@media(prefers-color-scheme:dark){{:root{{{_colors(DARK)}}}}}
*{{box-sizing:border-box}}
body{{margin:0 auto;max-width:60rem;padding:1rem;font:1rem/1.55 system-ui,sans-serif;
color:var(--page);background:var(--page-on);overflow-wrap:anywhere}}
h1{{font-size:1.6rem;line-height:1.25}}h2{{font-size:1.3rem}}h3{{font-size:1.1rem}}
h4{{font-size:1rem;margin:0}}
summary{{cursor:pointer;padding:.35rem 0}}
summary h2,summary h3{{display:inline;margin:0}}
summary span,.cite,small{{color:var(--faint)}}
mark small{{color:inherit}}
a{{color:var(--link)}}
:focus-visible{{outline:3px solid var(--link);outline-offset:2px}}
.skip{{position:absolute;left:-999px}}.skip:focus{{position:static}}
article{{border-top:1px solid var(--faint);padding:.8rem 0}}
article p{{margin:.3rem 0}}
.when{{line-height:1.9}}
mark{{padding:.1rem .3rem;border-radius:.2rem;border:1px solid;
-webkit-box-decoration-break:clone;box-decoration-break:clone}}
mark.whole{{color:var(--whole);background:var(--whole-on)}}
mark.part{{color:var(--part);background:var(--part-on);border-style:dashed}}
mark.none{{color:var(--none);background:var(--none-on);border-style:double;border-width:3px}}
mark.closed{{color:var(--closed);background:var(--closed-on);border-style:dotted}}
.signs{{list-style:none;padding:0}}.signs li{{margin:.3rem 0}}
.wide{{overflow-x:auto}}
table{{border-collapse:collapse;font-size:.9rem;overflow-wrap:normal}}
caption{{text-align:left;color:var(--faint);padding:.3rem 0}}
th,td{{border:1px solid var(--faint);padding:.25rem .5rem;text-align:left;vertical-align:top}}
dt{{font-weight:600}}dd{{margin:0 0 .5rem 1rem}}
@media print{{details::details-content{{content-visibility:visible}}}}
"""
