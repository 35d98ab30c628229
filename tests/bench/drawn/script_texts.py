"""Sentences in languages of different scripts, and fonts for them.

A line may be broken at spaces. In languages without spaces it may be broken between characters, in Thai at each `|`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

_FONT_FOLDER = Path("/usr/share/fonts")
_NOTO = "truetype/noto/Noto"
_CJK = ("opentype/noto/NotoSansCJK-Regular.ttc", "opentype/noto/NotoSerifCJK-Regular.ttc")
EUROPEAN = (
    "truetype/dejavu/DejaVuSans.ttf",
    "truetype/dejavu/DejaVuSerif.ttf",
    f"{_NOTO}Sans-Regular.ttf",
    f"{_NOTO}Serif-Regular.ttf",
)


@dataclass(frozen=True, slots=True)
class Script:
    """How texts of a language are set."""

    fonts: tuple[str, ...]
    text: str
    face: int = 0
    """The number of the font in its file."""
    is_rtl: bool = False
    breaks: str = " "
    """What separates the parts between which a line may be broken; nothing: each character is a part."""
    factor: float = 1.0
    """The size of the font for letters that look as large as those of other scripts."""

    def font_files(self) -> list[Path]:
        """Return those of the fonts that are installed."""
        return [path for name in self.fonts if (path := _FONT_FOLDER / name).is_file()]

    def sentences(self) -> list[str]:
        return self.text.strip().splitlines()


SCRIPTS = {
    "eng": Script(
        EUROPEAN,
        """
The council met on Thursday to consider the plans for the new library in the centre of the town.
Most of those who spoke were in favour of it, although several neighbours asked about the traffic.
The building will have three floors, a reading room and a small garden behind the main hall.
Work on the foundations begins in March and should be finished before the end of the following year.
Visitors can borrow books, maps and music, and children have a room of their own on the ground floor.
The old house beside the river is closed, because its roof has to be repaired before the winter.
Letters and parcels should be sent to the new address, which is printed on the back of this page.
A guided tour takes about an hour and starts every afternoon at the entrance near the bridge.
Please keep this letter, since you will need its number when you call our office again.
The weather was cold and clear, and the first boats left the harbour shortly after sunrise.
""",
    ),
    "deu": Script(
        EUROPEAN,
        """
Der Gemeinderat beriet am Donnerstag über die Pläne für die neue Bücherei in der Mitte der Stadt.
Die meisten Redner waren dafür, obwohl mehrere Anwohner nach dem Verkehr in ihrer Straße fragten.
Das Gebäude bekommt drei Stockwerke, einen Lesesaal und einen kleinen Garten hinter der Halle.
Die Arbeiten am Fundament beginnen im März und sollen bis zum Ende des nächsten Jahres dauern.
Besucher können Bücher, Karten und Musik ausleihen, und für Kinder gibt es einen eigenen Raum.
Das alte Haus am Fluss ist geschlossen, weil sein Dach vor dem Winter repariert werden muss.
Briefe und Pakete schicken Sie bitte an die neue Anschrift auf der Rückseite dieses Blattes.
Eine Führung dauert etwa eine Stunde und beginnt jeden Nachmittag am Eingang neben der Brücke.
""",
    ),
    "chi_sim": Script(
        _CJK,
        """
市议会星期四开会讨论在市中心建设新图书馆的计划，会议持续了三个多小时。
大多数发言的人都表示支持，不过也有几位居民担心附近的交通会变得更加拥挤。
这座建筑将有三层，里面有一间阅览室，大厅后面还有一个小花园。
地基工程从三月开始，预计在明年年底以前全部完成。
读者可以借阅图书、地图和音乐，一楼还有专门为儿童准备的房间。
河边的那座老房子已经关闭，因为屋顶必须在冬天到来之前修好。
信件和包裹请寄到新的地址，地址印在这一页的背面。
参观大约需要一个小时，每天下午从桥旁边的入口出发。
请保存好这封信，下次给我们办公室打电话的时候需要提供上面的号码。
天气寒冷而晴朗，太阳升起不久，第一批船就离开了港口。
""",
        face=2,
        breaks="",
    ),
    "jpn": Script(
        _CJK,
        """
