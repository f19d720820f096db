"""The waterline as a ship's draught mark, and a bar of shares. Pure: words come in, an SVG of classes goes out."""

from html import escape


class Svg(str):
    """A drawing whose texts are escaped already: templates put it on the page as it is."""

    __slots__ = ()

    def __html__(self) -> str:
        return self


TOP, BOTTOM, LEFT, RIGHT = 12, 172, 34, 140


def draw_waterline(score: float | None, *, title: str, unknown: str, label: str = "", grey: float = 0) -> Svg:
    """Draught marks from 0 to 100 and the water up to `score`, hatched above it as many points as nobody can tell
    (`grey`); no water at all when the score is not known. `label` is the score as the reader writes it."""
    parts = [
        f'<svg class="draught" role="img" viewBox="0 0 144 184" width="144" height="184" aria-label="{escape(title)}">',
        f'<path class="draught-hull" d="{"".join(_mark(step) for step in range(0, 101, 10))}"/>',
        *(
            f'<text x="{LEFT - 12}" y="{_height(step) + 4:g}" text-anchor="end">{step}</text>'
            for step in range(0, 101, 20)
        ),
    ]
    if score is None:
        parts.append(f'<path class="draught-unknown" d="{_hatching()}"/>')
        parts.append(f'<text class="draught-word" x="{(LEFT + RIGHT) / 2:g}" y="96">{escape(unknown)}</text>')
    else:
        height = min(max(score, 0), 100)
        parts.append(
            f'<path class="draught-unknown" d="{_hatching(height, min(height + grey, 100))}"/>' if grey else ""
        )
        parts.append(_water(height, label or f"{score:.0f}"))
    return Svg("".join(parts) + "</svg>")


def _height(step: float) -> float:
    return BOTTOM - (BOTTOM - TOP) * step / 100


def _mark(step: int) -> str:
    return f"M{LEFT} {_height(step):g}h{-8 if step % 20 == 0 else -4}"


def _hatching(first: float = 0, last: float = 100) -> str:
    """Slanted lines over the tank between two marks, each cut at its walls."""
    top, bottom, lines = _height(last), _height(first), []
    for total in range(int(LEFT + top) + 10, int(RIGHT + bottom), 10):
        low, high = max(LEFT, total - bottom), min(RIGHT, total - top)
        if low < high:
            lines.append(f"M{low:g} {total - low:g}L{high:g} {total - high:g}")
    return "".join(lines)


def _water(score: float, label: str) -> str:
    y = _height(score)
    wave = f"M{LEFT} {y:g}" + "q6.6 -5 13.25 0t13.25 0" * 4
    above = y - 8 if y > TOP + 34 else y + 30
    return (
        f'<path class="draught-water" d="{wave}V{BOTTOM}H{LEFT}z"/><path class="draught-surface" d="{wave}"/>'
        f'<text class="draught-score" x="{RIGHT - 4}" y="{above:g}" text-anchor="end">{escape(label)}</text>'
    )


BAR, THICK = 200, 8


def draw_shares(done: float, unknown: float, *, title: str) -> Svg:
    """A bar of shares from 0 to 1: what is done from the left, what nobody knows hatched at the right."""
    filled, start = BAR * min(max(done, 0), 1), BAR * (1 - min(max(unknown, 0), 1))
    return Svg(
        f'<svg class="shares" role="img" viewBox="0 0 {BAR} {THICK}" width="{BAR}" height="{THICK}"'
        f' aria-label="{escape(title)}"><rect class="shares-rest" width="{BAR}" height="{THICK}"/>'
        f'<rect class="shares-done" width="{filled:g}" height="{THICK}"/>'
        f'<path class="shares-unknown" d="{_stripes(start)}"/></svg>'
    )


def _stripes(start: float) -> str:
    """Slanted lines from `start` to the end of the bar, each cut at its edges."""
    lines = []
    for total in range(int(start) + 5, BAR + THICK, 5) if start < BAR else ():
        low, high = max(start, total - THICK), min(BAR, total)
        lines.append(f"M{low:g} {total - low:g}L{high:g} {total - high:g}")
    return "".join(lines)
