/*
 * The phrases of unasked-for advertising and of false luck; how they are written and weighed is said in
 * lexicon_fraud.c.
 *
 *                bait                story               ask                   pressure
 * prize          prize, gift         chosen, survey      claim, confirm        limited time
 * romance        women, dates        who she is          write, chat           -
 * gambling       casino, coins       profit, bonus       play, invest          limited time
 * job            job, income         conditions          apply, details        haste
 * offer          goods advertised    superlatives        order, click          limited time, disclaimers
 * outreach       services for firms  what they bring     meeting, answer       follow-up, opt out
 */
#include "detect/lexicon.h"

/* clang-format off */
#define P(intent, cue, weight, phrases) { INTENT_##intent, CUE_##cue, weight, phrases },
const struct phrase_row lexicon_offer[] = {
	/* ---- prizes, surveys, gifts ---- */
	P(PRIZE, BAIT, 30,
	  "you have won|youve won|you won|you are a winner|you are our winner|our winner"
	  "|you are the winner|lucky winner|exclusive reward|your reward|reward is waiting"
	  "|your reward is|claim your reward|exclusive prize|fantastic prize|free gift|your gift"
	  "|your free|surprise for|have a surprise|a surprise for you|gift voucher|iphone 15|iphone 14"
	  "|iphone 13|samsung galaxy|dewalt|yeti|stanley|loyalty program|loyalty reward|rewards program"
	  "|giveaway|give away|sweepstakes|mystery box|cash prize|unclaimed reward|pending reward"
	  "|pending package|emergency kit|free spins|gewinner|sie haben gewonnen|du hast gewonnen"
	  "|gewinnspiel|gewinnchance|zu gewinnen|ihr gewinn|ihr geschenk|geschenkkarte"
	  "|gutschein im wert|treueprogramm|uberraschung fur|gagnant|vous avez gagne|carte cadeau"
	  "|cheque cadeau|votre cadeau|bon dachat|programme de fidelite|surprise pour|ganador|ha ganado"
	  "|has ganado|su premio|tu premio|recompensa|tarjeta regalo|tarjeta de regalo|sorteo"
	  "|sorpresa para|ganhador|voce ganhou|seu premio|sorteio|sorteado|premio|brinde|surpresa para")
	P(PRIZE, BAIT, 30,
	  "vincitore|hai vinto|ha vinto|il tuo premio|buono regalo|premio in palio|sorpresa per"
	  "|winnaar|je hebt gewonnen|u heeft gewonnen|cadeaubon|cadeaukaart|verrassing voor|wygrales"
	  "|wygrana|nagroda|nagrode|karta podarunkowa|вы выиграли|приз|выигрыш|подарок|розыгрыш|当選"
	  "|プレゼント|賞品|ギフト券|当選者|中奖|奖品|礼品|免费")
	P(PRIZE, STORY, 30,
	  "you have been chosen|have been selected|youve been selected|youve been chosen|were selected"
	  "|was selected|been chosen|you have been randomly|randomly selected|short survey|quick survey"
	  "|30 second survey|short questionnaire|brief survey|marketing survey|answer a few"
	  "|answer and win|answer win|simple questions|anonymous survey|your opinion|your experience"
	  "|customer survey|name came up|your name came up|for customers only|customers only"
	  "|valued shopper|qualify for|youre eligible|umfrage|befragung|ausgewahlt|wurden ausgewahlt"
	  "|wurdest ausgewahlt|beantworten sie|sondage|questionnaire|enquete|avez ete selectionne"
	  "|avez ete choisi|selectionne|encuesta|ha sido seleccionado|has sido seleccionado"
	  "|seleccionado|cuestionario|pesquisa|foi selecionado|foi sorteado|selecionado|questionario"
	  "|sondaggio|sei stato selezionato|e stato selezionato|selezionato|vragenlijst"
	  "|bent geselecteerd|bent uitgekozen|geselecteerd|ankieta|ankiete|zostales wybrany|опрос"
	  "|вы были выбраны|アンケート|選ばれました|问卷|您被选中|抽奖")
	P(PRIZE, ASK, 25,
	  "claim now|claim here|claim it|claim your|claim your gift|get started|get started now"
	  "|start now|get it now|get your|confirm now|confirm your|participate|take the survey"
	  "|complete the survey|complete this|complete our|to claim|click here to|redeem|enter now"
	  "|jetzt teilnehmen|teilnahme|teilnehmen|jetzt sichern|sichern sie sich|jetzt starten"
	  "|jetzt abholen|erhalten|participer|participez|recevoir|reclamer|reclamez|recuperer|acceder"
	  "|commencer|participar|participe|reclamar|reclame|obtener|recibir|haga clic|receber|resgatar"
	  "|resgate|retirar|clique|partecipa|partecipare|ricevere|richiedi|ottieni|riscuotere|deelnemen"
	  "|doe mee|ontvang|claim nu|ontvangen|odbierz|wez udzial|kliknij|получить|участвовать|забрать"
	  "|受け取る|受け取り|応募|领取|参加")
	P(PRIZE, PRESSURE, 25,
	  "congratulations|congrats|congratulation|hurry|limited time|today only|only today|last chance"
	  "|final reminder|final notice|2nd attempt|second attempt|last attempt|act fast|while supplies"
	  "|only takes a minute|takes only|one minute|no cost|hurry up|no longer wish to receive"
	  "|remove yourself from|gluckwunsch|herzlichen gluckwunsch|beeilen sie sich|nur heute"
	  "|letzte chance|kostenlos|felicitations|depechez vous|gratuit|gratuitement|derniere chance"
	  "|enhorabuena|felicidades|date prisa|ultima oportunidad|ultimo recordatorio|parabens"
	  "|ultima chance|corra|congratulazioni|affrettati|ultima possibilita|gratuito|gefeliciteerd"
	  "|laatste kans|wees snel|gratulacje|ostatnia szansa|поздравляем|бесплатно|спешите|おめでとうございます"
	  "|無料|今すぐ|恭喜|限时")
	P(PRIZE, BAIT, 30,
	  "reward panel|rewards team|rewards department|promo reward|your prize|lucky winners"
	  "|exclusive gift|mystery package|welcome reward|playstation 5|ps5|airpods|air fryer"
	  "|tool set|power drill|cordless drill|vacuum cleaner|premium cookware|nft drop"
	  "|caixa misteriosa|caja misteriosa|caja sorpresa|boite mystere|pacco misterioso"
	  "|mysterie doos|geheimnisvolle box|einkaufsgutschein|carte cadeau offerte|vale presente"
	  "|vale compras|cartao presente|buono spesa|waardebon|talon podarunkowy|bon podarunkowy"
	  "|подарочная карта|сертификат на|お年玉|商品券|礼品卡|红包|당첨|경품|hediye karti|hediye")
	P(PRIZE, STORY, 30,
	  "order verification|tell us about your|take our survey|marketing survey about"
	  "|chosen to participate|selected to participate|selected to receive"
	  "|you were picked|picked as a|possible finalist|our finalists|one of our finalists"
	  "|is unlocked|you have unlocked|random customers|lucky customers"
	  "|few customers|possible winner|moglicher gewinner|moglichen gewinner"
	  "|moglichen finalisten|auserwahlten|endauslosung|exklusiv gewinner|kundenumfrage"
	  "|enquete de satisfaction|court sondage|heureux gagnant|tirage au sort|tombola"
	  "|gagnants potentiels|encuesta de satisfaccion|breve encuesta|eres nuestro ganador"
	  "|posible ganador|pesquisa de satisfacao|breve pesquisa|voce foi escolhido"
	  "|possivel ganhador|breve sondaggio|sei stato scelto|possibile vincitore|korte enquete"
	  "|je bent gekozen|mogelijke winnaar|krotka ankieta|krotkiej ankiety|zostales wylosowany"
	  "|короткий опрос|пройдите опрос|抽選|幸运用户|설문")
	P(PRIZE, ASK, 25,
	  "take part in|start survey|start the survey|begin the survey|answer the survey"
	  "|activate now|see if you won|get rewarded|get yours now|klicken sie hier"
	  "|gutschein einlosen|einlosen|umfrage starten|acceder a lenquete|participez a lenquete"
	  "|commencer lenquete|repondez simplement|comenzar la encuesta|responda a"
	  "|comecar a pesquisa|inizia il sondaggio|rispondi al sondaggio|start de enquete"
	  "|vul de enquete in|wypelnij ankiete|odbierz teraz|получите|заберите|応募する|立即领取|참여")

	/* ---- acquaintances ---- */
	P(ROMANCE, BAIT, 35,
	  "russian women|russian girls|russian ladies|ukrainian women|ukrainian girls|ukrainian ladies"
	  "|ukrainian brides|russian brides|asian women|asian girls|asian beauties|latin women"
	  "|hot women|hot girls|hot singles|local singles|singles in your|single women|mature women"
	  "|lonely women|sexy girls|girls near you|women near you|naked|nude|nudes|horny|slut|hookup"
	  "|hook up|dating site|find love|your soulmate|live cam|webcam girls|visit cam|milf"
	  "|private photos|girlfriend|singles in ihrer nahe|singles in deiner nahe|frauen in ihrer nahe"
	  "|frauen in deiner nahe|ukrainische frauen|ukrainische braute|russische frauen|heisse frauen"
	  "|sextreffen|femmes russes|filles russes|filles ukrainiennes|femmes ukrainiennes"
	  "|fille ukrainienne|femmes celibataires|rencontres|rendez vous chaud|mujeres rusas"
	  "|mujeres solteras|chicas calientes|chicas rusas|mulheres russas|mulheres solteiras|garotas"
	  "|encontros|romance|donne russe|ragazze ucraine|donne single|incontri|russische vrouwen"
	  "|oekraiense vrouwen|vrouwen in de buurt|samotne kobiety|gorace dziewczyny|знакомства"
	  "|девушки рядом|секс|одинокие женщины|出会い|人妻|セフレ|エッチ|美女|约会|交友")
	P(ROMANCE, BAIT, 30,
	  "interested in you|became interested in you|interested to know you"
	  "|establish relationship with you|know more about you|to know each other|know us much better"
	  "|know you better|friend request|want to meet you|wants to meet you|be my friend"
	  "|be your friend|dich kennenlernen|sie kennenlernen|faire votre connaissance|conocerte mejor"
	  "|te conhecer|conoscerti meglio|poznac cie")
	P(ROMANCE, STORY, 30,
	  "like to know you|like to know more about you|know you more|get to know you|know each other"
	  "|i saw your profile|your profile|came across your profile|i am single|im single"
	  "|i am a single|looking for a man|looking for a serious|serious relationship"
	  "|long term relationship|real connections|new people|meet women|meet singles|are online"
	  "|online now|true love|love has no|age distance|my picture|my pictures|my photo|my photos"
	  "|my pics|small talk|savory|friendship|ich suche|einsam|kennenlernen|neue menschen"
	  "|jetzt online|freundschaft|rencontrer|faire connaissance|celibataire|amitie"
	  "|en ligne maintenant|conocer|conocerte|soltera|amistad|en linea|conhecer|solteira|amizade"
	  "|conoscere|conoscerti|amicizia|leren kennen|eenzaam|vriendschap|poznac|samotna|познакомиться"
	  "|одинокая|дружба|友達|寂しい|认识你|交朋友|单身")
	P(ROMANCE, STORY, 20,
	  "my name is|with love|send you my picture|share some of my photos|some of my photos"
	  "|more about me|about myself|my dearest|email id|yahoo com|gmail com")
	P(ROMANCE, ASK, 25,
	  "write me|write to me|reply me|send me a message|message me|chat with|lets chat|chat now"
	  "|want to chat|i hope you can chat|email me|contact me|answer me|tell you more about"
	  "|tell me about yourself|send you my|sign up|join now|join free|view profile|view photos"
	  "|see photos|meet now|reply to me|waiting for your|wait for your|kindly reply|get back to me"
	  "|schreib mir|antworte mir|jetzt chatten|chatten|jetzt starten|anmelden|fotos ansehen"
	  "|ecris moi|ecrivez moi|reponds moi|inscrivez vous|trouver|escribeme|escribame|respondeme"
	  "|chatear|escreva para mim|me escreva|responda|cadastre se|scrivimi|rispondimi|iscriviti"
	  "|schrijf me|reageer|meld je aan|napisz do mnie|odpisz|напиши мне|напишите мне|ответь|連絡して"
	  "|メールして|登録|联系我|回复我")
	P(ROMANCE, PRESSURE, 20,
	  "hello dear|hi dear|hello my dear|my dear|honey|sweetheart|darling|hallo mein lieber"
	  "|mein schatz|cheri|mon cher|hola querido|carino|querido|ola querido|caro|tesoro|lieverd"
	  "|kochanie|дорогой|привет|ダーリン|亲爱的|no longer wish")
	P(ROMANCE, BAIT, 35,
	  "sex dating|sex date|sexdating|adult dating|dating adventure|casual sex|free sex"
	  "|sex contacts|sex partner|sex chat|dirty girls|naughty girls|naughty women|hotties"
	  "|hottie|hot date|hot ladies|hot russian|sexy russian|meet hot|fuck buddy|porn|xxx videos"
	  "|adult content|girls next door|available girls|only available girls|slavic girls"
	  "|slavic women|sexabenteuer|seitensprung|sexkontakte|sextreff|erotikkontakte|geile frauen"
	  "|heisse girls|plan cul|rencontre coquine|femmes coquines|sexo casual|chicas desnudas"
	  "|citas calientes|mujeres calientes|encontro casual|mulheres nuas|novinhas|sesso facile"
	  "|ragazze nude|donne calde|sexcontact|sexdates|spannende afspraak|spannende afspraakjes"
	  "|geile vrouwen|naaktfotos|oekraiense meisjes|oekraiense schoonheden|sex randki"
	  "|nagie dziewczyny|интим|интим знакомства|секс знакомства|девочки рядом|горячие девушки"
	  "|アダルト|無修正|逆援|约炮|一夜情|成人视频|섹스|조건만남|성인|seks|sikis|escort bayan")
	P(ROMANCE, STORY, 30,
	  "looking for a lover|looking for love|looking for fun|looking for sex"
	  "|looking for real fun|dreams of meeting you|dreaming of you|wants to see you"
	  "|is ready to meet|ready to meet you|is waiting for you|are waiting for you"
	  "|are waiting to meet|wants to date|want to date|is waiting to meet|new girl"
	  "|unread messages from|private message from|no strings|no strings attached"
	  "|real encounters|beautiful girls|beautiful women|beautiful ladies|women online"
	  "|girls online|wartet auf dich|warten auf dich|ohne verpflichtungen|unverbindlich|tattend"
	  "|vous attend|sans engagement|te espera|te esperan|sin compromiso|sem compromisso"
	  "|esta esperando por voce|ti aspetta|ti aspettano|senza impegno|wacht op je|wachten op je"
	  "|vaste relatie|zonder verplichtingen|czeka na ciebie|bez zobowiazan|ждет тебя|ждут тебя"
	  "|без обязательств|待っています|等你|기다리고")
	P(ROMANCE, ASK, 25,
	  "click for date|click to date|click to meet|go here to see|see her|see her photos"
	  "|see my photos|her profile|get a date|get a hot date|meet her|meet them|join today"
	  "|meet them now|jetzt treffen|kennenlernen jetzt|rencontrez|rencontre la|conocela"
	  "|conoce a|conheca|encontre|incontra|incontrala|ontmoet|ontmoeten|maak contact|poznaj"
	  "|посмотри фото|смотри фото|会いたい|点击进入|만나")

	/* ---- casinos, trading ---- */
	P(GAMBLING, BAIT, 30,
	  "casino|welcome bonus|welcome offer|no deposit bonus|deposit bonus|slots|jackpot|poker"
	  "|betting|sports betting|cryptocurrency|trading platform|trading bot|automated trading"
	  "|investment platform|forex|binary options|token sale|presale|airdrop|mining|cloud mining"
	  "|passive income|your balance|investment opportunity|casino bonus|willkommensbonus|freispiele"
	  "|krypto|geldanlage|investition|online casino|tours gratuits|bonus de bienvenue|cryptomonnaie"
	  "|investissement|tiradas gratis|giros gratis|bono de bienvenida|criptomonedas|inversion"
	  "|rodadas gratis|bonus de boas vindas|criptomoedas|investimento|giri gratis"
	  "|bonus di benvenuto|criptovalute|gratis spins|welkomstbonus|cryptovaluta|investering|kasyno"
	  "|kryptowaluty|darmowe spiny|казино|криптовалюта|инвестиции|фриспины|カジノ|仮想通貨|投資|赌场|投资|比特币")
	P(GAMBLING, BAIT, 25,
	  "crypto trading")
	P(GAMBLING, BAIT, 20,
	  "free spins")
	P(GAMBLING, STORY, 25,
	  "up to 2000|400 bonus|400 welcome|200 bonus|bonus up to|guaranteed profit|guaranteed profits"
	  "|guaranteed returns|daily profit|daily profits|high returns|returns of|profits|double your"
	  "|millionaire|become rich|earning|earnings|ai powered|artificial intelligence|on your balance"
	  "|available balance|withdraw|withdrawal|per day|per week|pro woche|pro tag|gewinn|gewinne"
	  "|gewinnen|reich|millionar|verdienen|taglich|par jour|par semaine|gagner|riche|gains"
	  "|beneficios|ganancias|ganar|al dia|por semana|lucros|ganhar|ganhe|por dia|guadagnare"
	  "|guadagni|al giorno|vincere|winst|per dag|zarobic|zysk|zarabiaj|заработок|заработать|прибыль"
	  "|доход|利益|稼ぐ|稼げる|高收益|收益|赚钱")
	P(GAMBLING, ASK, 25,
	  "play now|spin now|register now|sign up|join now|start trading|start earning|start now"
	  "|invest now|open an account|open your account|claim your bonus|claim bonus|get your bonus"
	  "|withdraw now|get started|claim now|click here|jetzt spielen|jetzt registrieren"
	  "|jetzt starten|anmelden|investieren|jouer maintenant|jouez|inscrivez vous|investir"
	  "|juega ahora|registrate|jugar|invertir|jogue agora|cadastre se|jogar|gioca ora|registrati"
	  "|giocare|investire|speel nu|registreer|spelen|investeren|zagraj|zarejestruj|играть"
	  "|зарегистрируйтесь|вывести|登録|今すぐ|注册|立即")
	P(GAMBLING, PRESSURE, 25,
	  "24 hours|limited time|will be blocked|last chance|dont miss|no risk|risk free|exclusive|vip"
	  "|congratulations|awaits|waiting for you|remove yourself from|nur heute|exklusiv|ohne risiko"
	  "|beeilen|offre limitee|sans risque|exclusif|oferta limitada|sin riesgo|exclusivo|sem risco"
	  "|senza rischio|esclusivo|geen risico|exclusief|bez ryzyka|без риска|期間限定|限時|限时")
	P(GAMBLING, BAIT, 30,
	  "casino team|welcome package|free spin|spin bonus|free bet|free bets|betting bonus"
	  "|staking|presale now|token launch|crypto casino|free btc|bitcoin bonus|casino en ligne"
	  "|casino online|apuestas|apostas|scommesse|gokkast|zaklady|ставки|ставки на спорт|слоты"
	  "|博彩|体育投注|老虎机|娱乐城|카지노|토토|바카라|bahis|casino siteleri|iddaa")
	P(GAMBLING, STORY, 25,
	  "when you deposit|use coupon code|bonus code|next big win|big win|big wins|yields"
	  "|already won|we pay|instant payout|first deposit|on your first deposit|erste einzahlung"
	  "|premier depot|primer deposito|primeiro deposito|primo deposito|eerste storting"
	  "|pierwszy depozyt|первый депозит|首存|充值送|已经赢了|첫충|yatirim bonusu")

	/* ---- jobs ---- */
	P(JOB, BAIT, 30,
	  "job opportunity|job offer|job vacancy|vacancies|part time job|remote job|work from home job"
	  "|job for you|employment opportunity|mystery shopper|secret shopper|payment agent"
	  "|company representative|our representative|representative in|financial assistant"
	  "|personal assistant|data entry|personal assistant needed|car wrap|vehicle advertising"
	  "|jobangebot|stellenangebot|nebenjob|heimarbeit|mitarbeiter gesucht|offre demploi"
	  "|travail a domicile|emploi a domicile|oferta de trabajo|oferta de empleo|trabajo desde casa"
	  "|vaga de emprego|oferta de emprego|trabalhe em casa|trabalho em casa|renda extra"
	  "|offerta di lavoro|lavoro da casa|vacature|thuiswerk|bijbaan|oferta pracy|praca zdalna"
	  "|praca w domu|вакансия|удаленная работа|работа на дому|在宅ワーク|副業|アルバイト|兼职|招聘|在家工作")
	P(JOB, STORY, 25,
	  "no experience|no experience required|no experience needed|per week|weekly pay|flexible hours"
	  "|few hours|hours a day|hours per week|your spare time|spare time|10 of each|of every payment"
	  "|receive payments|on our behalf|earn up to|monthly salary|training provided|per assignment"
	  "|for each assignment|keine erfahrung|pro woche|flexible arbeitszeiten|von zu hause|provision"
	  "|verdienst|sans experience|par semaine|horaires flexibles|depuis chez vous|sin experiencia"
	  "|por semana|horario flexible|desde casa|comision|sem experiencia|horario flexivel|comissao"
	  "|ganhe|senza esperienza|a settimana|orari flessibili|commissione|geen ervaring"
	  "|flexibele uren|vanuit huis|bez doswiadczenia|tygodniowo|elastyczne godziny|без опыта"
	  "|в неделю|свободный график|未経験|日給|週払い|无需经验|日结|日薪")
	P(JOB, ASK, 25,
	  "send your cv|send your resume|send us your cv|your cv|your resume|apply now|apply here"
	  "|to apply|reply with your|your full name|full name|your age|your address|your phone number"
	  "|your occupation|contact us|contact me|if interested|if you are interested|whatsapp|telegram"
	  "|bewerben|bewerben sie sich|lebenslauf|bei interesse|kontaktieren sie|antworten sie"
	  "|envoyez votre cv|postulez|contactez|si vous etes interesse|envie su cv|envie su curriculum"
	  "|contacte|si le interesa|envie seu curriculo|cadastre|entre em contato|se interessado"
	  "|invia il tuo cv|candidati|contattaci|se interessato|stuur je cv|solliciteer|interesse"
	  "|wyslij cv|aplikuj|skontaktuj|отправьте резюме|свяжитесь|пишите|ご応募|応募|LINE|ご連絡|加微信|联系|报名")
	P(JOB, PRESSURE, 15,
	  "urgent|urgently|limited|limited positions|start immediately|immediate start|today"
	  "|dear applicant|we found your resume|we are accepting|congratulations|sofort|dringend"
	  "|urgente|immediat|de inmediato|imediato|subito|direct|od zaraz|срочно|急募|急聘")

	/* ---- goods ---- */
	P(OFFER, BAIT, 30,
	  "viagra|cialis")
	P(OFFER, BAIT, 25,
	  "online pharmacy|weight loss|lose weight|human growth hormone|penis|lowest mortgage"
	  "|term life insurance|work from home|work at home|home based business|extra income"
	  "|financial freedom|multi level marketing|university diplomas|adult site|xxx|ink cartridges"
	  "|credit card debt|bad credit|hair loss|cbd gummies|keto|potenzmittel|abnehmen|kredit ohne"
	  "|perte de poids|bajar de peso|emagrecer|erectile dysfunction|erectile|e d treatment"
	  "|ed treatment|male enhancement|enlargement|levitra|tramadol|xanax|our drugs"
	  "|medications you need|medication|pharmacy|canadian pharmacy|per pill|pills|blood sugar"
	  "|blood pressure|joint pain|nerve pain|neuropathy|tinnitus|toenail|constipation|belly fat"
	  "|fat burning|burn fat|burns fat|melt fat|diet pill|ketogenic|gummies|cbd oil|wrinkles"
	  "|plastic surgeon|prostate|hearing aid|hearing aids|vision loss|memory loss|home warranty"
	  "|auto warranty|car warranty|extended warranty|auto insurance|car insurance|home insurance"
	  "|health insurance|medicare|life insurance|final expense|burial insurance|debt relief")
	P(OFFER, BAIT, 25,
	  "tax relief|solar panels|walk in tub|walk in tubs|gutter|gutters|roof replacement"
	  "|bath remodeling|bathroom remodel|replacement windows|blinds|home improvement|timeshare"
	  "|credit score|credit report|replica watches|rolex|luxury watches|woodworking plans"
	  "|woodworking plan|survival|flashlight|portable heater|portable ac|power bill"
	  "|electricity bill|save electricity|energy bill|wifi booster|antivirus protection"
	  "|spell caster|love spell|get your ex back|ex back|herbal|herbal medicine|magic ring"
	  "|screening|abnehmen ohne|kilo abgenommen|kilo in|fett verbrennen|schlankheits|diatpillen"
	  "|erektionsstorung|erektionsstorungen|penisvergrosserung|gelenkschmerzen|krankenversicherung"
	  "|stromkosten|solaranlage|treppenlift|minceur|maigrir|perdre du poids|dysfonction erectile"
	  "|panneaux solaires|mutuelle|complementaire sante|adelgazar|perder peso|disfuncion erectil"
	  "|seguro de salud|paneles solares|plano de saude|planos de saude|emagreca|impotencia"
	  "|aumento peniano|seguro auto|consorcio|dimagrire|perdere peso|disfunzione erettile")
	P(OFFER, BAIT, 25,
	  "pannelli solari|afvallen|erectiestoornis|zonnepanelen|odchudzanie|potencja|schudnij"
	  "|похудеть|похудение|потенция|потенции|виагра|суставы|ダイエット|薄毛|精力|ED治療|バイアグラ|偽ブランド|ブランドコピー|减肥"
	  "|壮阳|发票代开|代开发票")
	P(OFFER, BAIT, 20,
	  "mortgage rates|refinance|home loan")
	P(OFFER, STORY, 20,
	  "guaranteed results|100 guaranteed|money back guarantee|satisfaction guaranteed"
	  "|no prescription|no obligation|no credit check|absolutely free|completely free|free trial"
	  "|risk free|amazing new|as seen on|clinically proven|no experience|be your own boss"
	  "|thousands of dollars|per week|save up to|lowest prices|doctors hate|scientists|harvard"
	  "|big pharma|simple trick|weird trick|one simple|strange trick|this trick|the secret"
	  "|root cause|medical discovery|breakthrough|discovery|miracle|all natural|pounds in|lbs"
	  "|in just|shark tank|exposed|forgotten|ancient|overnight|no side effects|best price"
	  "|best prices|coupon|save 50|save 80|50 off|70 off|80 off|% off|low price|low prices"
	  "|lower your|reduce your|free quote|free quotes|no cost|homeowners|starting at|per month"
	  "|special offer|exclusive offer|revolutionary|trusted|arzte|geheimnis|ohne rezept|rezeptfrei"
	  "|rabatt|gunstig|sparen sie|medecins|astuce|sans ordonnance|economisez|devis gratuit|remise"
	  "|medicos|truco|sin receta|ahorre|descuento|truque|sem receita|economize|desconto")
	P(OFFER, STORY, 20,
	  "tabela promocional|cotacao|condicao especial|reducao de|proposta exclusiva|a partir de"
	  "|trucco|senza ricetta|risparmia|sconto|artsen|truc|zonder recept|bespaar|korting|lekarze"
	  "|bez recepty|rabat|taniej|врачи|без рецепта|скидка|скидки|医師|割引|激安|通販|医生|优惠|特价")
	P(OFFER, ASK, 20,
	  "click here|order now|order today|buy now|call now|toll free|apply now|sign up now"
	  "|visit our website|jetzt bestellen|cliquez ici|haga clic|clique aqui|click below"
	  "|click the link|learn more|find out|find out why|see how|see if you qualify|discover"
	  "|watch the video|watch this|watch video|watch now|shop now|get yours|get your|get started"
	  "|get a quote|request a|request your|compare|claim your|try it|try now|order here|order yours"
	  "|book your|call today|visit us|visit our|send a dm|contact us|see details|start now"
	  "|jetzt kaufen|hier klicken|jetzt ansehen|mehr erfahren|jetzt sichern|jetzt testen|commandez"
	  "|en savoir plus|decouvrez|commander|profitez|compre ahora|pida|descubra|descubre"
	  "|mas informacion|compre agora|saiba mais|peca|cote agora|cote online|cotar|simule|solicite"
	  "|aproveite|acquista ora|scopri|ordina ora|bestel nu|klik hier|ontdek|probeer|zamow teraz"
	  "|kliknij|sprawdz|закажите|заказать|купить|узнать|ご注文|詳しくは|今すぐ|立即购买|点击|联系")
	P(OFFER, PRESSURE, 25,
	  "to be removed from|to be removed|removed from our list|removed from our mailing list"
	  "|remove in the subject|this is not spam|not considered spam|one time mailing|bill 1618"
	  "|opt in list|opted in")
	P(OFFER, PRESSURE, 20,
	  "limited time offer|act now|offer expires|dont miss|while supplies last"
	  "|you are receiving this email because|remove yourself from|click here to remove"
	  "|no longer wish to receive|unsubscribe at any time|you may unsubscribe|to unsubscribe"
	  "|unsubscribe here|unsubscribe|this is an advertisement|advertisement|paid advertisement"
	  "|sent by an affiliate|third party|limited time|today only|ends today|ends tonight"
	  "|last chance|final hours|hurry|while they last|selling out|before its too late|before it"
	  "|zum abbestellen|abbestellen|nur heute|begrenzte zeit|se desabonner|desabonner|offre limitee"
	  "|darse de baja|cancelar suscripcion|tiempo limitado|descadastrar|tempo limitado"
	  "|por tempo limitado|remover seu|nao deseja mais receber|cancellarsi|disiscriviti"
	  "|tempo limitato|uitschrijven|afmelden|beperkte tijd|wypisz|ograniczona|отписаться"
	  "|только сегодня|配信停止|期間限定|退订|限时")
	P(OFFER, BAIT, 25,
	  "men drugs|drugs shop|drug store|pharma shop|fda approved meds|approved meds"
	  "|health products|generic pills|no rx|male solution|bathroom upgrade|shower upgrade"
	  "|apotheke ohne rezept|pharmacie en ligne|farmacia online|farmacia en linea"
	  "|farmacia italiana|online apotheek|apteka internetowa|онлайн аптека"
	  "|таблетки для потенции|비아그라|시알리스|催情|伟哥")
	P(OFFER, STORY, 20,
	  "directly from manufacturer|best pricing|till stocks last|limited period|fda approved"
	  "|splendid cuts|cost abatements|ship worldwide|worldwide shipping|discreet packaging"
	  "|anonymous delivery|diskreter versand|livraison discrete|envio discreto"
	  "|spedizione discreta|discrete verpakking|dyskretna wysylka|анонимная доставка")

	/* ---- services for firms ---- */
	P(OUTREACH, BAIT, 30,
	  "seo|seo company|seo agency|seo expert|search engine optimization|search engine ranking"
	  "|rank your website|website ranking|google ranking|ranking on google|page of google"
	  "|top of google|top rankings|link building|backlinks|backlink|guest posting|sponsored post"
	  "|sponsored posts|website design|web design|web development|website development"
	  "|redesign your website|redesign|mobile app development|app development|software development"
	  "|wordpress|e commerce website|digital marketing|social media marketing|lead generation"
	  "|qualified leads|b2b leads|email list|email lists|attendees list|attendee list|mailing list"
	  "|contact list|decision makers|database of|video animation|explainer video|logo design"
	  "|graphic design|data entry services|virtual assistant|outsourcing|bookkeeping|staffing"
	  "|web traffic|website traffic|domain authority|errors on your website|your website"
	  "|of your website|manufacturer|manufacturers|supplier of|leading supplier"
	  "|professional supplier|we produce|we manufacture|we specialize|we specialise|specialized in")
	P(OUTREACH, BAIT, 30,
	  "our products|our product|our main products|product catalog|pcb|injection molding"
	  "|cnc machining|led lights|oem|freight forwarder|sea freight|freight|shipping from china"
	  "|fleet management|gps tracking|photovoltaic|telemarketing|suchmaschinenoptimierung|webdesign"
	  "|webseite erstellen|ihre webseite|ihrer webseite|ihre website|kundengewinnung|neukunden"
	  "|fuhrpark|gps uberwachung|photovoltaik|hersteller von|referencement|creation de site"
	  "|votre site|site internet|prospection|generer des leads|flotte|geolocalisation"
	  "|posicionamiento web|diseno web|su sitio web|su pagina web|captacion de clientes|flota"
	  "|herramienta gps|posicionamento|criacao de sites|seu site|geracao de leads|lista de emails"
	  "|frota|posizionamento sui motori|realizzazione siti|il vostro sito|vostro sito"
	  "|generazione di contatti|zoekmachineoptimalisatie|website laten maken|uw website"
	  "|leadgeneratie|pozycjonowanie|pozycjonowania|strony www|strone www|państwa firmy"
	  "|panstwa firma|panstwa firme|panstwa firmie|panstwa strony|nowych klientow")
	P(OUTREACH, BAIT, 30,
	  "pozyskiwanie klientow|fotowoltaika|fotowoltaike|fotowoltaiczne|fotowoltaicznych"
	  "|monitoring gps|narzedzie gps|floty|program szkoleniowy|szkolenia|dofinansowanie|leasing"
	  "|prąd|energii elektrycznej|plynnosci finansowej|faktoring|e sklepie|e sklep"
	  "|jezyka angielskiego|продвижение сайта|продвижение сайтов|создание сайтов|разработка сайтов"
	  "|рассылка|рассылки|база данных|поставщик|seo対策|ホームページ制作|集客|営業代行|网站建设|网站优化|厂家|供应商|外贸|我们公司|货代"
	  "|flotas|vehiculos|monitorowanie samochodow|samochodow firmowych|vehicle tracking|resellers"
	  "|competitive advantage|your sales|your offer")
	P(OUTREACH, BAIT, 25,
	  "million email addresses|bulk email|email marketing|guest post|seo services"
	  "|first page of google|web design services")
	P(OUTREACH, STORY, 25,
	  "increase your traffic|increase traffic|more traffic|more customers|new customers"
	  "|potential customers|potential clients|grow your business|boost your|improve your"
	  "|improve your ranking|affordable|affordable price|affordable prices|competitive price"
	  "|competitive prices|high quality|good quality|best quality|best service|years of experience"
	  "|years experience|over 10 years|experienced team|team of experts|dedicated team|our team"
	  "|our services|our clients|we help|we can help|we offer|we provide|we are able to|our company"
	  "|we are a|we are professional|based in china|based in india|from china|in china|shenzhen"
	  "|india based|increase sales|more sales|reduce costs|reduce cost|save costs|free sample"
	  "|free samples|free quote|free audit|free analysis|cost effective|mehr kunden|mehr besucher"
	  "|umsatz|kosten senken|langjahrige erfahrung|unser team|wir bieten|plus de clients|augmenter"
	  "|reduire les couts|reduisent les couts|notre equipe|nous proposons|mas clientes|aumentar"
	  "|reducir costes|nuestro equipo|ofrecemos|mejores herramientas|mais clientes|reduzir custos")
	P(OUTREACH, STORY, 25,
	  "nossa equipe|oferecemos|piu clienti|ridurre i costi|il nostro team|offriamo|meer klanten"
	  "|kosten besparen|ons team|wij bieden|obnizyc koszty|obniza koszty|oszczednosci|zwiekszyc"
	  "|zwiekszenie|rozwoju|naszych klientow|oferujemy|swiadczymy|zajmujemy sie|wspolpracujemy"
	  "|mozliwosc wspolpracy|rozwiazanie|rozwiazania|увеличить продажи|новых клиентов|мы предлагаем"
	  "|наша компания|新規顧客|売上|弊社|当社|优质|价格优惠|多年经验|我司")
	P(OUTREACH, STORY, 20,
	  "increase your sales|automate|optimizan|optimizacion|ofrece|soluciones|sin ningun riesgo"
	  "|periodo de prueba|optymalizacje|kosztow")
	P(OUTREACH, ASK, 25,
	  "are you interested|if you are interested|would you be interested|let me know if you"
	  "|let us know if you|interested in our|schedule a call|book a call|quick call|15 minute"
	  "|15 minutes|a short call|call this week|free consultation|get back to me|reply to this"
	  "|reply with|send you a quote|send you our|send you the|send you a proposal|send you price"
	  "|price list|send me your|share your requirements|your requirements|your requirement"
	  "|contact me|feel free to contact|feel free to|look forward to|looking forward to"
	  "|hear from you|do you need|please contact|welcome to visit|whatsapp|skype|may i|can i send"
	  "|shall i|haben sie interesse|bei interesse|kurzes gesprach|kurzes telefonat"
	  "|termin vereinbaren|ihre ruckmeldung|seriez vous interesse|etes vous interesse"
	  "|rendez vous telephonique|nhesitez pas|votre retour|le interesaria|estaria interesado"
	  "|esta interesado|una llamada|pongase en contacto|quedo a la espera|tem interesse|gostaria de"
	  "|uma ligacao|entre em contato|aguardo seu retorno|e interessato|siete interessati")
	P(OUTREACH, ASK, 25,
	  "una chiamata|attendo un vostro|contattateci|heeft u interesse|bent u geinteresseerd"
	  "|een gesprek|hoor graag|neem contact|czy sa panstwo zainteresowani|sa panstwo zainteresowani"
	  "|zainteresowani|zainteresowany|prosze o kontakt|czy moglbym|moge przedstawic|przedstawic"
	  "|zapraszam do kontaktu|prosze o informacje|krotkiej rozmowy|rozmowe|chetnie|интересно"
	  "|свяжитесь|заинтересованы|звоните|ご興味|ご検討|お問い合わせ|ご連絡|感兴趣|请联系|期待您的回复")
	P(OUTREACH, ASK, 20,
	  "quiere conocer|conocer los detalles|interesuje panstwa|happy to talk|person dealing with")
	P(OUTREACH, PRESSURE, 25,
	  "following up|follow up on my|did you receive my|did you get my|did you see my"
	  "|my previous email|my last email|my previous mail|i tried to reach|i was browsing"
	  "|came across your website|found your website|visited your website|i found your"
	  "|went through your website|looking at your website|your contact from|got your contact"
	  "|glad to know|hope this email finds you|hope this mail finds you|hope you are doing well"
	  "|hope youre doing well|hope you are well|hope all is well|hope this message finds you"
	  "|dear sir madam|dear sir|dear manager|dear business owner|dear purchasing|dear friend"
	  "|hello sir|greetings|good day|reply no|reply with unsubscribe|if you dont want"
	  "|if not interested|not interested|opt out|reply stop|ich habe ihre webseite|ich bin auf ihre"
	  "|mein name ist|ich schreibe ihnen|je mappelle|je vous contacte|je me permets|mi nombre es"
	  "|me llamo|le escribo|meu nome e|escrevo|il mio nome e|mi chiamo|le scrivo|mijn naam is"
	  "|ik schrijf u|dzien dobry|chcialbym|kontaktuje sie|zwracam sie|nazywam sie|pozdrawiam"
	  "|здравствуйте|меня зовут|突然のご連絡|初めまして|您好|冒昧")
	P(OUTREACH, PRESSURE, 20,
	  "buenos dias|atentamente|represento a|saludos cordiales|cordialement|mit freundlichen grussen")
	/* ---- said in other words ---- */
	P(ROMANCE, BAIT, 30,
	  "a single woman|lonely woman|einsame frauen|одинокая девушка|хочу познакомиться|ищу мужчину")
	P(ROMANCE, STORY, 25,
	  "a serious relationship|wollen dich treffen|wollen dich kennenlernen|in deiner nahe"
	  "|серьезных отношений|для отношений")
	P(ROMANCE, ASK, 25,
	  "so i can send you|send you my photos|melde dich kostenlos|sieh dir ihre|пришлю фото|пришлю свои фото")
	P(OFFER, STORY, 20,
	  "sin dieta|sans regime|ohne diat|senza dieta|zonder dieet|sem dieta|100 natural")
	P(OFFER, ASK, 20,
	  "pida ahora|pida ya|compre ya|pida el suyo|encomende agora")
	P(OFFER, PRESSURE, 20,
	  "oferta limitada|offerta limitata|beperkt aanbod|angebot endet")
};
#undef P
/* clang-format on */

const size_t lexicon_offer_size = ARRAY_LEN(lexicon_offer);
