/* text_scam: what a text wants. */
#include "bench.h"

#define SCAM "text_scam."
#define TEN "a b c d e f g h i j "
#define HUNDRED TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN
#define MANY HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED
#define LURE "Your account is suspended. Verify your account and confirm your password within 24 hours."
#define PROVED .spf = "v=spf1 ip4:192.0.2.10 -all"

static const struct row rows[] = {
	{ "inheritance",
	  { .body = "Dear friend, I am barrister John. My late client left 12 million dollars and no next of "
		    "kin. I seek "
		    "your assistance to move it; keep this confidential.\r\n" },
	  SCAM "advance_fee",
	  0.9 },
	{ "lottery",
	  { .body = "Your email address has won in the international lottery by computer ballot. To claim "
		    "your prize send "
		    "your full name and address.\r\n" },
	  SCAM "advance_fee",
	  0.9 },
	{ "German inheritance",
	  { .body = "Ich vertrete einen verstorbenen Kunden. Es geht um 8 Millionen Euro. Mein Gesch\xc3\xa4"
		    "ftsvorschlag ist "
		    "streng vertraulich.\r\n" },
	  SCAM "advance_fee",
	  0.8 },
	{ "French inheritance",
	  { .body = "Mon d\xc3\xa9"
		    "funt client a laiss\xc3\xa9 4 millions de dollars sans h\xc3\xa9ritier. Ceci est "
		    "strictement confidentiel.\r\n" },
	  SCAM "advance_fee",
	  0.8 },
	{ "extortion",
	  { .body = "I have hacked your device and recorded a video of you. Pay 900 dollars to my bitcoin "
		    "wallet within 48 "
		    "hours or I send it to all your contacts.\r\n" },
	  SCAM "extortion",
	  1 },
	{ "German extortion",
	  { .body = "Ich habe vollen Zugriff auf Ihr Ger\xc3\xa4t und Ihre Webcam. Zahlen Sie an meine "
		    "Bitcoin-Adresse, sonst "
		    "geht alles an alle Ihre Kontakte. Sie haben 48 Stunden.\r\n" },
	  SCAM "extortion",
	  1 },
	{ "Spanish extortion",
	  { .body = "Tengo acceso a tu c\xc3\xa1mara web. Paga a mi monedero bitcoin en 48 horas o "
		    "env\xc3\xado todo a todos "
		    "tus contactos.\r\n" },
	  SCAM "extortion",
	  1 },
	{ "extortion torn apart",
	  { .body = "I rec\xe2\x80\x8borded you. Send to the bit\xc2\xad"
		    "coin address. 48 hours.\r\n" },
	  SCAM "extortion",
	  0.7 },
	{ "gift cards",
	  { .body = "Are you available? I am in a meeting and need you to purchase some gift cards. Scratch "
		    "the back and send "
		    "me the codes.\r\n" },
	  SCAM "gift_card",
	  1 },
	{ "French gift cards",
	  { .body = "Je suis en r\xc3\xa9union. Pouvez-vous acheter des cartes cadeaux ? Je vous "
		    "rembourserai.\r\n" },
	  SCAM "gift_card",
	  0.8 },
	{ "mailbox full",
	  { .body = "Your mailbox is full. Please verify your account within 24 hours or you will lose "
		    "access: http://evil.test/login\r\n" },
	  SCAM "credentials",
	  0.8 },
	{ "mailbox full, and nowhere to go",
	  { .body = "Your mailbox is full. Please verify your account within 24 hours or you will lose "
		    "access.\r\n" },
	  SCAM "credentials",
	  0.4 },
	{ "German account",
	  { .body = "Sehr geehrter Kunde, Ihr Konto wurde gesperrt. Bitte best\xc3\xa4tigen Sie Ihre Daten "
		    "innerhalb von 24 "
		    "Stunden.\r\n" },
	  SCAM "credentials",
	  0.4 },
	{ "Portuguese account",
	  { .body = "Prezado cliente, sua conta foi bloqueada. Atualize seus dados nas pr\xc3\xb3ximas 24 "
		    "horas: http://evil.test/a\r\n" },
	  SCAM "credentials",
	  0.7 },
	{ "Japanese account",
	  { .body = "\xe3\x81\x8a\xe5\xae\xa2\xe6\xa7\x98\xe3\x81\xae\xe3\x82\xa2\xe3\x82\xab\xe3\x82\xa6\xe3"
		    "\x83\xb3\xe3\x83\x88"
		    "\xe3\x82\x92\xe4\xb8\x80\xe6\x99\x82\xe5\x81\x9c\xe6\xad\xa2\xe3\x80\x82"
		    "24\xe6\x99\x82\xe9\x96\x93\xe4\xbb\xa5"
		    "\xe5\x86\x85\r\n" },
	  SCAM "credentials",
	  0.5 },
	{ "payroll",
	  { .body = "Hi, I want to change my direct deposit before the next pay, my payroll details are "
		    "new.\r\n" },
	  SCAM "payroll",
	  0.6 },
	{ "pills",
	  { .body = "Viagra and Cialis from our online pharmacy! No prescription. Order now. To be removed "
		    "click here.\r\n" },
	  SCAM "offer",
	  0.9 },
	{ "money from home",
	  { .body = "Work from home for extra income of thousands of dollars per week. Act now! Click "
		    "here.\r\n" },
	  SCAM "offer",
	  0.9 },
	{ "a lure behind another form of the text",
	  { .type = "multipart/alternative; boundary=b",
	    .body = "--b\r\n\r\n" MANY MANY MANY "\r\n--b\r\n\r\n" LURE "\r\n--b--\r\n" },
	  SCAM "credentials",
	  0.5 },
	{ "Danish donation",
	  { .body =
		"Kære ven, jeg er enke og lider af kræft. Jeg vil give dig en donation på 2 millioner euro. "
		"Kontakt mig for flere detaljer.\r\n" },
	  SCAM "advance_fee",
	  0.8 },
	{ "Swedish inheritance",
	  { .body = "Min avlidne klient lämnade ett arv på 8 miljoner dollar utan närmaste anhörig. Svara "
		    "mig, det är "
		    "strängt konfidentiellt.\r\n" },
	  SCAM "advance_fee",
	  0.8 },
	{ "Norwegian inheritance",
	  { .body = "Jeg er banksjef. En avdøde kunde etterlot seg 9 millioner euro uten nærmeste slektning. "
		    "Kontakt "
		    "meg, dette er strengt konfidensielt.\r\n" },
	  SCAM "advance_fee",
	  0.8 },
	{ "Finnish donation",
	  { .body = "Rakas ystävä, olen leski ja sairastan syöpää. Haluan lahjoittaa sinulle kaksi miljoonaa "
		    "euroa. "
		    "Ota minuun yhteyttä.\r\n" },
	  SCAM "advance_fee",
	  0.8 },
	{ "Czech soldier",
	  { .body = "Drahý příteli, jmenuji se Rebeka, sloužím v americké armádě. Mám pět milionů dolarů, "
		    "potřebuji "
		    "vaši pomoc. Kontaktujte mě.\r\n" },
	  SCAM "advance_fee",
	  0.8 },
	{ "Slovak donation",
	  { .body = "Som vdova a trpím rakovinou na pľúca. Chcem vám dať dar vo výške 3 milióny, dva milióna "
		    "eur. "
		    "Kontaktujte ma pre viac informácií.\r\n" },
	  SCAM "advance_fee",
	  0.5 },
	{ "Hungarian donation",
	  { .body = "Kedves barátom, özvegy vagyok és rákban szenvedek. Kétmillió, azaz 2 millió eurót "
		    "adományozok önnek. "
		    "További részletekért lépjen kapcsolatba velem.\r\n" },
	  SCAM "advance_fee",
	  0.8 },
	{ "Romanian donation",
	  { .body = "Dragă prietene, sunt văduvă și suferă de cancer. Vă donez 2 milioane de euro. "
		    "Contactați-mă pentru "
		    "mai multe detalii.\r\n" },
	  SCAM "advance_fee",
	  0.8 },
	{ "Bulgarian loan",
	  { .body = "Здравейте, имате ли нужда от заем? Отпускаме заеми с ниска лихва. Свържете се с нас и "
		    "посочете "
		    "размер на заема.\r\n" },
	  SCAM "loan",
	  0.8 },
	{ "Greek donation",
	  { .body = "Αγαπητέ φίλε, είμαι χήρα και πάσχω από καρκίνο. Σας δωρίζω δύο εκατομμύρια ευρώ. "
		    "Επικοινωνήστε "
		    "μαζί μου.\r\n" },
	  SCAM "advance_fee",
	  0.8 },
	{ "Turkish inheritance",
	  { .body = "Sevgili dostum, merhum müvekkilim 9 milyon dolar bıraktı, en yakın akraba yok. Benimle "
		    "iletişime "
		    "geçin, gizli tutun.\r\n" },
	  SCAM "advance_fee",
	  0.8 },
	{ "Ukrainian donation",
	  { .body =
		"Дорогий друже, я вдова, хвора на рак. Хочу пожертвувати вам 2 мільйони євро. Зв'яжіться зі "
		"мною.\r\n" },
	  SCAM "advance_fee",
	  0.8 },
	{ "Arabic inheritance",
	  { .body = "صديقي العزيز، أنا أرملة وأعاني من مرض السرطان. أريد التبرع بمبلغ 5 مليون دولار. اتصل بي "
		    "لمزيد من "
		    "التفاصيل.\r\n" },
	  SCAM "advance_fee",
	  0.8 },
	{ "Korean donation",
	  { .body = "친애하는 친구, 저는 미망인 이고 암으로 고통받고 있습니다. 이백만 달러 중 백만 달러를 "
		    "기부하고 싶습니다. "
		    "연락해 주세요.\r\n" },
	  SCAM "advance_fee",
	  0.6 },
	{ "Indonesian donation",
	  { .body = "Teman terkasih, saya seorang janda dan menderita kanker. Saya mendonasikan kepada Anda "
		    "2 juta euro. "
		    "Hubungi saya.\r\n" },
	  SCAM "advance_fee",
	  0.8 },
	{ "Vietnamese inheritance",
	  { .body = "Bạn thân mến, tôi là giám đốc ngân hàng. Khách hàng quá cố để lại 9 triệu đô la. Liên "
		    "hệ với tôi, "
		    "tuyệt đối bí mật.\r\n" },
	  SCAM "advance_fee",
	  0.8 },
	{ "Brazilian donation",
	  { .body = "Querido amado, sou viúva e tenho câncer terminal. Quero fazer uma doação de 2 milhões "
		    "de reais. "
		    "Me responda.\r\n" },
	  SCAM "advance_fee",
	  0.8 },
	{ "a few words, a sum, and a mailbox to write to",
	  { .body = "You were chosen for a charity donation of $2,500,000. Contact them with this email: "
		    "grantoffice.moor@gmail.com\r\n" },
	  SCAM "advance_fee",
	  0.8 },
	{ "a sum that is no word, and a mailbox to write to",
	  { .body =
		"Attn: beneficiary, EUR 750.000 wait for you. Contact me: paymentdesk.cole@outlook.com\r\n" },
	  SCAM "advance_fee",
	  0.5 },
	{ "loan",
	  { .body = "Do you need a loan for your business? We grant loans at a low interest rate of 3%. "
		    "Contact us with your full name and loan amount.\r\n" },
	  SCAM "loan",
	  0.25 },
	{ "German loan",
	  { .body = "Benötigen Sie dringend einen Kredit? Zinssatz ab 2 Prozent. Kontaktieren Sie uns mit "
		    "vollständiger Name und Betrag.\r\n" },
	  SCAM "loan",
	  0.25 },
	{ "errand",
	  { .body = "Are you at your desk? I am in a meeting and cannot take calls. I need you to make a "
		    "payment as soon as possible.\r\n" },
	  SCAM "errand",
	  0.25 },
	{ "German errand",
	  { .body = "Sind Sie im Büro? Ich bin in einer Besprechung und kann nicht telefonieren. Es geht um "
		    "eine Überweisung, dringend.\r\n" },
	  SCAM "errand",
	  0.25 },
	{ "French errand",
	  { .body =
		"Etes-vous disponible ? Je suis en réunion. Il faut faire un virement au plus vite.\r\n" },
	  SCAM "errand",
	  0.25 },
	{ "wallet",
	  { .body = "Your wallet is not verified. After the network upgrade, verify your wallet or access "
		    "will be restricted; you may lose access.\r\n" },
	  SCAM "wallet",
	  0.25 },
	{ "parcel",
	  { .body = "Your parcel is on hold because of unpaid shipping fees. Pay the fee within 48 hours or "
		    "it will be returned to sender.\r\n" },
	  SCAM "parcel",
	  0.25 },
	{ "German parcel",
	  { .body = "Ihr Paket wartet: Es fehlt die Zollgebühr. Bezahlen Sie sie, sonst wird es "
		    "zurückgeschickt.\r\n" },
	  SCAM "parcel",
	  0.25 },
	{ "Spanish parcel",
	  { .body = "Su paquete pendiente tiene gastos de envío. Debe confirmar el pago; último aviso.\r\n" },
	  SCAM "parcel",
	  0.25 },
	{ "tax refund",
	  { .body = "You are eligible for a refund from the tax office. Claim your refund before the "
		    "deadline.\r\n" },
	  SCAM "refund",
	  0.25 },
	{ "callback",
	  { .body = "Your subscription has been renewed and 399 dollars will be charged. If you did not "
		    "authorize this, call us at +1 800 555 0100 to cancel.\r\n" },
	  SCAM "callback",
	  0.25 },
	{ "callback, torn apart",
	  { .body = "Your antivirus has been re\xe2\x80\x8bnewed and you will be char\xc2\xadged. To cancel "
		    "call us at (800) 555-0100.\r\n" },
	  SCAM "callback",
	  0.25 },
	{ "new bank account",
	  { .body = "We changed our bank. Please use our new account for all future payments, the old "
		    "account is no longer valid.\r\n" },
	  SCAM "payment_change",
	  0.25 },
	{ "Dutch bank account",
	  { .body = "Ons nieuwe rekeningnummer staat hieronder. Wilt u de facturen daarop betalen? De oude "
		    "rekening vervalt vandaag nog.\r\n" },
	  SCAM "payment_change",
	  0.25 },
	{ "German salary",
	  { .body = "Meine Bankverbindung hat sich geändert. Kann mein Gehalt ab sofort auf das neue Konto? "
		    "Das möchte ich ändern.\r\n" },
	  SCAM "payroll",
	  0.25 },
	{ "prize",
	  { .body =
		"Congratulations! You have been chosen to take a short survey. Claim your reward now.\r\n" },
	  SCAM "prize",
	  0.25 },
	{ "German prize",
	  { .body = "Herzlichen Glückwunsch! Sie wurden ausgewählt. Beantworten Sie die Umfrage, jetzt "
		    "teilnehmen und ein Gutschein ist Ihr Gewinn.\r\n" },
	  SCAM "prize",
	  0.25 },
	{ "prize in styled letters",
	  { .body = "Congratulations! You have been chosen for the "
		    "\xf0\x9d\x97\xb4\xf0\x9d\x97\xb6\xf0\x9d\x98\x83\xf0\x9d\x97\xb2\xf0\x9d\x97\xae\xf0\x9d"
		    "\x98\x84\xf0\x9d\x97\xae\xf0\x9d\x98\x86. Claim your reward now.\r\n" },
	  SCAM "prize",
	  0.25 },
	{ "acquaintance",
	  { .body = "I saw your profile and became interested in you. Write me so that I can send you my "
		    "picture, my dear.\r\n" },
	  SCAM "romance",
	  0.25 },
	{ "casino",
	  { .body = "The casino gives you a welcome bonus and free spins. Register now, limited time.\r\n" },
	  SCAM "gambling",
	  0.25 },
	{ "job",
	  { .body = "Part time job for you, no experience needed, flexible hours. Send your CV and full "
		    "name, apply now.\r\n" },
	  SCAM "job",
	  0.25 },
	{ "outreach",
	  { .body = "My team does search engine optimization and link building at affordable prices. Are you "
		    "interested? Looking forward to your answer. I found your website.\r\n" },
	  SCAM "outreach",
	  0.25 },
	{ "Polish outreach",
	  { .body = "Dzień dobry, oferujemy pozycjonowanie strony www. Czy są Państwo zainteresowani?\r\n" },
	  SCAM "outreach",
	  0.25 },
	/* near misses */
	{ "a loan among friends",
	  { .body = "Could I have the ladder on loan until Friday? Contact us if that is too soon.\r\n" },
	  NULL,
	  0 },
	{ "a question for the desk",
	  { .body = "Are you at your desk? The printer over there is out of paper.\r\n" },
	  NULL,
	  0 },
	{ "a wallet found",
	  { .body = "I found your wallet on the stairs, it is at the door.\r\n" },
	  NULL,
	  0 },
	{ "a parcel has come",
	  { .body = "Your parcel is with the neighbours on the second floor.\r\n" },
	  NULL,
	  0 },
	{ "a German parcel", { .body = "Ihr Paket liegt bei uns im Hausflur, viele Grüße.\r\n" }, NULL, 0 },
	{ "a receipt with a number and no charge",
	  { .body = "You can reach the hotel at +1 800 555 0100 after noon.\r\n" },
	  NULL,
	  0 },
	{ "a renewal with no number",
	  { .body = "Your membership has been renewed for a year. Thank you.\r\n" },
	  NULL,
	  0 },
	{ "a new account at the club",
	  { .body = "The club has a new bank account; the treasurer will tell the number in May.\r\n" },
	  NULL,
	  0 },
	{ "the day of pay", { .body = "The next pay date is the 28th, says payroll.\r\n" }, NULL, 0 },
	{ "a survey among colleagues",
	  { .body = "Here is the survey about the canteen, it closes on Friday.\r\n" },
	  NULL,
	  0 },
	{ "congratulations",
	  { .body = "Congratulations on the new house! We must visit soon.\r\n" },
	  NULL,
	  0 },
	{ "a casino in the news",
	  { .body = "The town council voted against the casino by the lake.\r\n" },
	  NULL,
	  0 },
	{ "a vacancy",
	  { .body = "We have a vacancy in the library; the board meets on Monday.\r\n" },
	  NULL,
	  0 },
	{ "a website that is down",
	  { .body = "Your website gives an error since this morning, did you see it?\r\n" },
	  NULL,
	  0 },
	{ "a photograph", { .body = "Write to me when you have the photographs of the walk.\r\n" }, NULL, 0 },
	{ "letter", { 0 }, NULL, 0 },
	{ "a sum and the sender's own mailbox",
	  { .from = "Cole <cole.mason@gmail.com>",
	    .body = "The house costs EUR 750.000. Contact me: cole.mason@gmail.com\r\n" },
	  NULL,
	  0 },
	{ "an invoice and a mailbox",
	  { .body =
		"The invoice of 12,500.00 euro is due on Friday. Ann is at ann.homes@gmail.com today.\r\n" },
	  NULL,
	  0 },
	{ "a charity that thanks",
	  { .body = "Thank you for your gift of 20 euro. Write to us with any question: "
		    "helpers.club@gmail.com\r\n" },
	  NULL,
	  0 },
	{ "who wrote what",
	  { .headers = "In-Reply-To: <1@home.test>\r\n",
	    .body = "On Monday Bob <bob.moor@gmail.com> wrote:\r\n> The donation was $20,000 in all.\r\nWell "
		    "done!\r\n" },
	  NULL,
	  0 },
	{ "Danish bank",
	  { .body = "Kære kunde, lånet er bevilget, og beløbet på 2 millioner kroner er på din konto.\r\n" },
	  NULL,
	  0 },
	{ "Swedish newspaper",
	  { .body = "Bolaget tjänade 3 miljoner kronor i år, säger bankchefen.\r\n" },
	  NULL,
	  0 },
	{ "Finnish funeral",
	  { .body = "Edesmennyt mieheni haudataan lauantaina. Tervetuloa.\r\n" },
	  NULL,
	  0 },
	{ "Hungarian clinic",
	  { .body = "Jó napot, az időpontja kedden van. Telefonszáma megvan.\r\n" },
	  NULL,
	  0 },
	{ "Turkish colleague", { .body = "Merhaba, bütçe 2 milyon dolar. Yarın konuşalım.\r\n" }, NULL, 0 },
	{ "Arabic greeting", { .body = "السلام عليكم، الاجتماع غدا في البنك الساعة التاسعة.\r\n" }, NULL, 0 },
	{ "Korean appointment", { .body = "안녕하세요. 회의는 내일 은행에서 있습니다.\r\n" }, NULL, 0 },
	{ "Vietnamese invoice", { .body = "Xin chào, hóa đơn là 5 triệu đồng. Cảm ơn.\r\n" }, NULL, 0 },
	{ "a real heir",
	  { .body = "The notary asks who the next of kin is. Could you call me tonight?\r\n" },
	  NULL,
	  0 },
	{ "a budget",
	  { .body = "The bridge will cost 12 million dollars, the mayor said at the meeting.\r\n" },
	  NULL,
	  0 },
	{ "gift cards as a topic",
	  { .body = "We could give gift cards to the winners of the raffle in May.\r\n" },
	  NULL,
	  0 },
	{ "bitcoin as a topic",
	  { .body = "The price in bitcoin fell again; 48 hours ago it was higher.\r\n" },
	  NULL,
	  0 },
	{ "webcam for sale",
	  { .body = "Is your webcam still for sale? I would take it for 20 euros.\r\n" },
	  NULL,
	  0 },
	{ "password policy",
	  { .body = "The help desk reminds you that a password expires every year.\r\n" },
	  NULL,
	  0 },
	{ "account opened",
	  { .body = "Welcome! Your account is ready. Sign in with the name you chose.\r\n" },
	  NULL,
	  0 },
	{ "invoice",
	  { .body = "Please find our outstanding invoice 17. Payment within 30 days.\r\n" },
	  NULL,
	  0 },
	{ "doctor",
	  { .body = "The study compares Viagra and placebo over twelve weeks in 60 men.\r\n" },
	  NULL,
	  0 },
	{ "order confirmation",
	  { .body = "Thank you, you can visit our website to follow your parcel.\r\n" },
	  NULL,
	  0 },
	{ "home office", { .body = "I work from home on Fridays, so call me there.\r\n" }, NULL, 0 },
	{ "German bank letter",
	  { .body = "Ihre neue Bankverbindung haben wir erhalten, vielen Dank.\r\n" },
	  NULL,
	  0 },
	{ "empty", { .body = "\r\n" }, NULL, 0 },
	/* a line and a link */
	{ "an acquaintance, by the sender's name",
	  { .from = "Sex Dating <ann@sender.test>",
	    .headers = "Subject: I am 25, looking for a lover\r\n",
	    .body = "Click for date http://evil.org/x\r\n" },
	  SCAM "romance",
	  0.8 },
	{ "hot dates",
	  { .body = "Hot Russian women are waiting for you http://evil.org/x\r\n" },
	  SCAM "romance",
	  0.8 },
	{ "Dutch",
	  { .headers = "Subject: Zin in een spannende afspraak?\r\n",
	    .body = "Ze wacht op je http://evil.org/x\r\n" },
	  SCAM "romance",
	  0.8 },
	{ "Spanish", { .body = "Mujeres calientes te esperan http://evil.org/x\r\n" }, SCAM "romance", 0.8 },
	{ "a casino",
	  { .body = "Casino welcome package: play now http://evil.org/x\r\n" },
	  SCAM "gambling",
	  0.8 },
	{ "a casino's first deposit",
	  { .from = "Casino Team <ann@sender.test>",
	    .body = "Free spins on your first deposit http://evil.org/x\r\n" },
	  SCAM "gambling",
	  0.8 },
	{ "a pharmacy",
	  { .from = "Online Pharmacy <ann@sender.test>",
	    .body = "FDA approved meds, order now http://evil.org/x\r\n" },
	  SCAM "offer",
	  0.8 },
	{ "a pharmacy, without a recipe",
	  { .body = "Viagra sin receta http://evil.org/x\r\n" },
	  SCAM "offer",
	  0.5 },
	{ "a prize, by the sender's name",
	  { .from = "Your Reward <ann@sender.test>",
	    .headers = "Subject: Order verification\r\n",
	    .body = "Claim now http://evil.org/x\r\n" },
	  SCAM "prize",
	  0.8 },
	{ "a survey in German",
	  { .body = "Kundenumfrage: Ihr Gewinn wartet, klicken Sie hier http://evil.org/x\r\n" },
	  SCAM "prize",
	  0.8 },
	{ "a survey in French",
	  { .body = "Court sondage : votre cadeau, participez http://evil.org/x\r\n" },
	  SCAM "prize",
	  0.8 },
	{ "a line of news with a link",
	  { .body = "Man proposes to his girlfriend at the casino http://news.example/1\r\n" },
	  NULL,
	  0 },
	{ "a line about a film",
	  { .body = "That film about a casino: https://films.example/1\r\n" },
	  NULL,
	  0 },
	{ "a picture of a prize", { .body = "The dog won a prize! https://photos.example/1\r\n" }, NULL, 0 },
	{ "a link to a survey",
	  { .body = "Our survey is at https://survey.example/1, thank you\r\n" },
	  NULL,
	  0 },
	{ "a pharmacy's hours",
	  { .body = "The pharmacy is open until six: https://town.example/1\r\n" },
	  NULL,
	  0 },
	{ "an air fryer",
	  { .body = "We bought this air fryer https://shop.example/1 and like it\r\n" },
	  NULL,
	  0 },
	{ "a name alone",
	  { .from = "Pharmacy <ann@sender.test>", .body = "Your order is ready.\r\n" },
	  NULL,
	  0 },
	{ "the same, at home",
	  { .from = "Casino Hotel <ann@sender.test>", .body = "Your room: https://www.sender.test/1\r\n" },
	  NULL,
	  0 },
	{ "a poker night", { .body = "Poker on Friday? https://maps.example/1\r\n" }, NULL, 0 },
	{ "a tool set",
	  { .body = "Who has the tool set? It is this one: https://shop.example/1\r\n" },
	  NULL,
	  0 },
};