市議会は木曜日に会議を開き、町の中心に新しい図書館を建てる計画について話し合いました。
発言した人の多くは賛成でしたが、近所の住民の中には交通の問題を心配する人もいました。
建物は三階建てで、閲覧室があり、ホールの後ろには小さな庭が作られる予定です。
基礎工事は三月に始まり、来年の終わりまでに完成する見込みです。
利用者は本や地図や音楽を借りることができ、一階には子供のための部屋があります。
川のそばの古い家は、冬が来る前に屋根を修理しなければならないので閉まっています。
手紙や小包は、このページの裏に印刷されている新しい住所に送ってください。
見学は約一時間かかり、毎日午後に橋の近くの入口から出発します。
次に電話をかける時に番号が必要になりますので、この手紙を大切に保管してください。
天気は寒くて晴れており、最初の船は日の出のすぐ後に港を出ました。
""",
        breaks="",
    ),
    "kor": Script(
        _CJK,
        """
시의회는 목요일에 회의를 열어 시내 중심에 새 도서관을 짓는 계획을 논의했습니다.
발언한 사람들은 대부분 찬성했지만 몇몇 주민들은 교통 문제를 걱정했습니다.
건물은 삼층으로 지어지며 열람실과 강당 뒤의 작은 정원이 있을 것입니다.
기초 공사는 삼월에 시작되어 내년 말까지 끝날 예정입니다.
이용자는 책과 지도와 음악을 빌릴 수 있고 일층에는 어린이를 위한 방이 있습니다.
강가의 오래된 집은 겨울이 오기 전에 지붕을 고쳐야 하기 때문에 문을 닫았습니다.
편지와 소포는 이 종이의 뒷면에 인쇄된 새 주소로 보내 주십시오.
견학은 약 한 시간이 걸리며 매일 오후에 다리 옆 입구에서 출발합니다.
다음에 전화하실 때 번호가 필요하므로 이 편지를 잘 보관하십시오.
날씨는 춥고 맑았으며 첫 배들은 해가 뜬 직후에 항구를 떠났습니다.
""",
        face=1,
    ),
    "rus": Script(
        EUROPEAN,
        """
Городской совет собрался в четверг, чтобы обсудить план новой библиотеки в центре города.
Большинство выступавших поддержали его, хотя некоторые жители спрашивали о движении на улицах.
В здании будет три этажа, читальный зал и небольшой сад позади главного корпуса.
Работы начинаются в марте и должны быть закончены до конца следующего года.
Посетители могут брать книги, карты и музыку, а для детей есть отдельная комната внизу.
Старый дом у реки закрыт, потому что его крышу нужно починить до наступления зимы.
Письма и посылки следует отправлять по новому адресу, который напечатан на обороте.
Экскурсия длится около часа и начинается каждый день у входа рядом с мостом.
Пожалуйста, сохраните это письмо, его номер понадобится при следующем звонке.
Погода была холодной и ясной, и первые лодки вышли из гавани вскоре после восхода.
""",
    ),
    "ell": Script(
        EUROPEAN,
        """
Το δημοτικό συμβούλιο συνήλθε την Πέμπτη για να εξετάσει τα σχέδια της νέας βιβλιοθήκης.
Οι περισσότεροι ομιλητές συμφώνησαν, αν και αρκετοί γείτονες ρώτησαν για την κυκλοφορία.
Το κτίριο θα έχει τρεις ορόφους, ένα αναγνωστήριο και έναν μικρό κήπο πίσω από την αίθουσα.
Οι εργασίες αρχίζουν τον Μάρτιο και πρέπει να τελειώσουν πριν από το τέλος του επόμενου χρόνου.
Οι επισκέπτες μπορούν να δανειστούν βιβλία, χάρτες και μουσική κάθε μέρα της εβδομάδας.
Το παλιό σπίτι δίπλα στο ποτάμι είναι κλειστό, γιατί η στέγη του πρέπει να επισκευαστεί.
Τα γράμματα και τα δέματα στέλνονται στη νέα διεύθυνση που είναι τυπωμένη στο πίσω μέρος.
Η ξενάγηση διαρκεί περίπου μία ώρα και ξεκινά κάθε απόγευμα από την είσοδο κοντά στη γέφυρα.
Παρακαλούμε κρατήστε αυτό το γράμμα, γιατί θα χρειαστείτε τον αριθμό του ξανά.
Ο καιρός ήταν κρύος και καθαρός και οι πρώτες βάρκες έφυγαν από το λιμάνι το πρωί.
""",
    ),
    "ara": Script(
        (
            "opentype/fonts-hosny-amiri/Amiri-Regular.ttf",
            f"{_NOTO}NaskhArabic-Regular.ttf",
            f"{_NOTO}SansArabic-Regular.ttf",
        ),
        """
