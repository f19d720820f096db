"""What happened to a task, in the reader's words, from the audit trail."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.models import Priority, State, Task
from smmportal.audit import AuditEntry
from smmportal.formatting import format_day, format_number, side_name

SENTENCES = {
    "task.added": gettext_lazy("The task was added."),
    "task.came_again": gettext_lazy("The task came again on its day."),
    "task.finished": gettext_lazy("The task was finished."),
    "task.reopened": gettext_lazy("The task was reopened."),
    "step.added": gettext_lazy("Added to the checklist: %(text)s"),
    "step.ticked": gettext_lazy("Ticked off: %(text)s"),
    "step.unticked": gettext_lazy("No longer ticked off: %(text)s"),
    "step.edited": gettext_lazy("In the checklist “%(was)s” became “%(text)s”."),
    "step.removed": gettext_lazy("Taken off the checklist: %(text)s"),
    "dependency.added": gettext_lazy("Now waits for: %(first)s"),
    "dependency.removed": gettext_lazy("No longer waits for: %(first)s"),
}


def sentence_of(entry: AuditEntry) -> str:
    """One line of a task's history; an unknown verb stays as it is."""
    special = SPECIAL.get(entry.verb)
    if special:
        return special(entry.facts)
    return str(SENTENCES.get(entry.verb, entry.verb)) % entry.facts


def speak_move(facts: dict) -> str:
    return _("Moved to “%(state)s”.") % {"state": State(facts["state"]).label}


def speak_hand_over(facts: dict) -> str:
    if not facts["was"]:
        return _("Handed over to %(became)s.") % facts
    if not facts["became"]:
        return _("%(was)s left the project’s team, so anybody of the agency may take it.") % facts
    return _("Handed over: %(was)s → %(became)s.") % facts


def speak_hours(sentence: str, facts: dict) -> str:
    day = format_day(date.fromisoformat(facts["on"]))
    return sentence % {"hours": format_number(facts["hours"]), "day": day}


def speak_edit(facts: dict) -> str:
    changes = facts.get("changes", {})
    lines = [speak_change(name, *changes[name]) for name in Task.EDITABLE if name in changes]
    return "; ".join(lines) or _("The task was changed.")


def speak_change(name: str, was: str, became: str) -> str:
    label = Task._meta.get_field(name).verbose_name if name not in LABELS else LABELS[name]
    if name in ("description", "title"):
        return _("%(field)s: rewritten") % {"field": label}
    say = VALUES.get(name, str)
    return _("%(field)s: %(was)s → %(became)s") % {
        "field": label,
        "was": say(was) if was else "—",
        "became": say(became) if became else "—",
    }


def speak_estimate(hours: str) -> str:
    return _("%(hours)s h") % {"hours": format_number(hours)}


LABELS = {"assignee": gettext_lazy("Who does it"), "goal": gettext_lazy("Which goal it serves")}
VALUES = {
    "due_on": lambda day: format_day(date.fromisoformat(day)),
    "priority": lambda value: str(Priority(value).label),
    "side": side_name,
    "estimate": speak_estimate,
}
SPECIAL = {
    "task.edited": speak_edit,
    "task.moved": speak_move,
    "task.handed_over": speak_hand_over,
    "effort.added": lambda facts: speak_hours(_("%(hours)s h written down for %(day)s."), facts),
    "effort.taken_back": lambda facts: speak_hours(_("%(hours)s h of %(day)s taken back."), facts),
}
