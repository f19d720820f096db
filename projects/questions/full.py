"""What the full tier asks besides the quick one; none of it is required. Pure data."""

from projects.questions.parts import choice, column, question, words

COMPANY = [
    question(
        "A2",
        "links",
        words(
            "Какие у вас сайт и страницы в соцсетях и мессенджерах?",
            "What are your website and your social and messenger pages?",
        ),
        words(
            "По одной ссылке в строке. Годятся и полузабытые: решим, оживить их или закрыть.",
            "One link a line. Half-forgotten ones count too: we will decide whether to revive or close them.",
        ),
    ),
    question(
        "A3",
        "many_of",
        words(
            "Где вы работаете и в каком часовом поясе ваша команда?", "Where do you operate, and in which time zone?"
        ),
        words(
            "От этого зависят часы публикаций и то, какие площадки вам доступны.",
            "The hours of posting and the platforms open to you depend on it.",
        ),
        minutes=1,
        choices=[
            choice("city", "Один город", "One city"),
            choice("region", "Область или несколько городов", "A region or several cities"),
            choice("russia", "Вся Россия", "All of Russia"),
            choice("cis", "Соседние страны", "Neighbouring countries"),
            choice("world", "Другие страны", "Other countries"),
        ],
        note=words("Города, страны и часовой пояс", "Cities, countries and the time zone"),
    ),
    question(
        "A5",
        "table",
        words("Кто на связи каждый день и кто его подменяет?", "Who is in touch every day, and who stands in?"),
        words(
            "Тот, кто ответит на «какое фото берём?» в тот же день. Замена нужна на отпуск и болезнь.",
            "Whoever answers “which photo do we take?” the same day. The stand-in is for holidays and illness.",
        ),
        row_labels=[words("На связи каждый день", "In touch every day"), words("Подменяет", "Stands in")],
        columns=[
            column("name", "Имя и должность", "Name and position"),
            column("contact", "Телефон, почта или мессенджер", "Phone, e-mail or messenger"),
        ],
    ),
    question(
        "A6",
        "long_text",
        words(
            "Что изменилось в бизнесе за последний год и что впереди?",
            "What changed in the business over the last year, and what is ahead?",
        ),
        words(
            "Запуски, ребрендинг, новая точка, уход партнёра. Если дата известна, назовите её.",
            "Launches, a rebrand, a new shop, a partner who left. Give the date where you know it.",
        ),
        minutes=3,
    ),
]

PRODUCT = [
    question(
        "B2",
        "table",
        words(
            "Какие у вас средний чек, маржинальность и доля повторных покупок?",
            "What are your average order, margin and share of repeat purchases?",
        ),
        words(
            "Диапазона достаточно. Так мы поймём, сколько может стоить один новый клиент.",
            "A range is enough. It tells us how much one new customer may cost.",
        ),
        minutes=3,
        row_labels=[
            words("Средний чек", "Average order"),
            words("Маржинальность, %", "Margin, %"),
            words("Повторные покупки, %", "Repeat purchases, %"),
        ],
        columns=[column("from", "От", "From", "number"), column("to", "До", "To", "number")],
        note=words("Валюта и пояснения", "Currency and remarks"),
    ),
    question(
        "B3",
        "long_text",
        words("Почему выбирают вас и чем это подтверждается?", "Why do people choose you, and what proves it?"),
        words(
            "Не «качество», а то, что можно показать: отзыв, сертификат, цифру, случай с клиентом.",
            "Not “quality” but what can be shown: a review, a certificate, a figure, a customer's story.",
        ),
        minutes=3,
    ),
    question(
        "B4",
        "long_text",
        words(
            "На что жалуются клиенты и что мешает им решиться?", "What do customers complain of, and what holds them?"
        ),
        words(
            "Вспомните последние плохие отзывы и фразу, после которой человек обычно уходит.",
            "Recall the latest bad reviews and the phrase after which a person usually leaves.",
        ),
        minutes=3,
    ),
    question(
        "B5",
        "long_text",
        words(
            "Какой путь проходит клиент от знакомства с вами до оплаты?",
            "What path does a customer take from first hearing of you to paying?",
        ),
        words(
            "По шагам: увидел рекламу, написал, получил цену, подумал неделю, оплатил. Где чаще теряется?",
            "Step by step: saw an ad, wrote, got a price, thought for a week, paid. Where do most drop out?",
        ),
        minutes=3,
    ),
    question(
        "B6",
        "long_text",
        words("Когда у вас сезон, а когда затишье?", "When is your high season, and when is it quiet?"),
        words(
            "Месяцы и пиковые даты: «ноябрь — подарки, июль — тишина». Отметим их на графиках.",
            "Months and peak dates: “November is gifts, July is quiet”. We will mark them on the charts.",
        ),
    ),
    question(
        "B7",
        "table",
        words(
            "Сколько заявок в месяц вы успеете обработать, кто отвечает и как быстро?",
            "How many leads a month can you handle, who replies and how fast?",
        ),
        words(
            "Чтобы не привести больше людей, чем вы сможете принять.",
            "So that we do not bring more people than you can take care of.",
        ),
        most=1,
        columns=[
            column("leads", "Заявок в месяц", "Leads a month", "number"),
            column("who", "Кто отвечает на сообщения", "Who replies to messages"),
            column("speed", "Как быстро", "How fast"),
        ],
    ),
]

