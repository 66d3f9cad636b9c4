/** The emojis of the picker: the sign, and the words to find it by in English, Ukrainian and Russian. */
const lists = {
  faces: `
😀 grin happy smile|усмішка радість|улыбка радость
😄 laugh happy smile|сміх радість|смех радость
😁 beam teeth|сяє зуби|сияет зубы
😂 joy tears laugh|сміх до сліз|смех до слёз
🤣 rolling laugh|регіт|хохот
😊 blush smile|рум’янець усмішка|румянец улыбка
🙂 slight smile|легка усмішка|лёгкая улыбка
😉 wink|підморгує|подмигивает
😍 love heart eyes|закоханість очі|влюблённость глаза
🥰 love hearts|любов серця|любовь сердечки
😘 kiss|поцілунок|поцелуй
😋 yum tasty|смачно|вкусно
😎 cool sunglasses|круто окуляри|круто очки
🤩 star eyes wow|зірки захват|звёзды восторг
🥳 party birthday|свято день народження|праздник день рождения
🤗 hug|обійми|объятия
🤔 think hmm|думаю|думаю
🤨 doubt eyebrow|сумнів брова|сомнение бровь
😐 neutral|байдуже|безразлично
🙄 roll eyes|закотив очі|закатил глаза
😏 smirk|посмішка|ухмылка
😴 sleep|сон спить|сон спит
😌 relief calm|спокій полегшення|покой облегчение
😕 confused|розгублено|растерянно
🙁 sad frown|сумно|грустно
😢 cry tear|плаче сльоза|плачет слеза
😭 sob cry loud|ридає|рыдает
😤 huff|сердито дихає|фыркает
😠 angry|сердитий|сердитый
😡 rage|лють|ярость
🤯 mind blown|вибух мозку|взрыв мозга
😳 flushed|зніяковів|смущён
😱 scream fear|крик страх|крик страх
😨 fear|переляк|испуг
😅 sweat relief|піт ніяково|пот неловко
😬 grimace awkward|гримаса незручно|гримаса неудобно
🤐 zip silent|мовчу|молчу
🤒 sick ill|хворий|болен
🤝 handshake deal|рукостискання угода|рукопожатие сделка
😇 angel innocent|янгол|ангел
🤖 robot|робот|робот
👻 ghost|привид|привидение
💀 skull|череп|череп
🎃 pumpkin halloween|гарбуз|тыква
😮 wow surprise|ого здивування|ого удивление`,
  hands: `
👍 thumbs up yes good|палець вгору так добре|палец вверх да хорошо
👎 thumbs down no bad|палець вниз ні|палец вниз нет
👌 ok|окей гаразд|окей ладно
✌️ victory peace|перемога мир|победа мир
🤞 fingers crossed luck|схрещені пальці удача|скрещённые пальцы удача
🤘 rock horns|рок|рок
👋 wave hello bye|вітання привіт бувай|привет пока
👏 clap applause|оплески|аплодисменты
🙌 praise hands|ура руки|ура руки
🙏 please thanks pray|дякую прошу|спасибо пожалуйста
💪 strong muscle|сила м’яз|сила мышца
👉 right point|праворуч вказує|вправо указывает
👈 left point|ліворуч вказує|влево указывает
👆 up point|угору вказує|вверх указывает
👇 down point|униз вказує|вниз указывает
✍️ write hand|пише рука|пишет рука
👀 eyes look|очі дивлюся|глаза смотрю
🫶 heart hands|серце руками|сердце руками
🤷 shrug|знизує плечима|пожимает плечами
🤦 facepalm|долоня обличчя|ладонь лицо
🙋 raise hand|рука вгору|рука вверх
🏃 run|біжить|бежит
💃 dance|танець|танец`,
  hearts: `
❤️ heart love red|серце любов червоне|сердце любовь красное
🧡 heart orange|серце помаранчеве|сердце оранжевое
💛 heart yellow|серце жовте|сердце жёлтое
💚 heart green|серце зелене|сердце зелёное
💙 heart blue|серце синє|сердце синее
💜 heart purple|серце фіолетове|сердце фиолетовое
🖤 heart black|серце чорне|сердце чёрное
🤍 heart white|серце біле|сердце белое
💔 broken heart|розбите серце|разбитое сердце
💕 two hearts|два серця|два сердца
💯 hundred|сто відсотків|сто процентов
🔥 fire hot|вогонь|огонь
✨ sparkles|блиск іскри|блеск искры
⭐ star|зірка|звезда
🌟 glowing star|сяйна зірка|сияющая звезда
💥 boom|вибух|взрыв
💡 idea bulb|ідея лампа|идея лампа
✅ check done yes|готово так галочка|готово да галочка
❌ cross no|ні хрестик|нет крестик
❗ exclamation|оклик важливо|восклицание важно
❓ question|питання|вопрос
⚠️ warning|увага|внимание
🚫 forbidden no|заборонено|запрещено
♻️ recycle|переробка|переработка
➕ plus|плюс|плюс
💬 speech chat|розмова чат|разговор чат
💤 sleep zzz|сон|сон
🔔 bell|дзвінок|звонок`,
  nature: `
🐶 dog|собака|собака
🐱 cat|кіт|кот
🐭 mouse|миша|мышь
🐰 rabbit|кролик|кролик
🦊 fox|лисиця|лиса
🐻 bear|ведмідь|медведь
🐼 panda|панда|панда
🐸 frog|жаба|лягушка
🐵 monkey|мавпа|обезьяна
🦄 unicorn|єдиноріг|единорог
🐝 bee|бджола|пчела
🦋 butterfly|метелик|бабочка
🐢 turtle|черепаха|черепаха
🐟 fish|риба|рыба
🐦 bird|птах|птица
🦉 owl|сова|сова
🌱 sprout plant|паросток|росток
🌳 tree|дерево|дерево
🌻 sunflower|соняшник|подсолнух
🌹 rose|троянда|роза
🌷 tulip|тюльпан|тюльпан
🍀 clover luck|конюшина удача|клевер удача
🍁 leaf autumn|лист осінь|лист осень
🌍 earth world|земля світ|земля мир
🌙 moon|місяць|луна
☀️ sun|сонце|солнце
⛅ cloud sun|хмара сонце|облако солнце
🌧️ rain|дощ|дождь
⛄ snowman|сніговик|снеговик
❄️ snow|сніг|снег
🌈 rainbow|веселка|радуга
🌊 wave sea|хвиля море|волна море`,
  food: `
🍎 apple|яблуко|яблоко
🍌 banana|банан|банан
🍇 grapes|виноград|виноград
🍓 strawberry|полуниця|клубника
🍒 cherry|вишня|вишня
🍉 watermelon|кавун|арбуз
🍋 lemon|лимон|лимон
🍅 tomato|помідор|помидор
🥕 carrot|морква|морковь
🥔 potato|картопля|картофель
🍞 bread|хліб|хлеб
🧀 cheese|сир|сыр
🍳 egg breakfast|яйце сніданок|яйцо завтрак
🥞 pancakes|млинці|блины
🍕 pizza|піца|пицца
🍔 burger|бургер|бургер
🍟 fries|картопля фрі|картошка фри
🍜 noodles soup|локшина суп|лапша суп
🍣 sushi|суші|суши
🥟 dumpling|вареник|вареник пельмень
🥗 salad|салат|салат
🍰 cake|торт шматок|торт кусок
🎂 birthday cake|торт день народження|торт день рождения
🍪 cookie|печиво|печенье
🍫 chocolate|шоколад|шоколад
🍦 ice cream|морозиво|мороженое
☕ coffee tea|кава чай|кофе чай
🍵 tea|чай|чай
🍺 beer|пиво|пиво
🍷 wine|вино|вино
🥂 cheers champagne|за здоров’я шампанське|за здоровье шампанское`,
  things: `
🎉 party tada|свято ура|праздник ура
🎈 balloon|кулька|шарик
🎁 gift|подарунок|подарок
🏆 trophy win|кубок перемога|кубок победа
🥇 medal first|медаль перший|медаль первый
⚽ football soccer|футбол м’яч|футбол мяч
🏀 basketball|баскетбол|баскетбол
🎮 game|гра|игра
🎲 dice|кубик|кубик
🎯 target|ціль|цель
🎵 music note|музика нота|музыка нота
🎸 guitar|гітара|гитара
🎬 movie film|кіно фільм|кино фильм
📷 camera photo|камера фото|камера фото
🚀 rocket launch|ракета старт|ракета старт
✈️ plane travel|літак подорож|самолёт путешествие
🚗 car|авто машина|авто машина
🚲 bicycle|велосипед|велосипед
🚂 train|потяг|поезд
🏠 home house|дім|дом
🏖️ beach vacation|пляж відпустка|пляж отпуск
⛰️ mountain|гора|гора
📚 books reading|книги читання|книги чтение
✏️ pencil|олівець|карандаш
📌 pin|кнопка закріпити|кнопка закрепить
📎 clip|скріпка|скрепка
📅 calendar date|календар дата|календарь дата
⏰ clock alarm|годинник будильник|часы будильник
⏳ hourglass wait|чекати пісок|ждать песок
🔑 key|ключ|ключ
🔒 lock|замок|замок
🔧 wrench tool|ключ інструмент|ключ инструмент
🐛 bug|жук помилка|жук ошибка
💻 laptop computer|комп’ютер|компьютер
📱 phone|телефон|телефон
📧 mail|пошта|почта
💰 money|гроші|деньги
📈 chart up growth|графік ріст|график рост
🛒 cart shopping|кошик покупки|корзина покупки
🧹 broom clean|мітла прибирання|метла уборка
🇺🇦 ukraine flag|україна прапор|украина флаг
🏁 finish flag|фініш прапор|финиш флаг`,
} as const;

export type EmojiGroup = keyof typeof lists;

export interface NamedEmoji {
  emoji: string;
  /** Its words in every language, in small letters. */
  words: string;
  group: EmojiGroup;
}

/** Every emoji of the picker, in the order of the groups. */
export const emojis: readonly NamedEmoji[] = (Object.keys(lists) as EmojiGroup[]).flatMap((group) =>
  lists[group]
    .trim()
    .split('\n')
    .map((line) => {
      const space = line.indexOf(' ');
      return { emoji: line.slice(0, space), words: line.slice(space + 1).toLowerCase(), group };
    }),
);

/** Emojis with a word that begins like each of the words typed, in any of the languages. */
export function findEmojis(query: string): readonly NamedEmoji[] {
  const wanted = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (wanted.length === 0) return emojis;
  return emojis.filter(({ words }) => {
    const known = words.split(/[\s|]+/);
    return wanted.every((word) => known.some((other) => other.startsWith(word)));
  });
}
