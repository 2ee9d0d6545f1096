"""The list of adverse events."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from trialwright.conduct.expectedness import listing_of
from trialwright.conduct.queries import find_adverse_events, find_participants
from trialwright.web.access import Desk, study_page
from trialwright.web.layout.render import render_page


@study_page(sees="safety")
@require_safe
def safety(request: HttpRequest, desk: Desk) -> HttpResponse:
    reached = {row.id for row in find_participants(desk.trial) if desk.membership.reaches(row.site)}
    events = [event for event in find_adverse_events(desk.trial) if event.participant in reached]
    study = desk.trial.study
    listings = {
        (event.participant, event.number): listing_of(study, term=event.term, grade=event.grade, began_on=event.started_on)
        for event in events
        if event.serious
    }
    return render_page(
        request,
        "safety/safety.html",
        events=sorted(events, key=lambda event: event.started_on, reverse=True),
        listings=listings,
        serious=sum(event.serious for event in events),
        terms={term.code: term.label for term in study.safety.terms},
        special=study.safety.special_interest,
    )
