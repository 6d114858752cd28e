"""Pipelines whose arrows stand in columns, as people lay them out."""

from __future__ import annotations

from hypercuboid.frontend.style.concrete import Branch, Part, last_token, tokens_of
from hypercuboid.frontend.style.layout import Row
from hypercuboid.frontend.style.lines import on_one_line
from hypercuboid.frontend.style.writer import Writer
from hypercuboid.frontend.tokens import Token


def aligned_rows(w: Writer, pipe: Branch) -> tuple[Row, ...]:
    """The lines of a pipeline whose every line went on right below its first arrow; () of any other.

    Arrows that stood below one another in the text do so again. Comments stand only behind lines.
    """
    head, *rest = pipe.parts
    rows = _rows(w, rest)
    columns = [[w.remarks.column(arrow) for arrow, _ in row] for row in rows]
    if len(rows) < 2 or len({row[0] for row in columns}) > 1 or _is_remarked_inside(w, pipe, rows):
        return ()
    first = on_one_line(w.doc(head))
    cells = [[on_one_line(w.doc(stage)) for _, stage in row] for row in rows]
    if first is None or any(None in row for row in cells):
        return ()
    texts = _padded([[str(text) for text in row] for row in cells], columns)
    before = [first, *(" " * len(first) for _ in texts[1:])]
    ends = [w.remarks.behind(last_token(row[-1][1])) for row in rows]
    return tuple(Row(f"{left} {text}", end) for left, text, end in zip(before, texts, ends, strict=True))


def _rows(w: Writer, parts: list[Part]) -> list[list[tuple[Token, Part]]]:
    """The arrows of each line with what follows them."""
    rows: list[list[tuple[Token, Part]]] = [[]]
    for arrow, stage in zip(parts[::2], parts[1::2], strict=True):
        assert isinstance(arrow, Token)
        if rows[-1] and w.remarks.begins_line(arrow):
            rows.append([])
        rows[-1].append((arrow, stage))
    return rows


def _is_remarked_inside(w: Writer, pipe: Branch, rows: list[list[tuple[Token, Part]]]) -> bool:
    """Whether a comment stands anywhere but behind the last token of a line."""
    ends = {last_token(row[-1][1]).start for row in rows}
    around = w.remarks.around
    tokens = tokens_of(pipe)
    before = any(around[token.start].before for token in tokens[1:])
    return before or any(around[token.start].behind and token.start not in ends for token in tokens)


def _padded(cells: list[list[str]], columns: list[list[int]]) -> list[str]:
    """Lines of stages, padded up to the arrows that stood in one column; none after the first that did not."""
    texts = [f"-> {row[0]}" for row in cells]
    aligned = True
    for position in range(1, max(map(len, cells))):
        present = [row for row, line in enumerate(cells) if len(line) > position]
        aligned = aligned and len({columns[row][position] for row in present}) == 1
        width = max(len(texts[row]) for row in present) if aligned else 0
        for row in present:
            texts[row] = f"{texts[row].ljust(width)} -> {cells[row][position]}"
    return texts
