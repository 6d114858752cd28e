"""The plots of `benchmarks/curves.py` as one SVG that follows light and dark pages, of the charts that reports have."""

from __future__ import annotations

from html import escape

from hypercuboid.targets.charts.lines import Series, line_chart
from hypercuboid.targets.charts.marks import Figure, Mark

WAYS = ("published", "plain", "fused", "native", "limit")
NAMES = {"plain": "plain, channels last", "limit": "arithmetic alone"}
GAP, TITLE = 24.0, 22.0
LIGHT = ("#ffffff", "#161616", "#545454", "#c9c9c5", "#1f5fa8", "#a65804", "#007a5c", "#75459b", "#5c5c1e")
DARK = ("#14161a", "#ececec", "#b0b3b8", "#454a52", "#7fb5f0", "#f0a657", "#4fcaa8", "#c79bec", "#c4c46a")
"""Page, ink, muted, lines, and the series in order, as reports have them (`report.css`)."""


def plotted(rows: list[dict[str, str]], base: dict[str, int]) -> str:
    """Milliseconds of a pair of steps over each setting, the others as in `base`."""
    figures = [figure for axis in base if (figure := _chart(rows, axis, base)) is not None]
    across, width = 2, max(one.width for one in figures)
    height = max(one.height for one in figures) + TITLE + GAP
    parts = [
        f'<g transform="translate({GAP + (width + GAP) * (i % across):g} {GAP + height * (i // across):g})">'
        f'<text class="b" x="0" y="6">{escape(one.title)}</text><g transform="translate(0 {TITLE:g})">'
        + "".join(map(_element, one.marks))
        + "</g></g>"
        for i, one in enumerate(figures)
    ]
    columns = min(across, len(figures))
    whole = 2 * GAP + columns * width + (columns - 1) * GAP, GAP + height * -(-len(figures) // across)
    summary = " ".join(f"{one.title}. {one.summary}" for one in figures)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" width="{whole[0]:g}" height="{whole[1]:g}" '
        f'viewBox="0 0 {whole[0]:g} {whole[1]:g}">\n'
        f"<title>Cost of a search step</title>\n<desc>{escape(summary)}</desc>\n"
        f"<style>{_style(LIGHT)} @media (prefers-color-scheme: dark) {{ {_style(DARK)} }}</style>\n"
        f'<rect class="page" width="{whole[0]:g}" height="{whole[1]:g}"/>\n' + "\n".join(parts) + "\n</svg>\n"
    )


def _chart(rows: list[dict[str, str]], axis: str, base: dict[str, int]) -> Figure | None:
    """The rows in which nothing but `axis` differs from `base`; None where they are one point."""
    along = [row for row in rows if all(int(row[name]) == base[name] for name in base if name != axis)]
    if len({row[axis] for row in along}) < 2:
        return None
    points = {
        way: sorted((float(row[axis]), 1000 * float(row["seconds"])) for row in along if row["way"] == way)
        for way in WAYS
    }
    series = [Series(NAMES.get(way, way), tuple(some)) for way, some in points.items()]
    return line_chart(f"Milliseconds of a pair of steps, by {axis}", series, axis)


def _element(mark: Mark) -> str:
    attributes = "".join(f' {name}="{escape(value)}"' for name, value in mark.attributes.items() if value)
    title = f"<title>{escape(mark.title)}</title>" if mark.title else ""
    return f"<{mark.tag}{attributes}>{title}{escape(mark.text)}</{mark.tag}>"


def _style(colours: tuple[str, ...]) -> str:
    page, ink, muted, line, *series = colours
    rules = [
        f"text {{ font: 11px 'DejaVu Sans', Verdana, Helvetica, Arial, sans-serif; fill: {ink} }}",
        f".b {{ font-weight: bold; font-size: 12px }} .m {{ fill: {muted} }} .page {{ fill: {page} }}",
        f".plot {{ fill: none; stroke: {line} }} .grid {{ stroke: {line}; stroke-width: 0.6 }}",
        f".axis {{ stroke: {muted} }} .l {{ fill: none; stroke-width: 1.8 }}",
        f".d {{ stroke: {page}; stroke-width: 0.8 }}",
    ]
    rules += [f".l.s{i} {{ stroke: {one} }} .d.s{i} {{ fill: {one} }}" for i, one in enumerate(series)]
    return " ".join(rules)
