from django.utils.translation import gettext_lazy as _

from smmportal.notifications.events import Event, register

# --- Agreements -----------------------------------------------------------------------------------------------------

register(
    Event("agreement.ready", _("A KPI agreement is ready to be signed")),
    Event("agreement.signed", _("One side has signed a KPI agreement")),
    Event("agreement.in_force", _("A KPI agreement is in force")),
    Event("agreement.withdrawn", _("A KPI agreement was withdrawn")),
    Event("agreement.code", _("A code to sign with"), ("email",), is_choice=False),
)

# --- The brief changed under signed terms -----------------------------------------------------------------------------

register(
    Event("amendment.proposed", _("The brief changed an answer that a signed KPI rests on")),
    Event("amendment.kept", _("Signed terms were kept although the brief changed")),
)

# --- Sources --------------------------------------------------------------------------------------------------------

register(
    Event("source.access_lost", _("A source needs a new access token")),
    Event("source.access_ending", _("A source’s access is about to end")),
    Event("source.connected_by_link", _("An account was connected by your link")),
)
