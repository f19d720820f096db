"""Reports: what is made of them, how they come about, the frozen copy that was issued, and who opened it by a link."""

from datetime import timedelta
from typing import Self

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from projects.models import Project
from smmportal.facts import Fact, FactQuerySet
from smmportal.people.links import Link
from smmportal.people.models import Membership, Organisation, check_plain_name
from smmportal.scoping import ScopedQuerySet


class Jurisdiction(models.TextChoices):
    """Whose law says what stands under a report."""

    RUSSIA = "ru", _("Russia")
    NONE = "", _("no footnotes")


class Tongue(models.TextChoices):
    """The language that the commentary is written in; everything else is said in both."""

    RUSSIAN = "ru", "Русский"
    ENGLISH = "en", "English"


def agencies_of(user):
    return Membership.objects.filter(user=user).values("organisation")


class ReportTemplateQuerySet(models.QuerySet):
    def visible_to(self, user) -> Self:
        """An agency's own people see its templates; nobody else does."""
        if not (user.is_authenticated and user.is_active):
            return self.none()
        return self.filter(agency__in=agencies_of(user))

    def in_use(self) -> Self:
        return self.filter(archived_at=None)


class ReportTemplate(models.Model):
    """An agency's own list of blocks (`kpis.blocks`). A report takes a copy of it when it is begun."""

    agency = models.ForeignKey(Organisation, models.CASCADE, related_name="report_templates")
    name = models.CharField(pgettext_lazy("template", "name"), max_length=120, validators=[check_plain_name])
    layout = models.JSONField(encoder=DjangoJSONEncoder)
    jurisdiction = models.CharField(
        _("Whose law the footnotes follow"), max_length=2, choices=Jurisdiction, default=Jurisdiction.RUSSIA, blank=True
    )
    #: Rises with each edit, so that of two editors the second is told.
    revision = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    edited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    edited_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)

    objects = ReportTemplateQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("kpis:report_template", args=[self.pk])


class ReportTimetable(models.Model):
    """Reports that the portal prepares by itself, once the numbers of a week or a month are final."""

    class Cadence(models.TextChoices):
        WEEKLY = "weekly", _("every week")
        MONTHLY = "monthly", _("every month")

    project_path = "project"

    project = models.OneToOneField(Project, models.CASCADE, related_name="report_timetable")
    template = models.ForeignKey(ReportTemplate, models.PROTECT, null=True, blank=True, related_name="+")
    cadence = models.CharField(_("how often"), max_length=8, choices=Cadence, default=Cadence.MONTHLY)
    language = models.CharField(_("language of the commentary"), max_length=8, choices=Tongue)
    #: The first day of the next period to prepare.
    next_first = models.DateField(editable=False)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    set_at = models.DateTimeField(editable=False)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.project_id} {self.cadence}"


class ReportQuerySet(ScopedQuerySet):
    def visible_to(self, user) -> Self:
        """Both sides see what was issued; until then only the agency's people do."""
        seen = super().visible_to(user)
        if not user.is_authenticated:
            return seen
        return seen.filter(Q(issued_at__isnull=False) | Q(project__agency__in=agencies_of(user)))

    def issued(self) -> Self:
        return self.filter(issued_at__isnull=False)

    def in_work(self) -> Self:
        return self.filter(issued_at=None)


#: How a report stands; the API names the states from here.
STATES = ["draft", "checking", "checked", "issued"]


