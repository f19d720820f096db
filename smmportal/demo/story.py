"""What the demo tells, once in Russian and once in English: one client, one agency, two projects.

`{due}` and `{due_on}` stand for the day the goals are due (in words, in ISO), `{now}` and `{wanted}` for the followers on
VK when the brief was filled in and how many are wanted, so that the story fits any day and the stand-in's numbers.
"""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class DemoKpi:
    platform: str
    metric: str
    kind: str
    #: Of the baseline: 1.2 is twenty per cent more.
    times: Decimal
    #: The platform and metric that must not get worse meanwhile, or why there is none.
    guardrail: tuple[str, str] | None = None
    waived_because: str = ""


@dataclass(frozen=True)
class DemoTask:
    title: str
    side: str
    #: From this morning to the day it is due.
    days: int
    priority: str = "normal"
    estimate: Decimal | None = None
    state: str = "planned"
    #: `(days ago, hours, what on)`.
    spent: tuple[tuple[int, Decimal, str], ...] = ()
    #: `(text, whether it is done)`.
    steps: tuple[tuple[str, bool], ...] = ()
    #: The title of the task that has to be done first.
    first: str = ""
    serves_goal: bool = True


@dataclass(frozen=True)
class DemoReview:
    """What was said of one week of the first KPI."""

    happened: str
    why: str
    measure: str = ""


@dataclass(frozen=True)
class Story:
    language: str
    project: str
    #: From the project's first day to the day its goals are due.
    days: int
    #: `(platform, account, credentials)`.
    sources: tuple[tuple[str, str, dict[str, str]], ...]
    answers: dict[str, object]
    unknown: tuple[str, ...]
    understanding: dict[str, str]
    goal: dict[str, str]
    next_goal: dict[str, str]
    #: A goal that ended weeks ago, the days from the project's first to its last, and what was learned.
    past_goal: dict[str, str]
    past_goal_days: int
    past_ending: dict[str, str]
    #: Of the goal and of the next one, what each side says: `(agency's value and why, client's value and why)`.
    confidences: tuple[tuple[tuple[int, str], tuple[int, str]], ...]
    kpis: tuple[DemoKpi, ...]
    proposed_kpi: DemoKpi
    tasks: tuple[DemoTask, ...]
    #: What comes again: a title, every weekday of these (Monday is 0) or, with none, on the month's last day.
    recurring: tuple[tuple[str, tuple[int, ...]], ...]
    #: What the client is asked to give.
    material: str
    #: Of the first KPI week by week, and what is said of the others.
    reviews: tuple[DemoReview, ...]
    other_review: DemoReview
    #: What its drops were; empty where nobody has said it yet.
    drop: str
    past_meeting: dict[str, str]
    #: What the manager said of the alert that fired this morning.
    explanation: str
    next_meeting: dict[str, object]
    #: Beside the lines: words, whose, on which day of the project, and how many days longer it lasted.
    notes: tuple[tuple[str, str, int, int], ...]


def table(*rows: dict[str, str]) -> dict:
    """An answer to a question of the type «table»."""
    return {"rows": list(rows), "note": ""}


