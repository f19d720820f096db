"""What goes wrong, in types, and how a platform's complaint becomes one of them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kpis.connectors.contract.telling import shorten

if TYPE_CHECKING:
    from kpis.connectors.contract.exchanged import Exchange

Text = str | Promise
LONGEST_WAIT = 24 * 60 * 60


class ConnectorError(Exception):
    """The platform said no. `detail` holds its own words, without secrets; `sentence` is for the reader.

    `gap` is the reason for the gaps of a metric that was refused so; empty where the refusal is not about metrics.
    `of_one`: it is about one metric, so that of several asked together it says nothing about each.
    """

    kind: ClassVar[str] = "error"
    says: ClassVar[Text] = ""
    gap: ClassVar[str] = ""
    of_one: ClassVar[bool] = False

    def __init__(self, detail: str = "", *, sentence: Text | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self._sentence = sentence
        self.exchanges: tuple[Exchange, ...] = ()

    @property
    def sentence(self) -> Text:
        """What happened and what to do next, in the reader's language."""
        return self._sentence or self.says


class Reauthorise(ConnectorError):
    """The access is gone: expired, revoked, mistyped. Only a person can mend it."""

    kind = "reauthorise"
    says = _("The platform no longer accepts the saved access. Connect the source again with a fresh token.")


class ScopeMissing(ConnectorError):
    """The access is good, but not for this."""

    kind = "scope_missing"
    gap = "not_permitted"
    says = _(
        "The saved access does not allow reading these numbers. Ask an administrator of the account to connect it, "
        "or to give your account the right to see statistics."
    )


class RateLimited(ConnectorError):
    """Too many requests. `retry_after` is in seconds, at least one and at most a day, whatever the platform says."""

    kind = "rate_limited"
    says = _("The platform asks us to slow down. The portal will try again by itself; there is nothing to do.")

    def __init__(self, detail: str = "", *, retry_after: int, sentence: Text | None = None) -> None:
        super().__init__(detail, sentence=sentence)
        self.retry_after = max(1, min(retry_after, LONGEST_WAIT))

    def retry_at(self, now: datetime) -> datetime:
        """The moment from which asking again is allowed."""
        return now + timedelta(seconds=self.retry_after)


class MetricRetired(ConnectorError):
    """The platform no longer knows this metric, by our code."""

    kind = "metric_retired"
    gap = "retired"
    of_one = True
    says = _("The platform no longer gives this number. Choose another metric for the KPI, or enter it by hand.")

    def __init__(self, detail: str = "", *, metric: str = "", sentence: Text | None = None) -> None:
        super().__init__(detail, sentence=sentence)
        self.metric = metric


class BelowThreshold(ConnectorError):
    """The audience is too small for the platform to tell."""

    kind = "below_threshold"
    gap = "below_threshold"
    of_one = True
    says = _("The audience is still too small for the platform to show its numbers. They will come as it grows.")


class NotReady(ConnectorError):
    """The platform is still counting."""

    kind = "not_ready"
    gap = "not_ready"
    says = _("The platform is still counting. The portal will ask again later; there is nothing to do.")


class Transient(ConnectorError):
    """The platform or the road to it is out of order for now."""

    kind = "transient"
    says = _("The platform did not answer properly. The portal will try again by itself; there is nothing to do.")


class Outage(ConnectorError):
    """The platform has not been answering anybody, so it was not asked (`kpis.breaker`)."""

    kind = "outage"
    says = _(
        "The platform is not answering anybody right now, so the portal leaves it in peace and looks in from time to "
        "time. There is nothing to do."
    )


class Unreadable(ConnectorError):
    """Something came that our own code could not take in: a mistake of ours, in the log with its traceback."""

    kind = "unreadable"
    says = _(
        "The portal could not make sense of the platform's answer. It will try again later; if this lasts for more "
        "than a day, tell whoever runs the portal."
    )


class Permanent(ConnectorError):
    """Asking again will not help until something is changed."""

    kind = "permanent"
    says = _("The platform refused the request, and asking again will not help. Check the account's address.")


class NotTrusted(Permanent):
    """We would not speak to whoever answered: the certificate is not one that our system trusts."""

    says = _(
        "The portal's server does not trust the platform's certificate. Ask whoever runs the portal to add its root "
        "certificate to the system's trusted ones."
    )


@dataclass(frozen=True)
class Complaint:
    """What a platform says is wrong, before we say what it means.

    `codes` are all the names it gives it, such as (190, "OAuthException"); `wait` is in seconds, when the answer tells;
    `metric` is the platform's own name of what was asked, for a complaint that may be about it.
    """

    codes: tuple[Any, ...]
    words: str = ""
    wait: int | None = None
    metric: str = ""

    @property
    def detail(self) -> str:
        return shorten(" ".join(str(part) for part in (*self.codes, self.words) if part or part == 0))


@dataclass(frozen=True)
class Meaning:
    """A row of a platform's table of errors: the complaints it is about, and what they come to.

    A complaint is ours when one of its codes is in `codes` (empty: whatever the code), `words` (in lower case) is a
    part of its detail, and the path that was asked ends in `asked`. `wait`: seconds, when no answer tells for how long.
    """

    error: type[ConnectorError]
    codes: Collection[int | str] = ()
    words: str = ""
    asked: str = ""
    sentence: Text | None = None
    wait: int | None = None

    def is_about(self, complaint: Complaint, exchange: "Exchange") -> bool:
        named = any(isinstance(code, int | str) and code in self.codes for code in complaint.codes)
        return (
            (named or not self.codes) and self.words in complaint.detail.lower() and exchange.path.endswith(self.asked)
        )

    def problem(self, complaint: Complaint, wait: int) -> ConnectorError:
        """The error; `wait` is how long to stay away if it is a matter of waiting."""
        if issubclass(self.error, RateLimited):
            return self.error(complaint.detail, retry_after=wait, sentence=self.sentence)
        if issubclass(self.error, MetricRetired):
            return self.error(complaint.detail, metric=complaint.metric, sentence=self.sentence)
        return self.error(complaint.detail, sentence=self.sentence)
