from collections.abc import Collection
from datetime import timedelta

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kpis.beginnings import goal_guess, guardrails_of, kpi_guess, measure_in, measure_of
from kpis.metrics import Metric
from kpis.models import Kpi, MetricSeries, Source
from kpis.queries.metrics import measurable
from kpis.queries.standings import today_of
from kpis.terms import plain, say_value
from projects.models import Goal, Project
from projects.origins import Place
from smmportal.formatting import format_day
from smmportal.inputs import DayInput, FigureField
from smmportal.people.models import User

LONGEST_SPAN = timedelta(days=3660)


def measures_of(project: Project, chosen: Collection[int] = ()) -> list[tuple[str, list[tuple[str, str]]]]:
    """Every number of every source, under the source's name: («12:followers», «Followers — 11,240 on 21 Nov»).

    Formulas that are retired or have a newer version are left out, but for the sources chosen already.
    """
    series = MetricSeries.objects.filter(source__project=project)
    latest = {(row.source_id, row.metric): row for row in series}
    groups = []
    for source in Source.objects.filter(project=project).offered(chosen).select_related("formula"):
        kept = {metric for source_id, metric in latest if source_id == source.pk}
        given = {*kept, *source.told}
        options = [
            (f"{source.pk}:{code}", say_measure(source.metric(code), latest.get((source.pk, code)), code in given))
            for code in measurable(given)
        ]
        if options:
            groups.append((str(source), options))
    return groups


def say_measure(metric: Metric, series: MetricSeries | None, is_given: bool = True) -> str:
    name = metric.name
    if not is_given:
        return _("%(metric)s — the portal counts it") % {"metric": name}
    if series is None or series.latest_value is None:
        return _("%(metric)s — no numbers yet") % {"metric": name}
    return _("%(metric)s — %(value)s on %(day)s") % {
        "metric": name,
        "value": say_value(series.latest_value, metric.unit),
        "day": format_day(series.latest_on, "short"),
    }


