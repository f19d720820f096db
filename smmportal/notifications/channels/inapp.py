from django.utils.translation import gettext_lazy as _

from smmportal.notifications.channels.contract import Channel

CHANNEL = Channel("inapp", _("On the portal"), None)
