"""The registry of platforms. To add one: a module beside this file and a line below."""

from kpis.connectors.contract import Connector
from kpis.connectors.facebook import FacebookPages
from kpis.connectors.ga4 import GA4
from kpis.connectors.instagram import Instagram
from kpis.connectors.linkedin import LinkedIn
from kpis.connectors.max import Max
from kpis.connectors.metrika import Metrika
from kpis.connectors.odnoklassniki import Odnoklassniki
from kpis.connectors.telegram import Telegram
from kpis.connectors.tiktok import TikTok, TikTokBusiness
from kpis.connectors.vk import VK
from kpis.connectors.x import X
from kpis.connectors.youtube import YouTube

CONNECTORS: dict[str, Connector] = {
    connector.code: connector
    for connector in (
        VK(),
        Telegram(),
        Metrika(),
        Instagram(),
        FacebookPages(),
        TikTok(),
        TikTokBusiness(),
        LinkedIn(),
        X(),
        YouTube(),
        Odnoklassniki(),
        GA4(),
        Max(),
    )
}


def offered() -> list[Connector]:
    """The platforms that accounts may be connected of; the others stand in the registry for what is connected."""
    return [connector for connector in CONNECTORS.values() if connector.is_offered]


def connector_for(code: str) -> Connector:
    """The connector of a platform. Raises KeyError for a platform that has none."""
    return CONNECTORS[code]
