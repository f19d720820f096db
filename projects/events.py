from django.utils.translation import gettext_lazy as _

from smmportal.notifications.events import Event, register

register(
    Event("project.created", _("A project was opened")),
    Event("brief.submitted", _("A brief was submitted")),
    Event("section.delegated", _("A colleague asks you to answer a part of the brief"), ("email",), is_choice=False),
    Event("delegation.finished", _("A colleague handed in their part of the brief")),
    Event("debrief.shared", _("The agency wrote how it understood the brief")),
    Event("debrief.remarked", _("The client remarked on how the brief was understood")),
    Event("debrief.confirmed", _("The client confirmed how the brief was understood")),
    Event("goal.proposed", _("A goal was proposed")),
    Event("goal.agreed", _("A goal was agreed")),
    Event("task.assigned", _("A task was given to you")),
)
