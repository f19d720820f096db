"""Templates as a browser without JavaScript meets them."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from projects import actions
from projects.models import Brief, BriefTemplate, Project
from projects.questionnaire import FULL, find_question, questions_of
from tests.builders import make_template


@pytest.fixture
def template(cast) -> BriefTemplate:
    return actions.copy_template(cast.agency, source="full", name="Coffee shops", by=cast.manager)


def page(name: str, *args) -> str:
    return reverse(f"projects:{name}", args=args)


def stored() -> BriefTemplate:
    return BriefTemplate.objects.get()


def words(**more) -> dict:
    """The inputs of a question's page."""
    return {"type": "text", "label_ru": "", "label_en": "What do you drink?", "minutes": "1", "revision": "1", **more}


def test_a_copy_is_made_and_opened(browse, cast, manager):
    answer = browse(manager).post(page("templates"), {"source": "quick", "name": "Coffee shops"})
    made = stored()
    assert (answer.url, made.name, made.agency) == (made.get_absolute_url(), "Coffee shops", cast.agency)


def test_the_list_is_the_agencys_own(browse, cast, template, manager, stranger):
    make_template(cast, name="Their secret", agency=stranger.memberships.get().organisation)
    text = browse(manager).get(page("templates")).text
    assert ("Coffee shops" in text, "Their secret" in text) == (True, False)


def test_a_specialist_reads_and_gets_no_buttons(browse, template, specialist):
    text = browse(specialist).get(page("template", template.pk)).text
    assert ("What is the company or brand" in text, "Add a question" in text, 'value="up"' in text) == (
        True,
        False,
        False,
    )


def test_the_list_costs_the_same_with_many(browse, cast, manager):
    browser = browse(manager)
    counts = []
    for _ in range(2):
        for number in range(5 if counts else 1):
            make_template(cast, name=f"Template {len(counts)}{number}")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            browser.get(page("templates"))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_preview_shows_every_question(browse, template, specialist):
    text = browse(specialist).get(page("template_preview", template.pk)).text
    assert text.count('class="blank-question"') == 59
    assert browse(specialist).get(page("shipped_preview", "quick")).text.count('class="blank-question"') == 14
    assert browse(specialist).get("/brief-templates/nothing/preview/").status_code == 404


# --- Sections -------------------------------------------------------------------------------------------------------


def test_a_section_is_added_renamed_moved_and_removed(browse, template, manager):
    browser = browse(manager)
    sent = {"title_ru": "Кофе", "title_en": "Coffee", "revision": "1"}
    assert browser.post(page("template_sections", template.pk), sent).url.endswith("#section-L")
    browser.post(page("template_section", template.pk, "L"), {**sent, "title_en": "Drinks", "revision": "2"})
    browser.post(page("section_place", template.pk, "L"), {"step": "up", "revision": "3"})
    sections = stored().form["sections"]
    assert [(part["key"], part["title"]["en"]) for part in sections[-2:]] == [
        ("L", "Drinks"),
        ("K", sections[-1]["title"]["en"]),
    ]
    browser.post(page("section_removal", template.pk, "L"), {"revision": "4"})
    assert stored().form["sections"] == FULL["sections"]


def test_a_section_without_words_is_refused_and_kept_as_typed(browse, template, manager):
    answer = browse(manager).post(page("template_sections", template.pk), {"title_ru": " ", "revision": "1"})
    assert (answer.status_code, "Words are missing in both languages" in answer.text) == (422, True)
    assert stored().revision == 1


# --- Questions ------------------------------------------------------------------------------------------------------


def test_a_question_is_added(browse, template, manager):
    answer = browse(manager).post(page("template_new_question", template.pk, "A"), words(help_ru="Любой напиток"))
    assert answer.url.endswith("#section-A")
    assert find_question(stored().form, "A7") == {
        "key": "A7",
        "type": "text",
        "label": {"ru": "", "en": "What do you drink?"},
        "help": {"ru": "Любой напиток", "en": ""},
        "minutes": 1,
        "required": False,
    }


def test_a_question_saved_as_it_stands_on_its_page_stays_as_it_is(browse, template, manager):
    """Every question of the portal's, of whatever type, survives its own page."""
    browser = browse(manager)
    for key in [question["key"] for question in questions_of(template.form)]:
        address = page("template_question", template.pk, key)
        browser.post(address, inputs_of(browser.get(address).text))
    assert (stored().form, stored().revision) == (template.form, 1)


