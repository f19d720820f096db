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

# --- A platform retired the number of signed terms --------------------------------------------------------------------

register(
    Event("successor.proposed", _("A platform no longer gives the number of a signed KPI")),
    Event("successor.dismissed", _("Nothing takes the place of a number that a platform retired")),
)

# --- Reviews and dips -------------------------------------------------------------------------------------------------

register(
    # Every week of every KPI: a letter for each would be too many.
    Event("review.held", _("The other side reviewed a KPI"), ("inapp",)),
    Event("dip.found", _("A KPI’s number fell out of what was expected")),
    Event("dip.explained", _("A drop of a KPI is explained")),
)

# --- Sources --------------------------------------------------------------------------------------------------------

register(
    Event("source.access_lost", _("A source needs a new access token")),
    Event("source.access_ending", _("A source’s access is about to end")),
    Event("source.access_revoked", _("Somebody gave up the access to a source")),
    Event("source.connected_by_link", _("An account was connected by your link")),
)

# --- Reports --------------------------------------------------------------------------------------------------------

register(
    Event("report.prepared", _("The timetable has prepared a report")),
    Event("report.to_check", _("A report waits for a colleague’s check")),
    Event("report.returned", _("A report came back from the check")),
    Event("report.checked", _("A report is checked and can be issued")),
    Event("report.issued", _("A report was issued")),
)

# --- Alerts ---------------------------------------------------------------------------------------------------------

register(
    Event("alert.urgent", _("A number crossed a level that you set"), urgency="urgent"),
    Event("alert.cliff", _("Something in a project needs a look at once")),
    Event("alert.drift", _("Something in a project drifts"), urgency="digest"),
    Event("alert.explained", _("Somebody explained an alert"), urgency="digest"),
    Event("alert.handed_over", _("An alert was handed over to you")),
)
