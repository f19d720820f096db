"""An agency's colour and mark: checked when they are saved, shown to whoever works with it."""

import io

import pytest
from django.core import mail
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from smmportal.audit import AuditEntry
from smmportal.notifications.actions import announce, deliver_due
from smmportal.people import looks
from smmportal.people.models import AgencyLogo, Organisation
from smmportal.refusals import Refused
from tests.smmportal.pictures import png


@pytest.fixture
def dressed(cast):
    return looks.set_accent(cast.agency, accent="#7A3B1D ", by=cast.owner)


def at(cast, rest: str = "look/") -> str:
    return f"/organisations/{cast.agency.pk}/{rest}"


def sent(content: bytes = b"", name: str = "logo.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content or png())


def test_a_colour_is_kept_and_written_down(cast, dressed):
    looks.set_accent(cast.agency, accent="#7a3b1d", by=cast.owner)
    assert (
        Organisation.objects.get(pk=cast.agency.pk).accent,
        AuditEntry.objects.filter(verb="look.coloured").count(),
    ) == (
        "#7a3b1d",
        1,
    )


def test_a_colour_that_can_not_be_read_is_refused_with_one_that_can(browse, cast):
    answer = browse(cast.owner).post(at(cast), {"accent": "#ffdd00"})
    assert (answer.status_code, Organisation.objects.get(pk=cast.agency.pk).accent) == (422, "")
    assert "the contrast is 1.2 : 1, and 4.5 : 1 is needed. The nearest shade that works is #7a6a00." in answer.text


@pytest.mark.parametrize("accent", ["red", "#0f5c7", "#0f5c74;}", "url(x)"])
def test_what_is_no_colour_is_refused(api, cast, accent):
    answer = api(cast.owner).put(f"/api/v1/organisations/{cast.agency.pk}/look/", {"accent": accent}, format="json")
    assert (answer.status_code, Organisation.objects.get(pk=cast.agency.pk).accent) == (400, "")


def test_the_pages_of_its_projects_wear_it_for_both_sides(browse, cast, dressed):
    pages = [browse(person).get(f"/projects/{cast.project.pk}/").text for person in (cast.manager, cast.decider)]
    assert ['href="/look/7a3b1d.css"' in page for page in pages] == [True, True]
    sheet = browse().get("/look/7a3b1d.css")
    assert (sheet["Content-Type"], "--accent:light-dark(#7a3b1d," in sheet.text) == ("text/css", True)
    looks.set_accent(cast.agency, accent="", by=cast.owner)
    assert "/look/" not in browse(cast.decider).get(f"/projects/{cast.project.pk}/").text


def test_letters_about_its_projects_wear_it(cast, dressed):
    facts = {"project": "Coffee", "client": "Roast", "accent": "#7a3b1d"}
    announce("project.created", to=[cast.decider], about=cast.project, by=cast.manager, facts=facts)
    deliver_due()
    [html] = [part for part, kind in mail.outbox[0].alternatives if kind == "text/html"]
    assert "color: #7a3b1d" in html


def test_a_logo_is_drawn_anew_and_shown_to_the_clients_too(browse, cast):
    answer = browse(cast.owner).post(at(cast), {"accent": "", "logo": sent(png(1600, 400, "JPEG"), "mark.jpg")})
    logo = AgencyLogo.objects.get()
    assert (answer.status_code, logo.content_type, logo.width, logo.height) == (302, "image/png", 800, 200)
    shown = browse(cast.viewer).get(at(cast, "logo/"))
    assert (shown["Content-Type"], Image.open(io.BytesIO(b"".join(shown.streaming_content))).size) == (
        "image/png",
        (800, 200),
    )


def test_what_hides_in_a_picture_does_not_stay(cast):
    hidden = b"<script>alert(1)</script>"
    logo = looks.put_logo(cast.agency, file=sent(png() + hidden), by=cast.owner)
    with default_storage.open(logo.path) as kept:
        assert hidden not in kept.read()


def huge() -> bytes:
    """A few kilobytes that unpack to more pixels than any mark has."""
    return png(5000, 5000)


@pytest.mark.parametrize(
    "content",
    [b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"%PDF-1.7", png()[:40], png(kind="GIF"), huge(), b"x" * 2_100_000],
    ids=["svg", "pdf", "cut", "gif", "bomb", "large"],
)
def test_what_is_no_picture_of_ours_is_refused(cast, content):
    with pytest.raises(Refused, match="This picture can’t be used"):
        looks.put_logo(cast.agency, file=sent(content), by=cast.owner)
    assert AgencyLogo.objects.count() == 0


def test_a_new_logo_takes_the_place_of_the_old_and_the_old_one_is_kept(cast):
    old = looks.put_logo(cast.agency, file=sent(), by=cast.owner)
    new = looks.put_logo(cast.agency, file=sent(png(10, 10)), by=cast.owner)
    assert (cast.agency.logo, default_storage.exists(old.path)) == (new, True)
    looks.take_logo_off(cast.agency, by=cast.owner)
    assert (cast.agency.logo, AgencyLogo.objects.count()) == (None, 2)


def test_a_client_has_no_look_of_its_own(cast):
    with pytest.raises(Refused, match="Only an agency has a look of its own here"):
        looks.set_accent(cast.client, accent="#0f5c74", by=cast.decider)


def test_a_program_reads_and_changes_the_look(api, cast):
    client, root = api(cast.owner), f"/api/v1/organisations/{cast.agency.pk}/"
    assert client.put(f"{root}look/", {"accent": "#0f5c74"}, format="json").json() == {
        "accent": "#0f5c74",
        "logo": None,
    }
    made = client.post(f"{root}logo/", {"file": sent()}, format="multipart").json()
    assert (made["width"], made["height"]) == (60, 20)
    assert api(cast.contact).get(f"{root}look/").json() == {"accent": "#0f5c74", "logo": made}
    assert (client.delete(f"{root}logo/").status_code, client.get(f"{root}look/").json()["logo"]) == (204, None)
