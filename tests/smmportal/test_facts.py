import pytest

from smmportal.audit import AuditEntry, record
from smmportal.facts import FactChanged, canonical, content_hash


@pytest.fixture
def entry(cast):
    return record("tested", about=cast.project, by=cast.manager, project=cast.project)


def test_a_fact_is_never_saved_again(entry):
    entry.verb = "forged"
    with pytest.raises(FactChanged, match="is a fact and is never changed"):
        entry.save()
    assert AuditEntry.objects.get(pk=entry.pk).verb == "tested"


@pytest.mark.parametrize(
    "attempt",
    [
        lambda entry: entry.delete(),
        lambda entry: AuditEntry.objects.filter(pk=entry.pk).delete(),
        lambda entry: AuditEntry.objects.filter(pk=entry.pk).update(verb="forged"),
        lambda entry: AuditEntry.objects.bulk_update([entry], ["verb"]),
        lambda entry: AuditEntry.objects.update_or_create(pk=entry.pk, defaults={"verb": "forged"}),
    ],
)
def test_a_fact_is_never_changed_or_deleted(entry, attempt):
    with pytest.raises(FactChanged):
        attempt(entry)
    assert AuditEntry.objects.get(pk=entry.pk).verb == "tested"


@pytest.mark.django_db(transaction=True)
def test_a_new_row_under_an_old_key_does_not_replace_the_fact(entry):
    from django.db import IntegrityError

    forged = AuditEntry(pk=entry.pk, verb="forged", about_type=entry.about_type, about_id=entry.about_id)
    with pytest.raises(IntegrityError):
        forged.save()
    assert AuditEntry.objects.get(pk=entry.pk).verb == "tested"


def test_the_canonical_form_does_not_depend_on_the_order_of_keys():
    assert canonical({"б": [1, {"z": None, "a": "é"}], "a": 1}) == '{"a":1,"б":[1,{"a":"é","z":null}]}'
    assert content_hash({"a": 1, "b": 2}) == content_hash({"b": 2, "a": 1})
    assert content_hash({}) == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"


def test_the_hash_tells_a_number_from_its_text():
    assert content_hash({"target": 12000}) != content_hash({"target": "12000"})
