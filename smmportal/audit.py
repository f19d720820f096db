"""Who did what to what, when and from where; append-only."""

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from smmportal.facts import Fact, FactQuerySet
from smmportal.logs import current_request
from smmportal.scoping import ScopedQuerySet


class AuditQuerySet(FactQuerySet, ScopedQuerySet):
    def visible_to(self, user):
        """A project's trail is seen by both of its sides; an entry about no project only by who made it."""
        if not (user.is_authenticated and user.is_active):
            return self.none()
        of_projects = super().visible_to(user).values("pk")
        return self.filter(Q(pk__in=of_projects) | Q(project=None, by=user))


class AuditEntry(Fact):
    project_path = "project"

    at = models.DateTimeField(_("when"), auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    project = models.ForeignKey(settings.SCOPE_ROOT, models.PROTECT, null=True, related_name="+")
    verb = models.CharField(max_length=60)
    about_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+")
    about_id = models.BigIntegerField()
    about = GenericForeignKey("about_type", "about_id")
    facts = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    address = models.GenericIPAddressField(null=True)
    request_id = models.CharField(max_length=64, blank=True)

    objects = AuditQuerySet.as_manager()

    class Meta:
        app_label = "smmportal"
        ordering = ["-id"]
        indexes = [models.Index(fields=["project", "-id"]), models.Index(fields=["about_type", "about_id"])]

    def __str__(self) -> str:
        return f"{self.verb} {self.about_type_id}:{self.about_id}"


def record(verb: str, *, about: models.Model, by=None, project=None, **facts: object) -> AuditEntry:
    """Write one line of the trail, in the transaction of what it tells about. No secret goes into `facts`."""
    request = current_request.get()
    return AuditEntry.objects.create(
        verb=verb,
        about_type=ContentType.objects.get_for_model(about),
        about_id=about.pk,
        by=by,
        project=project,
        facts=facts,
        address=request.address or None,
        request_id=request.id,
    )
