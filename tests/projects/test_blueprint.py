"""What an agency may make of a form, and how it is edited."""

import copy

import pytest

from projects import blueprint
from projects.answers import TYPES, Unclear
from projects.questionnaire import FULL, QUICK, find_question, questions_of


def words(text: str) -> dict:
    return {"ru": f"{text} по-русски", "en": text}


def question(key: str, kind: str = "text", **more) -> dict:
    return {"key": key, "type": kind, "label": words(key), "minutes": 2, "required": True, **more}


def options(*values: str) -> list[dict]:
    return [{"value": value, "label": words(value)} for value in values]


def form_of(*questions: dict) -> dict:
    return {"sections": [{"key": "A", "title": words("First"), "questions": list(questions)}]}


@pytest.fixture
def form() -> dict:
    """Two sections; B1 and B2 are asked after A2 only."""
    after = {"question": "A2", "choice": ["yes"]}
    return blueprint.judged(
        {
            "sections": [
                {
                    "key": "A",
                    "title": words("First"),
                    "questions": [question("A1"), question("A2", "one_of", choices=options("yes", "no"))],
                },
                {
                    "key": "B",
                    "title": words("Second"),
                    "questions": [question("B1", condition=after), question("B2", condition=after)],
                },
            ]
        }
    )


def keys(form: dict) -> list[str]:
    return [item["key"] for item in questions_of(form)]


# --- The judge ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("tier", [QUICK, FULL], ids=["quick", "full"])
def test_the_portals_own_forms_pass_as_they_are(tier):
    assert blueprint.judged(tier) == {"tier": "own", "sections": tier["sections"]}


def test_what_passed_once_passes_again(form):
    assert blueprint.judged(form) == form


@pytest.mark.parametrize("kind", TYPES)
def test_a_question_of_every_type_passes(kind):
    parts = {
        "one_of": {"choices": options("a")},
        "many_of": {"choices": options("a", "b"), "note": words("Else")},
        "table": {"columns": [{"label": words("What")}]},
        "files": {"note": words("Or a link")},
    }
    judged = blueprint.judged(form_of(question("A1", kind, **parts.get(kind, {}))))
    assert find_question(judged, "A1")["type"] == kind


def test_keys_that_are_left_out_are_made_and_never_taken_twice():
    raw = {
        "sections": [
            {
                "title": words("New"),
                "questions": [
                    {
                        "type": "many_of",
                        "label": words("Which?"),
                        "choices": [{"label": words("One")}, {"label": words("Two"), "value": "o1"}],
                    },
                    {
                        "type": "table",
                        "label": words("What?"),
                        "columns": [{"label": words("A")}, {"label": words("B")}],
                    },
                ],
            },
            {"key": "A", "title": words("Old"), "questions": [question("A3"), {"type": "text", "label": words("New")}]},
        ]
    }
    judged = blueprint.judged(raw)
    assert ([part["key"] for part in judged["sections"]], keys(judged)) == (["B", "A"], ["B1", "B2", "A3", "A4"])
    assert [choice["value"] for choice in find_question(judged, "B1")["choices"]] == ["o2", "o1"]
    assert [column["key"] for column in find_question(judged, "B2")["columns"]] == ["c1", "c2"]


def test_what_is_left_out_of_a_question_is_filled_in():
    judged = blueprint.judged(form_of({"type": "text", "label": {"ru": "Имя?"}}))
    assert find_question(judged, "A1") == {
        "key": "A1",
        "type": "text",
        "label": {"ru": "Имя?", "en": ""},
        "help": {"ru": "", "en": ""},
        "minutes": 2,
        "required": True,
    }


