from django.db import models


class Expense(models.Model):
    """What asking a platform has cost: one thing is charged once in a day of UTC, however often it is asked."""

    platform = models.CharField(max_length=20)
    day = models.DateField()
    thing = models.CharField(max_length=120)
    usd = models.DecimalField(max_digits=10, decimal_places=4)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["platform", "day", "thing"], name="one_expense_a_day")]

    def __str__(self) -> str:
        return f"{self.platform} {self.day} {self.thing}: ${self.usd}"
