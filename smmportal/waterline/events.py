from django.utils.translation import gettext_lazy as _

from smmportal.notifications.events import Event, register

register(Event("waterline.level", _("A project’s waterline changed its level")))
