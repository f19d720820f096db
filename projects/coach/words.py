"""The words of goals: metrics, platforms, directions. Dictionary forms, with е for ё; Russian and English side by side.

A phrase is written as its words one after another, `|` between words that may stand in one place, `*` after a stem.
Small words and adjectives may stand between («стоимость одной новой заявки»).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from projects.coach.tokens import Token


def words_of(written: str) -> frozenset[str]:
    return frozenset(written.split())


LEAD = "лид|лида|заявка|обращение|lead|leads|enquiry|enquiries|inquiry|inquiries|acquisition|регистрация|запись|signup"
FOLLOWER = "подписчик|фолловер|подписка|follower|subscriber|фоловер|подпищик|подписота|sub"
CLICK = "клик|переход|click"
COST = "стоимость|цена|cost|price|costs"
VIDEO_WORDS = words_of(
    "видео видос ролик рилс рилз рилсы reels reel shorts шортс шортсы шорт клип клипы video videos clip clips"
    " plays видосик видеоролик"
)

#: In the order of preference where two phrases begin at one word and are equally long.
METRIC_PHRASES: dict[str, str] = {
    "cost_per_click": f"cpc; цпк; {COST} per|за|of|a {CLICK}; {COST} {CLICK}; click {COST}; price per click;"
    " платить за клик|переход; за клик платить; клик обходиться|стоить; pay|paying per|for click|clicks",
    "cost_per_lead": f"cpl; cpa; цпл; {COST} per|за|of|a {LEAD}; {COST} {LEAD}; lead {COST}; {COST}"
    f" привлечение лид|заявка; платить за лид|заявка; лид|заявка обходиться|стоить; pay|paying per|for lead|leads",
    "cost_per_follower": f"cpf; {COST} per|за|of|a {FOLLOWER}; {COST} {FOLLOWER}; {COST} привлечение {FOLLOWER};"
    f" {FOLLOWER} {COST}",
    "unfollows": "отписка; отписавшийся; отписываться; отписаться; отток подписчик|аудитория|фолловер; отвал"
    " подписчик;"
    " unfollow; unfollows; unfollowers; unsubscribe; unsubscribes; unsubscription; unsubscriptions; follower churn;"
    " subscriber churn; churn of followers|subscribers; churn подписчик|фолловер|аудитория;"
    " терять подписчик; потерять подписчик; lose"
    " followers|subscribers;"
    " losing followers|subscribers; потеря подписчик; lost followers|subscribers; отвалиться подписчик",
    "engagement_rate": "engagement rate; engagement; er; ер; err; уровень вовлеченность; коэффициент вовлеченность;"
    " вовлеченность; вовлечение; вовлеченка; эр",
    "ctr": "ctr; цтр; ктр; сtr; кликабельность; click through rate; clickthrough rate; click through; clickthrough;"
    " клик рейт; процент кликов",
    "bounce_rate": "bounce rate; bounce; bounces; показатель отказ|отказать; процент отказ; доля отказ|отказать;"
    " уровень отказ; отказ;"
    " количество отказ; bouncing",
    "conversion_rate": "конверсия из посетитель|подписчик|лид|заявка|клик|переход|трафик|просмотр в"
    " заявка|лид|продажа|покупка|подписчик|заказ|клиент; конверсия в"
    " заявка|лид|продажа|покупка|подписчик|заказ|клиент|обращение|запись;"
    " conversion rate|"
    "conversion from visitor|visits|lead|leads|click|traffic to|into lead|leads|sale|sales|order|customer|purchase;"
    " conversion to|into lead|leads|sale|sales|order|customer|purchase; conversion rate; conversion;"
    " visitor|visitors|follower|followers into|to lead|leads|customer|customers|buyer|buyers|sale|sales;"
    " посетитель|подписчик|читатель|зритель в покупатель|клиент|лид|заявка;"
    " конверсия; конверт; cr; коэффициент конверсия; конва; converting",
    "romi": "romi; roi; roas; ромай; роми; рои; окупаемость; return on investment|investments|ad|marketing spend|;"
    " return on ad spend; возврат инвестиции; рентабельность",
    "response_time": "на ответ; response time; reply time; response speed; время ответ; скорость ответ; время реакция;"
    " скорость реакция; время ответа; отвечать; ответить; ответ клиент|подписчик|на; reply; respond; answering;"
    " answer"
    " comment|message|everyone|everything|question|customer|client|people|dm|inquiry|request|comments|messages"
    "|dms|questions|customers|direct|enquiries|within|in; first response; time to"
    " respond|reply; for answer|reply; ждать ответ;"
    " реагировать; response; replies; turnaround; первый ответ",
    "followers": f"{FOLLOWER}; followers; subscribers; subs; подписчица; подписная база; сабы; саб;"
    f" подписаться; fans;"
    " подписывать*; following; followership; fanbase; members; member; участник сообщество|группа|чат|паблик|канал;"
    " участник; аудитория; audience size; audience; page likes; читатель; follower count; subscriber base;"
    " человек|чел|люди|народ в группа|канал|паблик|сообщество|чат|телеграм|телега|инстаграм; народ в"
    " группа|канал|паблик; people|members in|on group|channel|community|chat|page;"
    " база; подпис; фолловеры; подписон; grow|growing channel|community|group;"
    " растить|вырастить|нарастить канал|группа|паблик|сообщество",
    "reach": "охват; reach; охватить; охватывать; unique viewers",
    "impressions": "impressions; impression; показ",
    "video_views": "просмотр видео|ролик|рилс|рилз|reels|shorts|шортс|клип|видос;"
    " video|reel|reels|shorts|clip view|views|"
    "plays; reel|reels plays; plays; досмотр; views of|on|per video|reel|reels; видеопросмотр; watch videos",
    "views": "просмотр; view count; смотреть сторис|видео|ролик|рилс; сторис|видео|ролик|рилс смотреть; views; view;"
    " viewings; page views; pageviews",
    "likes": "лайк; likes; лайкос; лайкосик; реакция; сердечко; hearts; reactions; лайкать; like count",
    "comments": "комментарий; коммент; комментить; комментировать; comment; comments; comment count;"
    " комменты; комменты; обсуждение",
    "shares": "репост; перепост; shares; reposts; retweets; retweet; repost;"
    " be|get shared; поделиться; ретвит; шер; шеры;"
    " пересылка;"
    " репостить; расшаривание; делиться; share count; share button; hit share",
    "saves": "сохранение; saves; сейв; сейвы; сохраненка; сохраняшка; bookmarks; saved posts; закладка; сохранёнка;"
    " save count; pins|posts|reels|carousels saved;"
    " пин|пост|ролик|рилс|карусель сохранять; сохранять пин|пост|ролик|рилс|карусель",
    "mentions": "упоминание; mentions; mention; отметка; отмечать; упоминать; упоминаемость; tags",
    "clicks": "клик; переход; clicks; click; link clicks; кликнуть; переходить; тап; taps; tap; swipe ups",
    "visits": "посещаемость; посещение; визит; трафик; траффик; traffic; visits; visit; visitors; visitor;"
    " посетитель;"
    " sessions; сессия; заход; пользователь сайт; users on website|site; уникальный пользователь;"
    " зайти|заходить|приходить|прийти на сайт; посещать; people|users on|to|visiting website|site|landing;"
    " люди|человек|народ|пользователь на сайт|лендинг; footfall; приход на сайт",
    "revenue": "выручка; оборот; доход; revenue; turnover; income; revenues; earnings; объём продажа в"
    " рубль; товарооборот",
    "leads": "лид; лиды; заявка; обращение; leads; lead; enquiries; enquiry; inquiries; inquiry; sign ups; sign up;"
    " signups; signup; bookings; booking; регистрация; registrations; запись на|к|через|в; запись; лидген; leadgen;"
    " звонок; quote requests; demo requests; request; requests; заявочка; записываться; бронирование; бронь;"
    " сообщение в директ|личка; запрос; анкета; application; applications; appointments; appointment;"
    " записаться; заявить*",
    "sales": "продажа; sales; sale; заказ; orders; order; покупка; purchases; purchase; продажи; продать;"
    " продавать; sell;"
    " selling; сделка; deals; проданный; sold; купить; покупать; checkouts",
}
#: Said with a number before them, or after a verb of publishing, these are posts; else they are where things happen.
POST_WORDS = words_of(
    "пост публикация сторис сториз сторисы стори история рилс рилз рилсы reels reel posts post stories story"
    " публикаций видео ролик статья article articles videos video shorts шортс клип постик карусель carousels"
    " carousel tweets твит tweet эфир pins пин clips publications материал видос"
)
STRICT_POST_VERBS = words_of("постить публиковать выкладывать post publish posting publishing постинг опубликовать")
OFTENER = words_of("oftener чаще почаще реже пореже")
POST_COUNTS = ("частота", "количество", "число", "frequency", "number", "объем", "публиковать")
#: Named metrics that are none of ours: the words are taken so that nothing else is read into them.
FOREIGN_PHRASES = (
    "recall; share of visitors|followers|subscribers|people; доля посетитель|подписчик;"
    " текучка; текучесть; средний чек; average order value; average order; average check; aov; avg check;"
    " average bill; прибыль;"
    " profit; margin;"
    " маржа; маржинальность; market share; share of voice; доля рынок; доля голос; nps; ltv; cac; дрр; share"
    " of market;"
    " customer satisfaction; удовлетворенность; лояльность; loyalty; узнаваемость; awareness; open rate;"
    " открываемость;"
    " возврат товар; рейтинг; rating; stars; отзыв; reviews; review; retention; удержание аудитория|клиент|подписчик;"
    " retention rate; время просмотр; watch time; время на сайт; time on site|page|website; глубина просмотр;"
    " час просмотр; hours watched; watch|viewing hours; hours of viewing|watch; repeat purchases|orders;"
    " повторный продажа|покупка|заказ"
)
#: Words in which a metric only seems to stand.
IDLE_PHRASES = (
    "save money|time; would like; like to; looks like; feel like; in order; order to; in response; lead"
    " time; lead to;"
    " leads to; target audience; целевой аудитория; наш аудитория; аудитория"
    " женщина|мужчина|мама|молодежь|лет; a view to;"
    " in view; point of view; отказ от; база данных|отдых; post office; цена товар; mailing list; в ответ"
    " на; больше ничего|никого|никак|нигде|никогда; текст пост; up to you|us|date|them; set up; open up; follow"
    " up; end up; under review; up and; more or less; больше всего;"
    " скорее всего; лучше всего; как можно быстрый|быстрее|скоро; more about; more than welcome; audience is; all the"
    " best; at best; best regards; once more|again; no longer; what is more; ещё раз; чем больше; do better; by hand"
)
#: «Reach 10k followers», «hit», «get to»: the word before a number is a verb.
REACH_VERB_NEXT = words_of("a an the out our to at least")

PLATFORM_PHRASES: dict[str, str] = {
    "instagram": "инстаграм; инстаграмм; instagram; insta; инста; инст; инсту; инсте; инсты; инстой; инстик;"
    " ig; инстаграмчик;"
    " нельзяграм; инстаграма; инстаграме; instagram.com; igs",
    "facebook": "фейсбук; фэйсбук; facebook; fb; фб; facebook.com; мордокнига; фейс",
    "vk": "вк; vk; вконтакте; в контакт; vkontakte; вконтакт; vk.com; vk.ru; вкашечка; вкшка; вэка; vkontakt",
    "telegram": "телеграм; телеграмм; телега; телеге; телегу; тг; tg; telegram; телеграмчик; тележка;"
    " телеграма; телеграмма; t.me; телеграф"
    " канал; телегой; телеги; тгк; тгшка; тгк",
    "youtube": "ютуб; ютюб; ютьюб; youtube; yt; ютуба; ютубе; ютубчик; youtube.com; you tube; ютубу; ютубом; ютубканал",
    "tiktok": "тикток; тик ток; tiktok; tik tok; тт; tt; тиктока; тиктоке; tiktok.com; тик токе; тик тока; тиктоку",
    "ok": "одноклассник; одноклассники; ok.ru; в ок; в ok; для ок; odnoklassniki; на ok; группа ок;"
    " подписчик|участник|охват|пост|публикация ок|ok; ok"
    " group|page|account; ок"
    " группа; on ok; в одноклах",
    "dzen": "дзен; дзэн; dzen; zen; яндекс дзен; yandex zen; dzen.ru; дзена; дзене",
    "linkedin": "линкедин; линкедине; linkedin; линкдин; linked in; linkedin.com; линкедина; линкдине; ликедин",
    "x": "твиттер; twitter; on x; в x; x"
    " followers|reach|account|page|impressions|ads|ad|posts|profile|audience; твитере; твитер; x.com; x"
    " twitter; твиттере",
    "pinterest": "пинтерест; pinterest; пинтересте; пинтереста; пин терест",
    "threads": "тредс; threads; тредсах; тредсы; тредсов; тред; трэдс; тредсе",
    "max": "в max; в макс; on max; in max; мессенджер max|макс; max messenger|channel; канал max|макс; max"
    " мессенджер|канал;"
    " max.ru; для max",
    "website": "сайт; website; site; лендинг; landing; лэндинг; интернет магазин; online store; web site;"
    " веб сайт; вебсайт;"
    " online shop; веб; landing page; посадочный страница; web; лендос; сайтик; webshop; ecommerce store; onlineshop",
}

UP = words_of(
    "увеличить увеличивать увеличение увеличиться увеличиваться повысить повышать повышение поднять поднимать"
    " подъем подрасти вырасти вырастать расти рост прирост прирасти нарастить наращивать наращивание вырастить"
    " прибавить добавить прибавиться прибавляться больше выше чаще расширить расширение усилить усиление разогнать"
    " раскачать раскрутить раскрутка подтянуть растить приток разрастись бустануть бустить обойти"
    " обогнать удвоить утроить увеличеть подкачать возрасти возрастать подымать продвинуть нарост дорасти"
    " подняться подниматься повыситься повышаться приумножить умножить grow growing growth increase increasing"
    " raise raising boost boosting lift gain gaining add adding double triple treble quadruple more higher up rise"
    " surge scale climb push additional extra bigger greater grown exceed surpass maximise maximize"
    " overtake beat outperform outrank прирастить прирастать прибавка прибавлять подрастить подращивать вверх"
    " вверху побольше повыше"
    " почаще прокачать выращивать разогнать взлететь бустинг двинуть приумножать upwards upping ups"
    " climb climbing soar jump expand skyrocket amplify uptick bumping bump crank heighten"
    " uplift multiply grew upward expand raised doubling tripling"
)
#: Verbs of arriving somewhere: which way, the metric says.
REACHING = words_of(
    "вывести выводить набрать набирать привлечь привлекать привлечение привести приводить получить"
    " получать достичь достигнуть"
    " довести доводить дойти добиться выйти собрать собирать прокачать заработать сгенерировать генерировать"
    " перелить перегнать нагнать достижение накопить сделать стать нагонять get getting attract attracting reach"
    " reaching hit hitting win bring drive generate generating achieve earn acquire collect move build become have"
    " make"
)
HABITS = words_of("have make получать приводить привлекать собирать набирать делать")
DOWN = words_of(
    "остановить прекратить перестать stop stopping снизить снижать снижение снизиться снижаться уменьшить"
    " уменьшать уменьшение уменьшиться сократить сокращать"
    " сокращение сократиться понизить понижать понижение опустить опускать урезать срезать падение упасть падать"
    " меньше ниже дешевый реже сбить скинуть порезать удешевить удешевление убавить просесть просадка опуститься"
    " опускаться уполовинить минимизировать понизиться просадить снижено сбавить reduce reducing reduction"
    " decrease decreasing cut cutting lower lowering drop dropping fall falling shrink slash halve fewer less"
    " cheaper down minimise minimize trim decline dip shorten shave reduced shrinking вниз поменьше пониже пореже"
    " подешевле уронить ужать подрезать снизиться downwards slashing halving knock bring_down curb"
)
HOLD = words_of(
    "держать удержать удерживать сохранить сохранять поддерживать поддержание удержание держаться удержаться"
    " зафиксировать стабильно стабильный оставаться остаться keep keeping maintain maintaining hold holding stay"
    " staying remain sustain retain preserve steady stable kept held maintained retained"
)
BETTER = words_of(
    "улучшить улучшать улучшение улучшиться улучшаться improve improving improvement лучше better оптимизировать"
    " оптимизация optimise optimize enhance вернуть восстановить возвращать restore recover regain"
    " лучший получше"
)
FASTER = words_of("побыстрее быстрее быстрый ускорить ускорение faster quicker speed quick")
#: Metrics of which less is better.
LESS_IS_BETTER = words_of("unfollows bounce_rate cost_per_click cost_per_lead cost_per_follower response_time")
RATES = words_of("engagement_rate ctr bounce_rate conversion_rate romi")
COSTS = {"leads": "cost_per_lead", "followers": "cost_per_follower", "clicks": "cost_per_click"}
IN_MONEY = words_of("revenue sales cost_per_click cost_per_lead cost_per_follower foreign")
DEAR = words_of(
    "подорожать дорожать подешеветь дешевый дорогой стоить стоимость обходиться"
    " cheap cheaper expensive cost costs costing цена"
)
#: Verbs after which «500 подписчиков» are added to those there are; other verbs reach a level.
ADDING = words_of(
    "привлечь привлекать привлечение прибавить добавить плюс добавлять прирост приток привести перелить перегнать"
    " подписаться gain gaining add adding attract win bring move acquire recruit"
)
ADDED = words_of("еще дополнительный дополнительно plus плюс another extra additional более_чем больше_на")
#: What has already happened is no wish, unless one is said in the same breath.
FELL = words_of(
    "упал упала упало упали просел просела просело просели снизился снизилась снизилось снизились рухнул рухнули"
    " сократился сократились сократилось fell dropped declined fallen sank plummeted"
)
WISHING = words_of("чтобы чтоб хотеть хотеться надо нужно want need should")
#: After the number: «300 р. максимум».
AFTER_GUARDS: dict[str, Literal["hard", "soft"]] = {
    "максимум": "hard", "max": "hard", "maximum": "hard", "tops": "hard", "макс": "hard",
    "минимум": "soft", "minimum": "soft", "min": "soft", "мин": "soft",
}  # fmt: skip
LOSING = words_of("терять потерять растерять растеривать lose losing lost loss losses потеря")
#: «Инстаграм не трогаем»: what is not done with a platform that is left alone.
LET_BE = {"трогаем", "трогать", "трогай", "трогайте", "ведем", "вести", "берем", "брать", "нужен", "нужна", "надо"}
LEAVING = words_of("уходить уйти отваливаться отвалиться leave leaving leaves разбегаться сбегать")
NOUNS_OF_CHANGE = words_of("growth increase reduction decrease drop uplift improvement рост прирост")
PLUSSING = words_of("добавить прибавить add adding")
SELLING = words_of("продать продавать sell selling sold")
PERSONS = words_of("человек люди people persons чел person users пользователь")
OTHERS = words_of("конкурент competitor competitors competitor's rival rivals")
COMMUNITIES = words_of("группа паблик канал сообщество чат group channel community")
EACH = words_of("каждый every each")
OF_PERSONS = words_of("followers reach visits unfollows impressions views video_views leads clicks sales foreign")
NEW = frozenset(["новый", "new"])
MORE = words_of(
    "more off up down больше fewer less меньше higher lower выше ниже cheaper дешевле дешевый faster быстрее вверх вниз"
    " additional extra дополнительный growth increase"
    " reduction рост прирост uplift снижение увеличение decrease drop rise сверх дополнительно"
)
#: «Growth of 25 %»: the number is a change.
CHANGE_NOUNS = words_of(
    "growth increase rise gain reduction drop decrease uplift рост прирост снижение увеличение сокращение падение"
    " improvement повышение уменьшение up down вырасти расти"
)

#: «Не ниже», «at least»: what follows is a level to keep, whatever else is said of it …
HARD_GUARDS = (
    "не вылезает за|не вылезала за|не выходит за|не выходила за|не выходить за|не переваливает за|не переваливала за|"
    "not below|not above|not under|not over|never below|never above|never fewer than|never less than|never more than"
    "|never under|never over|capped at|"
    "shouldn't exceed|mustn't exceed|must never exceed|never exceed|don't exceed|не хуже чем|не ниже отметки|no lower|"
    "не реже , чем|не менее , чем|не меньше , чем|не больше , чем|не более , чем|не ниже , чем|не выше , чем|"
    "не ниже|не менее|не меньше|не выше|не больше|не более|не дороже|не дешевле|не реже|не чаще|не дольше|не"
    " хуже|at least|at"
    " most|no more than|no less than|no fewer than|not more than|not less than|no higher than|no lower"
    " than|no longer than|not"
    " exceed|not exceeding|no worse than|не превышать|не превышала|не превышало|не превышал|не превышает|не свыше|не"
    " упасть|≥|≤|> =|< =|максимум|maximum|a maximum of|a minimum of|at a minimum|не ниже чем|не больше"
    " чем|не менее чем|не более"
    " чем|не меньше чем|no more|no later than in|не позже чем за|in no more than"
)
#: … or a level to arrive at when there is a day for it («under 30 % by April»).
SOFT_GUARDS = (
    "past|longer than|дольше|дольше чем|under|below|above|over|less than|more than|fewer than|меньше"
    " чем|выше|ниже|свыше|меньше|больше|более|менее|больше чем|более"
    " чем|менее чем|макс|мин|минимум|minimum|min|max|как минимум|>|<|up to|lower than|higher than|дешевле|выше"
    " чем|ниже чем|or less"
)
TIME_GUARDS = "within|in|inside|быстрее|быстрее чем за|в пределах|in under|in less than|в течение|за|менее чем за"
#: Said for modesty, they change nothing.
MODEST = words_of(
    "хотя бы примерно около где-то the a about roughly around approximately почти целых всего ~ ≈ хоть штук"
    " порядка somewhere like just only даже уже is are = : уровень уровня level будет было"
    " стало стал стала ровно"
)
NEGATIONS = words_of("nobody никто не not never без without don't doesn't shouldn't won't no mustn't")
BUDGET = words_of("бюджет budget бюджете вложение spend spending тратить потратить чек инвестировать вложить")
NOT_AMOUNTS = words_of("топ top no number nr номер № #")
#: Counted words that are no metric but may be one's people or a filler of the number.
PEOPLE = words_of(
    "человек люди people persons чел person users пользователь штука шт единица unit units item items"
    " piece pieces mark раз times человека аккаунт accounts"
)
WISHES = words_of(
    "хотеть хотеться нужно надо хочется want need wish нужный желать цель goal aim target would мечтать план task brief"
    " требоваться должный должен планировать рассчитывать надеяться просить ждать ожидать задача пусть желательно"
    " бы желание необходимо стремиться нацелиться метить кпи ставить"
    " чтобы чтоб should must shall let's please kpi objective hope plan expect aiming will wants wanted ought"
    " let lets pls gonna wanna gotta i'd we'd dream ambition mission"
)
#: Verbs in the form of an order, or of what is to come.
ORDERS = words_of(
    "get bring make take push raise lift grow increase boost cut reduce lower keep hold maintain reach hit have give"
    " gimme move gain add win attract generate deliver achieve restore drop decrease improve double triple turn bump"
    " crank earn collect acquire become be build drive down halve trim slash shrink land score"
)
#: How things are: said by these words before a number …
COPULAS = words_of("is are be it's that's only barely hardly merely лишь всего-то только")
STATES = COPULAS | words_of(
    "постим публикуем выкладываем ведем пишем имеем "
    "reaches hits draws pulls sees generates counts has gets brings makes gives sits stands hovers averages"
    " costs earns sells receives attracts posts есть"
    " we've we're i've they're you've имеется зависнуть receiving getting averaging sitting hovering"
)
#: … and by these after «we», «they», «our posts».
HABITUAL = words_of(
    "have get bring make give receive earn sell cost attract post publish average do see lose gain wait spend reply"
    " answer pay run sit stand take"
)
SUBJECTS = words_of("we i they you it there who that which people currently now usually")
ADVERBS = words_of(
    "also currently now usually only still already just about typically normally never always barely hardly"
)
PLEASE = words_of("please pls пожалуйста плиз пжл")
MODALS = words_of("can could would will should may must if")
NO_SUBJECTS = words_of("us let's lets is this has was always perhaps towards afterwards")
#: «Чтобы стало 5000», «if we had 500»: after these the past is a wish.
SUPPOSING = words_of("чтобы чтоб бы если if пусть wish")
TOLD = words_of(
    "sold made did brought spent paid received ended finished "
    "сейчас теперь сегодня currently now today было был была были имеем текущий текущая current presently пока"
    " нынче вчера уже already rn was were had been got fell dropped grew gained lost stuck flat went came ago"
    " previously earlier раньше прежде вместо averaged used вчерашний прошлогодний раньше nowadays"
)
FORBIDDING = words_of(
    "nobody никто stop prevent avoid don't never not no не нельзя cannot can't mustn't shouldn't won't doesn't without"
)
OPEN_ENDS = words_of("less more меньше больше fewer lower higher выше ниже менее более better above below over under")
#: «Выйти на 1000», «рассчитываем на 1000»: here «на» leads to a level.
AIMING_AT = words_of(
    "остановить вывести выводить вытянуть выйти выход уровень выходить рассчитывать надеяться нацелиться"
    " претендовать замахнуться метить план расчет"
    " держаться остаться оставаться стоять"
)
#: They change nothing between the verb and its number: «выйти бы на 50».
SIGHS = words_of("бы хотя наконец уже хоть")
SHORTER = words_of("off shorter faster quicker быстрее короче")
#: In a bound that is kept these say that it is the lowest: «не меньше», «at least».
FLOORS = words_of("меньше менее ниже least less fewer below under lower")
NOWADAYS_PHRASES = frozenset(["at the moment", "right now", "so far", "на данный момент", "на текущий момент"])
#: Whose age may stand beside them: «women 25 to 40», «пациенты 45+».
AUDIENCES = words_of(
    "читатель reader readers гость guest guests житель зритель viewers people parent woman women man men mum"
    " mums mom moms dad dads kid kids child children teen teens teenager teenagers girl"
    " girls boy boys adult adults family families client clients customer customers student students buyer buyers"
    " patient patients aged age ages audience женщина мужчина мама папа девушка парень подросток родитель возраст"
    " пациент клиент аудитория ца покупатель студент девочка мальчик молодежь пенсионер школьник дети ребенок"
)
#: Numbers before these are ages, hours and the like.
NOT_COUNTED = words_of("лет год years year am pm yo летие")
#: What begins on a day is not done by it.
STARTING = words_of(
    "start starts starting begin begins beginning kick kicking launch launches launching open opens opening старт"
    " стартовать начать начинать начало начаться запуск запускать запустить запускаться открытие открыться открываться"
    " открыть открывать"
)
#: Words that point back to what was named before.
POINTING = words_of("that this it them these those its their он они оно их его ее это этот столько такой such")
#: Said of a day alone: «ideally by May», «крайний срок — 1 мая».
OF_DAYS = words_of(
    "ideally latest so at the very yes ok okay thanks tops max say maybe please now then let's и желательно лучше"
    " максимум крайний крайне значит ну да ок спасибо примерно ориентировочно давайте скажем можно"
)
#: Those who are there: a metric when they are counted.
CROWDS = words_of("audience аудитория")
WATCHING = words_of("смотреть watch watched")
PRONOUNS = words_of("it them its их его ее")
STAFF = words_of(
    "штат команда сотрудник персонал отдел staff team employee employees менеджер manager managers дизайнер designer"
    " designers copywriter copywriters копирайтер colleague colleagues работник teachers администратор мастер"
)
OURS = words_of("our my наши наших нашими мои моих these those эти этих")
TOLD_PHRASES = NOWADAYS_PHRASES | {
    "the moment", "instead of", "rather than", "данный момент", "момент имеем", "текущий момент", "а не", "not just",
    "compared to",
}  # fmt: skip
NOWADAYS = words_of("now сейчас currently today already rn presently уже пока ago назад nowadays")
TOO_LITTLE = words_of("много многовато перебор too мало маловато недостаточно слабовато многовато слишком позор плохо")
SCANT = words_of("мало маловато недостаточно слабовато")
#: «Держим не ниже», «растим на 20 %»: in the present tense too they say what is to be done.
STEERING = (UP | DOWN | HOLD | BETTER | FASTER) | words_of("довести доводить мочь прийтись")
FILLING = words_of(
    "the a an of per our your for за one один на in on новый new целевой потенциальный количество число от с из"
    " для мой наш их каждый every each average средний единица рекламный живой активный органический"
    " органика some telegram vk facebook тг вк"
    " ."
)


@dataclass(frozen=True, slots=True)
class Found:
    """What the words from `start` to `end` (in tokens) name."""

    name: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Phrase:
    name: str
    parts: tuple[tuple[frozenset[str], tuple[str, ...]], ...]

    def match(self, tokens: Sequence[Token], place: int) -> int | None:
        """The place after the phrase when it begins here."""
        if not fits(self.parts[0], tokens[place]):
            return None
        place += 1
        for part in self.parts[1:]:
            skipped = 0
            while place < len(tokens) and not fits(part, tokens[place]):
                if skipped == 2 or not (tokens[place].is_any(FILLING) or tokens[place].text == "."):
                    return None
                place, skipped = place + 1, skipped + 1
            if place >= len(tokens):
                return None
            place += 1
        return place


def fits(part: tuple[frozenset[str], tuple[str, ...]], token: Token) -> bool:
    exact, stems = part
    return not exact.isdisjoint(token.forms) or any(token.text.startswith(stem) for stem in stems)


def phrases_of(name: str, written: str) -> Iterator[Phrase]:
    for phrase in written.split(";"):
        parts = []
        for place in phrase.split():
            words = [word.replace("ё", "е") for word in place.split("|") if word]
            stems = tuple(word[:-1] for word in words if word.endswith("*"))
            parts.append((frozenset(word for word in words if not word.endswith("*")), stems))
        if parts:
            yield Phrase(name, tuple(parts))


@cache
def lexicon(kind: str) -> list[Phrase]:
    if kind == "platforms":
        written = PLATFORM_PHRASES
    else:
        written = {"": IDLE_PHRASES, "foreign": FOREIGN_PHRASES, **METRIC_PHRASES}
    found = [phrase for name, words in written.items() for phrase in phrases_of(name, words)]
    return sorted(found, key=lambda phrase: -len(phrase.parts))


@cache
def index(kind: str) -> dict[str, list[Phrase]]:
    """The phrases by a word they may begin with; those that begin with a stem are under ""."""
    found: dict[str, list[Phrase]] = {}
    for phrase in lexicon(kind):
        exact, stems = phrase.parts[0]
        for word in [*exact, *([""] if stems else [])]:
            found.setdefault(word, []).append(phrase)
    return found


def find_phrases(kind: str, tokens: Sequence[Token]) -> list[Found]:
    """Left to right, the longest phrase at each place, none over another."""
    found, place = [], 0
    while place < len(tokens):
        best = best_at(kind, tokens, place)
        if best:
            found.append(best)
        place = best.end if best else place + 1
    return found


def best_at(kind: str, tokens: Sequence[Token], place: int) -> Found | None:
    if tokens[place].kind != "word":
        return None
    best = None
    for word in [*sorted(tokens[place].forms), ""]:
        for phrase in index(kind).get(word, ()):
            end = phrase.match(tokens, place)
            if end is not None and (best is None or end > best.end):
                best = Found(phrase.name, place, end)
    return best
