"""The living style page: every component in all its states, in both themes. Debug and demo only."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from kpis.charts import Target, Words, draw_chart, draw_sparkline
from smmportal.formatting import format_day, format_number
from smmportal.inputs import ClockInput, DayInput, FigureField, MomentInput
from smmportal.templatetags.portal import STATUSES

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
TODAY = NOW.date()
HEADLINE = _("We expect 11,800 of 12,000 by 1 March: 64% likely to make it")
SIDES = [("agency", _("Agency")), ("client", _("Client"))]


class SampleForm(forms.Form):
    """One field of every kind that the portal uses."""

    name = forms.CharField(label=_("Name"), max_length=60, help_text=_("As your colleagues would say it."))
    text = forms.CharField(label=_("What must change?"), widget=forms.Textarea(attrs={"rows": 3}), required=False)
    target = FigureField(label=_("Target"), help_text=_("For example 12 000 or 4.5"))
    due_on = forms.DateField(label=_("Due on"), widget=DayInput)
    starts_at = forms.DateTimeField(label=_("Starts at"), widget=MomentInput, required=False)
    clock = forms.TimeField(label=_("Time"), widget=ClockInput, required=False)
    side = forms.ChoiceField(label=_("Whose move is it?"), choices=SIDES, widget=forms.RadioSelect)
    both = forms.MultipleChoiceField(
        label=_("Who takes part?"), choices=SIDES, widget=forms.CheckboxSelectMultiple, required=False
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=SIDES)
    file = forms.FileField(label=_("File"), required=False, help_text=_("CSV up to 2 MB"))
    agree = forms.BooleanField(label=_("I have read the whole text"), help_text=_("Without it nobody can sign."))


def styleguide(request: HttpRequest) -> HttpResponse:
    """Show the page where debugging is allowed; anywhere else there is no such page."""
    if not settings.RELAXED:
        raise Http404
    return render(request, "styleguide.html", _sample())


def _sample() -> dict:
    return {
        "statuses": list(STATUSES),
        "themes": [("light", _("Light")), ("dark", _("Dark"))],
        "form": SampleForm(prefix="empty"),
        "refused": SampleForm(
            {"refused-name": "", "refused-target": "много", "refused-side": "agency"}, prefix="refused"
        ),
        "ranges": [("30", _("30 days")), ("90", _("90 days")), ("365", _("a year"))],
        "page": Paginator(range(90), 30).get_page(2),
        "events": _events(),
        "crumbs": [("/", _("Projects")), ("/", _("Autumn launch"))],
        "readings": _readings(),
        "since": NOW - timedelta(days=3),
        "due": TODAY + timedelta(days=4),
        "now": NOW,
        "today": TODAY,
        "person": "Анна Серова",
        "rows": _rows(),
        "charts": _charts(),
        "headline": HEADLINE,
        "numbers": [11800, 1234567.5, -3, 0, 0.004567, None],
        "spine_states": {
            "brief": {"status": "on_track", "word": _("confirmed")},
            "goals": {"status": "at_risk", "word": _("1 without a date")},
            "board": {"status": "no_data", "word": _("not signed")},
        },
        "project": SimpleNamespace(pk=1, name=_("Autumn launch"), client="«Зерно»", agency="Маяк"),
        "section": "goals",
    }


def _events() -> list[dict]:
    return [
        {"at": NOW, "sentence": _("The client signed the agreement."), "by": "Пётр Зимин"},
        {
            "at": NOW - timedelta(days=2),
            "sentence": _("The agency proposed the target."),
            "by": "Анна Серова",
            "url": "#",
        },
        {"at": NOW - timedelta(days=9), "sentence": _("The brief was confirmed."), "by": "Пётр Зимин"},
    ]


def _readings() -> list[SimpleNamespace]:
    """A waterline of every level."""
    levels = [
        (_("afloat"), "on_track", 82, 4),
        (_("listing"), "at_risk", 58.5, 12),
        (_("sinking"), "off_track", 31, 0),
        (_("not known yet"), "no_data", None, 74),
    ]
    return [SimpleNamespace(word=word, status=status, score=score, unknown=gap) for word, status, score, gap in levels]


def sample_series() -> list[tuple[date, float | None, bool]]:
    """Ninety days of followers with a gap of six days, a gap of one, and a provisional tail."""
    first = TODAY - timedelta(days=89)
    steps = [(index * 7919) % 53 - 12 for index in range(90)]
    values = [10_000 + sum(steps[: index + 1]) for index in range(90)]
    missing = {*range(30, 36), 60}
    return [(first + timedelta(days=i), None if i in missing else float(values[i]), i < 87) for i in range(90)]


def _charts() -> dict:
    series = sample_series()
    usual = {
        "format_number": format_number,
        "format_day": lambda day: format_day(day, "short"),
        "today": TODAY,
    }
    words = Words(
        title=str(_("Followers")),
        summary=str(HEADLINE),
        unit=str(_("Followers")),
        target=str(_("target")),
        baseline=pgettext("chart", "baseline"),
        today=str(_("today")),
        provisional=str(_("provisional")),
        forecast=str(_("forecast")),
        no_data=str(_("There is no data yet")),
        not_from_zero=str(_("the scale starts at {value}")),
    )
    full = {
        **usual,
        "words": words,
        "baseline": series[0][1],
        "target": Target(series[0][0], 10_000, date(2027, 3, 1), 12_000),
        "forecast": [(date(2027, 3, 1), 11_350, 11_800, 12_250)],
        "notes": [(series[20][0], str(_("A giveaway"))), (series[70][0], str(_("A new column")))],
    }
    flow = [(day, float(abs(hash_of(index)) % 40), True) for index, (day, _value, _final) in enumerate(series[-30:])]
    return {
        "wide": draw_chart(series, key="guide", width=720, height=300, **full),
        "narrow": draw_chart(series, key="guide", width=300, height=230, **full),
        "wide_dark": draw_chart(series, key="guide-dark", width=720, height=300, **full),
        "narrow_dark": draw_chart(series, key="guide-dark", width=300, height=230, **full),
        "empty": draw_chart([], key="guide-empty", width=300, height=200, **{**full, "forecast": (), "notes": ()}),
        "flow": draw_chart(flow, key="guide-flow", width=300, height=200, words=words, from_zero=True, **usual),
        "sparkline": draw_sparkline([value for _, value, _ in series]),
        "notes": full["notes"],
        "rows": [
            {
                "day": day,
                "value": value,
                "final": final,
                "reason": "" if value else str(_("the platform gave no value")),
            }
            for day, value, final in reversed(series[-5:] + series[29:32])
        ],
    }


def hash_of(index: int) -> int:
    """A repeatable scatter, the same on every machine."""
    return (index * 2_654_435_761) >> 7


def _rows() -> list[dict]:
    return [
        {"name": _("Followers"), "current": 11558, "target": 12000, "status": "on_track"},
        {"name": _("Engagement rate, %"), "current": 3.4, "target": 4.5, "status": "at_risk"},
        {"name": _("Cost per lead"), "current": 412.5, "target": 350, "status": "off_track"},
        {"name": _("Website visits"), "current": None, "target": 9000, "status": "source_lost"},
    ]
