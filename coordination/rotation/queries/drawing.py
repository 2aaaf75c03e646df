"""Compute the timeline's geometry: a drawing for each year or month.

Pure. x and widths are percents of the width of a part, so that it fits any screen; y and heights
are pixels. What fits is judged by the least width of a part, so no label is cut on a phone.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Protocol

from django.urls import reverse
from django.utils import dateformat
from django.utils.translation import gettext as _

from coordination.core.periods import ONE_DAY, Period
from coordination.rotation.queries.happenings import TimelineMark
from coordination.rotation.queries.windows import Window

# pixels; a part is never narrower (see content.css), but for rounding
LEAST_WIDTH = 143
BOX_TOP, BOX_HEIGHT = 8, 28
TRACK_GAP, TRACK_HEIGHT = 4, 22
LANE_HEIGHT, LANE_TOP, LANE_PADDING = 13, 15, 5
# pixels between two labels, and between a sign and its label
BETWEEN, BESIDE = 6, 8
# percents: boxes do not touch; what goes on in the next part has no edge there
INSET, BEYOND, NARROWEST, WITHIN = 0.5, 3.0, 0.6, 1.0
LOWER = 1  # pixels
# pixels of a capital and of another character, of a strong label (11 px) and a small one (10 px)
STRONG, SMALL = (7.9, 6.3), (6.9, 5.5)

SIGNS = ("event", "text")
HATCHES = {"vacant": "hatch", "ahead": "hatch", "past": "past"}


class Shown(Protocol):
    """What is drawn of a line of the timeline."""

    @property
    def shown(self) -> Period:
        """Return the days shown."""

    @property
    def state(self) -> str:
        """Return the state, which names the style."""

    @property
    def term(self) -> Any:
        """Return the term, or None."""

    @property
    def names(self) -> str:
        """Return who chairs."""

    @property
    def remark(self) -> str:
        """Return a short remark."""

    @property
    def title(self) -> str:
        """Return all that is told of it."""


@dataclass(frozen=True, slots=True)
class Box:
    """A term or a gap within one part; `style` is the CSS class.

    `label` and `small` are "" where they do not fit.
    """

    x: float
    y: int
    width: float
    height: int
    style: str
    label: str
    small: str
    title: str
    url: str

    @property
    def hatch(self) -> str:
        """Return the pattern of days without a chair, or ""."""
        return HATCHES.get(self.style, "")

    @property
    def middle(self) -> float:
        """Return the x of the middle of the box, within the part."""
        left, right = max(self.x, 0.0), min(self.x + self.width, 100.0)
        return (left + right) / 2

    @property
    def label_y(self) -> int:
        """Return the y of the label's foot."""
        return self.y + (11 if self.small else self.height // 2 + 4)

    @property
    def small_y(self) -> int:
        """Return the y of the foot of the second line."""
        return self.y + self.height - 5


@dataclass(frozen=True, slots=True)
class Label:
    """Words outside the boxes, `dx` pixels from `x`.

    `style`: "today", "vacant", "past", "ahead", "unknown", "name"; "event" and "text" have a sign.
    """

    x: float
    y: int
    dx: int
    anchor: str
    style: str
    text: str
    title: str
    url: str = ""

    @property
    def has_sign(self) -> bool:
        """Return whether a sign stands at x."""
        return self.style in SIGNS


@dataclass(frozen=True, slots=True)
class Part:
    """One year or month. `today` is the x of the day, None elsewhere."""

    name: str
    height: int
    foot: int
    boxes: tuple[Box, ...]
    labels: tuple[Label, ...]
    today: float | None


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A label to place; `begin` and `end` are its pixels."""

    label: Label
    begin: float
    end: float


def text_width(text: str, sizes: tuple[float, float] = SMALL) -> float:
    """Return about how wide a text is, in pixels."""
    capital, other = sizes
    return sum(capital if char.isupper() or ord(char) > 0x2E80 else other for char in text)  # noqa: PLR2004 - from here on characters are as wide as capitals


def parts_of(
    window: Window, lines: Sequence[Shown], marks: Sequence[TimelineMark], day: date
) -> tuple[Part, ...]:
    """Return the drawings of a window, in order of time."""
    tracks = tracks_of(lines)
    return tuple(
        part_of(
            name,
            period,
            [
                (line, track)
                for line, track in zip(lines, tracks, strict=True)
                if line.shown.overlaps(period)
            ],
            [mark for mark in marks if period.covers(mark.day)],
            day,
        )
        for name, period in window.parts()
    )


def tracks_of(lines: Sequence[Shown]) -> list[int]:
    """Return each line's track; 0 is for chairs and lone proposals.

    Proposals that exclude each other, or a term, stand under it one below the other: none of them
    looks preferred.
    """
    chairing = [line.shown for line in lines if line.term and line.state != "proposed"]
    proposals = [line.shown for line in lines if line.state == "proposed"]
    tracks: list[int] = []
    last_days: list[date] = []
    for line in lines:
        # a proposal overlaps itself
        rivals = sum(line.shown.overlaps(other) for other in proposals) > 1
        if line.state != "proposed" or not (
            rivals or any(line.shown.overlaps(other) for other in chairing)
        ):
            tracks.append(0)
            continue
        # one for each year, as its name may stand beside it
        begins = line.shown.first.year
        free = (place for place, taken in enumerate(last_days) if taken.year < begins)
        track = next(free, len(last_days))
        assert line.shown.last
        last_days[track : track + 1] = [line.shown.last]
        tracks.append(track + 1)
    return tracks


def part_of(
    name: str,
    period: Period,
    lines: Sequence[tuple[Shown, int]],
    marks: Sequence[TimelineMark],
    day: date,
) -> Part:
    """Return the drawing of one year or month."""
    boxes = [box_of(line, track, period) for line, track in lines]
    foot = BOX_TOP + BOX_HEIGHT
    today = place(day, period) if period.covers(day) else None
    in_line = [(box, line) for box, (line, track) in zip(boxes, lines, strict=True) if not track]
    labels = placed(wanted_labels(today, in_line, period, marks), foot)
    lowest = max((label.y + LANE_PADDING for label in labels), default=foot)
    rivals = [
        replace(box, y=top_of_track(track, lowest))
        for box, (_line, track) in zip(boxes, lines, strict=True)
        if track
    ]
    named = [
        beside_box(box, line.names)
        for box, (line, _track) in zip(rivals, [pair for pair in lines if pair[1]], strict=True)
        if not box.label
    ]
    height = max([lowest, *(box.y + box.height for box in rivals)]) + LANE_PADDING
    return Part(
        name,
        height,
        foot,
        (*(box for box, _line in in_line), *rivals),
        (*labels, *named),
        today,
    )


def place(day: date, period: Period) -> float:
    """Return the x at which a day begins, in percent of the part."""
    return round(100 * (day - period.first).days / period.days, 2)


def top_of_track(track: int, lowest: int) -> int:
    """Return the y of a rival's track, under the chairs' words."""
    return lowest + track * (TRACK_GAP + TRACK_HEIGHT) - TRACK_HEIGHT


def beside_box(box: Box, names: str) -> Label:
    """Place a rival's name beside its box, or else over it."""
    label = Label(box.middle, box.y + 15, 0, "middle", "name", names, box.title, box.url)
    left, right = box.x * LEAST_WIDTH / 100, (box.x + box.width) * LEAST_WIDTH / 100
    width = text_width(names) + BETWEEN
    if right + width <= LEAST_WIDTH:
        return replace(label, x=round(box.x + box.width, 2), dx=BETWEEN, anchor="start")
    if width <= left:
        return replace(label, x=box.x, dx=-BETWEEN, anchor="end")
    return centred(label).label


def box_of(line: Shown, track: int, period: Period) -> Box:
    """Return a line's box in a part.

    Its labels are left out if they do not fit.
    """
    assert line.shown.last
    assert period.last
    begins_here = line.shown.first >= period.first
    ends_here = line.shown.last <= period.last
    # a lone proposal stands within the vacancy that it would fill
    within = line.state == "proposed" and not track
    inset = INSET + WITHIN if within else INSET
    left = place(line.shown.first, period) + inset if begins_here else -BEYOND
    right = place(line.shown.last + ONE_DAY, period) - inset if ends_here else 100 + BEYOND
    width = max(round(right - left, 2), NARROWEST)
    inside = (min(right, 100) - max(left, 0)) * LEAST_WIDTH / 100
    label = line.names if text_width(line.names, STRONG) <= inside else ""
    # one line of words in a low box; a remark is made once
    is_told = label and begins_here and not track and text_width(line.remark) <= inside
    small = line.remark if is_told else ""
    if line.term is None:
        label = small = ""
    return Box(
        round(left, 2),
        BOX_TOP + LOWER if within else BOX_TOP,
        width,
        TRACK_HEIGHT if track else BOX_HEIGHT - (2 * LOWER if within else 0),
        line.state,
        label,
        small,
        line.title,
        reverse("rotation:term", args=[line.term.slug]) if line.term else "",
    )


def wanted_labels(
    today: float | None,
    boxes: Iterable[tuple[Box, Shown]],
    period: Period,
    marks: Iterable[TimelineMark],
) -> Iterator[_Wanted]:
    """Yield the words under chairs' boxes, most important first."""
    if today is not None:
        yield centred(Label(today, 0, 0, "middle", "today", _("today"), ""))
    for box, line in boxes:
        if line.term is None:
            yield centred(Label(box.middle, 0, 0, "middle", box.style, gap_words(line), box.title))
        elif not box.label:
            named = Label(box.middle, 0, 0, "middle", "name", line.names, box.title, box.url)
            yield centred(named)
    for mark in marks:
        yield beside(
            Label(place(mark.day, period), 0, 0, "", mark.style, mark.label, mark.title, mark.url)
        )


def gap_words(line: Shown) -> str:
    """Return the words of a gap, such as "No chair, Jan to May".

    Only a past gap of whole months names them.
    """
    first, last = line.shown.first, line.shown.last
    assert last
    is_whole = first.day == 1 and (last + ONE_DAY).day == 1 and first.year == last.year
    if line.state != "past" or not is_whole:
        return line.remark
    names = {"first": dateformat.format(first, "M"), "last": dateformat.format(last, "M")}
    if names["first"] == names["last"]:
        return _("No chair, %(month)s") % {"month": names["first"]}
    return _("No chair, %(first)s to %(last)s") % names


def fitted(text: str, width: float) -> str:
    """Shorten a text to `width` pixels, ending in "…"."""
    if text_width(text) <= width:
        return text
    while text and text_width(text + "…") > width:
        text = text[:-1]
    return text.rstrip() + "…"


def centred(label: Label) -> _Wanted:
    """Centre a label under its place, or align it with the edge.

    The edge of the part.
    """
    text = fitted(label.text, LEAST_WIDTH)
    width, middle = text_width(text), label.x * LEAST_WIDTH / 100
    if middle - width / 2 < 0:
        return _Wanted(replace(label, x=0.0, anchor="start", text=text), 0, width)
    if middle + width / 2 > LEAST_WIDTH:
        at_end = replace(label, x=100.0, anchor="end", text=text)
        return _Wanted(at_end, LEAST_WIDTH - width, LEAST_WIDTH)
    return _Wanted(replace(label, text=text), middle - width / 2, middle + width / 2)


def beside(label: Label) -> _Wanted:
    """Return a label that stands beside its sign, where there is more room."""
    sign = min(max(label.x * LEAST_WIDTH / 100, BESIDE), LEAST_WIDTH - BESIDE)
    x = round(100 * sign / LEAST_WIDTH, 2)
    to_end, to_start = LEAST_WIDTH - sign - BESIDE, sign - BESIDE
    goes_on = text_width(label.text) <= to_end or to_end >= to_start
    text = fitted(label.text, to_end if goes_on else to_start)
    width = text_width(text) + BESIDE
    if goes_on:
        after = replace(label, x=x, dx=BESIDE, anchor="start", text=text)
        return _Wanted(after, sign - BESIDE, sign + width)
    before = replace(label, x=x, dx=-BESIDE, anchor="end", text=text)
    return _Wanted(before, sign - width, sign + BESIDE)


def placed(wanted: Iterable[_Wanted], top: int) -> tuple[Label, ...]:
    """Return the labels in lanes in which none touches another."""
    lanes: list[list[_Wanted]] = []
    labels = []
    for want in wanted:
        number = next((n for n, lane in enumerate(lanes) if is_free(lane, want)), len(lanes))
        if number == len(lanes):
            lanes.append([])
        lanes[number].append(want)
        labels.append(replace(want.label, y=top + LANE_TOP + number * LANE_HEIGHT))
    return tuple(labels)


def is_free(lane: Iterable[_Wanted], want: _Wanted) -> bool:
    """Return whether a label has room in a lane."""
    return all(
        want.end + BETWEEN <= taken.begin or taken.end + BETWEEN <= want.begin for taken in lane
    )


def mirrored(part: Part) -> Part:
    """Return a part from right to left.

    Anchors stay: in SVG, text from right to left starts at its right end.
    """
    return replace(
        part,
        boxes=tuple(replace(box, x=round(100 - box.x - box.width, 2)) for box in part.boxes),
        labels=tuple(
            replace(label, x=round(100 - label.x, 2), dx=-label.dx) for label in part.labels
        ),
        today=None if part.today is None else round(100 - part.today, 2),
    )
