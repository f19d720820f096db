"""Django's sessions in the database; the one of a request is asked for by a prepared query."""

from django.contrib.sessions.backends import db
from django.utils import timezone

from smmportal.prepared import Prepared


class SessionStore(db.SessionStore):
    def _get_session_from_db(self):
        found = ALIVE.first(self.session_key) if self.session_key else None
        if found is None or found[1] <= timezone.now():
            self._session_key = None
            return None
        return self.model(session_key=self.session_key, session_data=found[0], expire_date=found[1])


ALIVE = Prepared(
    lambda key: (
        SessionStore.get_model_class()
        .objects.filter(session_key=key)
        .order_by()
        .values_list("session_data", "expire_date")
    ),
    str,
)
