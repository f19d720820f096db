"""The doors of reports: of the agency that writes them, of the client that reads what was issued, of who has a link."""

from django.core.files.uploadedfile import SimpleUploadedFile

from kpis.actions.report_templates import archive_template
from kpis.models import Report
from smmportal.people.looks import put_logo
from tests.builders import (
    Cast,
    make_checked_report,
    make_report,
    make_report_link,
    make_report_template,
    make_report_timetable,
)
from tests.doors import Door, everyone, of_nothing
from tests.needs import has_pango
from tests.smmportal.pictures import png

#: What is not issued does not exist for the client's people.
UNSEEN = {"decider": 404, "contact": 404, "viewer": 404}
ONLY_AGENCY = {"decider": 403, "contact": 403, "viewer": 403}
ONLY_HEADS = {**ONLY_AGENCY, "specialist": 403}
LOOKS_ON = {"viewer": 403}
#: The agency's people and whoever runs another: each sees their own templates.
OWN_TEMPLATES = {"decider": 404, "contact": 404, "viewer": 404, "neighbour": 404, "stranger": 200, "colleague": 200}


def of_draft(cast: Cast) -> list:
    return [make_report(cast).pk]


def of_checking(cast: Cast) -> list:
    """The specialist sent it, so the manager and the owner may check it."""
    report = make_checked_report(cast, checked_at=None, checked_by=None, written_by=cast.specialist)
    Report.objects.filter(pk=report.pk).update(sent_by=cast.specialist)
    return [report.pk]


def of_checked(cast: Cast) -> list:
    return [make_checked_report(cast).pk]


def of_issued(cast: Cast) -> list:
    return [cast.get(Report).pk]


def of_issued_with_logo(cast: Cast) -> list:
    put_logo(cast.agency, file=SimpleUploadedFile("logo.png", png()), by=cast.owner)
    return of_issued(cast)


def of_link(cast: Cast) -> list:
    link = make_report_link(cast)
    return [link.report_id, link.pk]


def of_timetable(cast: Cast) -> list:
    return [make_report_timetable(cast).project_id]


def of_template(cast: Cast) -> list:
    return [make_report_template(cast).pk]


def of_archived(cast: Cast) -> list:
    return [archive_template(make_report_template(cast), by=cast.owner).pk]


def holding(cast: Cast) -> list:
    return [make_report_link(cast).secret]


def days(_cast: Cast) -> dict:
    return {"first": "2026-11-01", "last": "2026-11-22", "language": "en"}


def words(_cast: Cast) -> dict:
    return {"revision": "1", **days(_cast), "jurisdiction": "ru", "words-summary": "All well."}


def api_words(_cast: Cast) -> dict:
    return {"revision": 1, "commentaries": {"summary": "All well."}}


def revision(_cast: Cast) -> dict:
    return {"revision": 1}


def remark(_cast: Cast) -> dict:
    return {"remark": "Name the cause."}


def timetable(_cast: Cast) -> dict:
    return {"timetable-cadence": "weekly", "timetable-language": "en"}


def link(_cast: Cast) -> dict:
    return {"name": "Pyotr", "days": "30", "language": "en"}


def template(cast: Cast) -> dict:
    return {"agency": cast.agency.pk, "name": "Monthly"}


def template_edit(_cast: Cast) -> dict:
    rows = [("summary", 1), ("kpi_table", 2)]
    blocks = {
        f"block-{number}-{name}": value
        for number, (kind, place) in enumerate(rows, start=1)
        for name, value in (("key", kind), ("kind", kind), ("place", place))
    }
    return {"revision": 1, "name": "Weekly", "jurisdiction": "ru", **blocks}


HAS_PDF = 200 if has_pango() else 302

