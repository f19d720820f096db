from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from projects import answers, rules
from projects.actions.projects import demand_open, facts_of
from projects.models import Answer, Brief, BriefVersion, Delegation
from projects.models.briefs import answered_of, known_of
from projects.questionnaire import FULL, asked_keys, find_question, grown, grows, questions_of, unanswered
from projects.wording import names_of, sentence_of
from smmportal.audit import record
from smmportal.facts import content_hash
from smmportal.jobs import later
from smmportal.notifications.actions import announce
from smmportal.people.models import Side, User
from smmportal.refusals import Refused, demand


@transaction.atomic
def save_answer(
    brief: Brief,
    key: str,
    *,
    value: object,
    revision: int,
    by: User,
    unknown: bool = False,
    delegation: Delegation | None = None,
) -> Answer | None:
    """Keep one answer; None when there was none and there is still nothing to keep.

    `revision` is that of the answer its author saw (0: there was none). Words saved by somebody else meanwhile are
    never written over: the refusal brings them along. With `delegation` a colleague answers by a link of `by`'s.
    """
    demand_filling(brief, by=by, delegation=delegation)
    question = find_question(brief.form, key)
    if question is None:
        raise Refused(_("There is no such question in this brief."), code="no-such-question")
    value = cleaned(question, value)
    brief = lock(brief)
    if question["type"] == "files" and value:
        value = {**value, "files": settled(brief, question, value["files"])}
    answer = brief.answers.filter(key=key).first()
    if answer is None and value is None and not unknown:
        return None
    if answer is not None and (answer.value, answer.unknown) == (value, unknown):
        return answer
    if revision != (answer.revision if answer else 0):
        raise conflict(question, answer)
    return write_answer(brief, key, answer, value=value, unknown=unknown, by=by, delegation=delegation)


def demand_filling(brief: Brief, *, by: User, delegation: Delegation | None = None) -> None:
    """Whoever fills in the brief may; a colleague may as long as the link works, which is looked up anew and stays so
    until what they do is done: who revokes or hands in meanwhile waits for it."""
    demand(rules.fills_brief(by, brief.project), _("Only the client and the agency's manager fill in the brief."))
    demand_open(brief.project)
    if delegation and Delegation.objects.open().select_for_update().filter(pk=delegation.pk).first() is None:
        raise Refused(_("This link does not work any more. Ask the person who sent it for a new one."), code="closed")


def settled(brief: Brief, question: dict, given: list[dict]) -> list[dict]:
    """These files as they were uploaded to this very question, each once, whatever was said of their names."""
    numbers = list(dict.fromkeys(file["file"] for file in given))
    known = {file.pk: file for file in brief.files.filter(key=question["key"], pk__in=numbers)}
    if len(known) < len(numbers):
        raise Refused(_("One of these files was not uploaded to this question. Upload it first."), code="no-such-file")
    if len(numbers) > settings.UPLOAD_MOST:
        sentence = _("An answer takes %(most)s files. Remove one, or put them on a cloud drive and paste the link.")
        raise Refused(sentence % {"most": settings.UPLOAD_MOST}, code="too-many-files")
    return [known[number].spoken for number in numbers]


def lock(brief: Brief) -> Brief:
    """The row as it stands now, nobody else changing it; of its project what is already read."""
    locked = Brief.objects.select_for_update().get(pk=brief.pk)
    locked.project = brief.project
    return locked


def cleaned(question: dict, value: object) -> answers.Value:
    try:
        return answers.clean(question, value)
    except answers.Unclear as error:
        raise Refused(sentence_of(error), code="unclear-answer", key=question["key"]) from error


def conflict(question: dict, answer: Answer | None) -> Refused:
    return Refused(
        _("Somebody else changed this answer meanwhile. Both texts are here: choose what to keep."),
        code="changed-meanwhile",
        key=question["key"],
        current=answer.value if answer else None,
        unknown=answer.unknown if answer else False,
        revision=answer.revision if answer else 0,
    )


