"""The picture of a cuboid space as SVG: boxes for small ones, heat maps for larger ones, a summary beyond."""

from __future__ import annotations

from hypercuboid.targets.diagram_data import Drawing
from hypercuboid.targets.diagram_layout import arrange
from hypercuboid.targets.diagram_legend import description, drawing_key, header, legend, legend_height
from hypercuboid.targets.diagram_marks import Page, printable_lines, to_svg
from hypercuboid.targets.diagram_summary import summary
from hypercuboid.targets.diagram_trellis import trellis_layers
from hypercuboid.targets.theme import Theme


def draw(drawing: Drawing, theme: Theme = Theme.AUTO) -> str:
    """SVG text. Positions depend on the axes alone: other weights change colours, widths and the path only."""
    return to_svg(drawing_page(drawing), theme)


def drawing_page(drawing: Drawing) -> Page:
    """The page of a drawing."""
    key = drawing_key(drawing)
    layout = arrange(drawing, legend_height(key))
    if layout is None:
        return summary(drawing)
    layers = (
        header(drawing.title, drawing.lines, layout.width),
        *trellis_layers(drawing, layout),
        legend(key, layout.legend, layout.width),
    )
    title, words = printable_lines(drawing.title), printable_lines(description(drawing))
    return Page(layout.width, layout.height, title, words, layers)