PAGES = [
    Door("kpis:reports"),
    Door("kpis:reports", "post", data=days, inside=302, expects=ONLY_AGENCY),
    Door("kpis:report_timetable", "post", data=timetable, inside=302, expects=ONLY_HEADS),
    Door("kpis:report_timetable_removal", "post", args=of_timetable, inside=302, expects=ONLY_HEADS),
    Door("kpis:report", args=of_issued),
    Door("kpis:report", args=of_draft, expects=UNSEEN),
    Door("kpis:report", "post", args=of_draft, data=words, inside=302, expects=UNSEEN),
    Door("kpis:report_check", "post", args=of_draft, inside=302, expects=UNSEEN),
    Door("kpis:report_take_back", "post", args=of_checking, inside=302, expects=UNSEEN),
    Door("kpis:report_approval", "post", args=of_checking, data=revision, inside=302, expects=UNSEEN),
    Door(
        "kpis:report_return", "post", args=of_checking, data=remark, inside=302, expects={**UNSEEN, "specialist": 422}
    ),
    Door("kpis:report_remarks", "post", args=of_draft, data=remark, inside=302, expects=UNSEEN),
    Door("kpis:report_remarks", "post", args=of_issued, data=remark, inside=302, expects=ONLY_AGENCY),
    Door("kpis:report_issue", "post", args=of_checked, inside=302, expects={**UNSEEN, "specialist": 403}),
    Door("kpis:report_issue", "post", args=of_issued, inside=302, expects=ONLY_HEADS),
    Door("kpis:report_correction", "post", args=of_issued, inside=302, expects=ONLY_AGENCY),
    Door("kpis:report_removal", "post", args=of_draft, inside=302, expects=UNSEEN),
    Door("kpis:report_pdf", args=of_issued, inside=HAS_PDF),
    Door("kpis:report_xlsx", args=of_issued),
    Door("kpis:report_xlsx", args=of_draft, expects=UNSEEN),
    Door("kpis:report_logo", args=of_issued_with_logo),
    Door("kpis:report_links", args=of_issued, expects=LOOKS_ON),
    Door("kpis:report_links", "post", args=of_issued, data=link, expects=LOOKS_ON),
    Door("kpis:report_link_revocation", "post", args=of_link, inside=302, expects=LOOKS_ON),
]
TEMPLATES = [
    Door("kpis:report_templates", args=of_nothing, expects=OWN_TEMPLATES),
    Door(
        "kpis:report_templates",
        "post",
        args=of_nothing,
        data=template,
        inside=302,
        expects={**OWN_TEMPLATES, "stranger": 422, "specialist": 403, "colleague": 403},
    ),
    Door("kpis:report_template", args=of_template, expects={**UNSEEN, "colleague": 200}),
    Door(
        "kpis:report_template",
        "post",
        args=of_template,
        data=template_edit,
        inside=302,
        expects={**UNSEEN, "specialist": 403, "colleague": 403},
    ),
    Door(
        "kpis:report_template_archiving",
        "post",
        args=of_template,
        inside=302,
        expects={**UNSEEN, "specialist": 403, "colleague": 403},
    ),
    Door(
        "kpis:report_template_restoration",
        "post",
        args=of_archived,
        inside=302,
        expects={**UNSEEN, "specialist": 403, "colleague": 403},
    ),
]
#: A link knows nobody: whoever has it is its reader, whoever they are logged in as. It opens by a button.
LINKS = [
    Door("kpis:shared_report", args=holding, expects=everyone(200)),
    Door("kpis:shared_report", args=lambda cast: ["never-issued"], expects=everyone(404)),
    Door("kpis:shared_report", "post", args=holding, expects=everyone(302), is_public=True),
    Door("kpis:shared_pdf", args=holding, expects=everyone(302), is_public=True),
    Door("kpis:shared_xlsx", args=holding, expects=everyone(302), is_public=True),
    Door("kpis:shared_logo", args=holding, expects=everyone(302), is_public=True),
]
API = [
    Door("api:reports"),
    Door("api:reports", "post", data=days, inside=201, expects=ONLY_AGENCY),
    Door("api:report", args=of_issued),
    Door("api:report", args=of_draft, expects=UNSEEN),
    Door("api:report", "patch", args=of_draft, data=api_words, expects=UNSEEN),
    Door("api:report", "delete", args=of_draft, inside=204, expects=UNSEEN),
    Door("api:report_check", "post", args=of_draft, inside=201, expects=UNSEEN),
    Door("api:report_check", "delete", args=of_checking, inside=204, expects=UNSEEN),
    Door(
        "api:report_approval",
        "post",
        args=of_checking,
        data=revision,
        inside=201,
        expects={**UNSEEN, "specialist": 409},
    ),
    Door("api:report_return", "post", args=of_checking, data=remark, inside=201, expects={**UNSEEN, "specialist": 409}),
    Door("api:report_remarks", args=of_issued, expects=UNSEEN),
    Door("api:report_remarks", "post", args=of_issued, data=lambda cast: {"text": "Hm."}, inside=201, expects=UNSEEN),
    Door("api:report_issue", "post", args=of_checked, inside=201, expects={**UNSEEN, "specialist": 403}),
    Door("api:report_correction", "post", args=of_issued, inside=201, expects=ONLY_AGENCY),
    Door("api:report_pdf", args=of_issued, inside=200 if has_pango() else 409),
    Door("api:report_xlsx", args=of_issued),
    Door("api:report_links", args=of_issued, expects=LOOKS_ON),
    Door("api:report_links", "post", args=of_issued, data=lambda cast: {"name": "Pyotr"}, inside=201, expects=LOOKS_ON),
    Door("api:report_link", "delete", args=of_link, inside=204, expects=LOOKS_ON),
    Door("api:report_timetable", args=of_timetable),
    Door("api:report_timetable", "put", data=lambda cast: {"cadence": "monthly"}, expects=ONLY_HEADS),
    Door("api:report_timetable", "delete", args=of_timetable, inside=204, expects=ONLY_HEADS),
    Door("api:report_templates", args=of_nothing, outside=200),
    Door(
        "api:report_templates",
        "post",
        args=of_nothing,
        data=template,
        inside=201,
        outside=400,
        expects={"specialist": 400, "decider": 400, "contact": 400, "viewer": 400},
    ),
    Door("api:report_template", args=of_template, expects={**UNSEEN, "colleague": 200}),
    Door(
        "api:report_template",
        "patch",
        args=of_template,
        data=lambda cast: {"revision": 1, "name": "Weekly"},
        expects={**UNSEEN, "specialist": 403, "colleague": 403},
    ),
    Door(
        "api:report_template",
        "delete",
        args=of_template,
        inside=204,
        expects={**UNSEEN, "specialist": 403, "colleague": 403},
    ),
    Door(
        "api:report_template_restoration",
        "post",
        args=of_archived,
        inside=201,
        expects={**UNSEEN, "specialist": 403, "colleague": 403},
    ),
]
REPORT_DOORS = [*PAGES, *TEMPLATES, *LINKS, *API]
