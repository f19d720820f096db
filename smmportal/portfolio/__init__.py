"""The manager's portfolio: every project of the agency on one screen, what needs a hand first."""
