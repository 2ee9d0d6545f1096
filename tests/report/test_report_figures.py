"""Axes that always hold their values and can be read, names that tell participants apart, lines that keep their words."""

import re

from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from trialwright.report.figures.axis import make_axis, tick_label
from trialwright.report.figures.flow import draw_flow
from trialwright.report.figures.intervals import WIDTH, Line, draw_intervals
from trialwright.report.figures.svg import PENS, wrap
from trialwright.report.figures.trajectories import draw_trajectories, short_names
from trialwright.report.wording import Wording

positive = st.lists(st.floats(0.001, 1e6), min_size=1, max_size=20)
measured = st.lists(st.decimals(-1000, 100_000, places=2).map(float), max_size=20)


@given(positive)
def test_a_logarithmic_axis_holds_every_value_and_has_ticks(values):
    axis = make_axis(values, top=0, bottom=100, logarithmic=True)
    assert all(0 <= axis.place(value) <= 100 for value in values)
    assert 1 <= len(axis.ticks) <= 30
    assert all(0 <= axis.place(tick) <= 100 for tick in axis.ticks)


@given(measured)
def test_a_plain_axis_holds_every_value_and_has_two_to_twelve_ticks(values):
    axis = make_axis(values, top=0, bottom=100, logarithmic=False)
    assert all(-1e-6 <= axis.place(value) <= 100 + 1e-6 for value in values)
    assert 2 <= len(axis.ticks) <= 12


@given(st.lists(st.floats(0.01, 1000), min_size=2, max_size=2, unique=True), st.booleans())
def test_a_higher_value_never_stands_lower(values, logarithmic):
    axis = make_axis(values, top=0, bottom=100, logarithmic=logarithmic)
    low, high = sorted(values)
    assert axis.place(low) >= axis.place(high)


def test_ticks_are_written_as_people_write_them():
    assert [tick_label(value) for value in (0.5, 10.0, -2.5, 0.0, 120)] == ["0.5", "10", "−2.5", "0", "120"]


def test_participants_are_named_by_their_number_unless_two_sites_share_it():
    assert short_names(["LN-003-R", "LN-021-R"]) == {"LN-003-R": "3", "LN-021-R": "21"}
    assert short_names(["A-01-003-R", "A-02-003-R"]) == {"A-01-003-R": "A-01-003", "A-02-003-R": "A-02-003"}


def test_arms_differ_in_mark_and_line_not_in_colour_alone():
    for trait in ("colour", "dash", "mark", "name"):
        assert len({getattr(pen, trait) for pen in PENS}) == len(PENS), trait


@given(st.text("ab \u2066\u2067\u2068\u2069", max_size=60))
def test_a_wrapped_line_keeps_its_words_and_opens_no_isolate_that_it_does_not_close(text):
    lines = wrap(text, 60)
    letters = str.maketrans("", "", "\u2066\u2067\u2068\u2069")
    assert " ".join(lines).translate(letters).split() == text.translate(letters).split()
    for line in lines:
        opened = sum(line.count(mark) for mark in "\u2066\u2067\u2068")
        assert opened <= line.count("\u2069")


def test_every_participant_with_values_is_a_named_line(lupus):
    (result,) = [e for e in lupus.results.endpoints if e.id == "proteinuria"]
    wording = Wording("en")
    drawn = etree.fromstring(
        draw_trajectories(result, dict(lupus.results.arms), wording, title="Title", description="Words", mark="")
    )
    names = set(drawn.xpath("//*[local-name()='text'][@font-size='8']/text()"))
    seen = {i.participant for s in result.summaries for i in s.individuals if i.value is not None}
    assert names == set(short_names(sorted(seen)).values())
    marks = drawn.xpath("//*[local-name()='circle'] | //*[local-name()='polygon']")
    values = sum(i.value is not None for s in result.summaries for i in s.individuals)
    assert len(marks) == values + len(lupus.results.arms), "one mark a value, one in each heading"


def test_the_flow_shows_the_counts_of_the_results(lupus, fsgs):
    for material, word in ((lupus, "Randomised: 20"), (fsgs, "Entered, all in one arm: 5")):
        svg = draw_flow(material.results, material.analysed(), Wording("en"), title="Flow", description="Words", mark="")
        words = " ".join(etree.fromstring(svg).xpath("//*[local-name()='text']//text()"))
        assert word in words
        assert f"Assessed for eligibility: {material.results.disposition.screened}" in words
        for flow in material.results.disposition.arms:
            assert f"received it: {flow.received}" in words
            assert f"In the primary analysis: {material.analysed()[flow.arm]}" in words


def drawn_intervals(lines, *, logarithmic):
    svg = draw_intervals(
        lines,
        name="supports",
        title="Supports",
        description="Estimates",
        none=1.0 if logarithmic else 0.0,
        logarithmic=logarithmic,
        mirrored=False,
        mark="REHEARSAL",
    )
    return etree.fromstring(svg.encode())


def drawn_limits(svg):
    """Give the ends of the lines that are neither ticks nor the line of no effect, from left to right."""
    found = []
    for one in svg.iter("{*}line", "{*}polyline", "{*}path"):
        numbers = [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?", one.get("points") or one.get("d") or "")]
        if len(numbers) == 4 and numbers[1] == numbers[3]:
            found.append((numbers[0], numbers[2]))
    return found


def test_an_interval_without_practical_limits_leaves_the_others_to_be_read():
    usual = Line(label="HC2", estimate=1.58, low=0.5, high=4.0, written="1.58", main=True)
    boundless = Line(label="HC3", estimate=1.58, low=8.65e-248, high=2.88e247, written="1.58", main=False)
    first, second = drawn_limits(drawn_intervals([usual, boundless], logarithmic=True))
    assert second[0] <= first[0] < first[1] <= second[1]
    assert first[1] - first[0] > 200  # of the 300 between labels and numbers: the usual interval fills the scale


finite = st.floats(-1e250, 1e250)


@given(st.lists(st.tuples(finite, finite, finite), min_size=1, max_size=5), st.booleans())
def test_every_interval_is_drawn_inside_the_figure(numbers, logarithmic):
    sizes = [sorted(abs(value) if logarithmic else value for value in three) for three in numbers]
    lines = [Line(label="a", estimate=mid, low=low, high=high, written="x", main=False) for low, mid, high in sizes]
    for low, high in drawn_limits(drawn_intervals(lines, logarithmic=logarithmic)):
        assert 0 <= low <= high <= WIDTH
