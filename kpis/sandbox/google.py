"""What Google's stand-ins share: the address that renews access, and Google's way to say no."""

from collections.abc import Sequence
from typing import Any

from kpis.sandbox.platform import Asked, Reply

LIFE_SECONDS = 3599
SCOPE = "https://www.googleapis.com/auth/"

#: How each misbehaviour looks: the status, its name, the old APIs' reason, and words.
ERRORS = {
    "429": (429, "RESOURCE_EXHAUSTED", "rateLimitExceeded", "Too many requests. Try again later."),
    "429-bare": (403, "PERMISSION_DENIED", "quotaExceeded", "The request cannot be completed: quota exceeded."),
    "expired": (401, "UNAUTHENTICATED", "authError", "Request had invalid authentication credentials."),
    "forbidden": (403, "PERMISSION_DENIED", "insufficientPermissions", "Insufficient Permission"),
    "busy": (503, "UNAVAILABLE", "backendError", "The service is currently unavailable."),
}


def misbehaved(asked: Asked) -> Reply | None:
    """The error that was ordered, when one was; an error inside status 200 has a code of its own."""
    if asked.misbehave == "error200":
        return Reply(body(500, "INTERNAL", "backendError", "Internal error encountered."))
    if asked.misbehave not in ERRORS:
        return None
    return refusal(*ERRORS[asked.misbehave], wait=asked.misbehave == "429")


def refusal(status: int, name: str, reason: str, words: str, *, wait: bool = False) -> Reply:
    return Reply(body(status, name, reason, words), status, {"Retry-After": "7"} if wait else {})


def body(status: int, name: str, reason: str, words: str) -> dict[str, Any]:
    errors = [{"message": words, "domain": "global", "reason": reason}]
    return {"error": {"code": status, "message": words, "errors": errors, "status": name}}


def renewal(asked: Asked, scopes: Sequence[str]) -> Reply:
    """`POST /oauth2/v4/token`: an access token for a refresh token that begins with «sandbox-»."""
    if asked.misbehave == "expired":
        return _no_grant("Token has been expired or revoked.")
    if reply := misbehaved(asked):
        return reply
    if asked.params.get("grant_type") != "refresh_token":
        return Reply({"error": "unsupported_grant_type", "error_description": "Invalid grant_type"}, 400)
    if not asked.params.get("client_id", "").endswith(".example") or not asked.params.get("client_secret"):
        return Reply({"error": "invalid_client", "error_description": "The OAuth client was not found."}, 401)
    refresh = asked.params.get("refresh_token", "")
    if not refresh.startswith("sandbox-"):
        return _no_grant("Bad Request")
    return Reply(
        {
            "access_token": refresh.replace("sandbox-", "sandbox-access-", 1),
            "expires_in": LIFE_SECONDS,
            "scope": " ".join(SCOPE + scope for scope in scopes),
            "token_type": "Bearer",
        }
    )


def _no_grant(words: str) -> Reply:
    return Reply({"error": "invalid_grant", "error_description": words}, 400)