AUDIENCE = [
    question(
        "C2",
        "long_text",
        words("Кто влияет на покупку, хотя платит не он?", "Who influences the purchase without paying?"),
        words(
            "Ребёнок, супруга, врач, бухгалтер, тренер: с ними тоже стоит разговаривать.",
            "A child, a spouse, a doctor, an accountant, a coach: they are worth talking to as well.",
        ),
    ),
    question(
        "C3",
        "many_of",
        words("Где эти люди проводят время в сети?", "Where do these people spend time online?"),
        words(
            "Отметьте, что знаете наверняка, и назовите каналы, блогеров, сообщества, которые они читают.",
            "Tick what you know for sure, and name the channels, creators and communities they follow.",
        ),
        choices=[
            choice("vk", "ВКонтакте", "VK"),
            choice("telegram", "Telegram", "Telegram"),
            choice("ok", "Одноклассники", "Odnoklassniki"),
            choice("dzen", "Дзен", "Dzen"),
            choice("rutube", "Rutube", "Rutube"),
            choice("youtube", "YouTube", "YouTube"),
            choice("instagram", "Instagram", "Instagram"),
            choice("tiktok", "TikTok", "TikTok"),
            choice("forums", "Форумы и отзовики", "Forums and review sites"),
            choice("maps", "Карты и справочники", "Maps and directories"),
        ],
        note=words("Что читают и смотрят", "What they read and watch"),
    ),
    question(
        "C4",
        "long_text",
        words("Кто точно не ваш клиент?", "Who is definitely not your customer?"),
        words(
            "Кого вы вежливо отправляете в другое место: ищет самое дешёвое, живёт там, куда вы не возите.",
            "Whom you politely send elsewhere: seeks the cheapest, lives where you do not deliver.",
        ),
        minutes=1,
    ),
    question(
        "C5",
        "files",
        words(
            "Есть ли исследования, интервью или выгрузки из CRM?", "Is there any research, interviews or CRM exports?"
        ),
        words(
            "Приложите, что есть, даже черновое. Имена и телефоны клиентов сначала уберите.",
            "Attach what there is, even a draft. Take customers' names and phones out first.",
        ),
        note=words("Или ссылка на облачный диск", "Or a link to a cloud drive"),
    ),
]