RUSSIAN = Story(
    language="ru",
    project="Кофе домой",
    days=190,
    sources=(
        ("vk", "207700007", {"token": "sandbox-user-vk"}),
        ("telegram", "@obzharka7", {"token": "sandbox-telegram", "channel": "@obzharka7"}),
        ("metrika", "77000007", {"token": "sandbox-metrika"}),
    ),
    answers={
        "A1": "«Обжарка №7» — небольшая обжарка в Туле. Жарим зерно по вторникам и четвергам, продаём его в интернет-магазине и в двух кофейнях.",
        "A4": {"name": "Дмитрий Орлов", "contact": "decider@client.example"},
        "B1": "Подписка «Кофе домой»: 500 граммов свежего зерна раз в две недели. Она даёт ровный спрос, а жарить можно ровно столько, сколько заказали.",
        "C1": table(
            {
                "who": "Варят дома",
                "job": "Хотят кофе как в кофейне",
                "limits": "Не готовы возиться с весами и таймером",
            },
            {"who": "Маленькие офисы", "job": "Чтобы кофе не кончался", "limits": "Нужны документы для бухгалтерии"},
        ),
        "D1": {
            "choice": "sales",
            "note": "Чтобы подписка росла без скидок: люди узнают о нас в соцсетях и приходят на сайт сами.",
        },
        "D2": table({"what": "Подписчики во ВКонтакте", "value": "{wanted}", "by": "{due_on}"}),
        "D3": table({"value": "{now}", "source": "Из самого сообщества, вчера вечером"}),
        "E4": table(
            {"what": "Сообщество ВКонтакте", "who": "Катя Белова"},
            {"what": "Яндекс Метрика", "who": "Катя Белова"},
        ),
        "F1": table({"link": "https://kofe-sosed.example", "better": "Короткие видео", "worse": "Долго отвечают"}),
        "G3": "Не шутим про бессонницу и «наркотик», не сравниваем себя с соседней кофейней по имени.",
        "I1": table(
            {"platform": "ВКонтакте", "place": "first"},
            {"platform": "Telegram", "place": "first"},
            {"platform": "Дзен", "place": "excluded"},
        ),
        "J1": {"choices": ["telegram", "mail"], "note": "С десяти до семи; срочное — только в Telegram."},
        "J2": {"choice": "weekly", "note": "Дмитрий и Катя"},
    },
    unknown=("K1",),
    understanding={
        "A": "Вы жарите зерно сами, дважды в неделю; решает Дмитрий. Рассказываем про обжарку как про ремесло, без «премиума».",
        "B": "Главный продукт — подписка «Кофе домой». Разовые пачки упоминаем, но не продвигаем.",
        "C": "Говорим с теми, кто варит дома, и с небольшими офисами. Просто и без оборудования.",
        "D": "Успех — больше подписчиков во ВКонтакте, около {wanted_words} к {due}, и больше посещений сайта. Всё без скидок. Посещения считаем по Метрике.",
        "E": "Доступы к ВКонтакте и Метрике выдаёт Катя; подключаем их на портале.",
        "F": "Смотрим на короткие видео «Кофе-соседа», отвечаем быстрее, чем они.",
        "G": "Без шуток про зависимость и без имён конкурентов.",
        "I": "ВКонтакте и Telegram — главные. Дзен не ведём.",
        "J": "Встреча раз в неделю, срочное — в Telegram.",
        "K": "Бюджет пока не назван: вернёмся к нему на встрече.",
    },
    goal={
        "statement": "Подписчиков во ВКонтакте на 20 % больше к {due}, и чтобы они заходили на сайт",
        "specific": "Растёт число подписчиков «Обжарки №7» во ВКонтакте и в Telegram и число посещений магазина.",
        "measurable": "Подписчики — по данным ВКонтакте и Telegram, посещения — по Метрике. Сверяем раз в неделю.",
        "achievable": "Сообщество росло и без плана; добавляем короткие видео и подборки.",
        "relevant": "Подписку «Кофе домой» чаще всего оформляют те, кто уже читает нас хотя бы месяц.",
        "time_bound": "До {due}; промежуточный взгляд — через шесть недель.",
    },
    next_goal={
        "statement": "Пока посещения растут, отказов на сайте не становится больше — до {due}",
        "specific": "Люди, пришедшие из соцсетей, находят нужную страницу и не уходят сразу.",
        "measurable": "Доля отказов по Метрике, в среднем за неделю.",
        "achievable": "Новая страница подписки готова наполовину.",
        "relevant": "Если люди приходят и сразу уходят, рост посещений ничего не даёт.",
        "time_bound": "До {due}.",
    },
    past_goal={
        "statement": "Отвечаем на каждый вопрос в сообществе в день, когда его задали, — за первые шесть недель",
        "specific": "Вопросы в комментариях и сообщениях сообщества «Обжарки №7».",
        "measurable": "Вопросы без ответа к концу дня; считаем вручную раз в неделю.",
        "achievable": "Вопросов около пяти в день, у Кати есть на них полчаса.",
        "relevant": "Люди спрашивают про доставку и уходят, если ответа нет до вечера.",
        "time_bound": "Шесть недель; смотрим каждую пятницу.",
    },
    past_goal_days=48,
    past_ending={
        "outcome": "achieved",
        "reason": "За последние три недели без ответа к вечеру остался один вопрос.",
        "worked": "Готовые ответы про доставку и помол.",
        "failed": "Уведомления на общий телефон: их никто не смотрел.",
        "lesson": "За каждый канал отвечает один человек с именем.",
    },
    confidences=(
        ((8, "Видео с обжарки дают прирост"), (7, "")),
        ((8, "Новая страница почти готова"), (4, "Страница уже дважды откладывалась")),
    ),
    kpis=(
        DemoKpi(
            "vk",
            "followers",
            "increase_to",
            Decimal("1.20"),
            waived_because="Рекламу не покупаем: растём видео с обжарки",
        ),
        DemoKpi("telegram", "followers", "increase_to", Decimal("1.45"), guardrail=("vk", "followers")),
        DemoKpi("metrika", "visits", "increase_to", Decimal("1.25"), waived_because="За отказами следим отдельным KPI"),
    ),
    proposed_kpi=DemoKpi("metrika", "bounce_rate", "stay_below", Decimal("1.10")),
    tasks=(
        DemoTask("Прислать фотографии обжарки со вторника", "client", 3, "high", Decimal(1)),
        DemoTask(
            "Собрать три варианта обложки для подборок",
            "agency",
            5,
            estimate=Decimal(6),
            state="doing",
            spent=((3, Decimal(2), "Наброски"), (1, Decimal("1.5"), "Первый вариант")),
            steps=(
                ("Посмотреть обложки «Кофе-соседа»", True),
                ("Три наброска", True),
                ("Собрать в одном файле", False),
            ),
            first="Прислать фотографии обжарки со вторника",
        ),
        DemoTask("Выдать доступ к рекламному кабинету", "client", -2, "urgent", serves_goal=False),
        DemoTask(
            "Написать тексты для четырёх коротких видео",
            "agency",
            1,
            "high",
            Decimal(4),
            state="review",
            spent=((2, Decimal("3.5"), "Четыре текста"),),
        ),
        DemoTask(
            "Настроить цели в Метрике",
            "agency",
            -4,
            estimate=Decimal(3),
            state="done",
            spent=((4, Decimal("2.5"), "Цели и проверка"),),
        ),
    ),
    recurring=(("Контент-план на неделю", (0,)), ("Отчёт за месяц", ())),
    material="Логотип в векторе и фирменные шрифты",
    reviews=(
        DemoReview("Первая неделя: люди приходят, но медленнее, чем хотели.", "Вышел один пост из двух."),
        DemoReview("Прирост выше обычного.", "Видео с обжарки во вторник посмотрели втрое чаще обычного."),
        DemoReview(
            "Идём ровно.",
            "Два поста и одно видео, как договорились.",
            "Снимать обжарку каждую неделю, а не когда получится",
        ),
        DemoReview("Прирост меньше.", "Видео не вышло: обжарку перенесли на субботу."),
        DemoReview("Вернулись к прежнему темпу.", "Видео снова выходит по четвергам."),
        DemoReview("Темп держится.", "Подборку про помол сохранили больше двухсот раз."),
        DemoReview(
            "Темп держится, но вопросов про доставку больше, чем ответов.",
            "Ответы пишет один человек.",
            "Собрать готовые ответы про доставку",
        ),
    ),
    other_review=DemoReview("Без неожиданностей.", "Отдельных действий на этой неделе не было."),
    drop="Сайт магазина два дня открывался с перебоями: хостинг переносил серверы.",
    explanation="После осенней акции реклама стоит на паузе. Запускаем снова в понедельник, за неделю должны вернуться.",
    past_meeting={
        "title": "Созвон по плану на месяц",
        "minutes": "Посмотрели первые шесть недель. ВКонтакте растёт по плану, в Telegram прибавляется медленно. "
        "Договорились больше показывать обжарку и меньше — готовые напитки.",
        "decision": "Каждый четверг выходит короткое видео с обжарки, до двух минут.",
        "action": "Снять обжарку на телефон и прислать исходники",
    },
    next_meeting={
        "title": "Еженедельный созвон",
        "agenda": ("Что изменилось в показателях", "Страница подписки", "Темы на следующую неделю"),
    },
    notes=(
        ("Распродажа к выходным: скидка на подборки", "client", 21, 4),
        ("Вышел обзор у блогера о кофе", "agency", 33, 0),
    ),
)

