"""The picture of a cuboid space as SVG: boxes for small ones, heat maps for larger ones, a summary beyond."""

from __future__ import annotations

from hypercuboid.targets.diagram_data import Drawing
from hypercuboid.targets.diagram_layout import arrange
from hypercuboid.targets.diagram_legend import description, header, legend, legend_height
from hypercuboid.targets.diagram_marks import Page, printable_lines, to_svg
from hypercuboid.targets.diagram_summary import summary
from hypercuboid.targets.diagram_trellis import trellis_layers


def draw(drawing: Drawing) -> str:
    """SVG text. Positions depend on the axes alone: other weights change colours, widths and the path only."""
    layout = arrange(drawing, legend_height(drawing))
    if layout is None:
        return to_svg(summary(drawing))
    layers = (
        header(drawing.title, drawing.lines, layout.width),
        *trellis_layers(drawing, layout),
        legend(drawing, layout.legend, layout.width),
    )
    title, words = printable_lines(drawing.title), printable_lines(description(drawing))
    return to_svg(Page(layout.width, layout.height, title, words, layers))