def inputs_of(text: str) -> dict[str, list[str]]:
    """What a browser would send of the page's form, were its button pressed at once."""
    from html import unescape
    from html.parser import HTMLParser

    class Reader(HTMLParser):
        def __init__(self):
            super().__init__()
            self.sent, self.area, self.select, self.inside = {}, None, None, False

        def put(self, name, value):
            self.sent.setdefault(name, []).append(value)

        def handle_starttag(self, tag, attrs):
            attrs = dict(attrs)
            if tag == "form":
                self.inside = "novalidate" in attrs
            if not self.inside:
                return
            if tag == "textarea":
                self.area, self.words = attrs["name"], ""
            elif tag == "select":
                self.select, self.first = attrs["name"], True
            elif tag == "option" and self.select and (self.first or "selected" in attrs):
                self.first = False
                self.chosen = attrs["value"]
            elif tag == "input" and (attrs.get("type") != "checkbox" or "checked" in attrs):
                self.put(attrs["name"], attrs.get("value", ""))

        def handle_data(self, data):
            if self.area:
                self.words += data

        def handle_endtag(self, tag):
            if tag == "textarea" and self.area:
                self.put(self.area, unescape(self.words))
                self.area = None
            elif tag == "select" and self.select:
                self.put(self.select, self.chosen)
                self.select = None
            elif tag == "form":
                self.inside = False

    reader = Reader()
    reader.feed(text)
    return reader.sent


def test_another_type_shows_its_fields_and_keeps_the_words(browse, template, manager):
    sent = words(type="one_of", retype="yes")
    answer = browse(manager).post(page("template_question", template.pk, "A1"), sent)
    assert (answer.status_code, 'name="choice_en"' in answer.text, "What do you drink?" in answer.text) == (
        200,
        True,
        True,
    )
    assert stored().revision == 1


def test_options_keep_their_values_and_new_ones_get_theirs(browse, template, manager):
    sent = words(
        type="one_of",
        choice_value=["leads", "", "", ""],
        choice_ru=["Заявки", "Продажи", "", ""],
        choice_en=["Leads", "", "Fame", ""],
    )
    browse(manager).post(page("template_question", template.pk, "D1"), sent)
    assert find_question(stored().form, "D1")["choices"] == [
        {"value": "leads", "label": {"ru": "Заявки", "en": "Leads"}},
        {"value": "o1", "label": {"ru": "Продажи", "en": ""}},
        {"value": "o2", "label": {"ru": "", "en": "Fame"}},
    ]


def test_a_column_of_options_is_typed_line_by_line(browse, template, manager):
    sent = words(
        type="table",
        column_key=["", ""],
        column_ru=["Канал", "Кто"],
        column_en=["Channel", "Who"],
        column_type=["one_of", "text"],
        column_options_ru=["\r\nВКонтакте\r\n\r\n", ""],
        column_options_en=["Radio\r\nVK\r\n", ""],
        most="3",
    )
    browser = browse(manager)
    browser.post(page("template_question", template.pk, "A1"), sent)
    columns = find_question(stored().form, "A1")["columns"]
    assert columns == [
        {
            "key": "c1",
            "type": "one_of",
            "label": {"ru": "Канал", "en": "Channel"},
            "choices": [
                {"value": "o1", "label": {"ru": "", "en": "Radio"}},
                {"value": "o2", "label": {"ru": "ВКонтакте", "en": "VK"}},
            ],
        },
        {"key": "c2", "type": "text", "label": {"ru": "Кто", "en": "Who"}},
    ]
    again = inputs_of(browser.get(page("template_question", template.pk, "A1")).text)
    again |= {"column_options_ru": ["ВКонтакте\r\nДзен", "", "", "", ""], "column_options_en": ["VK", "", "", "", ""]}
    browser.post(page("template_question", template.pk, "A1"), again)
    assert find_question(stored().form, "A1")["columns"][0]["choices"] == [
        {"value": "o2", "label": {"ru": "ВКонтакте", "en": "VK"}},
        {"value": "o1", "label": {"ru": "Дзен", "en": ""}},
    ]


