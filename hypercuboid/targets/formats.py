"""The files that a picture can be written as, by the suffix of their name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from hypercuboid.registry import Registry
from hypercuboid.targets.diagram_marks import Page, to_svg
from hypercuboid.targets.diagram_style import PAPER
from hypercuboid.targets.pdf import to_pdf
from hypercuboid.targets.raster import WIDTH, to_png, to_webp
from hypercuboid.targets.theme import Theme, dark_area


@dataclass(frozen=True)
class Order:
    """A picture to be written: its page, its DOT text, which is made when asked for, and how it is to look."""

    page: Page
    dot: Callable[[], str]
    theme: Theme = Theme.AUTO
    width: int = WIDTH

    @property
    def paper(self) -> str:
        """The colour of the page."""
        return dark_area(PAPER) if self.theme is Theme.DARK else PAPER

    @property
    def fixed(self) -> str:
        """SVG with one theme, for what cannot ask which one is wanted."""
        return to_svg(self.page, Theme.LIGHT if self.theme is Theme.AUTO else self.theme)


Writer = Callable[[Order], bytes]
FORMATS: Registry[Writer] = Registry("picture format")
FORMATS.add(".svg", lambda order: to_svg(order.page, order.theme).encode())
FORMATS.add(".png", lambda order: to_png(order.fixed, order.width))
FORMATS.add(".webp", lambda order: to_webp(order.fixed, order.width))
FORMATS.add(".pdf", lambda order: to_pdf(order.fixed, order.page.width, order.page.height, paper=order.paper))
FORMATS.add(".dot", lambda order: order.dot().encode())