static void test_table(void **state)
{
	(void)state;
	bench_table(rows, ARRAY_LEN(rows), "text_scam");
}

static double score_of(const struct mail *m, int *disposition)
{
	struct bench b;

	bench_scan(&b, m, NULL);
	const struct finding *f = bench_finding(&b, "text_scam");
	double score = f ? f->score : 0;
	*disposition = b.verdict.message->final_disposition;
	bench_close(&b);
	return score;
}

#define FULL_BOX "Your mailbox is full. Please verify your account within 24 hours."

/* Text alone never makes a mail malicious; a second family of evidence does. */
static void test_needs_company(void **state)
{
	const struct mail alone = { .body = FULL_BOX, PROVED },
			  link = { .type = "text/html",
				   .body = FULL_BOX
				   " <a href=\"http://evil.org/x\">https://mail.home.test.com/</a>" },
			  extortion = { .body = rows[4].mail.body };
	int d;

	(void)state;
	score_of(&alone, &d);
	assert_int_equal(d, DISP_NONE);
	score_of(&link, &d);
	assert_int_equal(d, DISP_MALICIOUS);
	score_of(&extortion, &d);
	assert_int_equal(d, DISP_SUSPICIOUS);
}

static void test_history(void **state)
{
	const struct mail known = { .body = FULL_BOX, PROVED, .seen = 50 },
			  unproved = { .body = FULL_BOX, .seen = 50 },
			  spoiled = { .body = FULL_BOX, PROVED, .seen = 50, .bad = 40 },
			  first = { .body = FULL_BOX, PROVED };
	int d;
	double full = score_of(&spoiled, &d);

	(void)state;
	assert_true(score_of(&known, &d) < full);
	assert_true(score_of(&unproved, &d) >= full);
	assert_true(score_of(&first, &d) >= full);
	/* To know the house is not to know the man, nor is he known who never wrote to this reader. */
	const struct mail stranger = { .body = FULL_BOX, PROVED, .seen = 50, .never = "from:" },
			  new_here = { .body = FULL_BOX, PROVED, .seen = 50, .never = "pair:" },
			  bad_house = { .body = FULL_BOX, PROVED, .seen = 50, .house_bad = 20 },
			  free_house = { .from = "Ann <ann@gmail.com>",
					 .mail_from = "ann@gmail.com",
					 .body = FULL_BOX,
					 PROVED,
					 .seen = 50,
					 .house_bad = 20 };
	assert_true(score_of(&stranger, &d) >= full);
	assert_true(score_of(&new_here, &d) >= full);
	assert_true(score_of(&bad_house, &d) >= full);
	assert_true(score_of(&free_house, &d) < full);
}

