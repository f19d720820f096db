"""The stand-ins and our questions against what the platforms' packages say of their APIs.

X and Meta publish theirs themselves, made from their own descriptions. Of VK's published schema, Telegram's page of the
Bot API and MAX's description others keep types that are made by machine. Odnoklassniki, Metrika, LinkedIn and TikTok's
API for accounts are described in no package: their connectors' own tests are all there is.
"""

import inspect
import typing
from urllib.parse import urlsplit

import pytest

from kpis.connectors import connector_for
from kpis.connectors.contract import Exchange
from smmportal.http import send
from tests.kpis.connectors.samples import SAMPLES
from tests.kpis.sandbox.schemas import everything, of_model, problems

pytestmark = pytest.mark.vendors

#: The misbehaviours with which an answer is still a proper one.
PROPER = ("", "empty", "partial", "zero", "duplicate")


def spoken(code, sandbox, how=""):
    if how:
        sandbox.misbehave(SAMPLES[code].platform, how, times=999)
    return everything(SAMPLES[code])


def test_the_check_sees_what_is_wrong():
    from xdk.schemas import User

    schema = of_model(User)
    assert problems(schema, {"id": "7", "name": "N", "username": "n"}) == []
    assert problems(schema, {"id": "7", "name": "N", "username": "n", "nickname": "x"})
    assert problems(schema, {"id": "7", "name": "N", "username": "n", "public_metrics": {"followers_count": "5"}})


# --- VK ---


def vk_answers():
    from vkbottle_types.codegen.responses import account, groups, stats, users

    return {
        "users.get": users.UsersGetResponse,
        "account.getAppPermissions": account.AccountGetAppPermissionsResponse,
        "groups.get": groups.GroupsGetObjectExtendedResponse,
        "groups.getById": groups.GroupsGetByIdObjectResponse,
        "stats.get": stats.StatsGetResponse,
    }


def vk_parameters():
    from vkbottle_types.codegen.methods import account, groups, stats, users

    methods = {
        "users.get": users.UsersCategory.get,
        "account.getAppPermissions": account.AccountCategory.get_app_permissions,
        "groups.get": groups.GroupsCategory.get,
        "groups.getById": groups.GroupsCategory.get_by_id,
        "stats.get": stats.StatsCategory.get,
    }
    return {name: set(inspect.signature(method).parameters) - {"self", "kwargs"} for name, method in methods.items()}


def vk_method(request):
    return urlsplit(request.url).path.rpartition("/")[2]


@pytest.mark.parametrize("how", PROPER)
def test_vk_answers_as_its_schema_says(sandbox, how):
    said = spoken("vk", sandbox, how)
    assert {vk_method(request) for request, _answer in said} == set(vk_answers())
    for request, answer in said:
        assert problems(of_model(vk_answers()[vk_method(request)], moments="integer"), answer) == []


def test_vk_is_asked_with_parameters_that_it_has(sandbox):
    from vkbottle_types.codegen.objects import GroupsFields, GroupsFilter

    for request, _answer in spoken("vk", sandbox):
        asked = set(request.form) - {"v"}
        assert asked <= vk_parameters()[vk_method(request)]
        if vk_method(request).startswith("groups."):
            assert set(filter(None, request.form.get("fields", "").split(","))) <= {one.value for one in GroupsFields}
            assert request.form.get("filter", "editor") in {one.value for one in GroupsFilter}


def test_vk_metrics_are_in_its_schema():
    from vkbottle_types.codegen.objects import StatsActivity, StatsReach, StatsViews

    groups = {"activity": StatsActivity, "reach": StatsReach, "visitors": StatsViews}
    for ability in connector_for("vk").capabilities.metrics:
        group, _dot, name = ability.native_name.partition(".")
        assert name in groups[group].model_fields if name else group == "members_count"


# --- Telegram ---


def telegram_methods():
    from aiogram.methods import GetChat, GetChatMemberCount, GetMe

    return {method.__api_method__: method for method in (GetMe, GetChat, GetChatMemberCount)}


