"""The ways to reach a person: one module each, with `CODE`, `NAME` and `send(message)`."""

from smmportal.notifications.channels import email, inapp
from smmportal.notifications.channels.contract import Channel

CHANNELS: dict[str, Channel] = {channel.code: channel for channel in (inapp.CHANNEL, email.CHANNEL)}
