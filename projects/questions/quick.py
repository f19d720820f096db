"""The quick tier: what is enough to open a project, draft its goal and keep where it starts. Pure data."""

from projects.questions.parts import choice, words

QUICK = {
    "tier": "quick",
    "sections": [
        {
            "key": "A",
            "title": words("Компания и контакты", "Company and contacts"),
            "questions": [
                {
                    "key": "A1",
                    "type": "long_text",
                    "label": words(
                        "Как называется компания или бренд и чем вы занимаетесь — в двух-трёх предложениях?",
                        "What is the company or brand, and what does it do, in two or three sentences?",
                    ),
                    "help": words(
                        "Так, как рассказали бы соседу: что продаёте, кому и чем отличаетесь.",
                        "As you would tell a neighbour: what you sell, to whom, and what sets you apart.",
                    ),
                    "minutes": 3,
                    "required": True,
                },
                {
                    "key": "A4",
                    "type": "person",
                    "label": words(
                        "Кто принимает окончательное решение по проекту?",
                        "Who makes the final decision on this project?",
                    ),
                    "help": words(
                        "Один человек. К нему придут с тем, что нельзя решить в рабочем порядке.",
                        "One person: the one we come to when something can't be settled along the way.",
                    ),
                    "minutes": 1,
                    "required": True,
                },
            ],
        },
        {
            "key": "B",
            "title": words("Продукт и экономика", "Product and economics"),
            "questions": [
                {
                    "key": "B1",
                    "type": "long_text",
                    "label": words(
                        "Какие товары или услуги продвигаем в первую очередь и почему именно их?",
                        "Which products or services come first, and why these?",
                    ),
                    "help": words(
                        "Двух-трёх достаточно. «Почему» бывает разным: больше прибыль, есть запас, начинается сезон.",
                        "Two or three are enough. Reasons differ: better margin, stock to sell, a season ahead.",
                    ),
                    "minutes": 3,
                    "required": True,
                },
            ],
        },
        {
            "key": "C",
            "title": words("Аудитория", "Audience"),
            "questions": [
                {
                    "key": "C1",
                    "type": "table",
                    "label": words(
                        "Кто у вас покупает? Опишите от одной до трёх групп",
                        "Who buys from you? Describe one to three groups",
                    ),
                    "help": words(
                        "Не возраст и пол, а жизнь: «молодая мама, варит кофе дома, боится прогадать с помолом».",
                        "Not age and gender but life: “a young mother who brews at home and fears the wrong grind”.",
                    ),
                    "minutes": 5,
                    "required": True,
                    "most": 3,
                    "columns": [
                        {
                            "key": "who",
                            "type": "text",
                            "label": words("Кто это и в какой ситуации", "Who they are and their situation"),
                        },
                        {
                            "key": "job",
                            "type": "text",
                            "label": words("Какую задачу решают с вашей помощью", "What they get done with your help"),
                        },
                        {
                            "key": "limits",
                            "type": "text",
                            "label": words("Что им мешает купить", "What keeps them from buying"),
                        },
                    ],
                },
            ],
        },
        {
            "key": "D",
            "title": words("Цели и успех", "Goals and success"),
            "questions": [
                {
                    "key": "D1",
                    "type": "one_of",
                    "label": words(
                        "Какую бизнес-задачу должны решить соцсети? Одна, главная",
                        "Which business problem must social media solve? The one that matters most",
                    ),
                    "help": words(
                        "Остальные не пропадут: их запишем следом. Сейчас выбираем, по чему судить о работе.",
                        "The others will not be lost, they come next. Now we choose what the work is judged by.",
                    ),
                    "minutes": 2,
                    "required": True,
                    "choices": [
                        choice("leads", "Больше заявок и обращений", "More leads and enquiries"),
                        choice(
                            "sales", "Больше продаж через сайт или магазин", "More sales on the site or in the shop"
                        ),
                        choice("awareness", "Чтобы о нас узнали нужные люди", "To be known to the right people"),
                        choice("loyalty", "Чтобы клиенты возвращались", "To have customers come back"),
                        choice("reputation", "Отзывы и репутация", "Reviews and reputation"),
                        choice("hiring", "Поиск сотрудников", "Hiring"),
                        choice("other", "Другое", "Something else"),
                    ],
                    "note": words("Своими словами", "In your own words"),
                },
                {
                    "key": "D2",
                    "type": "table",
                    "label": words(
                        "Какой результат и к какой дате вы назовёте успехом?",
                        "What result, by what date, will you call a success?",
                    ),
                    "help": words(
                        "Назовите число, даже примерное: «12 000 подписчиков к 1 марта». Уточним вместе.",
                        "Give a number, even a rough one: “12,000 followers by 1 March”. We will refine it together.",
                    ),
                    "minutes": 2,
                    "required": True,
                    "most": 1,
                    "columns": [
                        {"key": "what", "type": "text", "label": words("Что считаем", "What we count")},
                        {
                            "key": "value",
                            "type": "number",
                            "label": words("Сколько должно стать", "How many there should be"),
                        },
                        {"key": "by", "type": "date", "label": words("К какой дате", "By what date")},
                    ],
                },
                {
                    "key": "D3",
                    "type": "table",
                    "label": words(
                        "Каково это число сейчас и откуда вы его берёте?",
                        "What is that number now, and where do you take it from?",
                    ),
                    "help": words(
                        "От него будем считать рост. Подойдёт и ссылка на отчёт, и «спрашиваем на кассе».",
                        "Growth is counted from it. A link to a report will do, and so will “we ask at the till”.",
                    ),
                    "minutes": 2,
                    "required": True,
                    "most": 1,
                    "columns": [
                        {"key": "value", "type": "number", "label": words("Сколько сейчас", "How many now")},
                        {"key": "source", "type": "text", "label": words("Откуда это известно", "How you know")},
                    ],
                },
            ],
        },
        {
            "key": "E",
            "title": words("Текущее состояние", "Where things stand"),
            "questions": [
                {
                    "key": "E4",
                    "type": "table",
                    "label": words(
                        "Какие доступы и счётчики у вас есть и кто их выдаёт?",
                        "Which accesses and trackers do you have, and who grants them?",
                    ),
                    "help": words(
                        "Рекламные кабинеты, Метрика, CRM, UTM-метки. Пароли сюда не пишите: доступ дают иначе.",
                        "Ad accounts, Metrica, CRM, UTM tags. Don't write passwords here: access is given another way.",
                    ),
                    "minutes": 4,
                    "required": True,
                    "most": 5,
                    "columns": [
                        {"key": "what", "type": "text", "label": words("Доступ или счётчик", "Access or tracker")},
                        {"key": "who", "type": "text", "label": words("Кто его выдаёт", "Who grants it")},
                    ],
                },
            ],
        },
        {
            "key": "F",
            "title": words("Конкуренты и ориентиры", "Competitors and references"),
            "questions": [
                {
                    "key": "F1",
                    "type": "table",
                    "label": words(
                        "Назовите три–пять конкурентов: что у них лучше и что хуже, чем у вас?",
                        "Name three to five competitors: what do they do better and worse than you?",
                    ),
                    "help": words(
                        "Конкурент — тот, к кому клиент уйдёт вместо вас, даже если продаёт он другое.",
                        "A competitor is whoever the customer goes to instead of you, even with other goods.",
                    ),
                    "minutes": 4,
                    "required": True,
                    "most": 5,
                    "columns": [
                        {"key": "link", "type": "text", "label": words("Название или ссылка", "Name or link")},
                        {"key": "better", "type": "text", "label": words("Что у них лучше", "What they do better")},
                        {"key": "worse", "type": "text", "label": words("Что у них хуже", "What they do worse")},
                    ],
                },
            ],
        },
        {
            "key": "G",
            "title": words("Бренд, тон, запреты", "Brand, tone, limits"),
            "questions": [
                {
                    "key": "G3",
                    "type": "long_text",
                    "label": words(
                        "О чём нам нельзя говорить и что нельзя показывать?", "What must we never mention or show?"
                    ),
                    "help": words(
                        "Темы, слова, конкуренты, картинки. Если запретов нет, так и напишите.",
                        "Topics, words, competitors, imagery. If there is nothing, say so.",
                    ),
                    "minutes": 2,
                    "required": True,
                },
            ],
        },
        {
            "key": "I",
            "title": words("Площадки", "Platforms"),
            "questions": [
                {
                    "key": "I1",
                    "type": "table",
                    "label": words(
                        "Какие площадки главные, где достаточно присутствовать, а какие исключаем?",
                        "Which platforms come first, where is presence enough, and which are excluded?",
                    ),
                    "help": words(
                        "Начните с тех, что ведёте сейчас. Хватит и одной главной.",
                        "Begin with those you run today. One that comes first is enough.",
                    ),
                    "minutes": 3,
                    "required": True,
                    "most": 6,
                    "columns": [
                        {"key": "platform", "type": "text", "label": words("Площадка", "Platform")},
                        {
                            "key": "place",
                            "type": "one_of",
                            "label": words("Её место", "Its place"),
                            "choices": [
                                choice("first", "Главная", "Comes first"),
                                choice("presence", "Только присутствие", "Presence only"),
                                choice("excluded", "Исключаем", "Excluded"),
                            ],
                        },
                    ],
                },
            ],
        },
        {
            "key": "J",
            "title": words("Как работаем вместе", "Working together"),
            "questions": [
                {
                    "key": "J1",
                    "type": "many_of",
                    "label": words(
                        "Где вам удобно общаться и в какие часы?", "Where and at what hours do you like to talk?"
                    ),
                    "help": words(
                        "Отметьте всё, что подходит. Строкой ниже — часы и канал только для срочного.",
                        "Tick all that suit you. Below: the hours, and the channel for urgent things only.",
                    ),
                    "minutes": 1,
                    "required": True,
                    "choices": [
                        choice("telegram", "Telegram", "Telegram"),
                        choice("whatsapp", "WhatsApp", "WhatsApp"),
                        choice("mail", "Почта", "E-mail"),
                        choice("phone", "Телефон", "Phone"),
                        choice("video", "Видеозвонок", "Video call"),
                        choice("portal", "Здесь, на портале", "Here, on the portal"),
                    ],
                    "note": words("Часы и канал для срочного", "Hours, and the channel for urgent things"),
                },
                {
                    "key": "J2",
                    "type": "one_of",
                    "label": words(
                        "Как часто встречаемся и кто обязательно участвует?",
                        "How often do we meet, and who must be there?",
                    ),
                    "help": words(
                        "Первый месяц обычно раз в неделю; потом можно реже.",
                        "Usually once a week in the first month; later less often will do.",
                    ),
                    "minutes": 1,
                    "required": True,
                    "choices": [
                        choice("weekly", "Раз в неделю", "Once a week"),
                        choice("biweekly", "Раз в две недели", "Every two weeks"),
                        choice("monthly", "Раз в месяц", "Once a month"),
                        choice("as_needed", "По необходимости", "When needed"),
                    ],
                    "note": words("Кто обязательно участвует", "Who must be there"),
                },
            ],
        },
        {
            "key": "K",
            "title": words("Бюджет", "Budget"),
            "questions": [
                {
                    "key": "K1",
                    "type": "table",
                    "label": words("Какой бюджет в месяц вы закладываете?", "What monthly budget do you plan?"),
                    "help": words(
                        "Диапазона достаточно: он нужен, чтобы предлагать исполнимое.",
                        "A range is enough: it lets us propose what can really be done.",
                    ),
                    "minutes": 2,
                    "required": True,
                    "row_labels": [
                        words("Работа агентства", "The agency’s work"),
                        words("Контент: съёмка, дизайн", "Content: photo, video, design"),
                        words("Реклама", "Advertising"),
                    ],
                    "columns": [
                        {"key": "from", "type": "number", "label": words("От", "From")},
                        {"key": "to", "type": "number", "label": words("До", "To")},
                    ],
                    "note": words("Валюта и от чего бюджет зависит", "Currency, and what the budget depends on"),
                },
            ],
        },
    ],
}
