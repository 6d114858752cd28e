"""Colours of sessions in a terminal: only what stands after `$` is a command; a line that begins with `#` is output."""

from __future__ import annotations

import re
from typing import ClassVar

from pygments.lexers.shell import BashSessionLexer

__all__ = ["SessionLexer"]


class SessionLexer(BashSessionLexer):
    """As the lexer `console` of Pygments, for which `#` is the prompt of an administrator."""

    name = "Session"
    aliases: ClassVar[list[str]] = ["session"]
    _ps1rgx = re.compile(r"^(\$\s)(.*\n?)")
