from django.utils.translation import gettext_lazy as _

from smmportal.notifications.events import Event, register

register(
    Event("project.created", _("A project was opened")),
    Event("project.activated", _("The agency began without the client's confirmation")),
    Event("brief.submitted", _("A brief was submitted")),
    Event("section.delegated", _("A colleague asks you to answer a part of the brief"), ("email",), is_choice=False),
    Event("delegation.finished", _("A colleague handed in their part of the brief")),
    Event("debrief.shared", _("The agency wrote how it understood the brief")),
    Event("debrief.remarked", _("The client remarked on how the brief was understood")),
    Event("debrief.confirmed", _("The client confirmed how the brief was understood")),
    Event("goal.proposed", _("A goal was proposed")),
    Event("goal.agreed", _("A goal was agreed")),
    Event("goal.entrusted", _("A goal was entrusted to you")),
    Event("goal.begun", _("Work towards a goal began"), ("inapp",)),
    Event("goal.apart", _("The two sides see a goal differently")),
    Event("goal.concluded", _("Somebody said how a goal ended")),
    Event("goal.reopened", _("A goal was reopened")),
    Event("material.asked", _("Your side was asked for a material")),
    Event("material.delivered", _("A material has come")),
    Event("task.assigned", _("A task was given to you")),
    Event("task.handed_over", _("Tasks were handed over to you")),
    Event("task.for_review", _("The other side asks you to look at what is done")),
    Event("task.due_tomorrow", _("A task of yours is due tomorrow")),
    Event("task.overdue", _("A task of yours is overdue")),
    Event("absence.begun", _("A colleague asks you to stand in")),
)
