"""Nobody of the cast works for the operator of this instance: the administration shows them nothing."""

import re

from django.contrib import admin
from django.urls import get_resolver

from tests.doors import ROLES
from tests.test_every_door import routes


def admin_addresses() -> list[str]:
    found = {route for name, route in routes(get_resolver().url_patterns) if name.startswith("admin:")}
    plain = {re.sub(r"<[^>]*>", "1", route) for route in found if "(?P" not in route}
    return sorted(plain | {f"/admin/{model._meta.app_label}/" for model in admin.site._registry})


def test_the_administration_is_shut_to_everybody(cast, browse):
    browsers = {role: browse(getattr(cast, role, None)) for role in ROLES}
    answers = {
        (address, role): browser.get(address).status_code
        for address in admin_addresses()
        for role, browser in browsers.items()
    }
    expected = {
        (address, role): 403 if address == "/admin/login/" and role != "anonymous" else 302 for address, role in answers
    }
    assert answers == expected


def test_a_superuser_gets_in(cast, browse):
    cast.owner.is_staff = cast.owner.is_superuser = True
    cast.owner.save()
    assert browse(cast.owner).get("/admin/").status_code == 200
