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
    ("baseline, 4-week, 12-week", ["week 4", "week 12"], True),
    ("3-month follow-up", ["month 3"], False),
    ("On D14 of treatment", ["week 2"], False),
    ("W4, W12", ["week 4", "week 12"], False),
    ("M3 and M6", ["month 3", "month 6"], False),
    ("M2 macrophages in mg/m2; vitamin D3; 25 ml/min", [], False),
    ("1d, 3d, 7d", ["day 1", "day 3", "week 1"], False),
    ("a 3d scan", [], False),
    ("5 consecutive days", ["day 5"], False),
    ("weekly over 3 weeks", ["week 1", "week 2", "week 3"], False),
    ("every three months during the first year", ["month 3", "month 6", "month 9", "month 12"], False),
    ("every 2 weeks for 1 month", ["week 2", "week 4", "month 1"], False),
    ("half a year, one and a half years", ["month 6", "month 18"], False),
    ("t=0, 30, 60 min", ["minute 30", "hour 1"], True),
    ("month 1 (+/- 3 days)", ["month 1"], False),
    ("baseline to week 24", ["week 24"], True),
    ("visit 3", [], False),
    ("through study completion, an average of 1 year", ["month 12"], False),
    ("هر دو هفته تا یک ماه", ["week 2", "week 4", "month 1"], False),
    ("ماهی یک بار تا یک سال", MONTHLY, False),
    ("بیست و چهار ساعت", ["day 1"], False),
    ("پیگیری سه‌ماهه", ["month 3"], False),
    ("هفته‌های ۱، ۲ و ۴", ["week 1", "week 2", "week 4"], False),
    ("روز صفر و نیم ساعت", ["minute 30"], True),
    ("ادرار ۲۴ ساعته", [], False),
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
    assert [str(one) for one in find_collections("پروتئین ادرار ۲۴ ساعته")] == ["day 1"]


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


_NAMES = ["hour", "day", "week", "month"]
_WORDS = {1: "one", 2: "two", 3: "three", 6: "six", 9: "nine", 12: "twelve", 18: "eighteen"}
_PERSIAN = {1: "یک", 2: "دو", 3: "سه", 6: "شش", 9: "نه", 12: "دوازده", 18: "هجده"}
_EQUAL = [("hour", 24, "day", 1), ("day", 7, "week", 1), ("month", 12, "year", 1), ("hour", 168, "week", 1)]


@given(st.lists(st.tuples(st.integers(1, 60), st.sampled_from(_NAMES)), min_size=1, max_size=8))
def test_what_was_read_is_read_the_same_when_it_is_written_out(times):
    found = find_time_points(", ".join(f"{unit} {number}" for number, unit in times))
    again = find_time_points(", ".join(map(str, found.points)))
    assert again == found


@given(st.sampled_from(_EQUAL), st.integers(1, 4))
def test_one_time_in_two_units_is_one_time(equal, times):
    small, many, large, few = equal
    assert find_time_points(f"{many * times} {small}s") == find_time_points(f"{large} {few * times}")


@given(st.sets(st.sampled_from(sorted(_WORDS)), min_size=1), st.sampled_from(["weeks", "months"]))
def test_numbers_in_words_and_in_persian_digits_are_the_same_numbers(numbers, unit):
    digits = find_time_points(f"{', '.join(map(str, sorted(numbers)))} {unit}")
    assert find_time_points(f"{', '.join(_WORDS[one] for one in sorted(numbers))} {unit}") == digits
    persian = {"weeks": "هفته", "months": "ماه"}[unit]
    assert find_time_points(f"{'، '.join(_PERSIAN[one] for one in sorted(numbers))} {persian}") == digits
    in_digits = "، ".join(str(one).translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")) for one in sorted(numbers))
    assert find_time_points(f"{in_digits} {persian}") == digits


@given(st.permutations(["12 hours", "1 week", "3 months", "baseline", "monthly until 6 months"]))
def test_parts_in_any_order_are_one_set(parts):
    assert find_time_points("; ".join(parts)) == find_time_points("baseline; 12 hours; 1 week; 3 months; monthly until 6 months")
