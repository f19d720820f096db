"""Every cause that moves the gauge: its sentence, the verb of its button, and the page where it is mended."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from projects.models import Project
from smmportal.waterline import rules

Address = Callable[[Project, rules.Loss], str]


def of_project(name: str, anchor: str = "") -> Address:
    return lambda project, loss: reverse(name, args=[project.pk]) + anchor


def of_record(name: str, anchor: str = "") -> Address:
    return lambda project, loss: reverse(name, args=[record_id(loss)]) + anchor


def record_id(loss: rules.Loss) -> int:
    return int(loss.subject.partition(":")[2])


def of_client(project: Project, loss: rules.Loss) -> str:
    return reverse("people:organisation", args=[project.client_id])


def of_new_kpi(project: Project, loss: rules.Loss) -> str:
    return reverse("kpis:kpi_new", args=[project.pk]) + f"?goal={record_id(loss)}"


def of_dip(project: Project, loss: rules.Loss) -> str:
    return reverse("kpis:kpi", args=[loss.facts["of"]]) + f"#dip-{record_id(loss)}"


def of_material(project: Project, loss: rules.Loss) -> str:
    return reverse("projects:materials", args=[project.pk]) + f"#material-{record_id(loss)}"


def of_ending(project: Project, loss: rules.Loss) -> str:
    """Where it is said how the KPI's goal ended."""
    goal = loss.facts.get("of")
    return reverse("projects:goal_conclusion", args=[goal]) if goal else KPI(project, loss)


BRIEF, DEBRIEF = of_project("projects:brief"), of_project("projects:debrief")
GOALS, GOAL = of_project("projects:goals"), of_record("projects:goal")
KPI, TASK = of_record("kpis:kpi"), of_record("projects:task")
AGREEMENTS, AGREEMENT = of_project("kpis:agreements"), of_record("kpis:agreement")
SOURCE, BOOKING = of_record("kpis:source"), of_project("meetings:book")
RHYTHM, NEW_KPI = of_project("meetings:rhythm"), of_project("kpis:kpi_new")
CONFIDENCE = of_record("projects:goal", "#confidence")


@dataclass(frozen=True)
class Words:
    """A cause: its sentence with the facts' names in it, the verb of its button, and the page behind the button."""

    sentence: object
    button: object
    address: Address


LOST = {
    "brief_open": Words(
        ngettext_lazy(
            "%(left)s question of the brief is not answered.",
            "%(left)s questions of the brief are not answered.",
            "left",
        ),
        _("Open the brief"),
        BRIEF,
    ),
    "brief_unsubmitted": Words(_("The brief is not submitted yet."), _("Open the brief"), BRIEF),
    "debrief_unshared": Words(
        _("The agency has not yet said how it understood the brief."), _("Write how it is understood"), DEBRIEF
    ),
    "remarks_open": Words(
        _("The client’s remarks on how the brief was understood are not answered."), _("Answer the remarks"), DEBRIEF
    ),
    "debrief_unconfirmed": Words(
        _("The client has not confirmed how the brief was understood."), _("Read and confirm"), DEBRIEF
    ),
    "brief_old": Words(
        ngettext_lazy(
            "The brief is %(days)s day old: is everything in it still true?",
            "The brief is %(days)s days old: is everything in it still true?",
            "days",
        ),
        _("Look through the brief"),
        BRIEF,
    ),
    "goals_none": Words(_("No goal is agreed on."), _("Write a goal"), GOALS),
    "goal_vague": Words(_("The goal “%(name)s” is not concrete yet: %(letters)s."), _("Make it concrete"), GOAL),
    "decider_none": Words(_("Nobody at the client can decide here yet."), _("Invite the decision-maker"), of_client),
    "deciders_many": Words(
        ngettext_lazy(
            "%(count)s person decides for the client, and it is not said who has the last word.",
            "%(count)s people decide for the client, and it is not said who has the last word.",
            "count",
        ),
        _("Say who decides"),
        of_project("projects:knowledge"),
    ),
    "kpis_none": Words(_("There are no KPIs: nothing says whether the work succeeds."), _("Add a KPI"), NEW_KPI),
    "goal_unmeasured": Words(_("No KPI shows whether the goal “%(name)s” is coming true."), _("Add a KPI"), of_new_kpi),
    "kpi_targetless": Words(_("The KPI “%(name)s” has no target."), _("Set the target"), of_record("kpis:kpi_edit")),
    "kpis_unsigned": Words(
        ngettext_lazy("%(count)s KPI is in no agreement.", "%(count)s KPIs are in no agreement.", "count"),
        _("Prepare the agreement"),
        AGREEMENTS,
    ),
    "signature_missing": Words(_("KPI agreement No. %(number)s lacks a signature."), _("Read and sign"), AGREEMENT),
    "kpi_missed": Words(
        _("The day of “%(name)s” has passed, and its target is not reached."), _("Say how it ended"), of_ending
    ),
    "kpi_off_course": Words(_("“%(name)s” is off course."), _("Look at the KPI"), KPI),
    "chance_low": Words(_("“%(name)s” hits its target with a chance of %(percent)s."), _("Look at the KPI"), KPI),
    "source_refused": Words(_("“%(name)s” gives no more numbers."), _("Mend the source"), SOURCE),
    "source_late": Words(_("The numbers of “%(name)s” are late."), _("Enter numbers"), SOURCE),
    "review_overdue": Words(
        ngettext_lazy(
            "The review of “%(name)s” is %(days)s day late.", "The review of “%(name)s” is %(days)s days late.", "days"
        ),
        _("Write the review"),
        of_record("kpis:review_new"),
    ),
    "guardrail_worse": Words(
        _("While “%(name)s” moves, its guardrail got worse."), _("Look at the KPI"), of_record("kpis:kpi", "#guardrail")
    ),
    "dip_unexplained": Words(_("A drop of “%(name)s” is not explained."), _("Explain the drop"), of_dip),
    "rhythm_none": Words(_("It is not agreed how often we meet."), _("Agree on a rhythm"), RHYTHM),
    "meeting_overdue": Words(
        ngettext_lazy(
            "The last meeting was %(days)s day ago; the agreed rhythm is %(rhythm)s.",
            "The last meeting was %(days)s days ago; the agreed rhythm is %(rhythm)s.",
            "days",
        ),
        _("Book a meeting"),
        BOOKING,
    ),
    "meeting_first": Words(
        ngettext_lazy(
            "No meeting has been held for %(days)s day; the agreed rhythm is %(rhythm)s.",
            "No meeting has been held for %(days)s days; the agreed rhythm is %(rhythm)s.",
            "days",
        ),
        _("Book a meeting"),
        BOOKING,
    ),
    "task_overdue": Words(
        ngettext_lazy(
            "The task “%(name)s” is %(days)s day overdue.", "The task “%(name)s” is %(days)s days overdue.", "days"
        ),
        _("Open the task"),
        TASK,
    ),
    "review_waiting": Words(_("“%(name)s” is done and waits to be looked at."), _("Look at it"), TASK),
    "goal_waiting": Words(_("The proposed goal “%(name)s” waits for an answer."), _("Read the goal"), GOAL),
    "material_waiting": Words(_("A material is awaited: %(name)s."), _("Open the materials"), of_material),
    "amendment_waiting": Words(
        _("The brief has changed what the KPI “%(name)s” rests on."),
        _("Prepare new terms"),
        of_record("kpis:amendment"),
    ),
    "agreement_waiting": Words(_("KPI agreement No. %(name)s waits for a signature."), _("Read and sign"), AGREEMENT),
    "question_open": Words(
        _("The brief says “don’t know”: %(question)s"), _("Find it out"), of_project("projects:debrief", "#unknown")
    ),
    "confidence_apart": Words(
        _("The sides see the goal “%(name)s” differently: agency %(agency)s, client %(client)s of 10."),
        _("Talk about the goal"),
        CONFIDENCE,
    ),
}

