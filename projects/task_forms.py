"""What is typed about tasks."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from projects.forms import doers
from projects.models import Absence, Effort, Priority, Project, Recurrence, State, Task
from smmportal.formatting import format_number
from smmportal.inputs import DayInput, FigureField, RowsField
from smmportal.people.models import Organisation, Side, User

WEEKDAYS = [
    ("0", _("Monday")),
    ("1", _("Tuesday")),
    ("2", _("Wednesday")),
    ("3", _("Thursday")),
    ("4", _("Friday")),
    ("5", _("Saturday")),
    ("6", _("Sunday")),
]
MONTH_DAYS = [
    ("", _("The same day as the first")),
    *[(str(day), str(day)) for day in range(1, 32)],
    (str(Recurrence.LAST_DAY), _("The last day of the month")),
]
HOURS_HELP = _("For example 1.5")


class OfProject:
    """Fields that choose among a project's people and goals; the verb writes the row and is the one to judge it."""

    def __init__(self, *args, project: Project, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["side"].choices = Side.choices
        self.fields["assignee"].queryset = doers(project)
        self.fields["assignee"].empty_label = _("Whoever of that side comes first")
        self.fields["goal"].queryset = project.goals.all()
        self.fields["goal"].empty_label = _("No goal in particular")
        if self.initial.get("estimate"):
            self.initial["estimate"] = format_number(self.initial["estimate"])

    def _post_clean(self) -> None:
        pass


WORDS = {"assignee": _("Who does it"), "goal": _("Which goal it serves")}
WIDGETS = {"due_on": DayInput, "title": forms.TextInput, "description": forms.Textarea({"rows": 3})}


class NewTaskForm(OfProject, forms.ModelForm):
    """The few things that a task is written down with."""

    class Meta:
        model = Task
        fields = ["title", "side", "assignee", "due_on", "priority", "goal"]
        labels = WORDS
        widgets = WIDGETS


class TaskForm(OfProject, forms.ModelForm):
    estimate = FigureField(
        label=_("How many hours it takes"),
        max_digits=6,
        decimal_places=2,
        min_value=0.01,
        required=False,
        help_text=HOURS_HELP,
    )

    class Meta:
        model = Task
        fields = ["title", "description", "side", "assignee", "due_on", "priority", "estimate", "goal"]
        labels = WORDS
        widgets = WIDGETS


class RecurrenceForm(OfProject, forms.ModelForm):
    """A task that comes again, and when."""

    estimate = FigureField(
        label=_("How many hours it takes"), max_digits=6, decimal_places=2, min_value=0.01, required=False
    )
    interval = forms.IntegerField(
        label=_("Every how many weeks or months"), min_value=1, max_value=52, initial=1, widget=forms.NumberInput
    )
    weekdays = forms.MultipleChoiceField(
        label=_("For weeks: on which days"),
        choices=WEEKDAYS,
        required=False,
        widget=forms.CheckboxSelectMultiple({"class": "choices-row"}),
    )
    month_day = forms.TypedChoiceField(
        label=_("For months: on which day"),
        choices=MONTH_DAYS,
        coerce=int,
        empty_value=None,
        required=False,
        help_text=_("A month without this day has it on its last one."),
    )

    class Meta:
        model = Recurrence
        fields = ["title", "description", "side", "assignee", "priority", "estimate", "goal"]
        fields += ["frequency", "interval", "weekdays", "month_day", "starts_on", "ends_on"]
        labels = WORDS
        widgets = {**WIDGETS, "starts_on": DayInput, "ends_on": DayInput}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["weekdays"] = [str(day) for day in self.initial.get("weekdays") or []]

    def clean_weekdays(self) -> list[int]:
        return sorted(int(day) for day in self.cleaned_data["weekdays"])


class StepForm(forms.Form):
    text = forms.CharField(label=_("A step"), max_length=300)


class EffortForm(forms.ModelForm):
    hours = FigureField(label=_("Hours"), max_digits=4, decimal_places=2, min_value=-24, max_value=24)

    class Meta:
        model = Effort
        fields = ["hours", "on", "note"]
        labels = {"note": _("What on")}
        widgets = {"on": DayInput}

    def _post_clean(self) -> None:
        """The verb writes the row."""


class AbsenceForm(forms.ModelForm):
    class Meta:
        model = Absence
        fields = ["starts_on", "ends_on", "substitute"]
        widgets = {"starts_on": DayInput, "ends_on": DayInput}

    def __init__(self, *args, person: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["substitute"].queryset = colleagues_of(person)
        self.fields["substitute"].empty_label = _("Choose a colleague")

    def _post_clean(self) -> None:
        """The verb writes the row and is the one to judge it."""


class HandOverForm(forms.Form):
    to = forms.ModelChoiceField(label=_("Who takes them"), queryset=None, empty_label=_("Choose a colleague"))
    tasks = RowsField(label=_("Which tasks"), queryset=Task.objects.none(), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args, person: User, by: User, tasks, **kwargs):
        """Offered are the colleagues of `person` who `by` may know of."""
        super().__init__(*args, **kwargs)
        known = Organisation.objects.visible_to(by)
        self.fields["to"].queryset = colleagues_of(person, person.memberships.filter(organisation__in=known))
        self.fields["tasks"].queryset = tasks


def colleagues_of(person: User, memberships=None):
    """Whoever is in an organisation with this person; only by these of their memberships when they are given."""
    shared = (person.memberships if memberships is None else memberships).values("organisation")
    people = User.objects.filter(is_active=True, memberships__organisation__in=shared).exclude(pk=person.pk)
    return people.distinct().order_by("name", "id")


# --- Several at once ------------------------------------------------------------------------------------------------

NOBODY = "none"


class ManyForm(forms.Form):
    """What to give to several tasks at once; what is left empty stays as it is."""

    due_on = forms.DateField(label=_("By when"), required=False, widget=DayInput)
    priority = forms.ChoiceField(label=_("Priority"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False)
    assignee = forms.ChoiceField(label=_("Who does it"), required=False)
    goal = forms.ChoiceField(label=_("Which goal it serves"), required=False)

    def __init__(self, *args, people=(), goals=(), **kwargs):
        """`people` and `goals` are those to choose from; without any their fields are left out."""
        super().__init__(*args, auto_id="many_%s", label_suffix="", **kwargs)
        same = ("", _("as it is"))
        self.fields["priority"].choices = [same, *Priority.choices]
        self.fields["state"].choices = [same, *State.choices]
        self.rows = {"assignee": {str(row.pk): row for row in people}, "goal": {str(row.pk): row for row in goals}}
        nothing = {"assignee": _("Whoever of that side comes first"), "goal": _("No goal in particular")}
        for name, rows in self.rows.items():
            choices = [(pk, str(row)[:60]) for pk, row in rows.items()]
            self.fields[name].choices = [same, (NOBODY, nothing[name]), *choices]
            if not rows:
                del self.fields[name]

    @property
    def change(self) -> dict:
        """What to change, for the verb."""
        chosen = {name: value for name, value in self.cleaned_data.items() if value}
        for name in self.rows.keys() & chosen.keys():
            chosen[name] = self.rows[name].get(chosen[name])
        return chosen


# --- Choosing what to see ---------------------------------------------------------------------------------------------

SORTS = [
    ("due", pgettext_lazy("sort", "By date")),
    ("priority", pgettext_lazy("sort", "By priority")),
    ("person", pgettext_lazy("sort", "By person")),
    ("newest", pgettext_lazy("sort", "Newest first")),
]


class SightForm(forms.Form):
    """Which tasks a list shows and in which order, all of it in the address. What is misspelt there chooses nothing."""

    side = forms.ChoiceField(label=_("Waits on"), required=False)
    person = forms.ChoiceField(label=_("Person"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False)
    priority = forms.ChoiceField(label=_("Priority"), required=False)
    goal = forms.ChoiceField(label=_("Goal"), required=False)
    project = forms.ChoiceField(label=_("Project"), required=False)
    sort = forms.ChoiceField(label=_("Order"), required=False, choices=SORTS)

    def __init__(self, *args, people=(), goals=(), projects=(), states=State.choices, **kwargs):
        super().__init__(*args, auto_id="sight_%s", label_suffix="", **kwargs)
        every = ("", _("any"))
        self.fields["side"].choices = [every, *Side.choices]
        if "state" in self.fields:
            self.fields["state"].choices = [every, *states]
        self.fields["priority"].choices = [every, *Priority.choices]
        rows = {"person": people, "goal": goals, "project": projects}
        for name, found in rows.items():
            self.fields[name].choices = [every, *[(str(row.pk), str(row)[:60]) for row in found]]
            if len(found) < 1:
                del self.fields[name]

    @property
    def wanted(self) -> dict[str, str]:
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    @property
    def is_narrow(self) -> bool:
        return bool(self.wanted.keys() - {"sort"})

    @property
    def chosen(self) -> list[str]:
        """What the list is narrowed to, in words."""
        wanted = {name: value for name, value in self.wanted.items() if name != "sort"}
        fields = ((self.fields[name], value) for name, value in wanted.items())
        return [f"{field.label}: {dict(field.choices)[value]}" for field, value in fields]

    @property
    def order(self) -> str:
        return self.wanted.get("sort", "due")

    def choose(self, rows):
        """Only what was asked for."""
        names = {"side": "waits_on", "person": "assignee"}
        wanted = self.wanted
        wanted.pop("sort", None)
        state = wanted.pop("state", None)
        rows = rows.filter(**{names.get(name, name): value for name, value in wanted.items()})
        return rows.in_state(state) if state else rows


class BoardSightForm(SightForm):
    """Without the columns and the order, which a board has of its own."""

    state = sort = None
