"""Reports on their pages, on paper and as a spreadsheet: in both languages, from the same content."""

import io
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template.loader import render_to_string
from django.utils import translation

from kpis import report_papers
from kpis.actions.reports import issue_report
from kpis.models import MetricSeries, Report, ReportTemplate
from kpis.queries.reports import shown
from projects.queries import waiting as waiting_in_projects
from smmportal.pages import everything_waiting
from smmportal.people.looks import put_logo, set_accent
from smmportal.people.models import Side
from tests.builders import (
    make_checked_report,
    make_kpi,
    make_points,
    make_report,
    make_report_template,
    make_series,
    make_source,
)
from tests.smmportal.pictures import png

LAST = date(2026, 11, 24)


@pytest.fixture(autouse=True)
def frozen():
    with time_machine.travel("2026-11-25 09:00:00+00:00", tick=False):
        yield


@pytest.fixture
def report(cast) -> Report:
    source = make_source(cast, platform="instagram", title="Roast No. 7")
    make_kpi(cast, source=source)
    make_points(make_series(cast, source=source), [10000 + 7 * day for day in range(56)], last=LAST)
    return make_checked_report(cast)


@pytest.fixture
def issued(cast, report) -> Report:
    issue_report(report, by=cast.manager)
    return Report.objects.get(pk=report.pk)


def sheets_of(answer) -> dict[str, list[tuple]]:
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}


# --- The way of a report, without a script ----------------------------------------------------------------------------


def test_from_the_list_to_an_issued_report(browse, cast, report):
    Report.objects.all().delete()
    writer, checker = browse(cast.manager), browse(cast.specialist)
    days = {"first": "2026-11-01", "last": "2026-11-22", "language": "en"}
    address = writer.post(f"/projects/{cast.project.pk}/reports/", days).url
    words = {**days, "revision": "1", "jurisdiction": "ru", "words-summary": "We grew.", "words-next_steps": "On."}
    writer.post(address, {**words, "check": "1"})
    assert "All is right" in checker.get(address).text
    assert "All is right" not in writer.get(address).text
    checker.post(f"{address}approval/", {"revision": "2"})
    answer = writer.post(f"{address}issue/", follow=True)
    assert [words in answer.text for words in ("Issued. Both sides have been told", "SHA-256")] == [True, True]
    assert "We grew." in browse(cast.contact).get(address).text


def test_nothing_typed_is_lost_when_a_must_is_missing(browse, cast, report):
    draft = make_report(cast, commentaries={})
    sent = {"revision": "1", "first": "2026-11-01", "last": "2026-11-22", "language": "en", "words-summary": "Grew."}
    answer = browse(cast.manager).post(draft.get_absolute_url(), {**sent, "check": "1"})
    assert (answer.status_code, "Next steps” still needs your words" in answer.text, "Grew.</text" in answer.text) == (
        422,
        True,
        True,
    )


def test_a_second_writer_keeps_what_they_typed(browse, cast, report):
    draft = make_report(cast, revision=2)
    sent = {"revision": "1", "first": "2026-11-01", "last": "2026-11-22", "language": "en", "words-summary": "Mine."}
    answer = browse(cast.manager).post(draft.get_absolute_url(), sent)
    assert (answer.status_code, "Somebody else changed this report" in answer.text, "Mine." in answer.text) == (
        422,
        True,
        True,
    )


def test_a_draft_is_no_page_for_the_client_and_not_on_their_list(browse, cast, report):
    page = browse(cast.decider).get(f"/projects/{cast.project.pk}/reports/").text
    assert ("In work" in page, "No report yet" in page) == (False, True)
    assert browse(cast.decider).get(report.get_absolute_url()).status_code == 404


def test_what_waits_is_the_agencys_move_until_it_is_issued(cast, report):
    make_report(cast)
    lines = [line for line in everything_waiting([cast.project]) if "/reports/" in line.url]
    assert [(line.side, line.button) for line in lines] == [(Side.AGENCY, "Write"), (Side.AGENCY, "Issue")]
    assert [line for line in waiting_in_projects([cast.project]) if "/reports/" in line.url] == []


def test_the_list_costs_the_same_with_many_reports(browse, cast, report, django_assert_max_num_queries):
    client, address = browse(cast.manager), f"/projects/{cast.project.pk}/reports/"
    client.get(address)
    for _number in range(12):
        make_report(cast)
    with django_assert_max_num_queries(16):
        client.get(address)


