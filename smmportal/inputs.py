"""Form widgets and fields that match a person's keyboard: pickers of the browser, figures as people type them."""

from decimal import Decimal

from django import forms

from smmportal.figures import plain_figure
from smmportal.formatting import is_russian

#: Digits; the largest id of all our databases is 9,223,372,036,854,775,807.
LONGEST_ID = 18


def whole_number(text: str, *, longest: int = LONGEST_ID) -> int | None:
    """The number that an address or a button says; None of anything else, and of one that no id can be."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= longest else None


class DayInput(forms.DateInput):
    """The browser's own day picker; it speaks ISO whatever the language."""

    input_type = "date"

    def __init__(self, attrs: dict | None = None):
        super().__init__(attrs, format="%Y-%m-%d")


class MomentInput(forms.DateTimeInput):
    """The browser's own picker of a day and a time."""

    input_type = "datetime-local"

    def __init__(self, attrs: dict | None = None):
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")


class ClockInput(forms.TimeInput):
    """The browser's own time picker."""

    input_type = "time"

    def __init__(self, attrs: dict | None = None):
        super().__init__(attrs, format="%H:%M")


class FigureInput(forms.TextInput):
    """A text field with the phone's decimal keyboard: unlike type=number it takes «11 800,5» and keeps it as typed."""

    def __init__(self, attrs: dict | None = None):
        super().__init__({"inputmode": "decimal", "autocomplete": "off", **(attrs or {})})


class RowField(forms.ModelChoiceField):
    """One row to choose. An id that no database can hold is an unknown one, not an error of the database."""

    def to_python(self, value):
        if len(str(value)) > LONGEST_ID:
            raise forms.ValidationError(
                self.error_messages["invalid_choice"], code="invalid_choice", params={"value": str(value)[:40]}
            )
        return super().to_python(value)


class RowsField(forms.ModelMultipleChoiceField):
    """Several rows to choose. An id that no database can hold is an unknown one, not an error of the database."""

    def _check_values(self, value):
        for pk in value or ():
            if len(str(pk)) > LONGEST_ID:
                raise forms.ValidationError(
                    self.error_messages["invalid_choice"], code="invalid_choice", params={"value": str(pk)[:40]}
                )
        return super()._check_values(value)


class FigureField(forms.DecimalField):
    """A number as people write it: «11 800,5», «11,800.5», «−3», «20 %»; “12,000” as the reader's language has it."""

    widget = FigureInput

    def to_python(self, value: object) -> Decimal | None:
        plain = plain_figure(value, comma_groups=not is_russian()) if isinstance(value, str) else value
        return super().to_python(plain)
