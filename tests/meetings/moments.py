"""Moments that stay ahead of, or behind, whatever day the tests are run on."""

from datetime import UTC, datetime, timedelta

#: A Tuesday far ahead: 10:00 in Moscow, where the cast's project keeps its hours.
AHEAD = datetime(2040, 1, 3, 7, tzinfo=UTC)
#: A Tuesday long past.
BEHIND = datetime(2024, 1, 9, 7, tzinfo=UTC)
HOUR = timedelta(hours=1)