# --- Both languages, the same numbers -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["In short", "10,371", "+154 (+1.5%)", "* Meta, which owns", "Followers, Instagram*"]),
        ("ru", ["Коротко", "10\u00a0371", "+154 (+1,5\u00a0%)", "* Компания Meta", "Подписчики, Instagram*"]),
    ],
)
def test_the_page_and_the_paper_speak_the_readers_language(browse, cast, issued, language, words):
    cast.decider.language = language
    cast.decider.save()
    page = browse(cast.decider).get(issued.get_absolute_url()).text
    with translation.override(language):
        context = {"report": issued, "text": shown(issued), "language": language, "state": "issued"}
        paper = render_to_string("kpis/report_paper.html", {**context, "issued": issued.issue})
    assert ([word in page for word in words], [word in paper for word in words]) == ([True] * 5, [True] * 5)


def test_elsewhere_the_law_asks_for_no_footnote(browse, cast, report):
    Report.objects.update(jurisdiction="")
    issue_report(report, by=cast.manager)
    page = browse(cast.decider).get(report.get_absolute_url()).text
    assert ("Meta" in page, "Instagram*" in page) == (False, False)


@pytest.mark.pango
@pytest.mark.parametrize("language", ["ru", "en"])
def test_the_pdf_is_made_in_the_language_that_is_asked_for(browse, cast, issued, language):
    set_accent(cast.agency, accent="#7a3b1d", by=cast.owner)
    put_logo(cast.agency, file=SimpleUploadedFile("logo.png", png()), by=cast.owner)
    answer = browse(cast.decider).get(f"/reports/{issued.pk}/pdf/?lang={language}")
    assert (answer["Content-Type"], answer.content[:5], answer["Content-Disposition"]) == (
        "application/pdf",
        b"%PDF-",
        f'attachment; filename="report-{cast.project.pk}-1-{language}.pdf"',
    )


@pytest.mark.pango
def test_the_paper_shows_the_mark_of_its_day_and_opens_no_address(cast, report):
    put_logo(cast.agency, file=SimpleUploadedFile("logo.png", png()), by=cast.owner)
    Report.objects.update(commentaries={"summary": '<img src="http://127.0.0.1:1/x.png">', "next_steps": "On."})
    issue_report(report, by=cast.manager)
    kept = Report.objects.get(pk=report.pk)
    put_logo(cast.agency, file=SimpleUploadedFile("logo.png", png(10, 10)), by=cast.owner)
    assert report_papers.as_pdf(kept).startswith(b"%PDF-")
    assert kept.issue.content["agency"]["logo"]["id"] != cast.agency.logo.pk


def test_the_spreadsheet_has_every_number_with_its_origin(browse, cast, issued):
    MetricSeries.objects.get(metric="followers").points.filter(day=date(2026, 11, 5)).update(value=Decimal(1))
    sheets = sheets_of(browse(cast.decider).get(f"/reports/{issued.pk}/xlsx/?lang=en"))
    assert list(sheets) == ["KPIs", "By day", "Words", "Counted again"]
    assert sheets["KPIs"][1][:6] == ("Followers, Instagram*", 10371, None, "22 / 22", 10217, 154)
    day = sheets["By day"][1]
    assert (day[1].date(), *day[2:5]) == (date(2026, 11, 1), 10224, "final", "measured: Roast No. 7")
    assert len(sheets["By day"]) == 23
    assert sheets["Counted again"][1][2:] == (10252, 1)


def test_words_in_a_spreadsheet_are_carried_out_by_nobody(browse, cast, report):
    Report.objects.update(commentaries={"summary": "=HYPERLINK(1)", "next_steps": "On."})
    sheets = sheets_of(browse(cast.manager).get(f"/reports/{report.pk}/xlsx/?lang=en"))
    assert ("In short", "'=HYPERLINK(1)") in sheets["Words"]


# --- Templates ------------------------------------------------------------------------------------------------------


def sent_template(template: ReportTemplate, **more) -> dict:
    sent = {"revision": template.revision, "name": template.name, "jurisdiction": "ru"}
    for number, block in enumerate(template.layout, start=1):
        fields = {**block, "place": number}
        sent |= {f"block-{number}-{name}": value for name, value in fields.items() if value is not False}
    return {**sent, **more}