class Report(models.Model):
    """What the agency tells of a period: numbers that live until it is issued, and the agency's own words on them."""

    STATES = STATES
    project_path = "project"

    project = models.ForeignKey(Project, models.PROTECT, related_name="reports")
    number = models.PositiveIntegerField()
    first = models.DateField(_("From"))
    last = models.DateField(_("To"))
    layout = models.JSONField(encoder=DjangoJSONEncoder)
    jurisdiction = models.CharField(max_length=2, choices=Jurisdiction, default=Jurisdiction.RUSSIA, blank=True)
    language = models.CharField(max_length=8, choices=Tongue)
    #: By the key of the block.
    commentaries = models.JSONField(default=dict)
    #: The issued report whose mistake this one mends.
    corrects = models.ForeignKey("self", models.PROTECT, null=True, related_name="corrections")
    timetable = models.ForeignKey(ReportTimetable, models.SET_NULL, null=True, related_name="reports")
    begun_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    begun_at = models.DateTimeField(auto_now_add=True)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    #: Rises with each edit: who checks says which words they read.
    revision = models.PositiveIntegerField(default=1)
    sent_at = models.DateTimeField(null=True)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    checked_at = models.DateTimeField(null=True)
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    issued_at = models.DateTimeField(null=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        ordering = ["-last", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="one_report_a_number"),
            models.UniqueConstraint(fields=["timetable", "first"], name="one_report_a_period_of_the_timetable"),
            models.CheckConstraint(condition=Q(last__gte=models.F("first")), name="a_report_ends_after_it_begins"),
        ]

    def __str__(self) -> str:
        return f"{self.project_id} No. {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("kpis:report", args=[self.pk])

    @property
    def state(self) -> str:
        """One of `STATES`."""
        if self.issued_at:
            return "issued"
        if self.checked_at:
            return "checked"
        return "checking" if self.sent_at else "draft"

    @property
    def is_issued(self) -> bool:
        return self.issued_at is not None


class IssuedQuerySet(FactQuerySet, ScopedQuerySet):
    pass


class IssuedReport(Fact):
    """The frozen copy: everything that was shown, as canonical JSON, and its SHA-256. `previous_hash` is that of the
    project's report issued before it, so that none can vanish unseen."""

    project_path = "report__project"

    report = models.OneToOneField(Report, models.PROTECT, related_name="issue")
    content = models.JSONField(encoder=DjangoJSONEncoder)
    content_hash = models.CharField(max_length=64)
    previous_hash = models.CharField(max_length=64, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = IssuedQuerySet.as_manager()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.content_hash


class RemarkQuerySet(FactQuerySet):
    def visible_to(self, user) -> Self:
        """What the agency's people say among themselves: nobody of the client's ever sees it."""
        if not (user.is_authenticated and user.is_active):
            return self.none()
        return self.filter(report__in=Report.objects.visible_to(user), report__project__agency__in=agencies_of(user))


class ReportRemark(Fact):
    """Said in the check of a report, inside the agency."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="remarks")
    text = models.CharField(max_length=2000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    objects = RemarkQuerySet.as_manager()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.text


class ReportLink(Link):
    """Shows one issued report to whoever holds it, without a login; with a password where one was set."""

    LASTS = (7, 30, 90)
    USUALLY_LASTS = 30
    project_path = "report__project"

    report = models.ForeignKey(Report, models.PROTECT, related_name="links")
    name = models.CharField(_("who it is for"), max_length=120, validators=[check_plain_name])
    #: As Django keeps passwords; empty: none is asked for.
    password = models.CharField(max_length=128, blank=True)

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("kpis:report_links", args=[self.report_id])

    @property
    def project(self) -> Project:
        return self.report.project

    @property
    def has_password(self) -> bool:
        return bool(self.password)


class OpeningQuerySet(FactQuerySet, ScopedQuerySet):
    pass


class ReportOpening(Fact):
    """Somebody opened a report by a link. Whose link it was is known, and when; nothing of their device is."""

    class What(models.TextChoices):
        PAGE = "page", _("opened")
        PDF = "pdf", _("took the PDF")
        XLSX = "xlsx", _("took the spreadsheet")

    #: The same by the same link within so long is the same opening.
    ONCE_IN = timedelta(minutes=10)
    project_path = "link__report__project"

    link = models.ForeignKey(ReportLink, models.CASCADE, related_name="openings")
    what = models.CharField(max_length=4, choices=What, default=What.PAGE)
    at = models.DateTimeField(default=timezone.now)

    objects = OpeningQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.link_id} {self.what}"