GOALS = [
    question(
        "D4",
        "table",
        words(
            "Какой результат ещё приемлем, а что будет провалом?",
            "What result is still acceptable, and what would be a failure?",
        ),
        words(
            "«10 000 тоже неплохо, а меньше 8000 — зря старались». Так видно, когда пора менять план.",
            "“10,000 is fine too; below 8,000 it was in vain”. It shows when the plan must change.",
        ),
        most=1,
        columns=[
            column("least", "Ещё приемлемо", "Still acceptable", "number"),
            column("failure", "Что будет провалом", "What would be a failure"),
        ],
    ),
    question(
        "D5",
        "many_of",
        words("Какие показатели важны вам ещё, а какие нет?", "Which other figures matter to you, and which do not?"),
        words(
            "Отметьте, за чем хотите следить. Строкой ниже — то, что можно не показывать.",
            "Tick what you want to follow. Below: what need not be shown.",
        ),
        choices=[
            choice("reach", "Охват", "Reach"),
            choice("engagement", "Вовлечённость", "Engagement"),
            choice("followers", "Подписчики", "Followers"),
            choice("traffic", "Переходы на сайт", "Visits to the site"),
            choice("leads", "Заявки", "Leads"),
            choice("lead_cost", "Стоимость заявки", "Cost of a lead"),
            choice("sales", "Продажи", "Sales"),
            choice("reviews", "Отзывы и упоминания", "Reviews and mentions"),
        ],
        note=words("Что неважно", "What does not matter"),
    ),
    question(
        "D6",
        "many_of",
        words("Что нельзя ухудшать, даже если цель растёт?", "What must not get worse, even while the goal grows?"),
        words(
            "Заявок можно получить вдвое больше и вдвое хуже. Назовите границу, за которую не заходим.",
            "One can get twice the leads at half the quality. Name the line that we do not cross.",
        ),
        choices=[
            choice("lead_quality", "Качество заявок", "Quality of leads"),
            choice("lead_cost", "Стоимость заявки", "Cost of a lead"),
            choice("reviews", "Оценки и отзывы", "Ratings and reviews"),
            choice("unfollows", "Отписки и жалобы", "Unfollows and complaints"),
            choice("reply_time", "Скорость ответа", "Speed of reply"),
            choice("reputation", "Репутация бренда", "The brand's reputation"),
        ],
        note=words("Граница своими словами", "The line, in your own words"),
    ),
    question(
        "D7",
        "long_text",
        words(
            "Почему цель важна именно сейчас? Что будет, если её не достичь?", "Why now? What if the goal is missed?"
        ),
        words(
            "Открывается вторая точка, ждёт инвестор, кончается сезон. Если ничего не случится, это тоже ответ.",
            "A second shop opens, an investor waits, the season ends. “Nothing would happen” is an answer too.",
        ),
    ),
]

HISTORY = [
    question(
        "E1",
        "long_text",
        words(
            "Кто вёл соцсети раньше, что получилось и что нет?", "Who ran social media before; what worked or failed?"
        ),
        words(
            "Сотрудник, агентство, вы сами. Назовите по одному удачному и неудачному решению.",
            "An employee, an agency, you yourselves. One decision that worked and one that did not will do.",
        ),
        minutes=3,
    ),
    question(
        "E2",
        "long_text",
        words("Почему решили сменить подход или подрядчика?", "Why did you decide to change approach or contractor?"),
        words(
            "Честно и без имён. Если ничего не меняли, напишите, что подтолкнуло начать.",
            "Frankly, without names. If nothing was changed, say what made you begin.",
        ),
    ),
    question(
        "E3",
        "table",
        words(
            "Какие три публикации удались, какие три нет — и почему?",
            "Which three posts did well, which three did not, and why?",
        ),
        words(
            "Судите по своему опыту, а не только по лайкам: после какой пришли клиенты, за какую неловко.",
            "Judge by experience, not only by likes: which one brought customers, which is embarrassing.",
        ),
        minutes=4,
        most=6,
        columns=[
            column("link", "Ссылка", "Link"),
            column(
                "how",
                "Удалась?",
                "Did it do well?",
                "one_of",
                choices=[choice("good", "Удалась", "It did"), choice("bad", "Не удалась", "It did not")],
            ),
            column("why", "Почему", "Why"),
        ],
    ),
    question(
        "E5",
        "long_text",
        words(
            "Были ли накрутки, блокировки, претензии или кризисы?",
            "Were there bought followers, bans, claims or crises?",
        ),
        words(
            "Это не укор: накрученные подписчики исказят цифры, и лучше знать о них заранее.",
            "No reproach: bought followers distort the figures, so it is better to know beforehand.",
        ),
    ),
]

