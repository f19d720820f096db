from smmportal.audit import AuditEntry
from smmportal.idempotency import IdempotentReply

__all__ = ["AuditEntry", "IdempotentReply"]
