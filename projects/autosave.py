"""What a form that saves itself is told."""

from collections.abc import Callable

from django.http import HttpRequest, JsonResponse

from smmportal.refusals import Refused


def wants_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "").startswith("application/json")


def saved(
    verb: Callable[..., object], *args: object, current: Callable = lambda value: value, **kwargs
) -> JsonResponse:
    """Run the verb and answer 200 with the new revision, 409 with what was saved meanwhile, 422 with a sentence."""
    try:
        row = verb(*args, **kwargs)
    except Refused as refusal:
        sentence = str(refusal.sentence)
        if refusal.code != "changed-meanwhile":
            return JsonResponse({"sentence": sentence}, status=422)
        said = {"current": current(refusal.extra["current"]), "revision": refusal.extra["revision"]}
        return JsonResponse({"sentence": sentence, **said}, status=409)
    return JsonResponse({"revision": getattr(row, "revision", 0)})
