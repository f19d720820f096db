import pytest
from django.http import Http404
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

from smmportal.styleguide import SampleForm, _sample, styleguide
from smmportal.templatetags.portal import STATUSES, querystring_for, side_mark, status_mark


@pytest.fixture
def request_of():
    return RequestFactory().get("/styleguide/?range=30&page=4")


@pytest.mark.parametrize("language", ["ru", "en"])
def test_every_component_stands_on_the_style_page(request_of, language, settings):
    with translation.override(language):
        page = render_to_string("styleguide.html", _sample(), request=request_of)
    assert [name for name in STATUSES if str(STATUSES[name][1]) and f"tone-{STATUSES[name][0]}" not in page] == []
    assert page.count('class="chart"') == 6
    assert "style=" not in page


def test_where_debugging_is_not_allowed_there_is_no_style_page(request_of, settings):
    settings.RELAXED = False
    with pytest.raises(Http404):
        styleguide(request_of)


def test_ids_on_the_style_page_are_its_own(request_of):
    import re

    page = render_to_string("styleguide.html", _sample(), request=request_of)
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert sorted(name for name in set(ids) if ids.count(name) > 1) == []


def test_a_status_is_a_word_a_shape_and_a_colour():
    with translation.override("en"):
        mark = status_mark("at_risk")
    assert mark.startswith('<span class="status tone-at-risk"><svg')
    assert mark.endswith("<span>at risk</span></span>")


def test_unknown_is_never_green():
    unknown = [STATUSES[name][0] for name in ("no_target", "no_data", "source_lost")]
    assert unknown == ["unknown", "unknown", "unknown"]


@pytest.mark.parametrize("status", ["", None, "nonsense"])
def test_a_status_that_nobody_has_said_is_no_data(status):
    assert status_mark(status) == status_mark("no_data")


def test_no_two_statuses_share_a_silhouette():
    shapes = [marks for _meaning, _word, marks in STATUSES.values()]
    assert len(set(shapes)) == len(shapes)


def test_a_word_of_the_page_is_text():
    assert "<b>" not in status_mark("on_track", "<b>")
    assert "<b>" not in side_mark("<b>")


def test_a_tab_keeps_the_rest_of_the_address_and_goes_to_the_first_page(request_of):
    assert querystring_for({"request": request_of}, "range", 90) == "?range=90"
    assert querystring_for({"request": request_of}, "side", "agency") == "?range=30&side=agency"


def test_a_refused_form_links_its_summary_to_the_fields_and_keeps_what_was_typed():
    form = SampleForm({"f-target": "много"}, prefix="f")
    page = str(form)
    assert '<a href="#id_f-target">' in page
    assert 'value="много"' in page
    assert 'aria-invalid="true"' in page
    assert 'aria-describedby="id_f-target_helptext id_f-target_error"' in page
    assert 'id="id_f-target_error"' in page


@pytest.mark.parametrize("name", ["400.html", "403.html", "403_csrf.html", "404.html", "500.html"])
def test_every_error_page_stands_without_a_context(name):
    assert "<h1>" in render_to_string(name)


def test_a_refusal_shows_its_sentence():
    assert "Only the owner may do this." in render_to_string("403.html", {"exception": "Only the owner may do this."})