REFERENCES = [
    question(
        "F2",
        "table",
        words("Чьи соцсети вам нравятся и чем именно?", "Whose social media do you like, and what exactly?"),
        words(
            "Из любой отрасли. «Как шутят», «снимают на кухне, а веришь»: важна причина, а не имя.",
            "Any industry. “How they joke”, “shot in a kitchen, and you believe it”: the reason matters.",
        ),
        minutes=3,
        most=5,
        columns=[
            column("link", "Название или ссылка", "Name or link"),
            column("what", "Что нравится", "What you like"),
        ],
    ),
    question(
        "F3",
        "long_text",
        words("Чего вы точно не хотите видеть у себя?", "What do you definitely not want to see on your pages?"),
        words(
            "Стоковые улыбки, мемы, крик «купи», политика. Ссылка на чужой пример скажет больше описания.",
            "Stock smiles, memes, “buy now”, politics. A link to an example says more than a description.",
        ),
        minutes=1,
    ),
]

BRAND = [
    question(
        "G1",
        "long_text",
        words("Как говорит ваш бренд?", "How does your brand speak?"),
        words(
            "На «ты» или на «вы», три слова о характере, одна фраза, которую он скажет, и одна, которую — никогда.",
            "Formal or informal, three words on character, a phrase it would say and one it never would.",
        ),
        minutes=3,
    ),
    question(
        "G2",
        "files",
        words("Приложите брендбук, логотип, шрифты и шаблоны", "Attach the brand book, logo, fonts and templates"),
        words(
            "Логотип — в векторе (SVG, PDF, AI), если он есть. Папку с доступом «по ссылке» можно указать ниже.",
            "The logo as a vector (SVG, PDF, AI) if there is one. A folder that opens by link goes below.",
        ),
        note=words("Или ссылка на облачный диск", "Or a link to a cloud drive"),
    ),
    question(
        "G4",
        "many_of",
        words("Какие законы ограничивают вашу рекламу?", "Which laws limit your advertising?"),
        words(
            "Отметьте всё, что вас касается: в таких темах сначала юрист, потом публикация.",
            "Tick all that concern you: on such topics a lawyer comes before the post.",
        ),
        minutes=1,
        choices=[
            choice("medicine", "Медицина и БАДы", "Medicine and supplements"),
            choice("finance", "Финансы, кредиты, инвестиции", "Finance, loans, investment"),
            choice("alcohol", "Алкоголь и табак", "Alcohol and tobacco"),
            choice("adult", "Товары 18+", "Adult goods"),
            choice("children", "Товары для детей", "Goods for children"),
            choice("gambling", "Азартные игры и лотереи", "Gambling and lotteries"),
            choice("realty", "Недвижимость", "Real estate"),
            choice("personal_data", "Персональные данные", "Personal data"),
            choice("none", "Особых ограничений нет", "No special limits"),
        ],
        note=words("Что ещё учесть", "What else to mind"),
    ),
    question(
        "G5",
        "table",
        words(
            "Кто отвечает на негатив, за какое время и что делаем при кризисе?",
            "Who answers negative comments, how fast, and what do we do in a crisis?",
        ),
        words(
            "Кризис — когда недовольных сразу много или пишут журналисты. Кому тогда звоним первым?",
            "A crisis is many complaints at once, or the press writing. Whom do we call first?",
        ),
        most=2,
        columns=[
            column("who", "Кто отвечает и как его найти", "Who answers and how to reach them"),
            column("hours", "За сколько часов", "Within how many hours", "number"),
            column("crisis", "Порядок при кризисе", "What we do in a crisis"),
        ],
    ),
]

