"""Kinds of sentences that were misread once, each by its meaning. What is in doubt is left empty."""

from datetime import date

import pytest

from projects.coach import read

TODAY = date(2026, 11, 23)


def goal(text: str) -> tuple[str | None, str | None, str | None]:
    found = read(text, TODAY)
    change = found.change and f"{found.change.kind} {found.change.value.normalize():f}"
    return found.metric, found.direction, change


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # the number that counts something else
        ("у нас 3 салона и 15 мастеров, нужно 200 записей в месяц", ("leads", "up", "target 200")),
        ("стоматология на два кресла. Охват вырастить в полтора раза", ("reach", "up", "relative 50")),
        ("женщины 25-45, нужно 80 заявок в месяц", ("leads", "up", "target 80")),
        ("Работаем с 9 до 21. Хочу 300 лайков", ("likes", "up", "target 300")),
        ("бюджет 150 тысяч, хотим 300 лидов", ("leads", "up", "target 300")),
        ("14 posts a month, so saves x1.5 by 15 June", ("saves", "up", "relative 50")),
        ("KPI: 1) стоимость подписчика до 35 руб. 2) прирост 500 чел./мес", ("cost_per_follower", "down", "target 35")),
        ("довести число подписчиков до 2/3 населения, это 4 000", ("followers", "up", "target 4000")),
        ("Отписки 40 в месяц при приросте 60. Отписки сократить вдвое", ("unfollows", "down", "relative 50")),
        ("на сайт из дзена пусть ходит пятьсот человек", ("visits", "up", "target 500")),
        ("подписчиков прибавить сотни три", ("followers", "up", "absolute 300")),
        ("More leads! (Roofing, so yes, double meaning)", ("leads", "up", None)),
        # where things stood
        ("we spend £300 and get 20 orders, want 35", ("sales", "up", "target 35")),
        ("insta followers 3,150 now 5k by summer", ("followers", "up", "target 5000")),
        ("показы обвалились, осталось 600 тыс. Поднять до полутора миллионов", ("impressions", "up", "target 1500000")),
        ("было 2800 подписчиков, сейчас 3200, хотим 5 тысяч", ("followers", "up", "target 5000")),
        ("tiktok er is 6.2 rn, make it 8 by july", ("engagement_rate", "up", "target 8")),
        ("пинтерест: 300 подписчиков, увеличить втрое", ("followers", "up", "relative 200")),
        ("заявок стало меньше на 20%, вернуть обратно", ("leads", "up", None)),
        ("My competitor has 50k, give me ten thousand followers", ("followers", "up", "target 10000")),
        ("We currently have 3,200 followers on Facebook.", ("followers", None, None)),
        ("В телеграм-канале 6 300 подписчиков", ("followers", None, None)),
        # what is dismissed
        ("нам не нужны подписчики, нужны заявки, 50 в месяц", ("leads", "up", "target 50")),
        ("I don't care about likes, I want sales: 40 a month", ("sales", "up", "target 40")),
        ("please stop posting memes, I need 30 bookings a month", ("leads", "up", "target 30")),
        # bounds to keep
        ("не дать ER опуститься ниже 8%", ("engagement_rate", "hold", "target 8")),
        ("Don't let the cost per follower go above $0.80", ("cost_per_follower", "hold", "target 0.8")),
        ("we don't want to fall under 4% engagement", ("engagement_rate", "hold", "target 4")),
        ("просмотров не меньше 500, ниже не опускаться", ("views", "hold", "target 500")),
        ("ниже 200 просмотров падать нельзя", ("views", "hold", "target 200")),
        ("main thing: don't lose any of our followers", ("followers", "hold", None)),
        ("we need to stop losing followers", ("unfollows", "down", None)),
        # numbers as they are said
        ("выручку с 1 млн 100 тыс до 1 млн 700 тыс", ("revenue", "up", "target 1700000")),
        ("two dozen leads a month", ("leads", "up", "target 24")),
        ("ten grand more revenue", ("revenue", "up", "absolute 10000")),
        ("comments: a 60-percent increase", ("comments", "up", "relative 60")),
        ("35 per cent more views", ("views", "up", "relative 35")),
        ("knock 7 dollars off the cost per lead", ("cost_per_lead", "down", "absolute 7")),
        ("ROMI вывести на 180 процентов", ("romi", "up", "target 180")),
        ("конверсию сайта приподнять на 0,8 п.п.", ("conversion_rate", "up", "absolute 0.8")),
    ],
)
def test_the_number_of_the_goal_is_found_among_others(text, expected):
    assert goal(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "OK group: 6 100 members, 7 500 members",
        "было 5 тыс подписчиков, стало 4, надо вернуть 5",
        "увеличить охват на десять-пятнадцать процентов",
        "somewhere between 30 and 40 enquiries a month",
        "нам бы от 30 до 40 заявок в месяц",
        "engagement is 0.5%, industry average is 2%, let's hit that",
        "1 in 20 followers should buy",
        "a few hundred more followers",
        "Выручка с инсты 20% от общей. Довести до 30",
        "from twice a week to daily posting",
        "охваты стоят на 15к, помогите сдвинуть до 25",
        "У нас запись через сайт, конверсия 2 процента. Ну давайте 3",
        "доля продаж через соцсети до 25%",
        "подписалось бы 300 мам с детьми",
    ],
)
def test_a_number_in_doubt_is_no_change(text):
    assert read(text, TODAY).change is None


