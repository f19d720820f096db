"""What every connector promises, in types.

A connector turns a platform's answers into points and gaps. It opens no connection and knows no models: it yields
`smmportal.http.Request` and is sent `Answer` (see `smmportal.http.run`). Its reading is made of two halves:

- `visit` decides what to request next and keeps every answer verbatim as an `Exchange`;
- `note` is pure: exchange by exchange it puts points and gaps down on a `Sheet`. Points can therefore be rebuilt from
  stored exchanges at any time.

For every metric and day that the answers speak about there is exactly one point or one gap. Missing is not zero: what a
platform left out is a gap with a reason. A gap never says that an earlier point was wrong, so it replaces none.
"""

from kpis.connectors.contract.asking import SHORTEST_LIFE, TOKEN, ask_apart, bearing, pasted_token, renewed
from kpis.connectors.contract.connector import Connector, Judge
from kpis.connectors.contract.errors import (
    LONGEST_WAIT,
    BelowThreshold,
    Complaint,
    ConnectorError,
    Meaning,
    MetricRetired,
    NotReady,
    NotTrusted,
    Outage,
    Permanent,
    RateLimited,
    Reauthorise,
    ScopeMissing,
    Text,
    Transient,
    Unreadable,
)
from kpis.connectors.contract.exchanged import (
    GAP_REASONS,
    TOLERANT,
    Account,
    Capabilities,
    Charge,
    Credentials,
    Exchange,
    Field,
    Gap,
    Identity,
    Measured,
    MetricAbility,
    Quota,
    Reading,
    Renewed,
    Result,
    Steps,
    Visit,
    Window,
)
from kpis.connectors.contract.limits import DailyUnits, Holder, Limits, Parallel, Rate
from kpis.connectors.contract.sheet import Sheet
from kpis.connectors.contract.telling import (
    NUMBER,
    TOO_MUCH,
    as_day,
    as_dict,
    as_list,
    as_number,
    as_seconds,
    in_step,
    only_dicts,
    parts,
    shorten,
)

__all__ = [
    "GAP_REASONS",
    "LONGEST_WAIT",
    "NUMBER",
    "SHORTEST_LIFE",
    "TOKEN",
    "TOLERANT",
    "TOO_MUCH",
    "Account",
    "BelowThreshold",
    "Capabilities",
    "Charge",
    "Complaint",
    "Connector",
    "ConnectorError",
    "Credentials",
    "DailyUnits",
    "Exchange",
    "Field",
    "Gap",
    "Holder",
    "Identity",
    "Judge",
    "Limits",
    "Meaning",
    "Measured",
    "MetricAbility",
    "MetricRetired",
    "NotReady",
    "NotTrusted",
    "Outage",
    "Parallel",
    "Permanent",
    "Quota",
    "Rate",
    "RateLimited",
    "Reading",
    "Reauthorise",
    "Renewed",
    "Result",
    "ScopeMissing",
    "Sheet",
    "Steps",
    "Text",
    "Transient",
    "Unreadable",
    "Visit",
    "Window",
    "as_day",
    "as_dict",
    "as_list",
    "as_number",
    "as_seconds",
    "ask_apart",
    "bearing",
    "in_step",
    "only_dicts",
    "parts",
    "pasted_token",
    "renewed",
    "shorten",
]