CONTENT = [
    question(
        "H1",
        "table",
        words("Какие материалы вы сможете давать?", "What material can you supply?"),
        words(
            "Обещайте меньше, чем хочется: план строим на том, что точно придёт.",
            "Promise less than you would like to: the plan rests on what will surely come.",
        ),
        minutes=3,
        row_labels=[
            words("Фото", "Photos"),
            words("Видео", "Videos"),
            words("Эксперты", "Experts"),
            words("Отзывы клиентов", "Customers’ reviews"),
        ],
        columns=[
            column("how_many", "Сколько", "How many", "number"),
            column("how_often", "Как часто", "How often"),
        ],
        note=words("Кто этим занимается", "Who takes care of it"),
    ),
    question(
        "H2",
        "one_of",
        words("Кто у вас готов сниматься?", "Who of you will appear on camera?"),
        words(
            "Живым лицам верят больше. Если все стесняются, есть руки, голос и закадровый текст.",
            "Living faces are trusted more. If everyone is shy, there are hands, a voice, an off-screen text.",
        ),
        minutes=1,
        choices=[
            choice("founder", "Руководитель", "The head"),
            choice("staff", "Сотрудники", "Staff"),
            choice("customers", "Клиенты", "Customers"),
            choice("everyone", "Все по очереди", "Everyone in turn"),
            choice("nobody", "Никто", "Nobody"),
            choice("ask", "Надо спросить", "We have to ask"),
        ],
        note=words("Кто именно и с каким условием", "Who exactly, and on what condition"),
    ),
    question(
        "H3",
        "many_of",
        words("Какие рубрики и форматы хотите попробовать?", "Which formats would you like to try?"),
        words(
            "Отметьте желанные. Строкой ниже — те, что точно не для вас.",
            "Tick those you want. Below: those you rule out.",
        ),
        choices=[
            choice("expert", "Советы эксперта", "Expert advice"),
            choice("backstage", "Как всё устроено внутри", "Behind the scenes"),
            choice("cases", "Истории клиентов", "Customers’ stories"),
            choice("reviews", "Разборы и обзоры", "Reviews and breakdowns"),
            choice("short_video", "Короткие видео", "Short videos"),
            choice("stories", "Истории на сутки", "Day-long stories"),
            choice("live", "Прямые эфиры", "Live broadcasts"),
            choice("polls", "Опросы и игры", "Polls and games"),
            choice("humour", "Юмор", "Humour"),
        ],
        note=words("Что точно не подходит", "What is ruled out"),
    ),
    question(
        "H4",
        "one_of",
        words(
            "Есть ли права на фото, музыку и шрифты и согласия людей в кадре?",
            "Do you hold rights to photos, music and fonts, and consents of the people shown?",
        ),
        words(
            "Без согласия человек вправе потребовать снять публикацию. Документы приложите ссылкой.",
            "Without a consent a person may have the post taken down. Add a link to the documents.",
        ),
        minutes=1,
        choices=[
            choice("all", "Есть на всё", "For everything"),
            choice("part", "На часть", "For some of it"),
            choice("none", "Нет", "No"),
            choice("check", "Надо проверить", "We have to check"),
        ],
        note=words("Ссылка на документы и пояснения", "Link to the documents, and remarks"),
    ),
    question(
        "H5",
        "table",
        words(
            "Сколько публикаций, историй и видео в месяц вы ждёте на каждой площадке?",
            "How many posts, stories and videos a month do you expect on each platform?",
        ),
        words(
            "Это объём работ, а не цель. Если не знаете, предложим по бюджету.",
            "This is the scope of work, not the goal. If you don't know, we propose what the budget allows.",
        ),
        most=6,
        columns=[
            column("platform", "Площадка", "Platform"),
            column("posts", "Публикаций", "Posts", "number"),
            column("stories", "Историй", "Stories", "number"),
            column("videos", "Видео", "Videos", "number"),
        ],
    ),
]