def test_a_doubtful_number_is_noted_so_that_it_can_be_asked_for():
    assert read("OK group: 6 100 members, 7 500 members", TODAY).notes == ("doubtful_number",)
    assert read("OK group: 6 100 members, task 7 500 members", TODAY).notes == ()


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("we get 12 leads in a month, need 30 by August", date(2027, 8, 1)),
        ("мы потеряли 400 подписчиков за месяц, остановить отток", None),
        ("просмотров не меньше миллиона за квартал", None),
        ("запустить таргет с 1 марта, получить 60 лидов", None),
        ("CTR +2 points in a fortnight", date(2026, 12, 7)),
        ("100 leads, time frame 5 months", date(2027, 4, 23)),
        ("100 leads, you have four weeks", date(2026, 12, 21)),
        ("100 leads, 15 Feb – 31 Mar", date(2027, 3, 31)),
        ("something nice for the autumn collection", None),
        ("resend the invoice for October", None),
        ("When can you start? My accountant needs the invoice by 5 May", None),
        ("75 mentions by the last day of August", date(2027, 8, 31)),
        ("increase from 3 posts a week to 5, kicking off in May", None),
        ("(отв. Сидоров, срок 28.02.2027)", date(2027, 2, 28)),
        ("keep response time within a quarter of an hour", None),
    ],
)
def test_only_a_day_of_the_goal_is_its_deadline(text, day):
    assert read(text, TODAY).deadline == day


@pytest.mark.parametrize(
    ("text", "platform"),
    [
        ("500 more members through OK", "ok"),
        ("MAX: 3 posts a week", "max"),
        ("MAX 3 posts a week", None),
        ("OK, let's have 300 likes", None),
    ],
)
def test_short_names_of_platforms_are_read_in_capitals_only_where_they_stand_for_a_place(text, platform):
    assert read(text, TODAY).platform == platform


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("выйти на 50 репостов к лету", ("up", "target 50")),
        ("выйти бы наконец на 50 репостов к лету", ("up", "target 50")),
        ("выйти бы на +50 репостов к лету", ("up", "absolute 50")),
        ("постим раз в неделю, нужно 4 поста", ("up", "target 4")),
        ("постить 4 раза в неделю", ("hold", "target 4")),
        ("reply 20 minutes faster than now", ("down", "absolute 20")),
        ("отвечать на 10 минут быстрее", ("down", "absolute 10")),
        ("reply in 20 minutes, not longer", ("hold", "target 20")),
        ("unfollows capped at 80 a month", ("hold", "target 80")),
        ("cost per click shouldn't exceed $1.50", ("hold", "target 1.5")),
        ("20 more mentions a month than we have today", ("up", "absolute 20")),
        ("leads, 100 of them instead of 35", ("up", "target 100")),
        ("followers should pass the 15,000 mark by May", ("up", "target 15000")),
    ],
)
def test_the_way_and_the_change_agree_with_the_words_around_the_number(text, expected):
    assert goal(text)[1:] == expected


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("заходов на сайт за месяц 900 — маловато. к маю хочется две тысячи", 2000),
        ("reach: 80k a week now, need 200k by summer", 200000),
        ("get 500 followers now", 500),
    ],
)
def test_what_is_complained_of_is_where_things_stand(text, value):
    assert read(text, TODAY).change.value == value


@pytest.mark.parametrize(
    ("text", "metric", "direction"),
    [
        ("терять людей нельзя: подписчиков не меньше 8 200", "followers", "hold"),
        ("не терять больше 50 подписчиков в месяц", "unfollows", "hold"),
        ("lose no more followers", "followers", "hold"),
        ("lose no more than 50 followers a month", "unfollows", "hold"),
        ("не растерять охваты", "reach", "hold"),
        ("охват (уникальные пользователи) до 10 тысяч к маю", "reach", "up"),
        ("lift revenue from shop orders by €500", "revenue", "up"),
        ("get €500 in sales and grow revenue by May", "sales", "up"),
        ("post more often", "posts", "up"),
        ("more likes on our posts", "likes", "up"),
        ("we post more often now but want more leads", "leads", "up"),
        ("we never lose leads", "leads", None),
        ("мы не теряем заявки", "leads", None),
    ],
)
def test_the_metric_is_the_one_that_the_words_move(text, metric, direction):
    assert goal(text)[:2] == (metric, direction)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("комментариев стало меньше, чем весной. Удвойте", None),
        ("удвоить комментарии не позже чем весной", date(2027, 5, 31)),
        ("more comments, we go quiet for weeks", None),
        ("more comments in two weeks", date(2026, 12, 7)),
        ("цикл сделки 4–7 месяцев, нужно 18 лидов до конца 2027 года", date(2027, 12, 31)),
        ("30 заявок, срок вам шесть недель", date(2027, 1, 4)),
    ],
)
def test_a_comparison_or_the_length_of_something_is_no_deadline(text, day):
    assert read(text, TODAY).deadline == day