class KpiForm(forms.Form):
    """What is said of a KPI. The baseline is the source's to say; it is typed only when the source has no number."""

    goal = forms.ModelChoiceField(
        label=gettext_lazy("Goal"),
        queryset=None,
        required=False,
        empty_label=gettext_lazy("No goal"),
        help_text=gettext_lazy("The goal that this number will show coming true."),
    )
    measure = forms.ChoiceField(
        label=gettext_lazy("Number"), help_text=gettext_lazy("What the connected sources tell, with the latest value.")
    )
    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=160,
        required=False,
        help_text=gettext_lazy("If the metric’s own name is not enough."),
    )
    kind = forms.ChoiceField(label=gettext_lazy("What we want of it"), choices=Kpi.Kind)
    target = FigureField(
        label=gettext_lazy("Target"),
        max_digits=24,
        decimal_places=6,
        required=False,
        help_text=gettext_lazy("Without a target the number is only watched; it is not signed."),
    )
    change = FigureField(
        label=gettext_lazy("Change, %"),
        max_digits=24,
        decimal_places=6,
        required=False,
        help_text=gettext_lazy("Of the baseline: +20 is up by a fifth, −15 is down. The target follows from it."),
    )
    weight = forms.IntegerField(
        label=gettext_lazy("Weight in the goal"),
        min_value=1,
        max_value=100,
        initial=1,
        required=False,
        widget=forms.NumberInput({"class": "input-tiny"}),
        help_text=gettext_lazy("From 1 to 100, against the goal’s other KPIs: 2 counts twice as much as 1."),
    )
    owner = forms.ModelChoiceField(
        label=gettext_lazy("Who answers for it"), queryset=None, required=False, empty_label=gettext_lazy("Nobody yet")
    )
    cadence = forms.ChoiceField(
        label=gettext_lazy("How often we look at it"), choices=Kpi.Cadence, initial="weekly", required=False
    )
    tolerance = forms.IntegerField(
        label=gettext_lazy("Tolerance, %"),
        min_value=0,
        max_value=Kpi.MOST_TOLERANCE,
        initial=0,
        required=False,
        widget=forms.NumberInput({"class": "input-tiny"}),
        help_text=gettext_lazy("How far behind the plan still counts as on course."),
    )
    guardrail = forms.ChoiceField(label=gettext_lazy("What must not get worse meanwhile"), required=False)
    guardrail_waived_because = forms.CharField(
        label=gettext_lazy("Without a guardrail: why"),
        max_length=500,
        required=False,
        help_text=gettext_lazy("Both sides sign the reason too."),
    )
    starts_on = forms.DateField(label=gettext_lazy("From"), widget=DayInput)
    due_on = forms.DateField(label=gettext_lazy("By"), widget=DayInput)
    baseline = FigureField(
        label=gettext_lazy("Baseline"),
        max_digits=24,
        decimal_places=6,
        required=False,
        help_text=gettext_lazy(
            "Leave it empty: the portal takes the source’s own number. Only when the source has none, type it, and it "
            "will be marked as typed."
        ),
    )
    baseline_on = forms.DateField(label=gettext_lazy("Baseline day"), widget=DayInput, required=False)

    def __init__(
        self, *args, project: Project, kpi: Kpi | None = None, goal: str = "", place: Place | None = None, **kwargs
    ):
        self.project = project
        begun = started_from(kpi) if kpi else self.suggestion(goal)
        kwargs.setdefault("initial", {**begun, **guessed_from(place, new=kpi is None)})
        super().__init__(*args, **kwargs)
        self.fields["goal"].queryset = project.goals.all()
        measures = measures_of(project, {kpi.source_id, kpi.guardrail_source_id} if kpi else ())
        self.fields["measure"].choices = measures
        self.fields["guardrail"].choices = [("", _("Not chosen")), *measures]
        self.fields["owner"].queryset = User.objects.filter(pk__in=[person.pk for person in project.people])
        for name in ("guardrail", "guardrail_waived_because", "change"):
            self.fields[name].is_needed = True  # not of every kind, but where they are asked for
        self.offer_guardrail(new=kpi is None)

    def offer_guardrail(self, *, new: bool) -> None:
        """What the client named in the brief, and why we ask."""
        said, measure = guardrails_of(self.project)
        why = _("A number is easily grown at the cost of another: twice the leads, half as good.")
        named = _("In the brief (D6) the client named: %(words)s.") % {"words": "; ".join(said)} if said else ""
        self.fields["guardrail"].help_text = f"{why} {named}".strip()
        if new and measure:
            self.initial.setdefault("guardrail", measure)

    def suggestion(self, goal: str) -> dict:
        """A first guess: the goal one came from, what its words say, its deadline, and today."""
        found = self.project.goals.filter(pk=int(goal)).first() if goal.isdecimal() and len(goal) < 19 else None
        return {
            **(suggested_by(found) if found else {}),
            "goal": found,
            "starts_on": today_of(self.project),
            "due_on": (found and found.due_on) or self.project.ends_on,
        }

    def clean_weight(self) -> int:
        return self.cleaned_data["weight"] or 1

    def clean_tolerance(self) -> int:
        return self.cleaned_data["tolerance"] or 0

    def clean_cadence(self) -> str:
        return self.cleaned_data["cadence"] or Kpi.Cadence.WEEKLY

    def clean(self) -> dict:
        """Of the two ways to say how far, only that of the chosen kind counts."""
        terms = self.cleaned_data
        if terms.get("kind") == Kpi.Kind.CHANGE_BY:
            terms["target"] = None
        else:
            terms["change"] = None
        if terms.get("guardrail") and terms.get("guardrail_waived_because"):
            self.add_error("guardrail_waived_because", _("Choose one: a guardrail, or to go without it."))
        return terms

    @property
    def terms(self) -> dict:
        """The cleaned fields as `draft_kpi` and `edit_kpi` take them."""
        terms = dict(self.cleaned_data)
        source, metric = self.measured(terms.pop("measure"))
        guarding, guarded = self.measured(terms.pop("guardrail"))
        guardrail = {"guardrail_source": guarding, "guardrail_metric": guarded}
        return {**terms, "source": source, "metric": metric, **guardrail}

    def measured(self, measure: str) -> tuple[Source | None, str]:
        source_id, _colon, metric = measure.partition(":")
        return (Source.objects.get(pk=source_id, project=self.project), metric) if measure else (None, "")