CHANNELS = [
    question(
        "I2",
        "one_of",
        words("Будет ли платное продвижение?", "Will there be paid promotion?"),
        words(
            "Строкой ниже: кто платит, из какого кабинета и сколько в месяц.",
            "Below: who pays, from which ad account, and how much a month.",
        ),
        minutes=1,
        choices=[
            choice("russia", "Да, в России", "Yes, in Russia"),
            choice("abroad", "Да, только за её пределами", "Yes, only outside Russia"),
            choice("both", "Да, и в России, и за рубежом", "Yes, in Russia and abroad"),
            choice("no", "Нет", "No"),
            choice("undecided", "Пока не решили", "Not decided yet"),
        ],
        note=words("Кто платит, из какого кабинета, сколько", "Who pays, from which account, how much"),
    ),
    question(
        "I3",
        "one_of",
        words(
            "Кто маркирует рекламу (erid, ОРД) и отчитывается в ЕРИР?",
            "Who labels the advertising (erid, ORD) and reports to the ERIR register?",
        ),
        words(
            "В России этого требует закон, и штраф получает каждый участник. Запишем, за кем это.",
            "Russian law demands it, and every party can be fined. We write down whose duty it is.",
        ),
        minutes=1,
        choices=[
            choice("agency", "Агентство", "The agency"),
            choice("client", "Мы сами", "We ourselves"),
            choice("platform", "Рекламная площадка", "The ad platform"),
            choice("other", "Кто-то ещё", "Somebody else"),
        ],
        note=words("Через какого оператора и по какому договору", "Through which operator, under which contract"),
        condition={"question": "I2", "choice": ["russia", "both"]},
    ),
    question(
        "I4",
        "one_of",
        words("Законы какой страны действуют для вашего бренда?", "Which country's law applies to your brand?"),
        words(
            "От этого зависит, где рекламу размещать нельзя. Назовите площадки, закрытые для вас наверняка.",
            "It decides where advertising is not allowed. Name the platforms certainly closed to you.",
        ),
        minutes=1,
        choices=[
            choice("russia", "России", "Russia’s"),
            choice("cis", "Соседней страны", "A neighbouring country’s"),
            choice("eu", "Европейского союза", "The European Union’s"),
            choice("several", "Сразу нескольких стран", "Several countries’"),
            choice("other", "Другой страны", "Another country’s"),
        ],
        note=words("Какой страны и где реклама запрещена", "Which country, and where advertising is banned"),
    ),
    question(
        "I5",
        "long_text",
        words("Работали ли вы с блогерами и партнёрами?", "Have you worked with creators and partners?"),
        words(
            "С кем понравилось, с кем — больше никогда и что тогда пошло не так.",
            "Whom you liked, whom never again, and what went wrong.",
        ),
    ),
]