AFTER = {"question": "A1", "choice": ["yes"]}
NONSENSE = {
    "not a form": (["A"], "an object is expected"),
    "no sections": ({}, "Something is missing in the form (the form): sections."),
    "sections of another shape": ({"sections": {"A": 1}}, "A list is expected"),
    "no question": ({"sections": []}, "at least one question"),
    "unknown type": (form_of(question("A1", "colour")), "Question A1 has a type that nobody knows."),
    "a type that is no word": (form_of(question("A1", ["text"])), "Question A1 has a type that nobody knows."),
    "a key twice": (form_of(question("A1"), question("A1")), "Two things in the form have one key (A): A1."),
    "a key that breaks a page": (form_of(question("revision")), "“revision” can't be a key"),
    "a key that is no word": (form_of(question(7)), "“7” can't be a key"),
    "no words": (
        form_of(question("A1", label={"ru": " ", "en": ""})),
        "Words are missing in both languages (A1).",
    ),
    "a language nobody reads": (form_of(question("A1", label={"fr": "Nom"})), "does not belong there (A1): fr."),
    "endless words": (form_of(question("A1", label={"en": "x" * 500})), "at most 400 fit"),
    "no options": (form_of(question("A1", "one_of", choices=[])), "Question A1 has no options"),
    "an option without words": (
        form_of(question("A1", "one_of", choices=[{"label": {}}])),
        "Words are missing in both languages (A1).",
    ),
    "two options of one value": (
        form_of(question("A1", "many_of", choices=options("a", "a"))),
        "Two things in the form have one key (A1): a.",
    ),
    "a table without columns": (form_of(question("A1", "table")), "a table without columns"),
    "a column of a table in a table": (
        form_of(question("A1", "table", columns=[{"label": words("x"), "type": "table"}])),
        "A column of question A1 has a type",
    ),
    "rows without end": (
        form_of(question("A1", "table", columns=[{"label": words("x")}], most=1000)),
        "A whole number from 1 to 30",
    ),
    "a part of another type": (form_of(question("A1", choices=options("a"))), "does not belong there (A1): choices."),
    "no time at all": (form_of(question("A1", minutes=0)), "A whole number from 1 to 60"),
    "time that is no number": (form_of(question("A1", minutes=True)), "A whole number from 1 to 60"),
    "required perhaps": (form_of(question("A1", required="yes")), "true or false"),
    "a condition on nothing": (
        form_of(question("A1"), question("A2", condition={"question": "Z9", "choice": ["yes"]})),
        "Question A2 waits for an answer to Z9, and that is not asked before it.",
    ),
    "a condition on oneself": (
        form_of(question("A1", "one_of", choices=options("yes"), condition=AFTER)),
        "that is not asked before it",
    ),
    "a condition on what comes later": (
        form_of(
            question("A2", condition=AFTER),
            question("A1", "one_of", choices=options("yes")),
        ),
        "Question A2 waits for an answer to A1, and that is not asked before it.",
    ),
    "a condition on free words": (
        form_of(question("A1"), question("A2", condition=AFTER)),
        "has no options to choose from",
    ),
    "a condition on an option that is not there": (
        form_of(question("A1", "one_of", choices=options("no")), question("A2", condition=AFTER)),
        "an option of A1 that is not there",
    ),
    "a condition on no option": (
        form_of(
            question("A1", "one_of", choices=options("no")), question("A2", condition={"question": "A1", "choice": []})
        ),
        "names no answer",
    ),
    "a condition on something else than words": (
        form_of(question("A1"), question("A2", condition={"question": "A1", "choice": [{}]})),
        "names no answer",
    ),
    "too many questions": (
        form_of(*[question(f"A{number}") for number in range(1, 202)]),
        "at most 200 fit",
    ),
    "half of a character": (form_of(question("A1", label={"en": "\ud800"})), "half of a character"),
}


@pytest.mark.parametrize("name", NONSENSE)
def test_nonsense_is_refused_in_a_sentence(name):
    form, sentence = NONSENSE[name]
    before = copy.deepcopy(form)
    with pytest.raises(Unclear) as refusal:
        blueprint.judged(form)
    assert sentence in str(refusal.value)
    assert form == before


# --- Edits ----------------------------------------------------------------------------------------------------------


def test_a_section_is_added_renamed_moved_and_removed(form):
    before = copy.deepcopy(form)
    grown = blueprint.judged(blueprint.add_section(form, title=words("Third")))
    assert [part["key"] for part in grown["sections"]] == ["A", "B", "C"]
    renamed = blueprint.rename_section(grown, key="C", title=words("Last"))
    assert renamed["sections"][2]["title"] == words("Last")
    moved = blueprint.move_section(renamed, key="C", step=-1)
    assert [part["key"] for part in moved["sections"]] == ["A", "C", "B"]
    assert blueprint.remove_section(moved, key="C") == form
    assert form == before


