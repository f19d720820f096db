"""The demo's reports: one that was issued and one that is being written; the agency's colour."""

from datetime import date, timedelta

from kpis.actions import report_timetables
from kpis.actions import reports as actions
from kpis.models import Report
from kpis.reporting import last_over
from projects.models import Project
from smmportal.formatting import is_russian
from smmportal.people.looks import set_accent
from smmportal.people.models import Organisation, User

ACCENT = "#7a3b1d"

WORDS = {
    "ru": {
        "issued": {
            "summary": "Неделя прошла по плану: сообщество растёт, сайт держит посещаемость. Рубрика «Как заварить "
            "дома» собрала больше всего откликов, её оставляем два раза в неделю.",
            "posts": "Лучше всего заходят короткие рецепты с фото чашки, слабее — объявления о поставках.",
            "next_steps": "Снимаем четыре ролика с обжарщиком и пробуем их в понедельник и четверг.",
        },
        "draft": {"summary": "Черновик: ждём выходных, чтобы сказать о росте уверенно."},
        "remark": "Добавь одну фразу, почему выросли переходы на сайт.",
    },
    "en": {
        "issued": {
            "summary": "The week went as planned: the community grows and the site keeps its visits. “Brew it at home” "
            "drew the most replies, so it stays twice a week.",
            "posts": "Short recipes with a photo of the cup do best; notices of deliveries do worst.",
            "next_steps": "We shoot four videos with the roaster and try them on Monday and Thursday.",
        },
        "draft": {"summary": "A draft: we wait for the weekend to speak of the growth with confidence."},
        "remark": "Add a line on why visits to the site went up.",
    },
}


def dress(agency: Organisation, owner: User) -> None:
    if not agency.accent:
        set_accent(agency, accent=ACCENT, by=owner)


def write_reports(project: Project, people: dict[str, User], today: date) -> None:
    """The week before last is issued as soon as its numbers are final; the last one is in work."""
    language = "ru" if is_russian() else "en"
    words, manager, specialist = WORDS[language], people["manager"], people["specialist"]
    week = last_over(today - timedelta(days=7), "weekly")
    report = begin(project, week, words["issued"], language, by=specialist)
    actions.send_to_check(report, by=specialist)
    actions.add_remark(report, text=words["remark"], by=manager)
    report.refresh_from_db()
    actions.pass_check(report, revision=report.revision, by=manager)
    actions.issue_report(report, by=manager)
    begin(project, last_over(today, "weekly"), words["draft"], language, by=specialist)
    report_timetables.set_timetable(project, cadence="weekly", by=manager, language=language)


def begin(project: Project, period, words: dict, language: str, *, by: User) -> Report:
    report = actions.begin_report(project, first=period.first, last=period.last, by=by, language=language)
    return actions.edit_report(report, revision=report.revision, commentaries=words, by=by)