def test_blocks_are_moved_named_left_out_and_added_in_one_save(browse, cast):
    made = make_report_template(cast)
    change = {"block-1-place": "3", "block-1-title": "First of all", "more": "posts", "block-2-must_comment": "on"}
    browse(cast.manager).post(made.get_absolute_url(), sent_template(made, **change))
    kept = ReportTemplate.objects.get()
    assert [(block["kind"], block["title"], block["must_comment"]) for block in kept.layout] == [
        ("kpi_table", "", True),
        ("summary", "First of all", True),
        ("posts", "", False),
    ]
    browse(cast.manager).post(made.get_absolute_url(), sent_template(kept, **{"block-2-removed": "on"}))
    assert [block["kind"] for block in ReportTemplate.objects.get().layout] == ["kpi_table", "posts"]


def test_a_begun_report_keeps_its_blocks_whatever_the_template_becomes(browse, api, cast, report):
    made = make_report_template(cast)
    client, days = api(cast.manager), {"first": "2026-11-01", "last": "2026-11-22", "template": made.pk}
    begun = client.post(f"/api/v1/projects/{cast.project.pk}/reports/", days, format="json").json()
    layout = [{"kind": "text"}]
    address = f"/api/v1/report-templates/{made.pk}/"
    edited = client.patch(address, {"revision": 1, "layout": layout}, format="json").json()
    assert ([block["kind"] for block in edited["layout"]], edited["revision"]) == (["text"], 2)
    assert [block["kind"] for block in Report.objects.get(pk=begun["id"]).layout] == ["summary", "kpi_table"]


def test_another_agencys_template_is_unknown(api, cast, report):
    foreign = make_report_template(cast, agency=cast.stranger.memberships.get().organisation)
    days = {"first": "2026-11-01", "last": "2026-11-22", "template": foreign.pk}
    answer = api(cast.manager).post(f"/api/v1/projects/{cast.project.pk}/reports/", days, format="json")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["template"])


def test_a_program_is_told_what_is_wrong_with_a_layout(api, cast):
    sent = {"name": "Ours", "layout": [{"kind": "text"}, {"kind": "text"}]}
    answer = api(cast.owner).post("/api/v1/report-templates/", sent, format="json")
    assert (answer.status_code, answer.json()["detail"]) == (409, "Two blocks have the same key: text.")


# --- The API --------------------------------------------------------------------------------------------------------


def test_a_program_writes_checks_and_issues(api, cast, report):
    Report.objects.all().delete()
    writer, checker = api(cast.manager), api(cast.specialist)
    days = {"first": "2026-11-01", "last": "2026-11-22", "language": "ru"}
    begun = writer.post(f"/api/v1/projects/{cast.project.pk}/reports/", days, format="json").json()
    address = f"/api/v1/reports/{begun['id']}/"
    missing = writer.post(f"{address}check/", {}, format="json").json()
    assert (missing["type"], missing["blocks"]) == ("urn:portal:no-commentary", ["summary", "next_steps"])
    words = {"revision": 1, "commentaries": {"summary": "Выросли.", "next_steps": "Дальше."}}
    assert writer.patch(address, words, format="json").json()["revision"] == 2
    assert writer.post(f"{address}check/", {}, format="json").json()["state"] == "checking"
    own = writer.post(f"{address}approval/", {"revision": 2}, format="json")
    assert (own.status_code, own.json()["type"]) == (409, "urn:portal:own-report")
    assert checker.post(f"{address}approval/", {"revision": 2}, format="json").json()["state"] == "checked"
    issued = writer.post(f"{address}issue/", {}, format="json").json()
    assert (issued["state"], len(issued["content_hash"]), issued["counted_again"]) == ("issued", 64, [])
    assert api(cast.viewer).get(address).json()["content"] == issued["content"]


def test_a_draft_says_what_it_waits_for(api, cast, report):
    MetricSeries.objects.update(final_through=date(2026, 11, 20))
    told = api(cast.manager).get(f"/api/v1/reports/{report.pk}/").json()["waits_for"]
    assert [(one["final_through"], one["needed_through"]) for one in told] == [("2026-11-20", "2026-11-22")]


def test_a_day_or_a_block_that_can_not_be_is_named(api, cast, report):
    client, root = api(cast.manager), f"/api/v1/projects/{cast.project.pk}/reports/"
    backwards = client.post(root, {"first": "2026-11-22", "last": "2026-11-01"}, format="json")
    assert (backwards.status_code, backwards.json()["errors"]) == (
        400,
        {"last": ["The last day comes after the first."]},
    )
    draft = make_report(cast)
    words = {"revision": 1, "commentaries": {"weather": "Rain."}}
    unknown = client.patch(f"/api/v1/reports/{draft.pk}/", words, format="json")
    assert unknown.json()["errors"] == {"commentaries": ["The report has no block “weather”."]}
