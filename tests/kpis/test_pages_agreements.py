from decimal import Decimal

import pytest

from kpis.actions.agreements import prepare_agreement, sign_agreement
from kpis.models import Agreement, Kpi, Signature
from tests.builders import PASSWORD, make_kpi

OTHER_TEXT = "This is not the text you saw. Please read the agreement again and sign it then."


@pytest.fixture
def agreement(cast) -> Agreement:
    cast.get(Kpi)
    return prepare_agreement(cast.project, by=cast.manager)


def text(answer) -> str:
    return answer.content.decode()


def page(browse, person, agreement) -> str:
    return text(browse(person).get(agreement.get_absolute_url()))


def sign(browse, person, agreement, seen_hash=None, **proof):
    sent = {"hash": seen_hash or agreement.content_hash, **(proof or {"password": PASSWORD})}
    return browse(person).post(f"/agreements/{agreement.pk}/signature/", sent, follow=True)


def test_the_page_shows_the_whole_text_the_hash_and_who_signs_for_whom(cast, browse, agreement):
    seen = page(browse, cast.decider, agreement)
    wanted = ("grow from 10,000 to 12,000", agreement.content_hash, "You, Dmitry, sign for Roast No. 7.")
    assert [words for words in wanted if words not in seen] == []


def test_only_who_may_sign_gets_the_button(cast, browse, agreement):
    assert {name: "Sign for" in page(browse, getattr(cast, name), agreement) for name in cast.INSIDE} == {
        "owner": True,
        "manager": True,
        "specialist": False,
        "decider": True,
        "contact": False,
        "viewer": False,
    }


def test_after_signing_there_is_a_calm_confirmation_and_no_second_button(cast, browse, agreement):
    seen = text(sign(browse, cast.decider, agreement))
    assert ("Dmitry has signed for Roast No. 7" in seen, "Sign for" in seen) == (True, False)
    seen = text(sign(browse, cast.manager, agreement))
    assert ("Both sides have signed" in seen, "In force since" in seen) == (True, True)


def test_a_double_click_is_one_signature_and_the_same_answer(cast, browse, agreement):
    first, second = sign(browse, cast.decider, agreement), sign(browse, cast.decider, agreement)
    assert (first.redirect_chain, Signature.objects.count()) == (second.redirect_chain, 1)
    assert "Dmitry has signed for Roast No. 7" in text(second)


@pytest.mark.parametrize("seen_hash", ["0" * 64, "", "nonsense"])
def test_another_hash_is_refused_in_words(cast, browse, agreement, seen_hash):
    sent = {"hash": seen_hash, "password": PASSWORD}
    answer = browse(cast.decider).post(f"/agreements/{agreement.pk}/signature/", sent)
    found = answer.status_code, answer.context["form"].errors, Signature.objects.count()
    assert found == (422, {"__all__": [OTHER_TEXT]}, 0)


def test_a_text_left_behind_says_so_and_offers_a_new_one_to_the_agency(cast, browse, agreement):
    Kpi.objects.update(target=Decimal(13000))
    seen = {name: page(browse, getattr(cast, name), agreement) for name in ("manager", "decider")}
    assert {
        name: ("have changed since" in words, "Prepare a new text" in words, "Sign for" in words)
        for name, words in seen.items()
    } == {"manager": (True, True, False), "decider": (True, False, False)}


def test_preparing_leads_to_the_text(cast, browse):
    cast.get(Kpi)
    answer = browse(cast.manager).post(f"/projects/{cast.project.pk}/agreements/")
    assert (answer.status_code, answer.url) == (302, Agreement.objects.get().get_absolute_url())


def test_preparing_nothing_is_refused_in_words(cast, browse):
    answer = browse(cast.manager).post(f"/projects/{cast.project.pk}/agreements/")
    assert (answer.status_code, Agreement.objects.count()) == (302, 0)


def test_withdrawing_keeps_the_text_readable(cast, browse, agreement):
    answer = browse(cast.decider).post(f"/agreements/{agreement.pk}/withdrawal/", follow=True)
    assert ("Withdrawn by Dmitry" in text(answer), "grow from 10,000" in text(answer)) == (True, True)


def test_the_list_keeps_what_was_before(cast, browse, agreement):
    for person in (cast.manager, cast.decider):
        sign_agreement(agreement, by=person, seen_hash=agreement.content_hash, proof="password")
    make_kpi(cast, metric="views", kind="stay_above")
    second = prepare_agreement(cast.project, by=cast.owner)
    context = browse(cast.viewer).get(f"/projects/{cast.project.pk}/agreements/").context
    assert (context["in_force"], context["waiting"], context["history"]) == (agreement, second, [])
    for person in (cast.manager, cast.decider):
        sign_agreement(second, by=person, seen_hash=second.content_hash, proof="password")
    context = browse(cast.viewer).get(f"/projects/{cast.project.pk}/agreements/").context
    assert (context["in_force"], context["waiting"], context["history"]) == (second, None, [agreement])
    assert "agreement No. 2 has taken its place" in page(browse, cast.viewer, agreement)


def test_the_print_has_the_text_and_nothing_to_press(cast, browse, agreement):
    seen = text(browse(cast.viewer).get(f"/agreements/{agreement.pk}/print/"))
    assert ("grow from 10,000 to 12,000" in seen, "<button" in seen, "not in force yet" in seen) == (True, False, True)


def test_what_people_typed_is_shown_as_text(cast, browse):
    make_kpi(cast, name="<script>alert(1)</script> 🌊 \u202eabc")
    agreement = prepare_agreement(cast.project, by=cast.manager)
    seen = page(browse, cast.decider, agreement)
    assert ("<script>alert" in seen, "&lt;script&gt;alert(1)&lt;/script&gt; 🌊" in seen) == (False, True)


def test_in_russian_the_same_hash_is_under_the_russian_text(cast, browse, agreement):
    cast.decider.language = "ru"
    cast.decider.save()
    seen = page(browse, cast.decider, agreement)
    wanted = ("Соглашение о KPI № 1", "вырасти с", "Подписать за Roast No. 7", agreement.content_hash)
    assert [words for words in wanted if words not in seen] == []
