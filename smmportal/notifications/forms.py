from collections.abc import Iterator

from django import forms
from django.utils.translation import gettext as _

from smmportal.notifications.channels import CHANNELS
from smmportal.notifications.events import choices
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
