"""What we believe of the platforms' answers may be wrong: then a number is missing, never another one.

Every key of every answer is taken away, renamed, and filled with what does not belong there, one at a time. Whatever
comes of it, each point is the true one, and whatever goes wrong has one of our types.
"""

import copy
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from kpis.connectors.contract import Account, ConnectorError, Exchange, Identity
from smmportal.http import Answer, send
from tests.kpis.connectors.samples import SAMPLES
from tests.kpis.connectors.situations import expected

pytestmark = pytest.mark.usefixtures("sandbox")

MISFITS = (None, "n/a", "", "٣", -5, True, [], {}, [[]], [None], {"odd": 5}, 10**40)


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every key, by its path; of a list the first element stands for all, and the last for a page that is cut."""
    if isinstance(value, dict):
        for key, one in value.items():
            yield (*path, key)
            yield from places(one, (*path, key))
    elif isinstance(value, list) and value:
        for place in sorted({0, len(value) - 1}):
            yield (*path, place)
            yield from places(value[place], (*path, place))


def disfigured(body: Any) -> Iterator[tuple[str, Any]]:
    """The answer with one thing wrong in it, and what that is."""
    for path in places(body):
        for misfit in MISFITS:
            changed, holder = holder_of(body, path)
            holder[path[-1]] = misfit
            yield f"{path} = {misfit!r}", changed
        changed, holder = holder_of(body, path)
        taken = holder.pop(path[-1])
        if path[-2:-1] != ("videos",):  # one video fewer is no mistake that could be seen
            yield f"{path} is absent", changed
        if isinstance(holder, dict):
            changed, holder = holder_of(body, path)
            del holder[path[-1]]
            holder[f"{path[-1]}_v2"] = taken
            yield f"{path} is renamed", changed
    yield from (("the whole", misfit) for misfit in MISFITS)


def holder_of(body: Any, path: tuple[Any, ...]) -> tuple[Any, Any]:
    """A copy of the answer, and in it what holds the thing at the path."""
    changed = holder = copy.deepcopy(body)
    for step in path[:-1]:
        holder = holder[step]
    return changed, holder


def kinds(exchanges) -> list[int]:
    """The places of answers that differ in what was asked: of many alike the first will do."""
    seen = {}
    for place, exchange in enumerate(exchanges):
        seen.setdefault((exchange.path, exchange.asked.get("method"), exchange.asked.get("breakdown")), place)
    return list(seen.values())


def breaks_off(sample, exchange) -> bool:
    """Whether a visit would have ended with this answer."""
    problem = sample.connector.judge(exchange)
    return problem is not None and not problem.gap


def wrong_points(sample, truth, exchanges) -> set:
    try:
        points, _gaps = sample.parse(exchanges)
    except ConnectorError:
        return set()
    return {(point.metric, point.day, point.value) for point in points} - truth


@pytest.mark.parametrize("code", sorted(SAMPLES))
def test_an_answer_that_is_not_as_we_believe_brings_no_wrong_number(code):
    sample = SAMPLES[code]
    exchanges = list(sample.read().exchanges)
    truth = {(point.metric, point.day, point.value) for point in expected(code).reading()[0]}
    for place in kinds(exchanges):
        one = exchanges[place]
        for what, body in disfigured(json.loads(one.body)):
            changed = Exchange(one.request, one.status, json.dumps(body).encode())
            following = [] if breaks_off(sample, changed) else exchanges[place + 1 :]
            wrong = wrong_points(sample, truth, [*exchanges[:place], changed, *following])
            assert (what, wrong) == (what, set())


# --- While an account is being connected ---


def recorded(steps) -> list[Answer]:
    """The answers that a connector gets on its way."""
    answers: list[Answer] = []
    while True:
        try:
            request = steps.send(answers[-1]) if answers else next(steps)
        except StopIteration:
            return answers
        answers.append(send(request))


def replay(steps, answers) -> Any:
    """What comes of the steps when these are the answers; whoever asks for more gets the last one again."""
    following = iter(answers)
    answer = None
    for _number in range(50):
        try:
            next(steps) if answer is None else steps.send(answer)
        except StopIteration as end:
            return end.value
        except ConnectorError as error:
            return error
        answer = next(following, answers[-1])
    return "it asks without end"


def is_sound(outcome) -> bool:
    """Whether it is a refusal with a sentence, somebody's identity, or accounts that have an id."""
    if isinstance(outcome, ConnectorError):
        return str(outcome.sentence).endswith(".")
    if isinstance(outcome, Identity):
        return isinstance(outcome.login, str)
    return all(isinstance(one, Account) and one.external_id for one in outcome)


@pytest.mark.parametrize("verb", ["check", "accounts"])
@pytest.mark.parametrize("code", sorted(SAMPLES))
def test_connecting_ends_with_an_account_or_a_sentence_whatever_comes(code, verb):
    sample = SAMPLES[code]
    ask = getattr(sample.connector, verb)
    answers = recorded(ask(sample.credentials))
    for place, answer in enumerate(answers):
        for what, body in disfigured(answer.json()):
            changed = replace(answer, body=json.dumps(body).encode())
            outcome = replay(ask(sample.credentials), [*answers[:place], changed, *answers[place + 1 :]])
            assert (what, is_sound(outcome)) == (what, True)
