from smmportal.audit import AuditEntry, record
from smmportal.people.actions import issue_token


def test_an_entry_says_who_what_when_and_from_where(cast, browse):
    browse(cast.manager).post(
        f"/organisations/{cast.agency.pk}/clients/",
        {"client-name": "Tea"},
        REMOTE_ADDR="203.0.113.9",
        headers={"X-Request-ID": "request-0042"},
    )
    entry = AuditEntry.objects.get(verb="client.added")
    assert (entry.by, entry.about.name, entry.facts, entry.address, entry.request_id) == (
        cast.manager,
        "Tea",
        {"name": "Tea"},
        "203.0.113.9",
        "request-0042",
    )


def test_outside_a_request_there_is_no_address(cast):
    entry = record("tested", about=cast.project, by=None, project=cast.project)
    assert (entry.by, entry.address, entry.request_id) == (None, None, "")


def test_an_entry_about_no_project_is_seen_only_by_its_author(cast):
    issue_token(cast.manager, name="a report")
    seen = {
        name
        for name in (*cast.INSIDE, *cast.OUTSIDE)
        if AuditEntry.objects.visible_to(getattr(cast, name)).filter(verb="token.issued").exists()
    }
    assert seen == {"manager"}


def test_no_secret_goes_into_the_trail(cast):
    _token, secret = issue_token(cast.manager, name="a report")
    assert secret not in str(list(AuditEntry.objects.values()))
