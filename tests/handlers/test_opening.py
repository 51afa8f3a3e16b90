"""Open time: periods, holidays, changes of clocks, several people together; against a count of minutes."""

from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.opening import DAY, OFFICE, ImpossibleHours, NeverOpen, Opening, Period, Rota, Week
from knowledge.localities import holiday

PARIS = ZoneInfo("Europe/Paris")
NOUMEA = ZoneInfo("Pacific/Noumea")
MINUTE = timedelta(minutes=1)


def rota(week: Week = OFFICE, zone: ZoneInfo = PARIS, off: Collection[date] = ()) -> Rota:
    return Rota(week, zone, lambda day: day in off)


def office(off: Collection[date] = ()) -> Opening:
    return Opening((rota(off=off),))


def paris(day: int, hour: int, minute: int = 0, *, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=PARIS).astimezone(UTC)


@st.composite
def weeks(draw: st.DrawFn) -> Week:
    """One to four days of one or two periods."""
    periods = []
    for weekday in draw(st.sets(st.integers(0, 6), min_size=1, max_size=4)):
        edges = sorted(draw(st.sets(st.integers(0, DAY // 30), min_size=4, max_size=4)))
        times = [edge * 30 for edge in edges]
        periods.append(Period(weekday, times[0], times[1]))
        if draw(st.booleans()):
            periods.append(Period(weekday, times[2], times[3]))
    return Week(tuple(periods))


ZONES = st.sampled_from([PARIS, NOUMEA, ZoneInfo("America/Miquelon"), ZoneInfo("Pacific/Tahiti"), UTC])
OPENINGS = st.lists(
    st.builds(lambda week, zone: rota(week, ZoneInfo(str(zone))), weeks(), ZONES), min_size=1, max_size=3
).map(lambda rotas: Opening(tuple(rotas)))
# Around both changes of clocks of the year, and in between.
MOMENTS = st.builds(
    lambda start, minutes: start + minutes * MINUTE,
    st.sampled_from(
        [
            datetime(2026, 3, 27, tzinfo=UTC),
            datetime(2026, 7, 1, tzinfo=UTC),
            datetime(2026, 10, 23, tzinfo=UTC),
        ]
    ),
    st.integers(0, 6 * 24 * 60),
)


def test_open_within_the_periods_and_closed_between_them() -> None:
    assert office().open_at(paris(23, 9))
    assert office().open_at(paris(23, 12, 29))
    assert not office().open_at(paris(23, 12, 30))
    assert office().open_at(paris(23, 13, 30))
    assert not office().open_at(paris(23, 17, 30))
    assert not office().open_at(paris(28, 10))


def test_the_next_opening_is_now_or_after_the_night_the_weekend_the_holiday() -> None:
    assert office().next_opening(paris(23, 10)) == paris(23, 10)
    assert office().next_opening(paris(23, 18)) == paris(24, 9)
    assert office().next_opening(paris(27, 18)) == paris(30, 9)
    armistice = office(off=[date(2026, 11, 11)])
    assert armistice.next_opening(paris(10, 18)) == paris(12, 9)


def test_hours_are_counted_over_nights_and_weekends() -> None:
    assert office().after_open_hours(paris(23, 10), timedelta(hours=15)) == paris(25, 10)
    assert office().after_open_hours(paris(27, 16), timedelta(hours=3)) == paris(30, 10, 30)
    assert office().after_open_hours(paris(28, 10), timedelta()) == paris(30, 9)
    assert office().open_time_between(paris(27, 16), paris(30, 10, 30)) == timedelta(hours=3)
    assert office().open_time_between(paris(28, 9), paris(29, 20)) == timedelta()


def test_an_open_day_is_the_desks_own() -> None:
    assert office().open_day() == timedelta(hours=7, minutes=30)
    mornings = Week((Period(0, 540, 720), Period(3, 540, 720)))
    assert Opening((rota(mornings),)).open_day() == timedelta(hours=3)
    afternoons = Week((Period(0, 840, 960), Period(3, 840, 960)))
    both = Opening((rota(mornings), rota(afternoons)))
    assert both.open_day() == timedelta(hours=5)


@pytest.mark.fault(13)
@pytest.mark.parametrize(("day", "month", "hours"), [(29, 3, 23), (25, 10, 25), (22, 11, 24)])
def test_a_whole_day_has_the_hours_that_the_clocks_give_it(day: int, month: int, hours: int) -> None:
    sundays = Opening((rota(Week((Period(6, 0, DAY),))),))
    start = datetime(2026, month, day, tzinfo=PARIS)
    end = (start + timedelta(days=1)).astimezone(UTC)
    assert sundays.open_time_between(start, end) == timedelta(hours=hours)
    assert sundays.after_open_hours(start, timedelta(hours=hours)) == end


@pytest.mark.fault(13)
def test_a_period_that_the_night_of_the_change_swallows_is_none() -> None:
    night = Week((Period(6, 2 * 60 + 30, 3 * 60), Period(6, 600, 660)))
    spring = datetime(2026, 3, 29, tzinfo=PARIS)
    opening = Opening((rota(night),))
    assert opening.open_time_between(spring, spring + timedelta(days=1)) == timedelta(hours=1)


def test_two_places_at_the_ends_of_the_world_are_open_in_turn() -> None:
    both = Opening((rota(), rota(zone=NOUMEA)))
    assert both.open_at(paris(23, 23))
    assert both.open_at(paris(24, 10))
    assert not both.open_at(paris(24, 20))


def test_a_week_of_impossible_hours_says_why() -> None:
    with pytest.raises(ImpossibleHours, match="none"):
        Week(())
    with pytest.raises(ImpossibleHours, match="over_midnight"):
        Week((Period(0, 22 * 60, 2 * 60),))
    with pytest.raises(ImpossibleHours, match="overlap"):
        Week((Period(0, 540, 720), Period(0, 700, 800)))


def test_an_office_that_is_always_on_holiday_never_opens() -> None:
    closed = Opening((Rota(OFFICE, PARIS, lambda _: True),))
    with pytest.raises(NeverOpen):
        closed.next_opening(paris(23, 9))
    with pytest.raises(NeverOpen):
        closed.after_open_hours(paris(23, 9), timedelta(hours=1))
    assert closed.open_time_between(paris(1, 9), paris(23, 9)) == timedelta()


def test_the_first_opening_of_a_local_day() -> None:
    assert rota().opens_on(date(2026, 11, 23)) == paris(23, 9)
    assert rota().opens_on(date(2026, 11, 28)) is None
    saint_etienne = Rota(OFFICE, PARIS, lambda day: holiday("67", day) is not None)
    assert saint_etienne.opens_on(date(2025, 12, 26)) is None
    assert rota().opens_on(date(2025, 12, 26)) is not None


@settings(max_examples=60, deadline=None)
@given(OPENINGS, MOMENTS, st.integers(1, 2 * 24 * 60))
def test_open_time_is_what_counting_the_minutes_gives(
    opening: Opening, start: datetime, minutes: int
) -> None:
    counted = sum(opening.open_at(start + MINUTE * number) for number in range(0, minutes, 30))
    end = start + MINUTE * minutes
    exact = opening.open_time_between(start, end)
    assert timedelta() <= exact <= end - start
    # Each period may be met up to half an hour too early or too late by looking every half hour.
    assert abs(exact - timedelta(minutes=30) * counted) <= timedelta(minutes=30) * 26


@settings(max_examples=150, deadline=None)
@given(OPENINGS, MOMENTS, st.integers(1, 40 * 60))
def test_the_time_until_a_moment_is_the_time_that_led_to_it(
    opening: Opening, start: datetime, minutes: int
) -> None:
    hours = timedelta(minutes=minutes)
    due = opening.after_open_hours(start, hours)
    assert due > start
    assert opening.open_time_between(start, due) == hours
    assert opening.open_at(due - MINUTE / 2)
    assert opening.next_opening(due - MINUTE / 2) == due - MINUTE / 2


@settings(max_examples=150, deadline=None)
@given(OPENINGS, MOMENTS, MOMENTS, MOMENTS)
def test_open_time_adds_up(opening: Opening, one: datetime, two: datetime, three: datetime) -> None:
    first, middle, last = sorted((one, two, three))
    parts = opening.open_time_between(first, middle) + opening.open_time_between(middle, last)
    assert parts == opening.open_time_between(first, last)


@settings(max_examples=150, deadline=None)
@given(OPENINGS, MOMENTS)
def test_nothing_is_open_before_the_next_opening(opening: Opening, moment: datetime) -> None:
    found = opening.next_opening(moment)
    assert found >= moment
    assert opening.open_at(found)
    assert opening.open_time_between(moment, found) == timedelta()


@settings(max_examples=100, deadline=None)
@given(OPENINGS, MOMENTS, st.integers(1, 600), st.integers(1, 600))
def test_more_time_is_never_over_earlier(opening: Opening, start: datetime, one: int, more: int) -> None:
    sooner = opening.after_open_hours(start, timedelta(minutes=one))
    assert opening.after_open_hours(start, timedelta(minutes=one + more)) > sooner
    assert opening.after_open_hours(sooner, timedelta(minutes=more)) == opening.after_open_hours(
        start, timedelta(minutes=one + more)
    )