#: Of what nobody can tell: what would make it known.
GREY = {
    "brief_none": Words(_("There is no brief yet."), _("Open the project"), of_project("project")),
    "brief_age": Words(_("How fresh the brief is shows once it is submitted."), _("Open the brief"), BRIEF),
    "goals_none": Words(_("How concrete the goals are shows once there are some."), _("Write a goal"), GOALS),
    "kpis_none": Words(_("How the KPIs stand shows once there are some."), _("Add a KPI"), NEW_KPI),
    "kpi_unsigned": Words(
        _("How “%(name)s” stands counts once both sides have signed it."), _("To the agreements"), AGREEMENTS
    ),
    "chance_unknown": Words(
        _("The chance of “%(name)s” shows once its numbers suffice for a forecast."), _("Look at the KPI"), KPI
    ),
    "source_new": Words(_("“%(name)s” has told no number yet."), _("Look at the source"), SOURCE),
    "source_paused": Words(_("“%(name)s” is paused."), _("Resume the source"), SOURCE),
    "sources_none": Words(
        _("Whether numbers arrive shows once KPIs stand on sources."), _("Connect a source"), of_project("kpis:sources")
    ),
    "review_to_come": Words(_("The first review of “%(name)s” is due by %(day)s."), _("Look at the KPI"), KPI),
    "guardrail_unknown": Words(
        _("The guardrail of “%(name)s” has no fresh number."), _("Look at the KPI"), of_record("kpis:kpi", "#guardrail")
    ),
    "dips_unseen": Words(
        _("Drops show once signed KPIs have numbers."), _("Look at the KPIs"), of_project("kpis:board")
    ),
    "rhythm_none": Words(_("Say how often you will meet: then the rhythm counts."), _("Agree on a rhythm"), RHYTHM),
    "meeting_to_come": Words(_("The first meeting is not booked yet."), _("Book a meeting"), BOOKING),
    "not_begun": Words(
        _("Whether things are done in time shows once the project has begun."), _("To the brief"), BRIEF
    ),
    "questions_unknown": Words(
        _("Which questions are open shows once the brief is submitted."), _("Open the brief"), BRIEF
    ),
    "confidence_none": Words(
        _("How sure the sides are shows once there is a goal to believe in."), _("Write a goal"), GOALS
    ),
    "confidence_unsaid": Words(
        _("How sure both sides are of “%(name)s” is not said."), _("Say how sure you are"), CONFIDENCE
    ),
}
