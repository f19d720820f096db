"""A KPI's days as files."""

import csv
import io
from datetime import date, timedelta

import pytest
from openpyxl import load_workbook
from PIL import Image

from kpis.models import Kpi
from kpis.queries.standings import today_of
from tests.builders import make_annotation, make_kpi, make_points, make_series, make_source

LAST = date(2026, 11, 20)
SPAN = "from=2026-11-18&to=2026-11-21"


@pytest.fixture
def kpi(cast) -> Kpi:
    source = make_source(cast, title="=cmd()")
    make_points(make_series(cast, source=source), [9990, None, 10000], last=LAST)
    make_annotation(cast, day=date(2026, 11, 20), text="@SUM(A1)")
    return make_kpi(cast, source=source)


def fetched(browse, cast, kpi, kind: str, query: str = SPAN):
    return browse(cast.viewer).get(f"/kpis/{kpi.pk}/export/{kind}/?{query}")


def test_csv_has_every_day_its_gaps_and_their_reasons(cast, browse, kpi):
    answer = fetched(browse, cast, kpi, "csv")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows == [
        ["Day", "Value", "Final", "Where from", "Why missing", "Recounted", "Notes"],
        ["2026-11-18", "9990", "yes", "measured by =cmd()", "", "", ""],
        ["2026-11-19", "", "", "measured by =cmd()", "The platform gave no number for this day.", "", ""],
        ["2026-11-20", "10000", "yes", "measured by =cmd()", "", "", "'@SUM(A1)"],
        ["2026-11-21", "", "", "", "The number for this day has not come yet.", "", ""],
    ]
    name = f"kpi-{kpi.pk}-2026-11-18-2026-11-21.csv"
    assert answer["Content-Disposition"] == f'attachment; filename="{name}"'


def test_a_workbook_holds_numbers_as_numbers_and_no_formula(cast, browse, kpi):
    book = load_workbook(io.BytesIO(fetched(browse, cast, kpi, "xlsx").content))
    days, about = book["Days"], book["About"]
    first = [cell.value for cell in days[2]]
    assert (first[0].date(), *first[1:4]) == (date(2026, 11, 18), 9990, "yes", "measured by =cmd()")
    assert [cell.value for cell in days[3]][1] is None
    assert "f" not in {cell.data_type for sheet in (days, about) for row in sheet for cell in row}
    assert [row[1].value for row in about if row[0].value == "Source"] == ["'=cmd()"]


def test_the_picture_is_drawn_with_its_words(cast, browse, kpi):
    answer = fetched(browse, cast, kpi, "png")
    picture = Image.open(io.BytesIO(answer.content)).convert("L")
    head = picture.crop((0, 0, picture.width, 80))
    assert (answer["Content-Type"], picture.width, picture.getextrema()[0] < 80) == ("image/png", 1536, True)
    assert head.getextrema()[0] < 80, "no font was found for the headline"


def test_the_files_hold_the_days_that_the_page_shows(cast, browse, kpi):
    today = today_of(cast.project)
    rows = fetched(browse, cast, kpi, "csv", "range=30").content.decode("utf-8-sig").splitlines()
    assert (len(rows), rows[1][:10]) == (31, (today - timedelta(days=29)).isoformat())


def test_the_api_gives_the_same_file(cast, api, browse, kpi):
    by_api = api(cast.viewer).get(f"/api/v1/kpis/{kpi.pk}/export/csv/?{SPAN}")
    assert by_api.content == fetched(browse, cast, kpi, "csv").content
