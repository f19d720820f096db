"""What stands above a project's dashboard."""

from kpis.models import Kpi
from smmportal.waterline.models import Reading
from tests.builders import make_meeting, make_reading
from tests.kpis.conftest import begun


def test_page_and_api_say_where_the_project_stands(cast, api, browse):
    begun(cast).get(Kpi)
    make_reading(cast, score=64, level=Reading.Level.LISTING)
    meeting = make_meeting(cast, starts_at="2126-12-01T09:00Z", ends_at="2126-12-01T10:00Z")
    said = api(cast.viewer).get(f"/api/v1/projects/{cast.project.pk}/now/").json()
    now = browse(cast.viewer).get(f"/projects/{cast.project.pk}/now/").context["now"]
    assert (said["waterline"], said["meeting"]) == (
        {"day": "2026-10-01", "score": 64, "level": "listing"},
        {"id": meeting.pk, "title": "Weekly call", "start": said["meeting"]["start"]},
    )
    assert [goal["id"] for goal in said["goals"]] == [line.goal.pk for line in now.goals]
    assert [(queue["side"], len(queue["lines"])) for queue in said["waiting"]] == [
        (queue.side, len(queue.lines)) for queue in now.queues
    ]
    assert said["waiting"][0]["side"] == "client"


def test_the_dashboard_loads_it_as_a_part_and_without_a_script_it_is_a_page(cast, browse):
    address = f"/projects/{cast.project.pk}/now/"
    part = browse(cast.viewer).get(address, headers={"HX-Request": "true"}).content.decode()
    page = browse(cast.viewer).get(address).content.decode()
    assert ("<!doctype" in part, "<!doctype" in page, "No goals yet." in part) == (False, True, True)