def write_answer(
    brief: Brief,
    key: str,
    answer: Answer | None,
    *,
    value: answers.Value,
    unknown: bool,
    by: User,
    delegation: Delegation | None = None,
) -> Answer:
    answer = answer or Answer(brief=brief, key=key, revision=0)
    answer.value, answer.unknown, answer.by, answer.answered_at = value, unknown, by, timezone.now()
    answer.delegation = delegation
    answer.revision += 1
    answer.save()
    brief.save(update_fields=Brief.COUNTS)
    if brief.project.side_of(by) is Side.AGENCY:
        record("brief.answered_on_behalf", about=brief, by=by, project=brief.project, key=key)
    return answer


@transaction.atomic
def extend_brief(brief: Brief, *, by: User) -> Brief:
    """Ask this brief's further questions too: its own copy of the questions grows, and no answer changes."""
    demand(rules.fills_brief(by, brief.project), _("Only the client and the agency's manager fill in the brief."))
    demand_open(brief.project)
    brief = lock(brief)
    if not grows(brief.form):
        raise Refused(_("This brief has the agency's own questions: there are no further ones."), code="own-questions")
    form = grown(brief.form, FULL)
    if form == brief.form:
        return brief
    added = len(list(questions_of(form))) - len(list(questions_of(brief.form)))
    brief.form = form
    brief.save()
    record("brief.extended", about=brief, by=by, project=brief.project, added=added)
    return brief


@transaction.atomic
def submit_brief(brief: Brief, *, by: User) -> BriefVersion:
    """Hand the brief over as it stands: a version that never changes. With nothing new since the last version,
    that one is the answer."""
    demand(rules.submits_brief(by, brief.project), _("Only the client submits the brief."))
    demand_open(brief.project)
    brief = Brief.objects.select_for_update().select_related("project__client", "project__agency").get(pk=brief.pk)
    rows = list(brief.answers.select_related("by", "delegation"))
    left = unanswered(brief.form, answered_of(rows), known_of(rows))
    if left:
        sentence = _("Still without an answer: %(questions)s. “Don't know” is an answer too.")
        raise Refused(
            sentence % {"questions": names_of(left)}, code="unanswered", keys=[question["key"] for question in left]
        )
    asked = asked_keys(brief.form, known_of(rows))
    content = content_of(brief, [row for row in rows if row.is_given and row.key in asked])
    last = brief.versions.first()
    if last and last.content_hash == content_hash(content):
        return last
    return write_version(brief, content, number=last.number + 1 if last else 1, by=by)


def content_of(brief: Brief, rows: list[Answer]) -> dict:
    """The whole text of a version: the questions as they were asked, the answers, who gave each and when."""
    sides = brief.project.sides_by_person
    return {
        "project": brief.project.name,
        "form": brief.form,
        "answers": {
            answer.key: {
                "value": answer.value,
                "unknown": answer.unknown,
                **origin_of(answer),
                "side": sides.get(answer.by_id, Side.CLIENT).value,
                "answered_at": answer.answered_at.isoformat(),
            }
            for answer in rows
        },
    }


def origin_of(answer: Answer) -> dict:
    """Who gave the answer; a colleague's name stands beside that of the person who asked them by a link."""
    return {"by": answer.author, "link_from": answer.link_from} if answer.delegation else {"by": answer.author}


def write_version(brief: Brief, content: dict, *, number: int, by: User) -> BriefVersion:
    version = brief.versions.create(number=number, content=content, content_hash=content_hash(content), submitted_by=by)
    project = brief.project
    record("brief.submitted", about=version, by=by, project=project, number=number, hash=version.content_hash)
    later("kpis.open_amendments", version=version.pk)
    announce("brief.submitted", to=project.people, about=version, by=by, facts=facts_of(project, number=number))
    return version