def test_a_condition_is_ticked(browse, template, manager):
    browse(manager).post(page("template_question", template.pk, "K1"), words(condition=["D1:leads", "D1:sales"]))
    assert find_question(stored().form, "K1")["condition"] == {"question": "D1", "choice": ["leads", "sales"]}


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"label_en": " "}, "Words are missing in both languages"),
        ({"minutes": "soon"}, "A whole number from 1 to 60 is expected in question A1."),
        ({"type": "many_of"}, "Question A1 has no options to choose from. Add at least one."),
        ({"condition": ["D1:leads"]}, "Question A1 waits for an answer to D1, and that is not asked before it."),
        ({"condition": ["A3:city", "C3:vk"]}, "Question A1 waits for an answer to A3, C3"),
    ],
)
def test_a_refused_question_comes_back_as_it_was_typed(browse, template, manager, fields, sentence):
    sent = words(help_en="Tea counts <b>too</b>", **fields)
    answer = browse(manager).post(page("template_question", template.pk, "A1"), sent)
    assert (answer.status_code, sentence in answer.text) == (422, True)
    assert "Tea counts &lt;b&gt;too&lt;/b&gt;" in answer.text
    assert stored().form == template.form


def test_of_two_editors_the_second_sees_both_texts_and_may_go_on(browse, template, manager, owner):
    address = page("template_question", template.pk, "A1")
    browse(owner).post(address, words(label_en="The owner's words"))
    browser = browse(manager)
    answer = browser.post(address, words(label_en="The manager's words"))
    assert answer.status_code == 422
    assert "The owner&#x27;s words" in answer.text
    assert "The manager&#x27;s words" in answer.text
    revision = re.search(r'name="revision" value="(\d+)"', answer.text)[1]
    browser.post(address, words(label_en="Both", revision=revision))
    assert (find_question(stored().form, "A1")["label"]["en"], stored().revision) == ("Both", 3)


def test_a_question_moves_and_goes(browse, template, manager):
    browser = browse(manager)
    browser.post(page("question_place", template.pk, "A2"), {"step": "up", "revision": "1"})
    browser.post(page("question_removal", template.pk, "A1"), {"revision": "2"})
    assert [item["key"] for item in stored().form["sections"][0]["questions"]] == ["A2", "A3", "A4", "A5", "A6"]


def test_a_question_moves_into_the_next_section(browse, template, manager):
    browser = browse(manager)
    browser.post(page("question_place", template.pk, "A6"), {"step": "down", "revision": "1"})
    assert stored().form["sections"][1]["questions"][0]["key"] == "A6"
    assert 'value="up"' in browser.get(template.get_absolute_url()).text


def test_a_stale_button_does_nothing_and_says_so(browse, template, manager):
    browser = browse(manager)
    actions.edit_template(template, name="Tea shops", revision=1, by=manager)
    referer = {"Referer": "http://testserver" + template.get_absolute_url()}
    answer = browser.post(page("question_removal", template.pk, "A1"), {"revision": "1"}, follow=True, headers=referer)
    assert "Somebody else changed this template meanwhile." in answer.text
    assert find_question(stored().form, "A1")


def test_what_others_wait_for_is_named_when_its_removal_is_refused(browse, template, manager):
    referer = {"Referer": "http://testserver" + page("template_question", template.pk, "I2")}
    answer = browse(manager).post(
        page("question_removal", template.pk, "I2"), {"revision": "1"}, follow=True, headers=referer
    )
    assert find_question(FULL, "I3")["label"]["en"] in answer.text
    assert find_question(stored().form, "I2")


# --- A new project --------------------------------------------------------------------------------------------------


def new_project(cast, **fields) -> dict:
    return {"name": "Tea", "client": cast.client.pk, "timezone": "Europe/Moscow", **fields}


def test_a_project_takes_the_chosen_template(browse, cast, template, manager):
    browse(manager).post(page("new"), new_project(cast, template=template.pk))
    assert Project.objects.get(name="Tea").brief.form == template.form


def test_a_foreign_or_archived_template_is_not_among_the_choices(browse, cast, template, manager, stranger):
    theirs = make_template(cast, name="Their secret", agency=stranger.memberships.get().organisation)
    actions.archive_template(template, by=manager)
    browser = browse(manager)
    assert ["Their secret" in browser.get(page("new")).text, "Coffee shops" in browser.get(page("new")).text] == [
        False,
        False,
    ]
    for chosen in (theirs.pk, template.pk, "nothing"):
        assert browser.post(page("new"), new_project(cast, template=chosen)).status_code == 422
    assert not Brief.objects.exists()


def test_the_button_for_more_questions_is_there_only_where_it_makes_sense(browse, cast, template, manager, contact):
    own = actions.create_project(cast.agency, client=cast.client, name="Own", by=manager, template=template)
    quick = actions.create_project(cast.agency, client=cast.client, name="Quick", by=manager)
    browser = browse(contact)
    offered = ["Answer in more detail" in browser.get(page("brief", project.pk)).text for project in (own, quick)]
    assert offered == [False, True]
