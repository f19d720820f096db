from collections.abc import Iterator

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from smmportal.notifications.channels import CHANNELS
from smmportal.notifications.events import choices
from smmportal.notifications.models import Timetable
from smmportal.notifications.queries import preferences_of


class PreferencesForm(forms.Form):
    """A checkbox for each event and channel."""

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        for event, answers in preferences_of(user).items():
            for channel, wanted in answers.items():
                self.fields[f"{event}:{channel}"] = forms.BooleanField(required=False, initial=wanted)

    def rows(self) -> Iterator[tuple[str, list[forms.BoundField]]]:
        """Each event's name with its checkboxes, whose labels say both the event and the channel."""
        for event in choices():
            boxes = [self[f"{event.code}:{channel}"] for channel in CHANNELS]
            for box, channel in zip(boxes, CHANNELS.values(), strict=True):
                words = {"event": event.name, "channel": channel.name}
                box.field.widget.attrs["aria-label"] = _("%(event)s: %(channel)s") % words
            yield str(event.name), boxes

    def chosen(self) -> dict[str, dict[str, bool]]:
        return {
            event.code: {channel: self.cleaned_data[f"{event.code}:{channel}"] for channel in CHANNELS}
            for event in choices()
        }


class ClockField(forms.TimeField):
    """To the minute, on the device's own clock wheel."""

    def __init__(self, **kwargs):
        super().__init__(widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}), **kwargs)


class HoursForm(forms.Form):
    digest_at = ClockField(
        label=gettext_lazy("When the digest comes"),
        help_text=gettext_lazy("One letter a day with what can be read in peace; no letter on a day without news."),
    )
    quiet_from = ClockField(label=gettext_lazy("No letters from"), required=False)
    quiet_to = ClockField(label=gettext_lazy("until"), required=False)

    def __init__(self, *args, timetable: Timetable, **kwargs):
        super().__init__(*args, initial={name: getattr(timetable, name) for name in self.base_fields}, **kwargs)
