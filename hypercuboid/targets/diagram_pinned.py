"""A cuboid as DOT text, at the positions of its SVG."""

from __future__ import annotations

from hypercuboid.targets.diagram_data import Drawing
from hypercuboid.targets.diagram_dot import dot_text, new_graph
from hypercuboid.targets.diagram_layout import SMALL, Layout, arrange, op_text
from hypercuboid.targets.diagram_legend import drawing_key, legend_height
from hypercuboid.targets.diagram_style import RED, clip, darkness, fill, ink_on
from hypercuboid.targets.diagram_trellis import edge_style, tooltip


def trellis_dot(drawing: Drawing) -> str:
    """DOT text of a cuboid at the positions of its SVG, for `neato -n2`; "" where only a summary fits."""
    layout = arrange(drawing, legend_height(drawing_key(drawing)))
    return "" if layout is None else _pinned(drawing, layout)


def _pinned(drawing: Drawing, layout: Layout) -> str:
    graph = new_graph()
    graph.attr("node", fontsize=f"{SMALL:g}", margin="0")
    graph.attr("edge", arrowhead="none")
    for band_number, band in enumerate(layout.bands):
        for column in band.columns:
            for state, box in enumerate(column.pills):
                name = f"s{band_number}_{column.depth}_{state}"
                place = f"{box.center:.1f},{layout.height - box.middle:.1f}!"
                sizes = {"width": f"{box.w / 72:.4f}", "height": f"{box.h / 72:.4f}"}
                graph.node(
                    name, dot_text((drawing.states[state],)), shape="ellipse", pos=place, fixedsize="true", **sizes
                )
        for frame, before in zip(band.frames, band.columns, strict=False):
            step = drawing.steps[frame.step]
            for number, (op, box) in enumerate(zip(step.ops, frame.ops, strict=True)):
                name, dark = f"o{frame.step}_{number}", darkness(op.weight, op.uniform)
                colour = fill(drawing.hue(op.primitive), dark)
                width, stroke = edge_style(dark)
                red = op.kept and bool(drawing.path)
                style = {"penwidth": f"{2.2 if red else width:.2f}", "color": RED if red else stroke}
                graph.node(
                    name,
                    dot_text((clip(op_text(drawing, op), box.w - 5, SMALL) if layout.level == "boxes" else "",)),
                    pos=f"{box.center:.1f},{layout.height - box.middle:.1f}!",
                    fixedsize="true",
                    width=f"{box.w / 72:.4f}",
                    height=f"{box.h / 72:.4f}",
                    fillcolor=colour,
                    fontcolor=ink_on(colour),
                    color=RED if red else colour,
                    tooltip=dot_text(tuple(tooltip(drawing, step, op).split("\n"))),
                )
                if op.live:
                    graph.edge(f"s{band_number}_{before.depth}_{op.source}", name, **style)
                    graph.edge(name, f"s{band_number}_{before.depth + 1}_{op.target}", **style)
    return str(graph.source)
