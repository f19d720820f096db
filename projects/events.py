from django.utils.translation import gettext_lazy as _

from smmportal.notifications.events import Event, register

register(
    Event("project.created", _("A project was opened")),
    Event("project.activated", _("The agency began without the client's confirmation")),
    Event("brief.submitted", _("A brief was submitted")),
    Event("debrief.shared", _("The agency wrote how it understood the brief")),
    Event("debrief.remarked", _("The client remarked on how the brief was understood")),
    Event("debrief.confirmed", _("The client confirmed how the brief was understood")),
    Event("goal.proposed", _("A goal was proposed")),
    Event("goal.agreed", _("A goal was agreed")),
    Event("material.asked", _("Your side was asked for a material")),
    Event("material.delivered", _("A material has come")),
    Event("task.assigned", _("A task was given to you")),
)