اجتمع مجلس المدينة يوم الخميس لمناقشة خطة المكتبة الجديدة في وسط المدينة
وافق معظم المتحدثين على الخطة لكن بعض الجيران سألوا عن حركة السيارات في الشارع
سيكون للمبنى ثلاثة طوابق وقاعة للقراءة وحديقة صغيرة خلف القاعة الكبيرة
يبدأ العمل في شهر مارس ويجب أن ينتهي قبل نهاية العام القادم
يستطيع الزوار استعارة الكتب والخرائط والموسيقى وللأطفال غرفة خاصة في الطابق الأول
البيت القديم بجانب النهر مغلق لأن سقفه يحتاج إلى إصلاح قبل الشتاء
ترسل الرسائل والطرود إلى العنوان الجديد المطبوع على ظهر هذه الصفحة
تستغرق الجولة حوالي ساعة وتبدأ كل يوم بعد الظهر من المدخل القريب من الجسر
يرجى الاحتفاظ بهذه الرسالة لأنك ستحتاج إلى رقمها عند الاتصال بمكتبنا مرة أخرى
كان الطقس باردا وصافيا وغادرت القوارب الأولى الميناء بعد شروق الشمس بقليل
""",
        is_rtl=True,
        factor=1.2,
    ),
    "heb": Script(
        (
            "truetype/dejavu/DejaVuSans.ttf",
            "truetype/culmus/FrankRuehlCLM-Medium.ttf",
            f"{_NOTO}SansHebrew-Regular.ttf",
            f"{_NOTO}SerifHebrew-Regular.ttf",
        ),
        """
מועצת העיר התכנסה ביום חמישי כדי לדון בתוכנית להקמת ספרייה חדשה במרכז העיר.
רוב הדוברים תמכו בתוכנית, אבל כמה מהשכנים שאלו על התנועה ברחובות הסמוכים.
בבניין יהיו שלוש קומות, אולם קריאה וגינה קטנה מאחורי האולם המרכזי.
העבודות יתחילו בחודש מרץ וצריכות להסתיים לפני סוף השנה הבאה.
המבקרים יכולים לשאול ספרים, מפות ומוזיקה, ולילדים יש חדר משלהם בקומת הקרקע.
הבית הישן ליד הנהר סגור, כי צריך לתקן את הגג שלו לפני החורף.
מכתבים וחבילות יש לשלוח לכתובת החדשה, המודפסת בצד השני של הדף הזה.
הסיור נמשך כשעה ומתחיל בכל יום אחר הצהריים בכניסה שליד הגשר.
נא לשמור את המכתב הזה, כי תזדקקו למספר שלו כאשר תתקשרו שוב למשרד.
מזג האוויר היה קר ובהיר, והסירות הראשונות עזבו את הנמל מיד אחרי הזריחה.
""",
        is_rtl=True,
    ),
    "tha": Script(
        (
            f"{_NOTO}SansThai-Regular.ttf",
            f"{_NOTO}SerifThai-Regular.ttf",
            "truetype/tlwg/Loma.ttf",
            "truetype/tlwg/Garuda.ttf",
        ),
        """
สภาเมือง|ประชุม|เมื่อ|วัน|พฤหัสบดี|เพื่อ|พิจารณา|แผน|การ|สร้าง|ห้องสมุด|แห่ง|ใหม่|ใน|ใจกลาง|เมือง
ผู้|พูด|ส่วน|ใหญ่|เห็น|ด้วย|แต่|เพื่อน|บ้าน|หลาย|คน|ถาม|เรื่อง|การ|จราจร|บน|ถนน
อาคาร|จะ|มี|สาม|ชั้น| มี|ห้อง|อ่าน|หนังสือ|และ|สวน|เล็ก|ๆ|หลัง|ห้อง|โถง
งาน|ก่อสร้าง|จะ|เริ่ม|ใน|เดือน|มีนาคม|และ|ควร|เสร็จ|ก่อน|สิ้น|ปี|หน้า
ผู้|มา|เยือน|สามารถ|ยืม|หนังสือ| แผนที่| และ|เพลง| เด็ก|มี|ห้อง|ของ|ตัว|เอง|ที่|ชั้น|ล่าง
บ้าน|เก่า|ริม|แม่น้ำ|ปิด|อยู่|เพราะ|ต้อง|ซ่อม|หลังคา|ก่อน|ฤดู|หนาว
จดหมาย|และ|พัสดุ|ควร|ส่ง|ไป|ยัง|ที่|อยู่|ใหม่|ซึ่ง|พิมพ์|ไว้|ด้าน|หลัง|ของ|หน้า|นี้
การ|เที่ยว|ชม|ใช้|เวลา|ประมาณ|หนึ่ง|ชั่วโมง|และ|เริ่ม|ทุก|บ่าย|ที่|ทาง|เข้า|ใกล้|สะพาน
กรุณา|เก็บ|จดหมาย|นี้|ไว้| เพราะ|ท่าน|จะ|ต้อง|ใช้|หมายเลข|เมื่อ|โทร|มา|อีก|ครั้ง
อากาศ|หนาว|และ|แจ่มใส| เรือ|ลำ|แรก|ออก|จาก|ท่า|หลัง|พระ|อาทิตย์|ขึ้น|ไม่|นาน
""",
        breaks="|",
    ),
    "hin": Script(
        (f"{_NOTO}SansDevanagari-Regular.ttf", f"{_NOTO}SerifDevanagari-Regular.ttf"),
        """