@pytest.mark.parametrize("how", ["", "zero"])
@pytest.mark.filterwarnings("ignore::pydantic.json_schema.PydanticJsonSchemaWarning")
def test_telegram_answers_as_the_bot_api_says(sandbox, how):
    said = spoken("telegram", sandbox, how)
    assert {request.url.rpartition("/")[2] for request, _answer in said} == set(telegram_methods())
    for request, answer in said:
        method = telegram_methods()[request.url.rpartition("/")[2]]
        assert set(answer) == {"ok", "result"}
        assert problems(of_model(method.__returning__, moments="integer"), answer["result"]) == []
        assert set(request.params or {}) <= set(method.model_fields)


# --- X ---


@pytest.mark.parametrize("how", ["", "zero"])
def test_x_answers_as_its_own_package_says(sandbox, settings, how):
    from xdk.schemas import GetUsersByIdResponse, GetUsersByUsernameResponse

    for request, answer in spoken("x", sandbox, how):
        by_name = "/by/username/" in request.url
        assert problems(of_model(GetUsersByUsernameResponse if by_name else GetUsersByIdResponse), answer) == []


def test_x_is_asked_where_and_with_what_its_own_package_asks(sandbox):
    from xdk.users import client

    for request, _answer in spoken("x", sandbox):
        by_name = "/by/username/" in request.url
        method = client.UsersClient.get_by_username if by_name else client.UsersClient.get_by_id
        place = "/2/users/by/username/{username}" if by_name else "/2/users/{id}"
        assert f'base_url + "{place}"' in inspect.getsource(method)
        assert urlsplit(request.url).path.removeprefix("/x").rpartition("/")[0] == place.rpartition("/")[0]
        hints = typing.get_type_hints(method, {**vars(typing), **vars(client)})
        fields = typing.get_args(typing.get_args(hints["user_fields"])[0])[0]
        assert set(request.params) == {"user.fields"}
        assert set(request.params["user.fields"].split(",")) <= set(typing.get_args(fields))


def test_x_metrics_are_in_its_own_package():
    from xdk.schemas import UserPublicMetrics

    names = {one.native_name.partition(".")[2] for one in connector_for("x").capabilities.metrics}
    assert names <= set(UserPublicMetrics.model_fields)


# --- Meta ---

#: What Meta's pages describe and its package has no list of: metrics of a whole account, and who may do what on a Page.
NOT_LISTED = {"follows_and_unfollows", "saves", "tasks"}


def insights_of(code):
    """The question for an account's insights as Meta's own package would put it, with its check of parameters."""
    from facebook_business.adobjects.iguser import IGUser
    from facebook_business.adobjects.page import Page
    from facebook_business.api import FacebookAdsApi, FacebookSession

    api = FacebookAdsApi(FacebookSession(access_token="none"))
    return (IGUser if code == "instagram" else Page)("1", api=api).get_insights(params={}, pending=True)._param_checker


def meta_fields():
    from facebook_business.adobjects.igmedia import IGMedia  # noqa: F401
    from facebook_business.adobjects.iguser import IGUser
    from facebook_business.adobjects.page import Page

    return {name for one in (IGUser, Page) for name in vars(one.Field)} | {"metadata"}


@pytest.mark.parametrize("code", ["instagram", "facebook"])
def test_meta_is_asked_with_parameters_that_its_own_package_knows(sandbox, code):
    checker = insights_of(code)
    lists = {"metric", "breakdown"} | ({"period"} if code == "instagram" else set())
    for request, _answer in spoken(code, sandbox):
        if not request.url.endswith("/insights"):
            continue
        for name, value in request.params.items():
            told = [one for one in value.split(",") if one not in NOT_LISTED] if name in lists else value
            assert checker.is_valid_key(name)
            assert (code == "facebook" and name == "metric") or not told or checker.is_valid_pair(name, told)


@pytest.mark.parametrize("code", ["instagram", "facebook"])
def test_metas_nodes_have_the_fields_that_are_asked_for_and_answered(sandbox, code):
    for request, answer in spoken(code, sandbox):
        asked = (request.params or {}).get("fields", "").replace("{", ",").replace("}", "").split(",")
        assert set(filter(None, asked)) <= meta_fields() | NOT_LISTED
        if asked != [""] and "data" not in answer:
            assert set(answer) <= meta_fields()