def started_from(kpi: Kpi) -> dict:
    typed = kpi.baseline_provenance == "manual"
    return {
        "goal": kpi.goal_id,
        "measure": f"{kpi.source_id}:{kpi.metric}",
        "name": kpi.name,
        "kind": kpi.kind,
        "target": None if kpi.kind == Kpi.Kind.CHANGE_BY else plain(kpi.target),
        "change": plain(kpi.change),
        "weight": kpi.weight,
        "owner": kpi.owner_id,
        "cadence": kpi.cadence,
        "tolerance": kpi.tolerance,
        "guardrail": f"{kpi.guardrail_source_id}:{kpi.guardrail_metric}" if kpi.guardrail_source_id else "",
        "guardrail_waived_because": kpi.guardrail_waived_because,
        "starts_on": kpi.starts_on,
        "due_on": kpi.due_on,
        "baseline": plain(kpi.baseline) if typed else None,
        "baseline_on": kpi.baseline_on if typed else None,
    }


class ChangeForm(forms.Form):
    """What a target in percent follows from, while it is being typed."""

    measure = forms.ChoiceField()
    starts_on = forms.DateField()
    change = FigureField(max_digits=24, decimal_places=6)
    baseline = FigureField(max_digits=24, decimal_places=6, required=False)

    def __init__(self, *args, project: Project, **kwargs):
        self.project = project
        super().__init__(*args, **kwargs)
        self.fields["measure"].choices = measures_of(project)

    @property
    def terms(self) -> dict:
        """The cleaned fields as `foresee_target` takes them."""
        terms = dict(self.cleaned_data)
        source_id, _colon, metric = terms.pop("measure").partition(":")
        return {**terms, "source": Source.objects.get(pk=source_id, project=self.project), "metric": metric}


def guessed_from(place: Place | None, *, new: bool) -> dict:
    """What an answer of the brief seems to say: for a new KPI all of it, for new terms only where to and by when."""
    if place is None:
        return {}
    guess = kpi_guess(place)
    said = {"target": plain(guess.target), "change": plain(guess.change), "due_on": guess.due_on}
    if new:
        baseline = {} if place.key != "D3" else {"baseline": plain(guess.baseline)}
        said |= {"measure": measure_of(place, guess), "kind": guess.kind, "goal": goal_made_of(place), **baseline}
    return {name: value for name, value in said.items() if value}


def suggested_by(goal: Goal) -> dict:
    guess = goal_guess(goal)
    said = {"kind": guess.kind, "target": plain(guess.target), "change": plain(guess.change)}
    return {name: value for name, value in {**said, "measure": measure_in(goal.project_id, guess)}.items() if value}


def goal_made_of(place: Place) -> Goal | None:
    """The goal that the same answer has become; of the number it starts from (D3), that of the wanted result (D2)."""
    key = "D2" if place.key == "D3" else place.key
    return Goal.objects.filter(project=place.version.brief.project_id, from_key=key).order_by("-id").first()


class SpanForm(forms.Form):
    """Two days in the address: `?from=&to=`."""

    first = forms.DateField(label=gettext_lazy("From"), widget=DayInput)
    last = forms.DateField(label=gettext_lazy("To"), widget=DayInput)

    def add_prefix(self, field_name: str) -> str:
        return {"first": "from", "last": "to"}.get(field_name, field_name)

    def clean(self) -> dict:
        first, last = self.cleaned_data.get("first"), self.cleaned_data.get("last")
        if first and last and last < first:
            self.add_error("last", _("The last day comes before the first."))
        elif first and last and last - first > LONGEST_SPAN:
            self.add_error("last", _("At most ten years can be shown at once."))
        return self.cleaned_data
