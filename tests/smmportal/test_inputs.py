from datetime import date
from decimal import Decimal

import pytest
from django import forms
from django.utils import translation

from smmportal.inputs import DayInput, FigureField, RowsField
from smmportal.people.models import User


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("11800", "11800"),
        ("11 800,5", "11800.5"),
        ("11\u00a0800", "11800"),
        ("11\u202f800", "11800"),
        ("11,800.5", "11800.5"),
        ("1.234.567,5", "1234567.5"),
        ("−3", "-3"),
        ("20 %", "20"),
        ("4,5", "4.5"),
        ("0,125", "0.125"),
        ("1,234,567", "1234567"),
    ],
)
def test_a_figure_as_people_write_it(typed, value):
    assert FigureField().clean(typed) == Decimal(value)


@pytest.mark.parametrize(("language", "value"), [("en", "12000"), ("ru", "12")])
def test_a_comma_before_three_digits_is_read_in_the_language_of_its_writer(language, value):
    with translation.override(language):
        assert FigureField().clean("12,000") == Decimal(value)


@pytest.mark.parametrize("typed", ["много", "1 2 x", "--3", "NaN", "1e"])
def test_what_is_no_figure_is_refused(typed):
    with pytest.raises(forms.ValidationError):
        FigureField().clean(typed)


def test_a_refused_figure_stays_as_it_was_typed():
    class Sample(forms.Form):
        target = FigureField()

    assert 'value="много"' in str(Sample({"target": "много"})["target"])


def test_a_day_speaks_iso_to_the_browser_in_every_language():
    assert DayInput().render("due_on", date(2027, 3, 1)) == '<input type="date" name="due_on" value="2027-03-01">'


@pytest.mark.parametrize("pk", ["9" * 30, "9" * 5000, "x", "²", "-1", "999999"])
def test_an_unknown_id_among_those_chosen_is_no_choice(db, pk):
    field = RowsField(User.objects.all(), required=False)
    with pytest.raises(forms.ValidationError) as told:
        field.clean([pk])
    assert told.value.code in ("invalid_choice", "invalid_pk_value")


def test_rows_are_chosen(cast):
    assert list(RowsField(User.objects.order_by("name")).clean([cast.decider.pk, cast.contact.pk])) == [
        cast.decider,
        cast.contact,
    ]
