"""`Idempotency-Key` on every POST of the API: the same key gives the first answer again, once and for all.

A successful answer is kept and replayed for a day. A refused or failed request leaves nothing behind, so it may be
tried again with the same key. While the first request is running the second is told so (409); the same key with
another body is a mistake (422). Keys belong to the token or session that sent them.
"""

import hashlib
from datetime import timedelta

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, models, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from smmportal.encryption import EncryptedJSONField

KEPT_FOR = timedelta(days=1)
ABANDONED_AFTER = timedelta(minutes=2)
LONGEST_KEY = 255


class IdempotentReply(models.Model):
    sender = models.CharField(max_length=64)
    key = models.CharField(max_length=LONGEST_KEY)
    fingerprint = models.CharField(max_length=64)
    started_at = models.DateTimeField(default=timezone.now)
    status = models.PositiveSmallIntegerField(null=True)
    content_type = models.CharField(max_length=100, blank=True)
    #: Encrypted, since an answer may hold what is shown only once, a new token say.
    body = EncryptedJSONField(null=True)

    class Meta:
        app_label = "smmportal"
        constraints = [models.UniqueConstraint(fields=["sender", "key"], name="one_reply_a_key")]

    def __str__(self) -> str:
        return f"{self.key} → {self.status or '…'}"


class Idempotency:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = request.headers.get("Idempotency-Key")
        if key is None or request.method != "POST" or not request.path.startswith("/api/"):
            return self.get_response(request)
        if not 0 < len(key) <= LONGEST_KEY or "\x00" in key:
            return problem(400, "bad-idempotency-key", _("An Idempotency-Key has 1 to 255 characters."))
        reply, is_ours = claim(sender_of(request), key, fingerprint_of(request))
        if not is_ours:
            return answer_again(reply, fingerprint_of(request))
        return self._carry_out(request, reply)

    def _carry_out(self, request: HttpRequest, reply: IdempotentReply) -> HttpResponse:
        kept = False
        try:
            response = self.get_response(request)
            if 200 <= response.status_code < 300:
                keep(reply, response)
                kept = True
        finally:
            if not kept:
                IdempotentReply.objects.filter(pk=reply.pk).delete()
        return response


def sender_of(request: HttpRequest) -> str:
    who = request.headers.get("Authorization") or request.session.session_key or ""
    return hashlib.sha256(who.encode()).hexdigest()


def fingerprint_of(request: HttpRequest) -> str:
    is_form = request.content_type == "multipart/form-data"
    path = request.get_full_path().encode()
    said = parts_of_form(request) if is_form else request.body
    # Keyed: a body may hold a password, and a plain hash of it could be tried through.
    return salted_hmac("smmportal.idempotency", b"\n".join([path, said]), algorithm="sha256").hexdigest()


def parts_of_form(request: HttpRequest) -> bytes:
    """What a form with files says, whatever marks its parts are separated by this time: they differ at each try."""
    words = sorted((name, values) for name, values in request.POST.lists())
    files = sorted((name, file.name, digest_of(file)) for name, sent in request.FILES.lists() for file in sent)
    return repr((words, files)).encode()


def digest_of(file: UploadedFile) -> str:
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()


def claim(sender: str, key: str, fingerprint: str) -> tuple[IdempotentReply, bool]:
    """The row for this key, and whether this request is the one that carries it out."""
    IdempotentReply.objects.filter(
        sender=sender, key=key, status=None, started_at__lt=timezone.now() - ABANDONED_AFTER
    ).delete()
    while True:
        try:
            with transaction.atomic():
                return IdempotentReply.objects.create(sender=sender, key=key, fingerprint=fingerprint), True
        except IntegrityError:
            found = IdempotentReply.objects.filter(sender=sender, key=key).first()
        if found:  # else the first request failed meanwhile and took its row away: the key is free again
            return found, False


def keep(reply: IdempotentReply, response: HttpResponse) -> None:
    reply.status = response.status_code
    reply.content_type = response.headers.get("Content-Type", "")
    reply.body = response.content.decode()
    reply.save(update_fields=["status", "content_type", "body"])


def answer_again(reply: IdempotentReply, fingerprint: str) -> HttpResponse:
    if reply.fingerprint != fingerprint:
        return problem(422, "idempotency-key-reused", _("This Idempotency-Key was used for another request."))
    if reply.status is None:
        return problem(409, "in-flight", _("The first request with this Idempotency-Key is still running."))
    response = HttpResponse(reply.body, status=reply.status, content_type=reply.content_type)
    response["Idempotent-Replayed"] = "true"
    return response


def problem(status: int, code: str, sentence: str) -> HttpResponse:
    from smmportal.api import problem_response

    return problem_response(status, code, sentence)


def forget_old_replies() -> int:
    return IdempotentReply.objects.filter(started_at__lt=timezone.now() - KEPT_FOR).delete()[0]
