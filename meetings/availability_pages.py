"""When one can be met, on a page of one's own settings."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from meetings import accounts, subscriptions
from meetings import availability as verbs
from meetings.accounts import PROVIDERS
from meetings.availability_forms import (
    AccountForm,
    AvailabilityForm,
    ChoiceOfCalendars,
    OtherHoursForm,
    SubscriptionForm,
)
from meetings.clock import from_json, say_hours
from meetings.models import Availability, CalendarAccount, CalendarSubscription, OtherHours
from smmportal.refusals import carried_out


def said_by(request: HttpRequest) -> Availability | None:
    return Availability.objects.visible_to(request.user).first()


def show(
    request: HttpRequest,
    *,
    form: AvailabilityForm | None = None,
    other: OtherHoursForm | None = None,
    subscription: SubscriptionForm | None = None,
    account: AccountForm | None = None,
) -> HttpResponse:
    form = form or AvailabilityForm(instance=said_by(request))
    other, subscription = other or OtherHoursForm(), subscription or SubscriptionForm()
    account = account or AccountForm()
    coming = OtherHours.objects.visible_to(request.user).filter(day__gte=timezone.localdate())
    context = {
        "form": form,
        "other_form": other,
        "other": [(row, say_hours(from_json(row.hours))) for row in coming],
        "is_said": said_by(request) is not None,
        "subscriptions": CalendarSubscription.objects.visible_to(request.user).select_related("account"),
        "accounts": [(row, PROVIDERS[row.provider].name) for row in CalendarAccount.objects.visible_to(request.user)],
        "account_form": account,
        "providers": PROVIDERS.values(),
        "subscription_form": subscription,
    }
    refused = any(each.is_bound for each in (form, other, subscription, account))
    return render(request, "meetings/availability.html", context, status=422 if refused else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def availability(request: HttpRequest) -> HttpResponse:
    form = AvailabilityForm(request.POST if request.method == "POST" else None, instance=said_by(request))
    if form.is_valid() and carried_out(form, verbs.say_hours, person=request.user, said=form.said()):
        messages.success(request, _("Your hours are saved. Free times are looked for inside them."))
        return redirect("meetings:availability")
    return show(request, form=form)


@login_required
@require_POST
def forget(request: HttpRequest) -> HttpResponse:
    verbs.forget_hours(request.user)
    messages.success(request, _("Each project’s working hours hold for you again."))
    return redirect("meetings:availability")


@login_required
@require_POST
def other_day(request: HttpRequest) -> HttpResponse:
    form = OtherHoursForm(request.POST)
    if form.is_valid() and carried_out(form, verbs.say_other_hours, person=request.user, **form.cleaned_data):
        messages.success(request, _("Saved."))
        return redirect("meetings:availability")
    return show(request, other=form)


@login_required
@require_POST
def other_day_removal(request: HttpRequest, pk: int) -> HttpResponse:
    verbs.as_usual(get_object_or_404(OtherHours.objects.visible_to(request.user), pk=pk))
    messages.success(request, _("That day has its usual hours again."))
    return redirect("meetings:availability")


@login_required
@require_POST
def subscription_new(request: HttpRequest) -> HttpResponse:
    form = SubscriptionForm(request.POST)
    if form.is_valid() and carried_out(form, subscriptions.subscribe, person=request.user, **form.cleaned_data):
        messages.success(request, _("The calendar is on your list. Its busy times are taken into account."))
        return redirect("meetings:availability")
    return show(request, subscription=form)


@login_required
@require_POST
def subscription_removal(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(CalendarSubscription.objects.visible_to(request.user), pk=pk)
    subscriptions.unsubscribe(found, by=request.user)
    messages.success(request, _("“%(name)s” is off your list.") % {"name": found.name})
    return redirect("meetings:availability")


@login_required
@require_POST
@sensitive_post_parameters("password")
def account_new(request: HttpRequest) -> HttpResponse:
    form = AccountForm(request.POST)
    if form.is_valid():
        account = carried_out(form, accounts.connect, person=request.user, **form.cleaned_data)
        if account:
            messages.success(request, _("The calendar account is connected. Choose what counts as busy."))
            return redirect(account)
    return show(request, account=form)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(CalendarAccount.objects.visible_to(request.user), pk=pk)
    form = ChoiceOfCalendars(request.POST if request.method == "POST" else None, account=found)
    if form.is_valid():
        chosen = carried_out(form, accounts.choose, account=found, addresses=form.chosen(), by=request.user)
        if chosen is not None:
            messages.success(request, _("Saved. You are not offered when you are busy in these calendars."))
            return redirect("meetings:availability")
    context = {"account": found, "provider": PROVIDERS[found.provider], "form": form}
    return render(request, "meetings/account.html", context, status=422 if form.is_bound else 200)


@login_required
@require_POST
def account_removal(request: HttpRequest, pk: int) -> HttpResponse:
    accounts.disconnect(get_object_or_404(CalendarAccount.objects.visible_to(request.user), pk=pk), by=request.user)
    messages.success(request, _("The calendar account is disconnected, and its password forgotten."))
    return redirect("meetings:availability")