TOGETHER = [
    question(
        "J3",
        "table",
        words(
            "Что утверждаете вы, а что агентство публикует само?", "What needs your approval, and what may go without?"
        ),
        words(
            "Чем меньше утверждать, тем быстрее выходит. Начать можно строго, а через месяц ослабить.",
            "The less there is to approve, the sooner it goes out. Begin strictly; loosen in a month.",
        ),
        row_labels=[
            words("Месячный план", "The monthly plan"),
            words("Публикации", "Posts"),
            words("Истории", "Stories"),
            words("Ответы на комментарии", "Replies to comments"),
            words("Ответы на отзывы", "Replies to reviews"),
            words("Реклама", "Advertising"),
        ],
        columns=[
            column(
                "mode",
                "Как поступаем",
                "What we do",
                "one_of",
                choices=[
                    choice("approve", "Утверждаем мы", "We approve it"),
                    choice("sensitive", "Утверждаем только спорное", "We approve only delicate cases"),
                    choice("free", "Агентство решает само", "The agency decides"),
                ],
            ),
        ],
    ),
    question(
        "J4",
        "table",
        words(
            "За сколько рабочих часов вы отвечаете на согласование и кто решает без вас?",
            "In how many working hours do you answer, and who decides when you are away?",
        ),
        words(
            "Срок, который вы выдержите в обычную неделю. По нему портал напомнит, кого ждут.",
            "A time you can keep in an ordinary week. By it the portal reminds who is waited for.",
        ),
        minutes=1,
        most=1,
        columns=[
            column("hours", "Рабочих часов", "Working hours", "number"),
            column("who", "Кто решает, если вас нет", "Who decides when you are away"),
        ],
    ),
    question(
        "J5",
        "number",
        words("Сколько кругов правок вы считаете нормой?", "How many rounds of edits are normal?"),
        words("Обычно хватает двух: по смыслу и по мелочам.", "Two are usually enough: on the meaning and on details."),
        minutes=1,
    ),
    question(
        "J6",
        "many_of",
        words("В каком виде нужен отчёт и кто его читает?", "In what form do you need the report, and who reads it?"),
        words(
            "Собственнику — страница с выводами, маркетологу — таблица. Назовите читателей строкой ниже.",
            "A page of conclusions for the owner, a table for the marketer. Name the readers below.",
        ),
        minutes=1,
        choices=[
            choice("portal", "Здесь, на портале", "Here, on the portal"),
            choice("page", "Одна страница с выводами", "One page of conclusions"),
            choice("slides", "Презентация", "Slides"),
            choice("table", "Таблица с цифрами", "A table of figures"),
            choice("call", "Рассказ на встрече", "Told at a meeting"),
        ],
        note=words("Кто его читает", "Who reads it"),
    ),
    question(
        "J7",
        "long_text",
        words("Что раздражало вас в работе с подрядчиками?", "What annoyed you in working with contractors?"),
        words(
            "Пропадали, спорили, присылали в пятницу вечером. Скажите сейчас, чтобы мы так не делали.",
            "They vanished, argued, wrote on Friday night. Tell us now, so that we do not do it.",
        ),
    ),
]

TIMING = [
    question(
        "K2",
        "table",
        words("Когда начинаем и какие даты сдвинуть нельзя?", "When do we start, and which dates cannot move?"),
        words(
            "Выставка, открытие, распродажа. Старт тоже впишите сюда.",
            "A fair, an opening, a sale. Put the start here as well.",
        ),
        most=6,
        columns=[column("day", "Дата", "Date", "date"), column("what", "Что в этот день", "What happens")],
    ),
    question(
        "K3",
        "date",
        words(
            "Когда решаем: продолжать, менять или прекращать?",
            "When do we decide whether to go on, change or stop?",
        ),
        words(
            "Обычно через три месяца: раньше соцсети редко успевают что-то показать.",
            "Usually after three months: social media seldom shows anything sooner.",
        ),
        minutes=1,
    ),
    question(
        "K4",
        "long_text",
        words("О чём важном мы не спросили?", "What that matters did we not ask?"),
        words(
            "Всё, о чём подумали, пока отвечали, и не нашли, куда вписать.",
            "Whatever came to mind while you answered and had no place of its own.",
        ),
        minutes=1,
    ),
]

FURTHER = {
    "tier": "full",
    "sections": [
        {"key": "A", "title": words("Компания и контакты", "Company and contacts"), "questions": COMPANY},
        {"key": "B", "title": words("Продукт и экономика", "Product and economics"), "questions": PRODUCT},
        {"key": "C", "title": words("Аудитория", "Audience"), "questions": AUDIENCE},
        {"key": "D", "title": words("Цели и успех", "Goals and success"), "questions": GOALS},
        {
            "key": "E",
            "title": words("Текущее состояние и опыт", "Where things stand and what was tried"),
            "questions": HISTORY,
        },
        {"key": "F", "title": words("Конкуренты и ориентиры", "Competitors and references"), "questions": REFERENCES},
        {"key": "G", "title": words("Бренд, тон, запреты", "Brand, tone, limits"), "questions": BRAND},
        {"key": "H", "title": words("Контент и материалы", "Content and materials"), "questions": CONTENT},
        {"key": "I", "title": words("Площадки, реклама, право", "Platforms, advertising, law"), "questions": CHANNELS},
        {"key": "J", "title": words("Как работаем вместе", "Working together"), "questions": TOGETHER},
        {"key": "K", "title": words("Бюджет и сроки", "Budget and timing"), "questions": TIMING},
    ],
}