नगर परिषद की बैठक गुरुवार को शहर के बीच में नए पुस्तकालय की योजना पर विचार करने के लिए हुई।
बोलने वाले अधिकतर लोग इसके पक्ष में थे, लेकिन कई पड़ोसियों ने यातायात के बारे में पूछा।
इमारत में तीन मंजिलें, एक वाचनालय और मुख्य भवन के पीछे एक छोटा बगीचा होगा।
काम मार्च में शुरू होगा और अगले साल के अंत से पहले पूरा हो जाना चाहिए।
आगंतुक किताबें, नक्शे और संगीत ले सकते हैं, और बच्चों के लिए नीचे एक अलग कमरा है।
नदी के किनारे का पुराना घर बंद है, क्योंकि सर्दी से पहले उसकी छत की मरम्मत होनी है।
पत्र और पार्सल नए पते पर भेजे जाने चाहिए, जो इस पन्ने के पीछे छपा है।
भ्रमण में लगभग एक घंटा लगता है और हर दोपहर पुल के पास के द्वार से शुरू होता है।
""",
    ),
}
"""By language. The sentences mean the same in all of them."""

MIXED_LINES = {
    "chi_sim": """
他在用 Linux 和 Python 写程序，每天写 120 行。
请把文件发送到 office 邮箱，标题写 Library Report。
新的 iPhone 和 Windows 电脑都可以打开 PDF 文件。
我们在 London 开会，然后坐 Eurostar 去 Paris。
""",
    "jpn": """
彼は毎日 Linux と Python でプログラムを書いています。
ファイルは Library Report という題名で送ってください。
新しい Windows のパソコンでも PDF を開くことができます。
来週 London で会議があり、その後 Paris へ行きます。
""",
    "kor": """
그는 매일 Linux 와 Python 으로 프로그램을 작성합니다.
파일은 Library Report 라는 제목으로 보내 주십시오.
새 Windows 컴퓨터에서도 PDF 파일을 열 수 있습니다.
다음 주에 London 에서 회의가 있고 Paris 로 갑니다.
""",
    "rus": """
Он каждый день пишет программы на языке Python для системы Linux.
Отправьте файл с заголовком Library Report в отдел Marketing.
Новые компьютеры с Windows тоже открывают файлы Adobe Reader.
На следующей неделе встреча в London Bridge Hotel и в Paris.
""",
    "ell": """
Γράφει κάθε μέρα προγράμματα σε Python για το σύστημα Linux.
Στείλτε το αρχείο με τίτλο Library Report στο τμήμα Marketing.
Οι νέοι υπολογιστές με Windows ανοίγουν και αρχεία Adobe Reader.
Την άλλη εβδομάδα έχουμε συνάντηση στο London Bridge Hotel.
""",
    "heb": """
החברה Mozilla נוסדה בשנת 2003 ומפתחת את הדפדפן Firefox בכל העולם.
הוא כותב בכל יום תוכנות בשפת Python עבור מערכת Linux במשרד.
שלחו את הקובץ עם הכותרת Library Report אל המשרד הראשי.
בשבוע הבא יש לנו פגישה בעיר London ואחר כך בעיר Paris.
""",
    "tha": """
เขา|เขียน|โปรแกรม|ด้วย| Python |บน| Linux |ทุก|วัน
ส่ง|ไฟล์|ชื่อ| Library Report |ไป|ที่|สำนักงาน
คอมพิวเตอร์| Windows |ใหม่|เปิด|ไฟล์| PDF |ได้
สัปดาห์|หน้า|มี|ประชุม|ที่| London |แล้ว|ไป| Paris
""",
}
"""Lines of a language with words in English, as `Script.text`."""