def test_what_stands_at_the_end_stays_there(form):
    assert blueprint.move_section(form, key="B", step=1) == form
    assert blueprint.move_section(form, key="A", step=-1) == form
    assert blueprint.move_question(form, key="A1", step=-1) == form


def test_a_question_is_added_with_the_next_key(form):
    new = question("ignored", label=words("And?"))
    grown = blueprint.judged(blueprint.add_question(form, section="A", question=new))
    assert keys(grown) == ["A1", "A2", "A3", "B1", "B2"]


def test_a_question_changes_its_words_and_keeps_its_key(form):
    changed = blueprint.replace_question(form, key="A1", question=question("Z9", label=words("Otherwise")))
    assert (keys(changed), find_question(changed, "A1")["label"]) == (keys(form), words("Otherwise"))


def test_a_question_is_moved(form):
    assert keys(blueprint.move_question(form, key="A1", step=1)) == ["A2", "A1", "B1", "B2"]


def test_a_question_at_the_edge_goes_into_the_next_section_and_keeps_its_key(form):
    free = blueprint.judged(blueprint.add_question(form, section="A", question=question("ignored")))
    moved = blueprint.judged(blueprint.move_question(free, key="A3", step=1))
    assert [[item["key"] for item in part["questions"]] for part in moved["sections"]] == [
        ["A1", "A2"],
        ["A3", "B1", "B2"],
    ]
    back = blueprint.judged(blueprint.move_question(moved, key="A3", step=-1))
    assert back == free


def test_a_key_that_moved_away_is_not_given_again(form):
    free = blueprint.judged(blueprint.add_question(form, section="A", question=question("ignored")))
    moved = blueprint.move_question(free, key="A3", step=1)
    grown = blueprint.judged(blueprint.add_question(moved, section="A", question=question("ignored")))
    assert keys(grown) == ["A1", "A2", "A4", "A3", "B1", "B2"]


def test_a_section_does_not_move_past_what_its_questions_wait_for(form):
    with pytest.raises(Unclear, match="B1 waits for an answer to A2"):
        blueprint.judged(blueprint.move_section(form, key="B", step=-1))


def test_what_others_wait_for_is_not_removed(form):
    for remove, key in ((blueprint.remove_question, "A2"), (blueprint.remove_section, "A")):
        with pytest.raises(blueprint.StillNeeded) as refusal:
            remove(form, key=key)
        assert [item["key"] for item in refusal.value.dependents] == ["B1", "B2"]


def test_what_nobody_waits_for_is_removed(form):
    assert keys(blueprint.remove_question(form, key="A1")) == ["A2", "B1", "B2"]
    assert keys(blueprint.remove_section(form, key="B")) == ["A1", "A2"]


@pytest.mark.parametrize(
    "change",
    [
        lambda form: blueprint.remove_question(form, key="Z9"),
        lambda form: blueprint.replace_question(form, key="Z9", question=question("Z9")),
        lambda form: blueprint.add_question(form, section="Z", question=question("Z1")),
        lambda form: blueprint.rename_section(form, key="Z", title=words("Gone")),
    ],
)
def test_what_is_gone_is_named(form, change):
    with pytest.raises(Unclear, match="not in this form any more"):
        change(form)


def test_only_earlier_options_are_offered_for_a_condition(form):
    def offered(key, section):
        return [item["key"] for item in blueprint.earlier_choices(form, key, section)]

    assert (offered("A1", "A"), offered("A2", "A"), offered("B1", "B"), offered(None, "A")) == ([], [], ["A2"], ["A2"])


def test_a_project_takes_no_empty_section(form):
    grown = blueprint.judged(blueprint.add_section(form, title=words("Third")))
    taken = blueprint.taken(grown)
    assert taken == form
    taken["sections"][0]["title"]["en"] = "Changed"
    assert grown["sections"][0]["title"] == words("First")
