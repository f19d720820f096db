"""Files of a brief and links of a section through the API."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from projects import actions
from projects.models import Answer, AnswerFile, Brief, Delegation
from projects.questionnaire import FULL, new_form
from tests.builders import make_delegation

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 32


@pytest.fixture
def brief(cast) -> Brief:
    brief = Brief.objects.create(project=cast.project, form=new_form(FULL))
    cast.made[Brief] = brief
    return brief


def sent(content: bytes = PNG, name: str = "logo.png") -> dict:
    return {"file": SimpleUploadedFile(name, content)}


def root(brief) -> str:
    return f"/api/v1/projects/{brief.project_id}/brief/"


def test_a_file_is_given(api, brief, contact):
    answer = api(contact).post(root(brief) + "answers/G2/files/", sent(), format="multipart")
    given = AnswerFile.objects.get()
    assert (answer.status_code, {**answer.json(), "at": "…"}) == (
        201,
        {
            "id": given.pk,
            "key": "G2",
            "name": "logo.png",
            "size": len(PNG),
            "content_type": "image/png",
            "sha256": given.sha256,
            "by": "Katya",
            "at": "…",
        },
    )


def test_one_key_gives_one_file_however_its_form_is_cut(api, brief, contact):
    client = api(contact)
    ids = {
        client.post(root(brief) + "answers/G2/files/", sent(), format="multipart", HTTP_IDEMPOTENCY_KEY="k1").json()[
            "id"
        ]
        for _ in range(2)
    }
    assert len(ids) == AnswerFile.objects.count() == 1
    other = client.post(
        root(brief) + "answers/G2/files/", sent(b"other"), format="multipart", HTTP_IDEMPOTENCY_KEY="k1"
    )
    assert (other.status_code, other.json()["type"]) == (422, "urn:portal:idempotency-key-reused")


@pytest.mark.parametrize(
    ("key", "data", "status", "code"),
    [
        ("G2", {"file": SimpleUploadedFile("empty", b"")}, 409, "empty-file"),
        ("G2", {}, 400, "invalid"),
        ("G2", {"file": "words"}, 400, "invalid"),
        ("A1", {"file": SimpleUploadedFile("a", b"b")}, 409, "no-files-here"),
        ("Z9", {"file": SimpleUploadedFile("a", b"b")}, 409, "no-such-question"),
    ],
)
def test_a_file_that_can_not_be_taken_is_refused_in_words(api, brief, contact, key, data, status, code):
    answer = api(contact).post(root(brief) + f"answers/{key}/files/", data, format="multipart")
    assert (answer.status_code, answer.json()["type"]) == (status, f"urn:portal:{code}")


def test_an_answer_with_files_is_put_as_a_whole(api, brief, contact):
    given = actions.add_file(brief, "G2", file=sent()["file"], by=contact)
    client = api(contact)
    body = {"value": {"files": [{"file": given.pk, "name": "forged", "size": 1}], "note": "+ link"}, "revision": 1}
    value = client.put(root(brief) + "answers/G2/", body, format="json").json()["value"]
    assert value == {"files": [given.spoken], "note": "+ link"}
    for files in ([{"file": 10**9}], [{"file": "7"}], [{"file": True}], [7], "7"):
        body = {"value": {"files": files, "note": ""}, "revision": 2}
        assert client.put(root(brief) + "answers/G2/", body, format="json").status_code == 409


def test_a_file_is_read_and_removed(api, brief, contact, viewer):
    given = actions.add_file(brief, "G2", file=sent()["file"], by=contact)
    address = f"{root(brief)}files/{given.pk}/"
    answer = api(viewer).get(address)
    assert (b"".join(answer.streaming_content), answer["Content-Disposition"]) == (
        PNG,
        'attachment; filename="logo.png"',
    )
    assert api(contact).delete(address).status_code == 204
    assert (Answer.objects.get().value, api(viewer).get(address).status_code) == (None, 404)


# --- Links ----------------------------------------------------------------------------------------------------------


def test_a_link_is_made_and_shown_once(api, brief, contact):
    client = api(contact)
    answer = client.post(
        root(brief) + "delegations/", {"section": "G", "name": "Pyotr", "language": "en"}, format="json"
    )
    made = answer.json()
    secret = made.pop("link").removeprefix("http://portal.example/delegated/").rstrip("/")
    assert actions.find_delegation(secret) == Delegation.objects.get()
    listed = client.get(root(brief) + "delegations/").json()["results"]
    assert (listed, made["state"], secret in str(listed)) == ([made], "sent", False)


def test_only_a_sensible_request_makes_a_link(api, brief, contact):
    client = api(contact)
    statuses = [
        client.post(root(brief) + "delegations/", {"section": "G", "name": "Pyotr", **wrong}, format="json").status_code
        for wrong in ({"section": "Z"}, {"name": ""}, {"name": "https://x.example"}, {"email": "x"}, {"language": "fr"})
    ]
    assert (statuses, Delegation.objects.count()) == ([409, 400, 400, 400, 400], 0)


def test_a_link_is_revoked(api, cast, brief, manager):
    delegation = make_delegation(cast, section="G")
    assert api(manager).delete(f"{root(brief)}delegations/{delegation.pk}/").status_code == 204
    assert Delegation.objects.get().state == "revoked"


def test_an_answer_by_a_link_bears_both_names(api, cast, brief, viewer):
    delegation = make_delegation(cast, section="G")
    actions.save_answer(brief, "G1", value="Kindly.", revision=0, by=cast.contact, delegation=delegation)
    answer = api(viewer).get(root(brief) + "answers/G1/").json()
    assert (answer["by"], answer["link_from"]) == ("Pyotr", "Katya")
    assert api(viewer).get(root(brief)).json()["answers"][0]["link_from"] == "Katya"