#define HIDE(text) "<p>Hello Bob</p><div style=\"display:none\">" text "</div>"

/*
 * What HTML hides counts half, alone or where it completes what is seen, and never takes from what is seen; the finding
 * says so, for a reader who looks at the mail sees nothing of it.
 */
static void test_hidden(void **state)
{
	static const struct {
		const char *name, *body;
		double share; /* of the visible text's score */
		const char *portion;
	} mails[] = {
		{ "visible", "<p>" FULL_BOX "</p>", 1, "text" },
		{ "hidden", HIDE(FULL_BOX), 0.5, "hidden text" },
		{ "torn apart",
		  "<p>Your mailbox is full.</p>" HIDE("Please verify your account within 24 hours."), 0.5,
		  "text" },
		{ "for Outlook alone", "<p>Hello Bob</p><!--[if mso]><p>" FULL_BOX "</p><![endif]-->", 1,
		  "text" },
		{ "visible, and more hidden", "<p>" FULL_BOX "</p>" HIDE("Log in below, dear customer."), 1,
		  "text" },
		{ "the first line of a newsletter", HIDE("Our offers of this week are full of surprises"), 0,
		  NULL },
	};
	double full = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(mails); i++) {
		const struct mail m = { .type = "text/html", .body = mails[i].body };
		struct bench b;
		bench_scan(&b, &m, NULL);
		const struct finding *f = bench_finding(&b, "text_scam");
		double score = f ? f->score : 0;
		full = i == 0 ? score : full;
		if (score < full * mails[i].share - 0.01 || score > full * mails[i].share + 0.01)
			fail_msg("%s: %.2f of %.2f", mails[i].name, score, full);
		if (f && !str_eq(f->portion, str_of(mails[i].portion)))
			fail_msg("%s: %.*s", mails[i].name, STR_ARG(f->portion));
		bool told =
		    f && str_find(f->detail, STR("not all of them in text that is shown"), 0) != SIZE_MAX;
		if (told != (f && mails[i].share < 1))
			fail_msg("%s: %.*s", mails[i].name, STR_ARG(f->detail));
		assert_true(!f ||
			    str_starts(f->reason, told ? STR("Read with its hidden text, the message has ")
						       : STR("The text has ")));
		bench_close(&b);
	}
	assert_true(full > 0.4);
}

