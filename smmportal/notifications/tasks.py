from celery import shared_task

from smmportal.notifications import actions


@shared_task(name="notifications.deliver_due")
def deliver_due() -> int:
    return actions.deliver_due()


@shared_task(name="notifications.send_digests")
def send_digests() -> int:
    return actions.send_digests()


@shared_task(name="notifications.forget_delivered_secrets")
def forget_delivered_secrets() -> int:
    return actions.forget_delivered_secrets()