ENGLISH = Story(
    language="en",
    project="Coffee school",
    days=100,
    sources=(
        ("vk", "207700008", {"token": "sandbox-user-vk-school"}),
        ("metrika", "77000008", {"token": "sandbox-metrika-school"}),
    ),
    answers={
        "A1": "Roastery No. 7 also teaches: weekend classes where people learn to brew at home. Eight seats a class, two classes a week.",
        "A4": {"name": "Dmitry Orlov", "contact": "decider@client.example"},
        "B1": "The beginners’ class. It fills the room on Saturdays, and every fourth guest buys beans afterwards.",
        "C1": table(
            {"who": "Home brewers", "job": "Better coffee without a machine", "limits": "Only two free hours"},
            {"who": "Couples", "job": "A gift that is not a thing", "limits": "Have to book a week ahead"},
        ),
        "D1": {
            "choice": "leads",
            "note": "Fill the classes without discounts: people see what a class is like and book a seat on the site.",
        },
        "D2": table({"what": "Followers on VK", "value": "{wanted}", "by": "{due_on}"}),
        "D3": table({"value": "{now}", "source": "The community itself"}),
        "E4": table(
            {"what": "VK community", "who": "Katya Belova"},
            {"what": "Yandex Metrica", "who": "Katya Belova"},
        ),
        "F1": table({"link": "https://brew-school.example", "better": "Clear timetable", "worse": "Stock photographs"}),
        "G3": "No photographs of guests without their consent. No jokes about addiction.",
        "I1": table({"platform": "VK", "place": "first"}, {"platform": "Telegram", "place": "presence"}),
        "J1": {"choices": ["mail", "video"], "note": ""},
        "J2": {"choice": "biweekly", "note": "Dmitry and Katya"},
        "K1": {
            "rows": [{"from": "60000", "to": "80000"}, {"from": "20000", "to": ""}, {"from": "", "to": ""}],
            "note": "Roubles a month",
        },
    },
    unknown=(),
    understanding={
        "A": "You teach small classes at the weekend; Dmitry decides. We show the people and the room, not the machines.",
        "B": "The beginners’ class comes first; beans are the second step.",
        "C": "Home brewers and couples looking for a gift.",
        "D": "Success is some {wanted_words} followers by {due}, and visits to the booking page that do not fall.",
        "E": "Katya grants access to VK and Metrica.",
        "F": "A clear timetable, real photographs.",
        "G": "Consent first; no jokes about addiction.",
        "I": "VK is the main page. Telegram only repeats it.",
        "J": "We meet every two weeks and write by e-mail.",
        "K": "No paid promotion for now.",
    },
    goal={
        "statement": "Fifteen per cent more followers on VK by {due}, and the visits hold",
        "specific": "The school’s VK community and the booking page.",
        "measurable": "Followers as VK counts them, visits as Metrica counts them, looked at every two weeks.",
        "achievable": "The page grew without a plan; now there are two posts a week.",
        "relevant": "Every second booking comes from people who have followed the page for a while.",
        "time_bound": "By {due}, with a look six weeks from now.",
    },
    next_goal={
        "statement": "While visits grow, no more people leave the booking page at once, until {due}",
        "specific": "The bounce rate of the booking page.",
        "measurable": "Bounce rate in Metrica, the mean of a week.",
        "achievable": "The new timetable is nearly ready.",
        "relevant": "More visits are worth little if people leave at once.",
        "time_bound": "By {due}.",
    },
    past_goal={
        "statement": "Every question in the community is answered on the day it is asked, for the first six weeks",
        "specific": "Questions in comments and messages of the school’s VK community.",
        "measurable": "Questions without an answer in the evening, counted by hand every Friday.",
        "achievable": "There are three or four a day.",
        "relevant": "People ask about seats and book elsewhere when nobody answers.",
        "time_bound": "Six weeks, with a look every Friday.",
    },
    past_goal_days=46,
    past_ending={
        "outcome": "missed",
        "reason": "Weekends stayed without answers: nobody was named for them.",
        "worked": "Saved answers about seats and parking.",
        "failed": "A shared inbox without a name on it.",
        "lesson": "One named person a channel, weekends too.",
    },
    confidences=(
        ((7, "Two posts a week work"), (6, "")),
        ((6, ""), (6, "The timetable helps")),
    ),
    kpis=(
        DemoKpi("vk", "followers", "increase_to", Decimal("1.15"), waived_because="No paid reach, so nothing to trade"),
        DemoKpi("metrika", "visits", "stay_above", Decimal("0.80")),
    ),
    proposed_kpi=DemoKpi("metrika", "bounce_rate", "stay_below", Decimal("1.10")),
    tasks=(
        DemoTask("Send photographs of the last class", "client", 4, "high", Decimal(1)),
        DemoTask(
            "Draft the posts for next month",
            "agency",
            6,
            estimate=Decimal(8),
            state="doing",
            spent=((2, Decimal("2.5"), "Topics and dates"),),
            steps=(("Choose the topics", True), ("Write the texts", False), ("Choose the pictures", False)),
            first="Send photographs of the last class",
        ),
    ),
    recurring=(("Report of the month", ()),),
    material="The school’s logo in vector and its fonts",
    reviews=(
        DemoReview("A slow first week.", "One post instead of two."),
        DemoReview("Better than planned.", "The video of the Saturday class was shared a lot."),
        DemoReview("On plan.", "Two posts, as agreed.", "Ask every class for one photograph with consent"),
        DemoReview("A little less.", "No class on the holiday, so nothing to show."),
        DemoReview("Back to the usual pace.", "Two classes, two posts."),
        DemoReview("On plan.", "The timetable post brings the most people."),
        DemoReview("On plan.", "Nothing out of the ordinary.", "Repeat the timetable post every second Monday"),
    ),
    other_review=DemoReview("No surprises.", "Nothing was done for it this week in particular."),
    drop="",
    explanation="The autumn ads are paused. They run again from Monday; a week should bring it back.",
    past_meeting={
        "title": "First month of the school",
        "minutes": "Looked at the first weeks together. The page grows, but too slowly for {due}; the booking page loads slowly on phones. "
        "Agreed to show faces, with consent.",
        "decision": "Every guest is asked for consent to photographs when they book.",
        "action": "Put the consent question on the booking form",
    },
    next_meeting={
        "title": "Two-week call",
        "agenda": ("What changed in the numbers", "Posts for next month"),
    },
    notes=(
        ("Open-doors week at the school", "client", 21, 4),
        ("A local paper wrote about the classes", "agency", 33, 0),
    ),
)

STORIES = (RUSSIAN, ENGLISH)