@pytest.mark.parametrize("how", PROPER)
@pytest.mark.parametrize("code", ["instagram", "facebook"])
def test_metas_insights_have_the_fields_of_its_own_package(sandbox, code, how):
    from facebook_business.adobjects.insightsvalue import InsightsValue
    from facebook_business.adobjects.instagraminsightsresult import InstagramInsightsResult

    for request, answer in spoken(code, sandbox, how):
        if not request.url.endswith("/insights"):
            continue
        for row in answer["data"]:
            assert set(row) <= set(vars(InstagramInsightsResult.Field))
            assert all(set(value) <= set(vars(InsightsValue.Field)) for value in row.get("values", ()))


# --- MAX ---


@pytest.mark.parametrize("how", ["", "zero"])
def test_max_answers_as_is_described(sandbox, how):
    from maxapi.types.chats import Chat
    from maxapi.types.users import User

    said = spoken("max", sandbox, how)
    assert {urlsplit(request.url).path.split("/")[2] for request, _answer in said} == {"me", "chats"}
    for request, answer in said:
        model = User if request.url.endswith("/me") else Chat
        assert problems(of_model(model, moments="integer"), answer) == []


def test_every_state_of_a_max_chat_is_known():
    from maxapi.enums.chat_status import ChatStatus

    from kpis.connectors.max import STATES

    assert {one.value for one in ChatStatus} == {"active", *STATES}


# --- How they say no ---

REFUSING = ("429", "429-bare", "expired", "forbidden", "busy", "error200", "retired")


def refused(code, sandbox, how):
    """The stand-in's refusal, as it comes."""
    sandbox.misbehave(SAMPLES[code].platform, how, times=999)
    request = next(SAMPLES[code].steps())
    return send(request)


@pytest.mark.parametrize("how", REFUSING)
@pytest.mark.filterwarnings("ignore::pydantic.json_schema.PydanticJsonSchemaWarning")
def test_telegram_refuses_as_the_bot_api_says(sandbox, how):
    from aiogram.methods.base import Response

    body = refused("telegram", sandbox, how).json()
    assert (problems(of_model(Response[int]), body), body["ok"]) == ([], False)


@pytest.mark.parametrize("how", REFUSING[:-1])
def test_vk_refuses_as_its_schema_says(sandbox, how):
    from vkbottle_types.codegen.objects import BaseError

    answer = refused("vk", sandbox, how)
    assert (answer.status, set(answer.json())) == (200, {"error"})
    assert set(answer.json()["error"]) <= set(BaseError.model_fields)


@pytest.mark.parametrize("how", [how for how in REFUSING if how != "retired"])
def test_metas_own_package_reads_its_refusals(sandbox, how):
    from facebook_business.exceptions import FacebookRequestError

    answer = refused("instagram", sandbox, how)
    error = FacebookRequestError("", {}, answer.status, dict(answer.headers), answer.body.decode())
    ours = connector_for("instagram").judge(Exchange("GET https://graph.facebook.com/v25.0/1", 400, answer.body))
    assert str(error.api_error_code()) in ours.detail
    assert error.api_error_message() in ours.detail


def test_x_does_not_find_as_its_own_package_says(sandbox):
    from xdk.schemas import GetUsersByUsernameResponse

    request = next(connector_for("x").check({"token": "sandbox-token", "account": "@nobody_here"}))
    assert problems(of_model(GetUsersByUsernameResponse), send(request).json()) == []


@pytest.mark.parametrize("how", [how for how in REFUSING if how != "error200"])
def test_x_refuses_in_the_fields_of_its_own_package(sandbox, how):
    from xdk.schemas import Error, InvalidRequestProblem, ResourceNotFoundProblem

    known = {*Error.model_fields, *InvalidRequestProblem.model_fields, *ResourceNotFoundProblem.model_fields}
    assert set(refused("x", sandbox, how).json()) <= known | {"errors"}