/* What the sender claims of himself makes no newsletter of what is asked of one reader, nor of advertising by free mail. */
static void test_claims(void **state)
{
	static const char *const claims[] = {
		"", "List-Unsubscribe: <mailto:u@sender.test>\r\n", "Precedence: bulk\r\n",
		"List-Unsubscribe: <mailto:u@sender.test>\r\nPrecedence: bulk\r\n",
		"Subject: Re: Hello\r\nIn-Reply-To: <x@home.test>\r\nReferences: <x@home.test>\r\n"
	};
	static const struct {
		const char *from, *body;
		int least;
	} mails[] = {
		{ NULL,
		  "I am barrister John. My late client left millions of dollars and no next of kin. I seek "
		  "your assistance to move it; keep this confidential and contact me for more details.\r\n",
		  DISP_SUSPICIOUS },
		{ "Ann <ann77@gmail.com>",
		  "Viagra and Cialis from our online pharmacy! No prescription. Order now. To be removed "
		  "click here.\r\n",
		  DISP_SPAM },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(mails); i++)
		for (size_t k = 0; k < ARRAY_LEN(claims); k++) {
			int disposition;
			score_of(&(struct mail){ .from = mails[i].from,
						 .headers = claims[k],
						 .body = mails[i].body,
						 .offline = true,
						 .no_peer = true },
				 &disposition);
			if (disposition < mails[i].least)
				fail_msg("mail %zu, claim %zu: %d", i, k, disposition);
		}
}

