from datetime import timedelta

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kpis.models.sources import PlatformLogin, Source
from projects.models import Project
from smmportal.people.links import Link
from smmportal.people.models import Organisation, check_plain_name


class ConnectionLink(Link):
    """Asks whoever holds the accounts to connect them by a link, without a login.

    What they grant is kept for `organisation`: the side whose accounts these are, whoever made the link.
    """

    LASTS = timedelta(days=7)
    project_path = "project"

    project = models.ForeignKey(Project, models.CASCADE, related_name="connection_links")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    name = models.CharField(_("who holds the accounts"), max_length=120, validators=[check_plain_name])
    #: The codes of those that were asked for; empty: any.
    platforms = models.JSONField(default=list)
    #: What was granted by this link: its visitor may choose among the accounts of these and of no other.
    logins = models.ManyToManyField(PlatformLogin, related_name="+")
    sources = models.ManyToManyField(Source, related_name="+")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("kpis:connection_links", args=[self.project_id])
