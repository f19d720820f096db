"""For each connector, what to connect to in the sandbox. A connector without a line here fails the contract's tests."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from kpis.connectors import connector_for
from kpis.connectors.contract import Account, Connector, Exchange, Gap, Measured, Reading, Window
from smmportal.http import Answer, Request, run
from tests.conftest import TODAY

FIRST = date(2026, 11, 14)
NOON = datetime(2026, 11, 23, 12, tzinfo=ZoneInfo("Europe/Moscow")).astimezone(UTC)
TOKEN = "sandbox-a-very-secret-token"
OK_KEYS = {"public_key": "SANDBOXPUBLICKEY", "secret_key": "sandbox-application-secret"}
GOOGLE = {
    "refresh_token": "sandbox-refresh",
    "client_id": "portal.apps.example",
    "client_secret": "client-secret",
}


@dataclass(frozen=True)
class Sample:
    """A connector with a token and an account that the sandbox knows; `stand_in`, when it goes by another name."""

    connector: Connector
    credentials: dict[str, str]
    account: Account
    stand_in: str = ""

    @property
    def platform(self) -> str:
        """What the sandbox calls it."""
        return self.stand_in or self.connector.code

    def read(self, **changes) -> Reading:
        """Read everything the connector can, or what `metrics` names."""
        return run(self.steps(**changes))

    def steps(
        self, first: date = FIRST, last: date = TODAY, taken_at: datetime = NOON, **changes
    ) -> Generator[Request, Answer, Reading]:
        metrics = changes.pop("metrics", self.connector.capabilities.codes)
        return self.connector.read(
            credentials=changes.pop("credentials", self.credentials),
            account=replace(self.account, **changes),
            window=Window(first, last),
            metrics=metrics,
            taken_at=taken_at,
        )

    def parse(self, exchanges: Sequence[Exchange]) -> tuple[tuple[Measured, ...], tuple[Gap, ...]]:
        """What these exchanges tell of the window that is read when none is named."""
        return self.connector.parse(
            exchanges,
            account=self.account,
            window=Window(FIRST, TODAY),
            metrics=self.connector.capabilities.codes,
            taken_at=NOON,
        )


SAMPLES = {
    "vk": Sample(connector_for("vk"), {"token": TOKEN}, Account("207700007", timezone="Europe/Moscow")),
    "telegram": Sample(
        connector_for("telegram"),
        {"token": TOKEN, "channel": "@obzharka7"},
        Account("@obzharka7", timezone="Europe/Moscow"),
    ),
    "metrika": Sample(connector_for("metrika"), {"token": TOKEN}, Account("77000007", timezone="Europe/Moscow")),
    "ga4": Sample(
        connector_for("ga4"),
        {"token": TOKEN, **GOOGLE, "property": "377000007"},
        Account("377000007", timezone="Europe/Moscow"),
    ),
    "max": Sample(
        connector_for("max"),
        {"token": TOKEN, "channel": "-73007700000007"},
        Account("-73007700000007", timezone="Europe/Moscow"),
    ),
    "ok": Sample(connector_for("ok"), {"token": TOKEN, **OK_KEYS}, Account("70007700000007", timezone="Europe/Moscow")),
    "instagram": Sample(
        connector_for("instagram"), {"token": TOKEN}, Account("17841400000007", timezone="America/Los_Angeles"), "meta"
    ),
    "facebook": Sample(
        connector_for("facebook"), {"token": TOKEN}, Account("107000007", timezone="America/Los_Angeles"), "meta"
    ),
    "tiktok": Sample(connector_for("tiktok"), {"token": TOKEN}, Account("-000obzharka7", timezone="Europe/Moscow")),
    "tiktok_business": Sample(
        connector_for("tiktok_business"),
        {"token": TOKEN, "business_id": "-000obzharka7business"},
        Account("-000obzharka7business", timezone="UTC"),
    ),
    "x": Sample(
        connector_for("x"), {"token": TOKEN, "account": "@obzharka7"}, Account("7700000007", timezone="Europe/Moscow")
    ),
    "linkedin": Sample(connector_for("linkedin"), {"token": TOKEN}, Account("77000007", timezone="UTC")),
    "youtube": Sample(
        connector_for("youtube"),
        {"token": TOKEN, **GOOGLE},
        Account("UCobzharka7zerno00000007", timezone="America/Los_Angeles"),
    ),
}
