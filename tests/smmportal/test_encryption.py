import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from kpis.models import PlatformLogin
from smmportal.encryption import Undecryptable, decrypt, encrypt
from tests.builders import make_login

OLD, NEW = "old-key-" + "0123456789abcdef" * 3, "new-key-" + "fedcba9876543210" * 3


@pytest.fixture
def keys(settings):
    def use(*keys):
        settings.ENCRYPTION_KEYS = list(keys)

    return use


def everything_stored() -> str:
    """All the text of all the tables, as a stolen copy of the database would show it."""
    with connection.cursor() as cursor:
        found = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            found += [str(row) for row in cursor.fetchall()]
    return "\n".join(found)


def test_what_is_encrypted_comes_back(keys):
    keys(NEW)
    assert decrypt(encrypt("тайна · secret 🔑")) == "тайна · secret 🔑"


def test_the_same_secret_never_looks_the_same(keys):
    keys(NEW)
    assert encrypt("secret") != encrypt("secret")


def test_the_newest_key_writes_and_all_of_them_read(keys):
    keys(OLD)
    old = encrypt("secret")
    keys(NEW, OLD)
    assert decrypt(old) == "secret"
    new = encrypt("secret")
    keys(NEW)
    assert decrypt(new) == "secret"


def test_a_dropped_key_says_so(keys):
    keys(OLD)
    token = encrypt("secret")
    keys(NEW)
    with pytest.raises(Undecryptable) as error:
        decrypt(token)
    assert str(error.value) == "No key in ENCRYPTION_KEYS opens this value."


def test_the_database_holds_no_secret_in_the_clear(cast):
    make_login(cast)
    assert PlatformLogin.objects.get().credentials == {"token": "sandbox-secret"}
    assert "sandbox-secret" not in everything_stored()


def test_rotation_rewrites_every_row_and_frees_the_old_key(cast, keys, capsys):
    keys(OLD)
    login = make_login(cast)
    keys(NEW, OLD)
    call_command("rotate_keys")
    assert "kpis.PlatformLogin.credentials: 1\n" in capsys.readouterr().out
    keys(NEW)
    assert PlatformLogin.objects.get(pk=login.pk).credentials == {"token": "sandbox-secret"}


def test_rotation_without_the_old_key_says_which_field_it_could_not_open(cast, keys):
    keys(OLD)
    make_login(cast)
    keys(NEW)
    with pytest.raises(CommandError, match=r"kpis\.PlatformLogin\.credentials: none of ENCRYPTION_KEYS opens"):
        call_command("rotate_keys")


def test_a_second_factor_is_rotated_too(cast, keys):
    from allauth.mfa.adapter import get_adapter
    from allauth.mfa.models import Authenticator

    keys(OLD)
    seed = get_adapter().encrypt("JBSWY3DPEHPK3PXP")
    kept = Authenticator.objects.create(user=cast.owner, type="totp", data={"secret": seed})
    assert "JBSWY3DPEHPK3PXP" not in everything_stored()
    keys(NEW, OLD)
    call_command("rotate_keys")
    keys(NEW)
    kept.refresh_from_db()
    assert get_adapter().decrypt(kept.data["secret"]) == "JBSWY3DPEHPK3PXP"


def test_an_encrypted_field_can_not_be_searched(cast):
    with pytest.raises(TypeError, match="can't be searched"):
        PlatformLogin.objects.filter(credentials={"token": "sandbox-secret"}).exists()