#define PRIZE(link)                                                                                          \
	"<p>Congratulations! You have been chosen for an exclusive prize, a brand new phone. Complete this " \
	"short survey. <a href=\"https://" link "/x\">Claim your reward</a> now, today only!</p>"
#define PRIZE_AT_STRANGER PRIZE("win.evil.org")
#define LIST_FIELD "List-Unsubscribe: <https://sender.test/u>\r\n"
#define HTML .type = "text/html"

/* A prize at a stranger's is fraud; a shop's own raffle is advertising, and less than that where it names its list. */
static void test_prize(void **state)
{
	static const struct {
		const char *name;
		struct mail mail;
		enum disposition says;
		double least, most;
	} cases[] = {
		{ "a stranger's", { HTML, .body = PRIZE_AT_STRANGER }, DISP_SUSPICIOUS, 0.9, 1 },
		{ "a short address", { HTML, .body = PRIZE("bit.ly") }, DISP_SUSPICIOUS, 0.9, 1 },
		{ "an address in a text",
		  { .body = "You have been selected for an exclusive prize. Complete the survey: "
			    "https://win.evil.org/x and claim your reward, today only!\r\n" },
		  DISP_SUSPICIOUS,
		  0.9,
		  1 },
		{ "a stranger's that names a list",
		  { HTML, .headers = LIST_FIELD, .body = PRIZE_AT_STRANGER },
		  DISP_SUSPICIOUS,
		  0.9,
		  1 },
		{ "a free mailbox that names a list",
		  { HTML, .from = "Ann <ann@gmail.com>", .headers = LIST_FIELD, .body = PRIZE("bit.ly") },
		  DISP_SUSPICIOUS,
		  0.9,
		  1 },
		{ "a proved name at a free mailbox",
		  { HTML, PROVED, .from = "Ann <ann@gmail.com>", .mail_from = "ann@gmail.com",
		    .headers = LIST_FIELD, .body = PRIZE("bit.ly") },
		  DISP_SUSPICIOUS,
		  0.9,
		  1 },
		{ "the sender's own", { HTML, .body = PRIZE("shop.sender.test") }, DISP_SPAM, 0.9, 1 },
		{ "the sender's own, to a list",
		  { HTML, .headers = LIST_FIELD, .body = PRIZE("shop.sender.test") },
		  DISP_SPAM,
		  0.1,
		  0.7 },
		{ "through a mailing service, to a list",
		  { HTML, .headers = LIST_FIELD, .body = PRIZE("x.list-manage.com") },
		  DISP_SPAM,
		  0.1,
		  0.7 },
		{ "through one that is not known, from a proved sender",
		  { HTML, PROVED, .headers = LIST_FIELD, .body = PRIZE_AT_STRANGER },
		  DISP_SPAM,
		  0.1,
		  0.5 },
		{ "of somebody known",
		  { HTML, PROVED, .seen = 20, .body = PRIZE_AT_STRANGER },
		  DISP_SPAM,
		  0.1,
		  0.6 },
		{ "without a link",
		  { .body =
			"You have been selected for an exclusive prize. Complete the survey and claim your "
			"reward, today only!\r\n" },
		  DISP_SPAM,
		  0.9,
		  1 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct bench b;
		bench_scan(&b, &cases[i].mail, NULL);
		const struct finding *f = bench_finding(&b, SCAM "prize");
		if (!f || f->detection != (int)cases[i].says || f->score < cases[i].least ||
		    f->score > cases[i].most)
			fail_msg("%s: %d %.2f", cases[i].name, f ? (int)f->detection : -1, f ? f->score : 0);
		bench_close(&b);
	}
}

#define DATE(link)                                                                                        \
	"<p>Hot singles near you: Russian women online now. <a href=\"https://" link "/x\">Sign up free " \
	"and meet singles</a></p>"
#define COINS(link)                                                                                      \
	"<p>Play now at our online casino: welcome bonus on your first deposit. <a href=\"https://" link \
	"/x\">Claim your bonus</a></p>"
#define WALLET(link, last)                                                                           \
	"<p>Your wallet is not verified. After the network upgrade, <a href=\"https://" link "/x\">" \
	"verify your wallet</a>" last "</p>"
#define OR_ELSE " immediately, or it will be suspended."

/* So with acquaintances and gains; what asks for wallets in every way there is weighs most, unless it leads home. */
static void test_at_stranger(void **state)
{
	static const struct {
		const char *name, *signal;
		struct mail mail;
		enum disposition says;
		double least, most;
	} cases[] = {
		{ "women at a stranger's",
		  SCAM "romance",
		  { HTML, .body = DATE("x.evil.org") },
		  DISP_SUSPICIOUS,
		  0.9,
		  1 },
		{ "women at the sender's",
		  SCAM "romance",
		  { HTML, .body = DATE("x.sender.test") },
		  DISP_SPAM,
		  0.9,
		  1 },
		{ "gains at a stranger's",
		  SCAM "gambling",
		  { HTML, .body = COINS("x.evil.org") },
		  DISP_SUSPICIOUS,
		  0.9,
		  1 },
		{ "gains at the sender's",
		  SCAM "gambling",
		  { HTML, .body = COINS("x.sender.test") },
		  DISP_SPAM,
		  0.9,
		  1 },
		{ "a wallet at a stranger's",
		  SCAM "wallet",
		  { HTML, .body = WALLET("x.evil.org", OR_ELSE) },
		  DISP_SUSPICIOUS,
		  1,
		  1 },
		{ "a wallet at the sender's",
		  SCAM "wallet",
		  { HTML, .body = WALLET("x.sender.test", OR_ELSE) },
		  DISP_SUSPICIOUS,
		  0.5,
		  0.95 },
		{ "a wallet without haste",
		  SCAM "wallet",
		  { HTML, .body = WALLET("x.evil.org", ".") },
		  DISP_SUSPICIOUS,
		  0.5,
		  0.95 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct bench b;
		bench_scan(&b, &cases[i].mail, NULL);
		const struct finding *f = bench_finding(&b, cases[i].signal);
		if (!f || f->detection != (int)cases[i].says || f->score < cases[i].least ||
		    f->score > cases[i].most)
			fail_msg("%s: %d %.2f", cases[i].name, f ? (int)f->detection : -1, f ? f->score : 0);
		bench_close(&b);
	}
}

/* What the sender calls himself is read beside a line, and shown where it stands. */
static void test_name(void **state)
{
	const struct mail m = { .from = "Singles in your town <ann@sender.test>",
				.body = "Looking for love http://evil.org/x\r\n" };
	struct bench b;

	(void)state;
	bench_scan(&b, &m, NULL);
	const struct finding *f = bench_finding(&b, "text_scam.romance");
	assert_non_null(f);
	assert_true(str_eq(f->field, STR("From")) && str_eq(f->portion, STR("display name")));
	assert_true(str_starts(str_sub(b.job.raw, (size_t)f->offset, SIZE_MAX), STR("From: Singles")));
	bench_close(&b);
}

/* A phrase of the subject is shown as one: its field, and the bytes of it. */
static void test_evidence(void **state)
{
	const struct mail m = { .headers = "Subject: Your account will be closed\r\n",
				.body = "Verify your account. Log in to keep it, dear customer.\r\n" };
	struct bench b;

	(void)state;
	bench_scan(&b, &m, NULL);
	const struct finding *f = bench_finding(&b, "text_scam.credentials");
	assert_non_null(f);
	assert_true(str_eq(f->field, STR("Subject")));
	assert_true(str_eq(f->value, STR("your account will be")));
	assert_true(
	    str_starts(str_sub(b.job.raw, (size_t)f->offset, SIZE_MAX), STR("Subject: Your account")));
	assert_int_equal(f->length, strlen("Subject: Your account will be closed\r\n"));
	bench_close(&b);
}

/* What phrases that may have met by chance do not say for sure is not said for sure. */
static void test_sure(void **state)
{
#define TIMES(x) x x x x x x x x x x
#define LONG_REPORT                                                                                      \
	"The ministry gave 2 million to the displaced people of Afghanistan; for more information read " \
	"our report. " TIMES(TIMES("It is in ten parts of it all. ")) "\r\n"
	static const struct {
		const char *body, *reason;
	} cases[] = {
		{ "I am barrister John. My late client left millions of dollars and no next of kin. I seek "
		  "your "
		  "assistance to move it; keep this confidential and contact me for more details.\r\n",
		  "The text promises money from a stranger and asks for help or personal details." },
		{ LONG_REPORT,
		  "The text has phrases of mail that promises money from a stranger and asks for help or "
		  "personal details." },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct mail m = { .body = cases[i].body, .offline = true };
		struct bench b;
		bench_scan(&b, &m, NULL);
		const struct finding *f = bench_finding(&b, "text_scam.advance_fee");
		if (!f || !str_eq(f->reason, str_of(cases[i].reason)))
			fail_msg("%zu: %.2f %.*s", i, f ? f->score : 0, STR_ARG(f ? f->reason : STR_NONE));
		bench_close(&b);
	}
}

/* The number that is to be called is said. */
static void test_number(void **state)
{
	const struct mail m = { .body =
				    "Your antivirus has been renewed and you will be charged 399 dollars. To "
				    "cancel call us at +1 (800) 555-0100 before 8 o'clock.\r\n" };
	struct bench b;

	(void)state;
	bench_scan(&b, &m, NULL);
	const struct finding *f = bench_finding(&b, "text_scam.callback");
	assert_non_null(f);
	assert_true(str_ends(f->detail, STR("; to call 1 800 555 0100")));
	bench_close(&b);
}

/* A phrase of the text is pointed at where it is seen: not in a tag, not in a longer word, encoded as it is. */
static void test_bytes(void **state)
{
	static const struct {
		struct mail mail;
		const char *want;
	} cases[] = {
		{ { .body = "\xc3\xb6your account will be, your account will become. Your account will be "
			    "closed. Verify your account, "
			    "dear "
			    "customer.\r\n" },
		  "Your account will be closed." },
		{ { .type = "text/html",
		    .body =
			"<p title=\"your account will be\">Verify your account, dear customer: your account "
			"will be closed.</p>" },
		  "your account will be closed." },
		{ { .headers = "Content-Transfer-Encoding: quoted-printable\r\n",
		    .body = "Verify your account, dear customer: your acc=\r\nount will be closed.\r\n" },
		  "your acc=\r\nount will be closed." },
		{ { .body = "Verify your account, dear customer: your account\r\nwill be closed.\r\n" },
		  "your account\r\nwill be closed." },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct bench b;
		bench_scan(&b, &cases[i].mail, NULL);
		const struct finding *f = bench_finding(&b, "text_scam.credentials");
		assert_non_null(f);
		assert_true(HAS(f, finding, offset) && f->length < 30);
		if (!str_starts(str_sub(b.job.raw, (size_t)f->offset, SIZE_MAX), str_of(cases[i].want)))
			fail_msg("%zu: %.*s", i, STR_ARG(str_sub(b.job.raw, (size_t)f->offset, SIZE_MAX)));
		bench_close(&b);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),       cmocka_unit_test(test_needs_company),
		cmocka_unit_test(test_history),     cmocka_unit_test(test_hidden),
		cmocka_unit_test(test_bytes),       cmocka_unit_test(test_number),
		cmocka_unit_test(test_claims),      cmocka_unit_test(test_prize),
		cmocka_unit_test(test_at_stranger), cmocka_unit_test(test_name),
		cmocka_unit_test(test_sure),        cmocka_unit_test(test_evidence),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
