"""Small charts, drawn by the server as SVG: here are the numbers, the macro draws them."""

from collections.abc import Sequence
from typing import NamedTuple

WIDTH, HEIGHT = 400, 110
TOP, BOTTOM = 16, 20
WIDEST_BAR = 48


class Bar(NamedTuple):
    """A bar in the coordinates of the chart; ``is_negative``: it hangs below the line."""

    x: float
    y: float
    width: float
    height: float
    middle: float
    label: str
    value: int
    is_negative: bool
    is_labelled: bool


class Bars(NamedTuple):
    """A bar chart: its bars and the height of its zero line."""

    bars: list[Bar]
    zero: float
    width: int = WIDTH
    height: int = HEIGHT


def bars(points: Sequence[tuple[str, int]]) -> Bars:
    """Return the bars of ``points`` (label, value). Of many, only some carry their label."""
    high = max([value for _, value in points] + [0])
    low = min([value for _, value in points] + [0])
    scale = (HEIGHT - TOP - BOTTOM) / ((high - low) or 1)
    zero = TOP + high * scale
    step = WIDTH / max(len(points), 1)
    every = max(1, round(60 / step)) if points else 1
    width = min(step * 0.7, WIDEST_BAR)
    drawn = [
        Bar(
            round(at * step + (step - width) / 2, 1),
            round(zero - max(value, 0) * scale, 1),
            round(width, 1),
            round(max(abs(value) * scale, 1), 1),
            round(at * step + step / 2, 1),
            label,
            value,
            value < 0,
            at % every == 0,
        )
        for at, (label, value) in enumerate(points)
    ]
    return Bars(drawn, round(zero, 1))
