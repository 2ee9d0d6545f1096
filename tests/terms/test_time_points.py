"""Time points in words are sets of durations; the table is the manual."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialwright.terms.time_points import find_collections, find_collisions, find_follow_up, find_time_points

MONTHLY = [f"month {month}" for month in range(1, 13)]

READINGS = [
    ("1 week, 1, 3, 6, 9 and 12 months", ["week 1", "month 1", "month 3", "month 6", "month 9", "month 12"], False),
    (
        "after a week, one, three, six, twelve and eighteen months",
        ["week 1", "month 1", "month 3", "month 6", "month 12", "month 18"],
        False,
    ),
    ("12hours", ["hour 12"], False),
    ("1,2 weeks then monthly until a year", ["week 1", "week 2", *MONTHLY], False),
    ("1, 2, 4 weeks and then monthly until a year", ["week 1", "week 2", "week 4", *MONTHLY], False),
    (
        "12 hr after injection,1 week, 3, 6,12 months after 1st injection",
        ["hour 12", "week 1", "month 3", "month 6", "month 12"],
        False,
    ),
    ("baseline, months 1, 3 and 6", ["month 1", "month 3", "month 6"], True),
    ("week 4, week 12, and 1 year", ["week 4", "week 12", "month 12"], False),
    ("weeks 2, 4 and 1 year", ["week 2", "week 4", "month 12"], False),
    ("0, 6, 12 months", ["month 6", "month 12"], True),
    ("day 0, day 7, day 28", ["week 1", "week 4"], True),
    ("twenty-four weeks", ["week 24"], False),
    ("at the 3rd month", ["month 3"], False),
    ("every 3 months up to 1 year", ["month 3", "month 6", "month 9", "month 12"], False),
    ("once a week until 1 month", ["week 1", "week 2", "week 3", "week 4", "month 1"], False),
    ("Before and after treatment", [], True),
    ("2 weeks before and 3 months after surgery", ["month 3"], True),
    ("قبل از مداخله، ۱ و ۳ ماه بعد", ["month 1", "month 3"], True),
    ("هفته اول، ماه سوم و ششم", ["week 1", "month 3", "month 6"], False),
    ("changes in 24 hour urine protein analysis", [], False),
    ("below 300 mg/day in patients aged 18 to 40 years", [], False),
    ("IL-2, 10 and 5 patients", [], False),
]


@pytest.mark.parametrize(("words", "points", "baseline"), READINGS, ids=[one[0] for one in READINGS])
def test_words_are_read_as_time_points(words, points, baseline):
    found = find_time_points(words)
    assert ([str(one) for one in found.points], found.baseline) == (points, baseline)


def test_a_series_without_an_end_is_kept_apart():
    found = find_time_points("then monthly")
    assert (found.points, [str(one) for one in found.series]) == ((), ["month 1"])


def test_collections_are_durations_and_not_visits():
    assert [str(one) for one in find_collections("24-h urine specimen, then a 12 hour urine")] == ["day 1", "hour 12"]


def test_the_same_time_in_other_words_is_the_same_visit():
    assert not find_time_points("52 weeks").beyond(find_time_points("1 year"))
    assert find_time_points("4 weeks").beyond(find_time_points("1 month"))


def test_four_weeks_and_a_month_collide_and_two_months_do_not():
    assert [f"{week}, {month}" for week, month in find_collisions(find_time_points("4 weeks, 1 and 2 months"))] == [
        "week 4, month 1"
    ]
    assert not find_collisions(find_time_points("1 week, 1 and 2 months"))


def test_only_sentences_on_follow_up_tell_the_schedule():
    text = "Donors are 18 to 40 years. Patients are followed for 1 and 3 months.Therapy lasted 2 weeks."
    assert [[str(point) for point in times.points] for _, times in find_follow_up(text)] == [["month 1", "month 3"]]


@given(st.text(max_size=200))
def test_any_text_is_read_in_order_and_without_doubles(text):
    points = find_time_points(text).points
    assert list(points) == sorted(set(points), key=lambda one: (one.hours, one.family))
    assert all(point.amount > 0 for point in points)


@given(st.lists(st.integers(1, 60), min_size=1, max_size=8, unique=True), st.sampled_from(["weeks", "months", "days"]))
def test_a_list_with_one_unit_is_that_many_points(numbers, unit):
    after = find_time_points(f"{', '.join(map(str, numbers))} {unit}")
    before = find_time_points(f"{unit} {', '.join(map(str, numbers))}")
    assert len(after.points) == len(numbers)
    assert after == before


@given(st.integers(1, 24), st.integers(1, 6))
def test_a_series_ends_where_it_says(end, step):
    found = find_time_points(f"every {step} months until {end} months")
    assert found.last is not None
    assert found.last.amount == end
    assert len(found.points) == len({*range(step, end + 1, step), end})


@given(st.lists(st.sampled_from(["2 weeks", "month 3", "baseline", "1 year", "6 and 9 months"]), min_size=1, max_size=6))
def test_the_order_of_a_list_does_not_matter(parts):
    assert find_time_points("; ".join(parts)) == find_time_points("; ".join(reversed(parts)))
