from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from smmportal.notifications.channels.contract import Attachment, Channel, Message


def send(message: Message) -> None:
    """Send over SMTP. The Message-ID comes from the delivery, so a second copy is known as the same letter."""
    host = urlsplit(settings.PUBLIC_URL).hostname
    with translation.override(message.language):
        context = {"message": message, "settings_url": f"{settings.PUBLIC_URL}/notifications/settings/"}
        text = render_to_string("messages/letter.txt", context)
        html = render_to_string("messages/letter.html", context)
    letter = EmailMultiAlternatives(
        subject=" ".join(message.subject.split()),
        body=text,
        to=[message.address],
        headers={"Message-ID": f"<{message.id}@{host}>", "Auto-Submitted": "auto-generated"},
    )
    letter.attach_alternative(html, "text/html")
    for attachment in message.attachments:
        attach(letter, attachment)
    letter.send()


def attach(letter: EmailMultiAlternatives, attachment: Attachment) -> None:
    """An invitation goes twice: as a way to read the letter, which Outlook wants, and as a file, which others do."""
    mime = attachment.mime
    if attachment.method:
        mime = f"{mime}; method={attachment.method}"
        letter.attach_alternative(attachment.content, mime)
    letter.attach(attachment.name, attachment.content, mime)


CHANNEL = Channel("email", _("By e-mail"), send, rings=True)
