from django.utils.translation import gettext_lazy as _

from smmportal.notifications.events import Event, register

register(Event("source.access_lost", _("A source needs a new access token")))
