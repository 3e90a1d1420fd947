/*
 * The phrases of frauds. Weights were set by judgement and looked at on the corpora (November 2026): high for what
 * hardly any honest mail says, low for what many say. To add one, write it as people do, without punctuation, in lower
 * case; accents and spaces between ideographs make no difference.
 *
 *                bait                story               ask                   pressure
 * advance fee    money promised      who and why         contact, details      secrecy, haste
 * loan           loan, investor      terms, who          answer, details       haste
 * extortion      what they claim     -                   how to pay            threat and time
 * gift card      cards by name       favour, boss        buy and send codes    haste, discretion
 * errand         at hand?            why not by phone    do it for me          haste, discretion
 * credentials    account trouble     sender posing       log in, confirm       loss, time
 * wallet         wallet, coins       why                 connect, verify       loss, time
 * parcel         parcel held         carrier, reason     fee, address          loss, time
 * refund         money due           office posing       claim, pay            loss, time
 * callback       charge, renewal     order, brand        call to cancel        time
 * payment        bank details        invoice             change, transfer      haste
 * payroll        salary account      payroll             change                haste
 * order          order, quotation    goods, firm posing  see the file          haste
 */
#include "detect/lexicon.h"

/* clang-format off */
#define P(intent, cue, weight, phrases) { INTENT_##intent, CUE_##cue, weight, phrases },
const struct phrase_row lexicon_fraud[] = {
	/* ---- inheritance, dormant account, donation, compensation ---- */
	P(ADVANCE_FEE, BAIT, 25,
	  "million united states dollars|million us dollars|million pounds sterling|unclaimed funds"
	  "|inheritance fund|compensation fund|trunk boxes|you have won the sum"
	  "|your email address has won|winning number|atm card worth|donate the sum|millionen dollar"
	  "|millionen us dollar|millions de dollars|millions deuros|millones de dolares"
	  "|milhoes de dolares|milioni di dollari|miljoen dollar|milionow dolarow|миллионов долларов"
	  "|million euro|millions of dollars|million united states dollar|million u s dollars"
	  "|usd million|million dollar|hundred thousand dollars|hundred thousand us dollars"
	  "|hundred thousand united states dollars|five million|fund worth|funds worth|bank draft worth"
	  "|cashier check worth|consignment box|consignment boxes|inheritance funds|your inheritance"
	  "|the inheritance|my inheritance|your compensation|compensation payment|compensation of"
	  "|your fund|your funds|your payment file|outstanding payment|overdue payment fund|atm card"
	  "|atm visa card|atm master card|western union payment|donation of|donation to you")
	P(ADVANCE_FEE, BAIT, 25,
	  "donate to you|a donation|charitable donation|want to donate|donate my fund|have donated"
	  "|has donated|funds i inherited|gold dust|gold bars|abandoned fund|unclaimed fund"
	  "|unclaimed inheritance|deposited fund|relief package|relief fund|grant of|cash grant"
	  "|empowerment fund|erbschaft|meine erbschaft|spende von|eine spende|mio euro"
	  "|millionen us dollars|millionen dollars|euro gespendet|nachlass in hohe"
	  "|entschadigung in hohe|million deuros|millions usd|million de dollars|un don de|faire un don"
	  "|heritage de|mon heritage|fonds dheritage|somme de|millon de dolares|millones de euros"
	  "|millones usd|donacion de|una donacion|mi herencia|herencia de|fondo de herencia|la suma de"
	  "|milhao de dolares|milhoes de euros|doacao de|uma doacao|minha heranca|fundo de heranca"
	  "|soma de|milioni di euro|una donazione|donazione di|eredita di|la somma di|miljoen euro"
	  "|donatie van|een donatie|erfenis van|de som van|milionow euro|darowizna|darowizne|spadek po"
	  "|kwote|наследство|миллиона долларов|пожертвование|сумму в размере|миллионов сша|万ドル|億円を|寄付金")
	P(ADVANCE_FEE, BAIT, 25,
	  "遺産|万米ドル|万美元|百万美元|遗产|捐赠给您|捐款|million|millions|millionen|millones|milhoes|milioni|miljoen"
	  "|milionow|миллионов|united states dollars|us dollars|business proposal|business proposition"
	  "|business transaction|business deal|business opportunity|investment project"
	  "|investment proposal|investment opportunity|financial transaction"
	  "|confidential financial transaction|important matter to discuss|very important to discuss"
	  "|something important to discuss|something very important|urgent business|urgent matter"
	  "|important issue|deal in my bank|project that will be profitable|donation|spende"
	  "|your email was found|pending funds|bank draft|inheritance|erbe|heritage|herencia|heranca"
	  "|eredita|erfenis|spadku")
	P(ADVANCE_FEE, BAIT, 20,
	  "million usd|million euros|million pounds|the sum of us|sum of money|lottery winner|lump sum"
	  "|over invoiced|millionen euro")
	P(ADVANCE_FEE, BAIT, 15,
	  "million dollars")
	P(ADVANCE_FEE, STORY, 30,
	  "next of kin|nachster angehoriger")
	P(ADVANCE_FEE, STORY, 25,
	  "late husband|late client|dormant account|the deceased|diplomatic courier|security company"
	  "|foreign partner|foreign account|computer ballot|verstorbenen kunden|heritier|defunt client"
	  "|pariente mas cercano|cliente fallecido|parente mais proximo|cliente falecido"
	  "|parente piu prossimo|nabestaande|my late husband|late father|my father died|my late wife"
	  "|late customer|deceased customer|deceased client|a deceased|died without|died in"
	  "|without a will|no next of kin|bank manager|account officer|auditor general|credit officer"
	  "|auditing manager|manager of audit|manager in bank|work with a bank|work in a bank"
	  "|work in the bank|banker by profession|i am a banker|foreign remittance"
	  "|remittance department|cancer patient|dying of cancer|suffering from cancer|breast cancer"
	  "|terminal cancer|esophageal cancer|long time illness|my doctor|doctors told me|sick bed"
	  "|hospital bed|i am a widow|aging widow|i am dying|childless|orphanage|orphanages"
	  "|less privileged|the less privileged|help the poor|charity work|charity project")
	P(ADVANCE_FEE, STORY, 25,
	  "charity purposes|humanitarian|god fearing|beneficiaries|the only daughter of"
	  "|only daughter of|only son of|my late parents|refugee camp|political asylum|cocoa merchant"
	  "|united nations|united nation|world bank|imf|international monetary fund"
	  "|central bank of nigeria|federal ministry|bank of africa|burkina faso|cote divoire"
	  "|ivory coast|republic of benin|syria|afghanistan|military officer|us army|u s army"
	  "|peacekeeping|general in the|scam victims|scam victim|fbi|interpol|diplomat|diplomatic agent"
	  "|delivery agent|courier company|foreign business partner|foreign investor|mega millions"
	  "|powerball|jackpot winner|jackpot|won the lottery|random individuals|selected randomly"
	  "|randomly selected individuals|philanthropist|illuminati|secret society|brotherhood|witwe"
	  "|krebs|im krankenhaus|mein verstorbener|meines verstorbenen|verstorbener kunde|waisenhaus"
	  "|wohltatigkeit|begunstigten|begunstigter|lotterie|jackpot gewonnen|ausgewahlte personen"
	  "|bankdirektor|auslandischen partner|veuve|cancer|a lhopital|mon defunt mari|defunt")
	P(ADVANCE_FEE, STORY, 25,
	  "orphelinat|oeuvres caritatives|beneficiaire|loterie|directeur de banque"
	  "|directeur dune banque|viuda|mi difunto esposo|hospital por cancer|orfanato|obras de caridad"
	  "|beneficiario|loteria|gerente de banco|gerente de auditoria|viuva|meu falecido marido"
	  "|falecido|caridade|gerente do banco|vedova|mio defunto marito|defunto|orfanotrofio"
	  "|beneficenza|lotteria|weduwe|mijn overleden man|overleden klant|weeshuis|liefdadigheid"
	  "|begunstigde|loterij|wdowa|zmarly klient|beneficjent|sierociniec|вдова|покойный|покойного"
	  "|раком|благотворительность|сирот|未亡人|亡くなった|癌|慈善|受益者|銀行の|寡妇|已故|癌症|受益人|my names are"
	  "|i got your contact|got your contact|got your email|your profile|through your profile"
	  "|my personal search|private bank|my bank|our bank|the bank|a bank|vice chairman"
	  "|foreign operations director|law firm|attorney|esq|deputy director|accountant with"
	  "|i inherited|my parents|my husband|widow|widows|heavy heart|my heart|survivor"
	  "|personal aid to|former president|ministry|pandemic|corona virus|covid 19|war in|trust you"
	  "|can i trust|an investor|i am an investor|der gewinner|mein name ist|meine name ist"
	  "|my name is|i am mr|i am mrs|i am miss|i am dr|i am barrister")
	P(ADVANCE_FEE, STORY, 20,
	  "my late father|barrister|contract award|nigerian national petroleum|head of state"
	  "|terminally ill|diagnosed with cancer|charity organization|fiduciary agent|claims agent"
	  "|international lottery")
	P(ADVANCE_FEE, STORY, 15,
	  "plane crash")
	P(ADVANCE_FEE, ASK, 25,
	  "your full name and address|your private telephone|transfer of this fund|claim your prize"
	  "|get back to me|contact me for more|contact me for details|contact me on my private"
	  "|reply to my private email|reply me|reply back|reply for more details|write me back"
	  "|write back to me|kindly respond|kindly reply|kindly get back|await your reply"
	  "|awaiting your reply|awaiting your response|await your response|waiting for your reply"
	  "|waiting for your response|wait for your response|hear from you soon|your full name"
	  "|your full names|full name|full names|your address|home address|direct telephone"
	  "|telephone number|your telephone|your phone number|whatsapp number|your occupation"
	  "|occupation|your age|copy of your id|your identity card|international passport"
	  "|your bank details|your banking details|bank information|your bank account|your account for"
	  "|into your account|to your account|into your bank account|to your bank account"
	  "|transfer to your|transfer the fund|transfer the said|transfer of the fund|transferring of")
	P(ADVANCE_FEE, ASK, 25,
	  "receive the fund|receive the funds|receive your fund|receive your payment|claim your fund"
	  "|claim the fund|claim your donation|claim the inheritance|your co operation|your cooperation"
	  "|need your assistance|need your help|your assistance|your partnership|as my partner"
	  "|business partner|invest in your country|investment in your country|invest it in your"
	  "|management and investment|for investment|relocate|join the|become a member|processing fee"
	  "|delivery fee|clearance fee|activation fee|kontaktieren sie mich|antworten sie mir"
	  "|melden sie sich bei mir|ihre hilfe|ihr vollstandiger name|vollstandiger name|telefonnummer"
	  "|fur weitere details|auf ihr konto|weitere informationen zu erhalten|contactez moi"
	  "|repondez moi|votre aide|votre nom complet|nom complet|numero de telephone"
	  "|pour plus de details|sur votre compte|votre assistance|contacteme|contactame|respondame"
	  "|su ayuda|nombre completo|numero de telefono|para mas detalles|en su cuenta|a su cuenta"
	  "|correspondencia futura|contate me|entre em contato comigo|responda me|sua ajuda")
	P(ADVANCE_FEE, ASK, 25,
	  "nome completo|numero de telefone|para mais detalhes|na sua conta|em sua conta|contattami"
	  "|mi contatti|rispondimi|il suo aiuto|numero di telefono|per maggiori dettagli|sul suo conto"
	  "|neem contact met mij op|antwoord mij|uw hulp|volledige naam|telefoonnummer"
	  "|voor meer details|op uw rekening|skontaktuj sie ze mna|prosze o kontakt|pana pomocy"
	  "|imie i nazwisko|numer telefonu|свяжитесь со мной|ответьте мне|вашей помощи|полное имя"
	  "|ваш счет|номер телефона|ご連絡ください|返信してください|あなたの助け|氏名|お返事|请联系我|回复我|您的帮助|全名|电话号码|reply for more"
	  "|for more info|for more information|more details|for further details|for more details"
	  "|further directives|email me|email me at|contact me|contact me through|contact me via"
	  "|reply to me|kindly reply to me|please reply|reply now|reply thanks|respond including"
	  "|indicate your interest|express your interest|your interest|partner with|partner with us"
	  "|work with you|work together|private email|your private email|acknowledge this"
	  "|hearing from you|if interested|if you are interested")
	P(ADVANCE_FEE, ASK, 20,
	  "your bank account number|telephone and fax numbers|your urgent response|your urgent reply"
	  "|your kind assistance|seek your assistance|transfer the money|transfer this money"
	  "|transfer the funds|release of your fund|contact my lawyer|processing of your claim"
	  "|geschaftsvorschlag|proposition daffaires|propuesta de negocio|proposta de negocio"
	  "|деловое предложение")
	P(ADVANCE_FEE, PRESSURE, 25,
	  "utmost confidentiality|100 risk free")
	P(ADVANCE_FEE, PRESSURE, 20,
	  "strictly confidential|utmost confidence|risk free transaction|come as a surprise"
	  "|keep this confidential|streng vertraulich|strictement confidentiel"
	  "|estrictamente confidencial|estritamente confidencial|dear beloved|my dear beloved"
	  "|beloved in christ|beloved one|dear friend|my dear friend|good day sir|attn beneficiary"
	  "|attention beneficiary|dear beneficiary|attention dear|attn dear|attention please"
	  "|dear sir madam|greetings to you|compliments of the season|calvary greetings"
	  "|in the name of god|remain blessed|bless you|almighty god|trustworthy|honest person"
	  "|honest and|reliable person|mutual benefit|mutual benefits|benefit of both|both of us"
	  "|surprise to you|may surprise you|surprised to receive|you do not know me|we have not met"
	  "|never met|never met before|without delay|urgent and confidential|very urgent"
	  "|confidential business|legitimate business|risk free|100 legitimate|percentage of the"
	  "|40 percent|30 percent|40 for you|congratulations|congratulation|you have been chosen")
	P(ADVANCE_FEE, PRESSURE, 20,
	  "you are among the|you were selected|has been approved|have been approved"
	  "|email address was selected|your email was selected|lieber freund|liebe freundin"
	  "|mein lieber freund|meine liebe|herzlichen gluckwunsch|uberraschen|ehrlich und"
	  "|vertrauenswurdig|gott segne sie|cher ami|chere amie|bien aime|felicitations|vous surprendre"
	  "|digne de confiance|que dieu vous benisse|querido amigo|estimado amigo|felicidades"
	  "|sorprender|de confianza|dios le bendiga|asunto urgente|caro amigo|parabens|surpreender"
	  "|de confianca|deus te abencoe|caro amico|congratulazioni|sorprendere|fiducia|dio vi benedica"
	  "|beste vriend|gefeliciteerd|verrassen|vertrouwen|god zegene u|drogi przyjacielu|gratulacje"
	  "|zaskoczeniem|zaufania|дорогой друг|мой дорогой|поздравляем|удивит|доверие|親愛なる|おめでとうございます"
	  "|神の|驚かれる|亲爱的|恭喜|上帝|信任")
	P(ADVANCE_FEE, PRESSURE, 15,
	  "god bless you")

	/* ---- loans and investors ---- */
	P(LOAN, BAIT, 35,
	  "loan offer|urgent loan|business loan|personal loan|need a loan|in need of loan"
	  "|need of a loan|need an urgent loan|need loan|loan of any|loan investment|loan company"
	  "|loan lender|offer loans|offers loans|grant loans|granting loans|soft loan|project funding"
	  "|fund your project|fund projects|business funding|lucrative project|lucrative investment"
	  "|investors who are|investor willing|willing to invest|interested to invest"
	  "|investment funding|interested in loan|interested in a loan|funding for your|kreditangebot"
	  "|darlehen|benotigen sie einen kredit|dringend einen kredit|geschaftskredit"
	  "|pret entre particuliers|offre de pret|besoin dun pret|pret dargent|prestamo urgente"
	  "|oferta de prestamo|necesita un prestamo|emprestimo urgente|oferta de emprestimo"
	  "|precisa de um emprestimo|offerta di prestito|bisogno di un prestito|prestito urgente"
	  "|lening nodig|dringend een lening|oferta pozyczki|kredyt bez|potrzebujesz pozyczki"
	  "|нужен кредит|кредит наличными|融資のご案内|即日融資|贷款|低息贷款|investment financing|loan and investment"
	  "|provide funding|capital providers|private investors|project financing|venture capital")
	P(LOAN, STORY, 30,
	  "interest rate|low interest|3 interest|2 interest|interest rate of|low rate|3 percent"
	  "|2 percent|no collateral|without collateral|pay your bills|pay off your|clear your bills"
	  "|clear your debts|debt consolidation|bad credit|start up a business|expand your business"
	  "|real estate|renewable energy|real estate development|oil and gas|private lender"
	  "|financial services|per annum|roi|zinssatz|bei 2|bei 3|zinsen|taux dinteret|taux de"
	  "|tasa de interes|taxa de juros|tasso di interesse|rentevoet|oprocentowanie|процентная ставка"
	  "|金利|利率")
	P(LOAN, STORY, 25,
	  "any viable|viable business|direct financiers|credible projects|joint venture|bank guarantees"
	  "|construction projects|working capital|partnership|expansion")
	P(LOAN, ASK, 30,
	  "contact us|apply now|apply today|request a loan|fill and return|full name|loan amount"
	  "|amount needed|loan duration|duration|phone number|for more details|reply for|reply if"
	  "|get back to us|get back to me|business plan|kontaktieren sie uns|vollstandiger name"
	  "|antworten sie|weitere details|contactez nous|nom complet|contactenos|nombre completo"
	  "|entre em contato|nome completo|contattaci|ci contatti|neem contact|prosze o kontakt"
	  "|свяжитесь с нами|ご連絡ください|お申し込み|联系我们")
	P(LOAN, PRESSURE, 20,
	  "urgent|do you need|are you in need|cannot miss|within 24 hours|any kind|of any kind"
	  "|dear sir madam|worldwide|dringend|urgente|jeglicher art")

	/* ---- recordings, bitcoin, deadlines ---- */
	P(EXTORTION, BAIT, 30,
	  "i recorded you|recorded a video|video of you|your webcam|turned on your camera|i hacked your"
	  "|i have hacked|full access to your device|adult websites|pleasuring yourself"
	  "|ich habe sie aufgenommen|zugriff auf ihr gerat|ihre webcam|votre webcam|tu camara web"
	  "|sua webcam|tua webcam|twoja kamera|вашу камеру|あなたのカメラ|i have access to your"
	  "|access to all your devices|access to your device|hacked your device|hacked your account"
	  "|hacked your email|hacked your operating system|hacked into your|your device was infected"
	  "|your devices were|installed a trojan|installed malware|i placed a malware|malware on your"
	  "|spyware on your|compromising video|compromising material|intimate video|private video"
	  "|recorded you|recording of you|masturbating|masturbation|porn sites|adult sites"
	  "|adult content|pornographic|front camera|your camera|i am a hacker|professional hacker"
	  "|hitman|hired to kill|data has been stolen|your database|ddos attack|ihr gerat gehackt"
	  "|gerat wurde gehackt|konto gehackt|ihr konto gehackt|habe ihr system|schadsoftware auf")
	P(EXTORTION, BAIT, 30,
	  "trojaner|pornoseiten|selbstbefriedigung|ihre kamera|intimes video|video von ihnen"
	  "|pirate votre|jai pirate|acces a votre appareil|acces a vos appareils|logiciel malveillant"
	  "|sites pornographiques|sites pour adultes|votre camera|video de vous|he hackeado|hackeado su"
	  "|acceso a su dispositivo|acceso a todos sus dispositivos|programa malicioso|sitios porno"
	  "|paginas para adultos|su camara|su camara web|video tuyo|eu hackeei|invadi o seu"
	  "|acesso ao seu dispositivo|acesso a todos os seus dispositivos|software malicioso"
	  "|sites pornograficos|sites adultos|sua camera|ho hackerato|violato il tuo"
	  "|accesso al tuo dispositivo|accesso ai tuoi dispositivi|siti porno|siti per adulti"
	  "|tua fotocamera|ik heb uw|uw apparaat gehackt|toegang tot uw apparaat"
	  "|toegang tot al uw apparaten|pornosites|uw camera|zhakowalem|dostep do twojego urzadzenia"
	  "|strony pornograficzne|twojej kamery|взломал ваше|взломал ваш|доступ к вашему устройству"
	  "|порносайты|вашей камеры|あなたのデバイス|ハッキング|ハッキングしました|アダルトサイト|自慰|入侵了您的|黑客|您的摄像头|色情网站")
	P(EXTORTION, BAIT, 25,
	  "remote access trojan|infected with my|i know your password")
	P(EXTORTION, ASK, 25,
	  "bitcoin wallet|bitcoin address|btc wallet|btc address|in bitcoin|in bitcoins|bitcoin adresse"
	  "|bitcoin brieftasche|portefeuille bitcoin|monedero bitcoin|carteira bitcoin|portfel bitcoin"
	  "|биткоин кошелек|ビットコイン|my bitcoin|bitcoin transfer|btc wallet address|wallet address"
	  "|my wallet|bitcoins to|worth of bitcoin|send bitcoin|pay me|transfer to my|ethereum wallet"
	  "|usdt wallet|bitcoins auf|bitcoin wallet adresse|bitcoin uberweisen|adresse bitcoin"
	  "|billetera bitcoin|cartera bitcoin|carteira de bitcoin|portafoglio bitcoin|indirizzo bitcoin"
	  "|bitcoin adres|adres bitcoin|биткоин|биткоинов|кошелек|ビットコインで|比特币")
	P(EXTORTION, PRESSURE, 30,
	  "to all your contacts|to your friends and family|all your friends and relatives"
	  "|an alle ihre kontakte|a tous vos contacts|a todos tus contactos|para todos os seus contatos")
	P(EXTORTION, PRESSURE, 25,
	  "ruin your reputation|destroy your reputation|the bomb|your contacts|all your contacts"
	  "|your friends|your relatives|your family and|your family|your colleagues|social networks"
	  "|send the video|send this video|publish|make it public|72 hours|24 hours|two days"
	  "|one day to pay|after the payment|once i receive|i will delete|delete the video"
	  "|delete everything|do not reply|do not try to contact|police|your reputation|your life"
	  "|no one will know|ihre kontakte|ihren kontakten|freunde und familie|veroffentlichen"
	  "|video losche|24 stunden|72 stunden|polizei|vos contacts|vos amis|publier|je supprimerai"
	  "|tus contactos|sus contactos|sus amigos|publicar|eliminare|seus contatos|seus amigos"
	  "|vou excluir|tuoi contatti|tuoi amici|pubblichero|cancellero|uw contacten|uw vrienden"
	  "|verwijder|twoich kontaktow|usune|вашим контактам|вашим друзьям|удалю|連絡先|48時間|削除します|联系人"
	  "|48小时|删除")
	P(EXTORTION, PRESSURE, 20,
	  "48 hours|50 hours|timer will start|do not go to the police|48 stunden|48 heures|48 horas")

	/* ---- gift cards ---- */
	P(GIFT_CARD, BAIT, 30,
	  "gift cards|itunes card|itunes cards|google play cards|steam cards|geschenkkarten"
	  "|gutscheinkarten|cartes cadeaux|tarjetas de regalo|cartoes presente|cadeaubonnen"
	  "|carte regalo|ギフトカード|google play gift|apple gift card|apple gift cards|amazon gift card"
	  "|amazon gift cards|steam gift card|itunes gift card|razer gold|visa gift card|vanilla card"
	  "|ebay gift card|ebay gift cards|apple cards|e gift card|geschenkkarte|geschenkgutscheine"
	  "|amazon gutscheine|carte cadeau|cartes cadeau|carte itunes|cartes itunes|tarjeta de regalo"
	  "|tarjetas regalo|cartao presente|cartoes de presente|buoni regalo|buono regalo|carta regalo"
	  "|cadeaubon|cadeaukaarten|cadeaukaart|karty podarunkowe|karte podarunkowa|подарочные карты"
	  "|подарочных карт|アマゾンギフト券|ギフト券|プリペイドカード|礼品卡|购物卡")
	P(GIFT_CARD, BAIT, 25,
	  "gift card")
	P(GIFT_CARD, STORY, 25,
	  "can you help me|i need your help|help me get|help me purchase|help me buy|a task for you"
	  "|run an errand|running an errand|i want to surprise|surprise the staff|surprise our"
	  "|for the staff|for our clients|for some clients|for a friend|birthday|im busy|i am busy"
	  "|in a conference|conference meeting|cant talk|cannot talk|gefallen|uberraschen|mitarbeiter"
	  "|im meeting|in einem meeting|un service|rendre un service|surprendre|un favor"
	  "|hacerme un favor|sorprender|um favor|surpreender|fare un favore|in riunione"
	  "|fare una sorpresa|gunst|in een vergadering|verrassen|przysluge|na spotkaniu|услугу"
	  "|на совещании|お願いがあります|会議中|帮我|开会")
	P(GIFT_CARD, STORY, 20,
	  "are you available|in a meeting|do me a favor|do me a favour|i need a favor|cant take calls"
	  "|cannot take calls|surprise some of the staff|in einer besprechung|en reunion|em reuniao")
	P(GIFT_CARD, ASK, 30,
	  "scratch the back|scratch off|send me the codes|picture of the codes|photo of the codes"
	  "|codes freirubbeln|get the cards|buy the cards|purchase the cards|purchase gift cards"
	  "|buy some gift cards|buy gift cards|purchase it|get them|send me the|send me a picture"
	  "|send the codes|send pictures|picture of the|photo of the back|the codes|card codes|the pin"
	  "|the code on|redeem codes|each card|denomination|denominations|face value|how many can you"
	  "|i will reimburse|ill reimburse|will be reimbursed|reimburse|besorgen|kaufen sie|die codes"
	  "|schicken sie mir die codes|fotos der|erstatte|acheter|achetez|envoyez moi les codes"
	  "|les codes|photo des|rembourserai|rembourse|comprar|compre|envieme los codigos|los codigos"
	  "|reembolsare|envie os codigos|os codigos|reembolsarei|acquistare|comprare|i codici"
	  "|rimborsero|kopen|stuur me de codes|de codes|vergoed|kupic|kody|zwroce|купить|коды|購入|コード"
	  "|番号を送って|购买|卡密")
	P(GIFT_CARD, ASK, 25,
	  "purchase some|reimburse you|nearest store|je vous rembourserai|te reembolsare")
	P(GIFT_CARD, PRESSURE, 20,
	  "its urgent|asap|right away|immediately|between us|confidential|dont tell|keep it secret"
	  "|urgent|today|schnell|vertraulich|sofort|rapidement|urgence|confidentiel|urgente"
	  "|cuanto antes|o mais rapido|il prima possibile|zo snel mogelijk|pilne|срочно|至急|内密|尽快|保密")
	P(GIFT_CARD, PRESSURE, 15,
	  "as soon as possible|keep this between us")

	/* ---- a superior who wants something done, and quickly ---- */
	P(ERRAND, BAIT, 35,
	  "are you available|are you at your desk|are you in the office|are you at the office"
	  "|are you free|are you busy|are you there|you at your desk|let me know if you are available"
	  "|let me know when you are available|available at the moment|got a moment|have a moment"
	  "|have a minute|quick task|an urgent task|a task for you|task for you|quick favor"
	  "|quick favour|quick request|urgent request|sind sie am platz|sind sie im buro"
	  "|sind sie verfugbar|bist du im buro|bist du verfugbar|haben sie kurz zeit|hast du kurz zeit"
	  "|etes vous disponible|es tu disponible|etes vous au bureau|esta disponible|estas disponible"
	  "|esta en la oficina|estas en la oficina|voce esta disponivel|esta no escritorio"
	  "|sei disponibile|sei in ufficio|e in ufficio|e disponibile|ben je beschikbaar"
	  "|bent u beschikbaar|ben je op kantoor|jestes dostepny|czy jestes w biurze|вы на месте"
	  "|вы в офисе|ты на месте|今お手すき|お時間ありますか|デスクにいますか|在办公室吗|你现在有空吗|有空吗")
	P(ERRAND, STORY, 30,
	  "in a meeting|in meetings|conference call|cant take calls|cannot take calls"
	  "|cant talk on the phone|no calls|no phone calls|cannot call|cant call|just email"
	  "|reply by email|reply to my email|via email only|only by email|on my personal email"
	  "|my personal email|im tied up|currently tied up|limited phone|in einer besprechung"
	  "|in einem meeting|nicht telefonieren|nur per mail|nur per e mail|en reunion|pas telephoner"
	  "|par mail uniquement|en una reunion|no puedo hablar|solo por correo|em reuniao"
	  "|nao posso falar|so por e mail|in riunione|non posso parlare|solo via mail"
	  "|in een vergadering|niet bellen|alleen per mail|na spotkaniu|nie moge rozmawiac|на совещании"
	  "|не могу говорить|会議中|電話に出られません|开会|不方便接电话")
	P(ERRAND, ASK, 30,
	  "your cell number|your cell phone number|your mobile number|your personal number"
	  "|your whatsapp|whatsapp number|send me your number|your phone number|need you to"
	  "|i need you to handle|need you to handle|need you to take care|handle discreetly|carry out"
	  "|do something for me|get something done|payment done|make a payment|process a payment|wire"
	  "|aging report|list of unpaid invoices|w2|copies of w2|handynummer|ihre handynummer"
	  "|deine handynummer|mussen sie fur mich|musst du fur mich|eine zahlung|uberweisung"
	  "|votre numero|ton numero|un paiement|un virement|su numero|tu numero|un pago"
	  "|una transferencia|seu numero|um pagamento|uma transferencia|il tuo numero|un pagamento"
	  "|un bonifico|je nummer|uw nummer|een betaling|twoj numer|przelew|номер телефона|платеж|携帯番号"
	  "|振込|支払い|手机号|付款|转账")
	P(ERRAND, PRESSURE, 20,
	  "asap|urgent|urgently|as soon as possible|right away|immediately|before the end of the day"
	  "|confidential|discreet|discreetly|keep this between us|sent from my iphone|sent from my ipad"
	  "|sent from my mobile|dringend|sofort|vertraulich|so schnell wie moglich"
	  "|von meinem iphone gesendet|urgence|au plus vite|confidentiel|envoye de mon iphone|urgente"
	  "|lo antes posible|confidencial|o quanto antes|il prima possibile|riservato|inviato da iphone"
	  "|zo snel mogelijk|vertrouwelijk|pilne|poufne|срочно|конфиденциально|至急|内密に|尽快|保密")

	/* ---- accounts, mailboxes, shared documents ---- */
	P(CREDENTIALS, BAIT, 25,
	  "your account has been suspended|your account has been limited|your account has been locked"
	  "|your account will be|mailbox is almost full|mailbox is full|exceeded its storage limit"
	  "|mailbox quota|password expires|password is due to expire|password will expire"
	  "|messages are pending|undelivered messages|konto wurde gesperrt|konto wurde eingeschrankt"
	  "|ihr konto wird|ihr postfach ist voll|votre compte a ete|votre compte sera|su cuenta ha sido"
	  "|su cuenta sera|sua conta foi|sua conta sera|il suo account e stato|il tuo account e stato"
	  "|uw account is|uw rekening is|twoje konto zostalo|ваш аккаунт|アカウントの利用制限|アカウントを一時停止"
	  "|account suspended|account locked|account limited|account on hold|account is on hold"
	  "|temporarily on hold|have temporarily placed|unusual payment activity|blocked your account"
	  "|billing information you provided|did not match the information"
	  "|account has been disabled|account has been deactivated|account has been restricted"
	  "|account has been temporarily|account was limited|account was suspended|account is suspended"
	  "|account is limited|account is restricted|account is locked|account will be suspended"
	  "|account will be closed|account will be deactivated|account will be terminated")
	P(CREDENTIALS, BAIT, 25,
	  "account will be blocked|account will be disabled|account will be deleted"
	  "|account verification|account deactivation|account termination|account has expired"
	  "|account is about to expire|limited your account|suspended your account|temporarily limited"
	  "|temporarily suspended|temporarily locked|unusual login|unusual sign in activity"
	  "|unusual signin|unusual login attempt|suspicious login|suspicious sign in|suspicious log in"
	  "|unauthorized login|unauthorized access|unrecognized device|new sign in|sign in attempt"
	  "|login attempt|tried to log in|someone tried to|detected something unusual|security breach"
	  "|security alert|security notice|security issue|security issues|unable to verify"
	  "|could not verify|failed to validate|not been verified|payment was declined|payment declined"
	  "|payment has been declined|problem with your payment|problem with your billing"
	  "|billing problem|issue with your payment|could not process your payment"
	  "|unable to process your payment|subscription has expired|subscription expired")
	P(CREDENTIALS, BAIT, 25,
	  "subscription has ended|membership has expired|membership expired|your subscription will"
	  "|subscription is about to expire|storage is full|storage is almost full|storage limit"
	  "|storage full|cloud storage|mailbox storage|mailbox has exceeded|mailbox exceeded"
	  "|mailbox quota exceeded|inbox is full|email quota|quota limit|email storage"
	  "|incoming messages|incoming emails|pending messages|pending emails|pending incoming"
	  "|held messages|messages on hold|quarantined messages|messages were not delivered"
	  "|blocked messages|failed to deliver|failed delivery|undelivered mails|undelivered emails"
	  "|delivery of your messages|password expiration|password expiry|password has expired"
	  "|password expired|password expires today|password is set to expire|password reset"
	  "|your email account|your mailbox will be|your email will be|email will be blocked"
	  "|email deactivation|mailbox deactivation|server upgrade|server update|system upgrade"
	  "|webmail upgrade|new webmail|email upgrade|shared a document|shared a file|shared with you")
	P(CREDENTIALS, BAIT, 25,
	  "shared document|document shared|document has been shared|secure document|secure file"
	  "|secure message|encrypted message|received a document|received a new document"
	  "|documents for your review|document for your approval|document to sign|documents to sign"
	  "|your signature is required|received a fax|new fax|fax received|new voicemail|voice message"
	  "|voicemail message|new voice message|missed call|missed voice|voice mail|remittance advice"
	  "|payment remittance|payment advice|payment copy|swift copy|invoice attached|overdue invoice"
	  "|past due invoice|invoice is overdue|final notice|domain will expire|domain name will expire"
	  "|domain expires|domain expiration|domain renewal|ssl certificate|hosting account"
	  "|hosting expired|konto gesperrt|konto eingeschrankt|konto vorubergehend"
	  "|konto wurde vorubergehend|ihr konto ist|ihres kontos|kundenkonto|sicherheitswarnung"
	  "|sicherheitsverfahren|sicherheitsgrunden|ungewohnliche aktivitat|ungewohnliche anmeldung"
	  "|verdachtige aktivitat|neues gerat|postfach voll|speicherplatz|speicher ist voll")
	P(CREDENTIALS, BAIT, 25,
	  "passwort lauft ab|passwort abgelaufen|ihre zahlung konnte nicht|zahlung fehlgeschlagen"
	  "|abonnement abgelaufen|ihre mitgliedschaft|ihre karte wurde|ihre karte wird|pushtan"
	  "|photo tan|phototan|ihr zugang|zugang wird gesperrt|registrierung lauft ab"
	  "|dokument wurde freigegeben|neue sprachnachricht|neue nachricht in ihrem postfach"
	  "|rechnung uberfallig|compte suspendu|compte bloque|compte limite|compte a ete suspendu"
	  "|votre compte est|votre espace client|activite inhabituelle|connexion inhabituelle"
	  "|nouvelle connexion|boite mail est pleine|boite aux lettres est pleine|stockage plein"
	  "|mot de passe expire|votre abonnement a expire|abonnement expire|votre abonnement"
	  "|votre paiement a ete refuse|echec du paiement|document partage|nouveau message vocal"
	  "|facture impayee|votre carte bancaire|carte vitale|nouveau message|cuenta suspendida"
	  "|cuenta bloqueada|cuenta limitada|su cuenta esta|tu cuenta ha sido|tu cuenta esta"
	  "|actividad inusual|actividad sospechosa|inicio de sesion|nuevo dispositivo|buzon esta lleno")
	P(CREDENTIALS, BAIT, 25,
	  "buzon lleno|contrasena caduca|contrasena expira|contrasena ha caducado"
	  "|suscripcion ha caducado|suscripcion ha expirado|su suscripcion|su pago fue rechazado"
	  "|pago rechazado|documento compartido|mensaje de voz|factura pendiente|su tarjeta"
	  "|conta suspensa|conta bloqueada|conta limitada|conta sera bloqueada|conta sera suspensa"
	  "|sua conta esta|atividade incomum|atividade suspeita|acesso suspeito|novo dispositivo"
	  "|caixa de correio|caixa postal esta cheia|senha expira|senha expirou|assinatura expirou"
	  "|sua assinatura|pagamento recusado|pagamento pendente|documento compartilhado|nota fiscal"
	  "|boleto|fatura em atraso|fatura disponivel|debito pendente|seu cartao|seu cpf|cpf irregular"
	  "|e mail sera bloqueado|dispositivo nao autorizado|intimacao|account sospeso|conto sospeso"
	  "|conto bloccato|account limitato|account bloccato|il suo conto|il tuo conto"
	  "|attivita insolita|attivita sospetta|accesso insolito|nuovo dispositivo|casella piena"
	  "|casella di posta|password scade|password in scadenza|abbonamento scaduto|tuo abbonamento")
	P(CREDENTIALS, BAIT, 25,
	  "pagamento rifiutato|documento condiviso|messaggio vocale|fattura scaduta|la sua carta"
	  "|la tua carta|account geblokkeerd|rekening geblokkeerd|account opgeschort|account beperkt"
	  "|uw account wordt|uw rekening wordt|uw account|uw bankpas|bankpas|ongebruikelijke activiteit"
	  "|verdachte activiteit|nieuw apparaat|mailbox is vol|postvak is vol|wachtwoord verloopt"
	  "|wachtwoord is verlopen|abonnement is verlopen|uw abonnement|betaling mislukt"
	  "|betaling geweigerd|gedeeld document|voicemailbericht|openstaande factuur|mijn overheid"
	  "|digid|konto zostalo zablokowane|konto zostanie|twoje konto|nietypowa aktywnosc"
	  "|skrzynka jest pelna|haslo wygasa|subskrypcja wygasla|platnosc odrzucona"
	  "|udostepniony dokument|zalegla faktura|аккаунт заблокирован|аккаунт будет|учетная запись"
	  "|подозрительная активность|необычная активность|почтовый ящик переполнен|пароль истекает"
	  "|срок действия|подписка истекла|платеж отклонен|общий документ|アカウントが停止|アカウントは停止|アカウントの更新"
	  "|アカウント情報|アカウントに異常|利用制限|利用を制限|ご利用を制限|異常なログイン|不正アクセス|不正ログイン|第三者による|異常が検出|メールボックス|容量|パスワードの有効期限"
	  "|パスワードの期限|会員情報|お支払い方法|お支払いに失敗|カードの利用|カードご利用|ご利用確認|本人確認|更新手続き|有効期限|ポイント|未払い|請求書|文書が共有|账户已被"
	  "|您的账户|您的帐户|帐户异常|账户异常|异常登录|邮箱已满|邮箱容量|邮箱将被|密码即将过期|密码已过期|订阅已过期|付款失败|共享文档|语音邮件|邮箱升级|邮箱账号|备案")
	P(CREDENTIALS, BAIT, 20,
	  "unusual activity|unusual sign in|suspicious activity|could not be delivered to your inbox")
	P(CREDENTIALS, STORY, 15,
	  "webmail administrator|mail administrator|dear email user")
	P(CREDENTIALS, STORY, 10,
	  "security team|help desk|it support|dear customer|dear user|sehr geehrter kunde|cher client"
	  "|estimado cliente|prezado cliente|gentile cliente|geachte klant|お客様|support team"
	  "|account team|customer service|customer support|account support|billing department"
	  "|technical support|it department|it service|it helpdesk|mail server|email server"
	  "|email provider|email administrator|webmail|cpanel|roundcube|zimbra|sharepoint|docusign"
	  "|onedrive|dropbox|wetransfer|sharefile|adobe|office 365|microsoft 365|valued customer"
	  "|dear valued customer|dear client|dear member|dear account|dear valued|dear email owner"
	  "|dear webmail user|dear recipient|your customer|our system|our security system|our records"
	  "|we detected|we have detected|we noticed|we have noticed|we were unable|for your security"
	  "|for security reasons|security department|security update|policy violation|terms of service"
	  "|community standards|sehr geehrte kundin|sehr geehrte damen und herren|lieber kunde"
	  "|liebe kundin|kundenservice|kundendienst|kundensupport|it abteilung|sicherheitsabteilung")
	P(CREDENTIALS, STORY, 10,
	  "aus sicherheitsgrunden|unser system|wir haben festgestellt|chere cliente|cher utilisateur"
	  "|service client|nous avons detecte|nous avons constate|equipe de securite|service technique"
	  "|estimada cliente|estimado usuario|estimado a|querido cliente|atencion al cliente"
	  "|hemos detectado|servicio tecnico|por su seguridad|caro cliente|cara cliente|prezado a"
	  "|prezado usuario|prezado|ola cliente|suporte tecnico|central de atendimento|identificamos"
	  "|detectamos|verificamos|setor|protocolo|cara utente|gentile utente|servizio clienti"
	  "|abbiamo rilevato|abbiamo notato|assistenza clienti|geachte heer|geachte mevrouw"
	  "|geachte gebruiker|beste klant|beste gebruiker|klantenservice|wij hebben|we hebben"
	  "|drogi kliencie|szanowny kliencie|wykrylismy|obsluga klienta|уважаемый клиент"
	  "|уважаемый пользователь|служба поддержки|мы обнаружили|お客さま|カスタマーサービス|カスタマーサポート|サポートセンター|会員様"
	  "|セキュリティ|尊敬的用户|尊敬的客户|管理员|系统检测|客服")
	P(CREDENTIALS, ASK, 25,
	  "verify your account|confirm your account|verify your identity|confirm your identity"
	  "|update your account|update your billing|update your payment|validate your"
	  "|keep the same password|keep my password|keep current password|enter your password"
	  "|bestatigen sie ihr|daten bestatigen|daten zu aktualisieren|confirmer votre"
	  "|verifier votre compte|mettre a jour vos|verificar su cuenta|confirmar su identidad"
	  "|actualizar sus datos|confirmar seus dados|atualizar seus dados|atualize seus dados"
	  "|verificare il tuo account|aggiornare i tuoi dati|bevestig uw|gegevens bij te werken"
	  "|zweryfikuj swoje konto|подтвердите свой|ログインして|verify your email|verify your information"
	  "|verify your details|verify your mailbox|verify your wallet|verify my account|verify now"
	  "|verify here|verify account|verify ownership|verification process|verify that|please verify"
	  "|to verify|verify|confirm your email|confirm your details|confirm your information"
	  "|confirm your password|confirm your mailbox|confirm your payment|confirm ownership")
	P(CREDENTIALS, ASK, 25,
	  "confirm now|confirm your|please confirm|update your information|update your details"
	  "|update your email|update your mailbox|update your password|update now|update payment"
	  "|update account|update your|reactivate your|reactivate|re activate|reactivate account"
	  "|re validate|revalidate|re confirm|activate your|activate now|restore your|restore now"
	  "|unlock your|unlock account|review your account|review your|review activity|review recent"
	  "|review document|review and sign|view document|view documents|view shared|open document"
	  "|view file|view message|view messages|view invoice|access document|access file|read message"
	  "|read the message|listen to|play message|listen now|play voicemail|download document"
	  "|download file|download now|download invoice|release messages|release now|release pending"
	  "|retrieve your|retrieve messages|recover messages|deliver messages|allow messages"
	  "|review messages|keep password|keep same password|use same password|continue with same"
	  "|change your password|change password|reset your password|reset password|retain password")
	P(CREDENTIALS, ASK, 25,
	  "sign in|log in|login|sign in to|log in to|login here|click here|click below|click the link"
	  "|click on the link|click the button|click on the button|follow the link|button below"
	  "|link below|upgrade now|upgrade your|upgrade storage|increase storage|increase quota|free up"
	  "|renew now|renew your|renew membership|renew subscription|scan the qr|scan the code|qr code"
	  "|security check|open the attachment|attached file|pay now|report the user|report user"
	  "|secure your account|secure account|protect your account|check activity|yes it was me"
	  "|cancel request|cancel deactivation|stop deactivation|appeal|jetzt bestatigen|bestatigen"
	  "|bitte bestatigen|verifizieren|verifizierung|aktualisieren|jetzt aktualisieren"
	  "|aktualisierung|anmelden|einloggen|hier klicken|klicken sie|jetzt starten|reaktivieren"
	  "|freischalten|entsperren|passwort andern|verlangern|dokument anzeigen|ansehen"
	  "|qr code scannen|jetzt verlangern|zum kundenbereich|uberprufen|verifier|verifier mon compte"
	  "|confirmer|mettre a jour|mise a jour|cliquez sur|cliquez|cliquer sur|se connecter")
	P(CREDENTIALS, ASK, 25,
	  "connectez vous|connexion a votre|reactiver|debloquer|renouveler|consulter le document"
	  "|acceder a|activer|regulariser|verificar|verifique|confirmar|confirme|actualizar|actualice"
	  "|haga clic|hacer clic|haz clic|iniciar sesion|inicie sesion|acceder|reactivar|desbloquear"
	  "|renovar|ver documento|descargar|verificar agora|verifique sua|atualizar|atualize"
	  "|atualizacao|acessar|acesse|acesse aqui|clicar|clique|clique no|clique abaixo|entrar"
	  "|reativar|renovar agora|visualizar|baixar|regularize|regularizar|resgatar|resgate"
	  "|desbloquear agora|verifica|conferma|aggiorna|aggiornare|clicca qui|clicca|cliccando|accedi"
	  "|accedere|riattivare|riattiva|sbloccare|rinnova|visualizza documento|verifieer|verifieren"
	  "|bevestigen|bevestig|bijwerken|updaten|klik hier|klik op|inloggen|aanmelden|heractiveren"
	  "|deblokkeren|verlengen|verleng|document bekijken|aanvragen|activeer|zweryfikuj|potwierdz"
	  "|zaktualizuj|kliknij tutaj|kliknij|zaloguj sie|odblokuj|przedluz|odnow|подтвердите"
	  "|подтвердить|обновите|обновить|нажмите|перейдите по ссылке|войдите|войти|восстановить"
	  "|продлить|ログイン|こちらをクリック|クリックして|下記のリンク|以下のリンク|ご確認ください|確認する|確認してください|更新してください|更新する|お手続き|手続きを"
	  "|ご確認をお願い|認証|点击|请点击|点击这里|立即验证|验证|登录|立即更新|立即升级|确认您的|更新您的|扫描二维码")
	P(CREDENTIALS, ASK, 20,
	  "restore your account|restore access|release your messages")
	P(CREDENTIALS, PRESSURE, 20,
	  "within 24 hours|within 48 hours|avoid suspension|permanently closed|permanently disabled"
	  "|permanently deleted|lose access|innerhalb von 24 stunden|innerhalb von 48 stunden"
	  "|sous 24 heures|sous 48 heures|dans les 24 heures|en las proximas 24 horas"
	  "|nas proximas 24 horas|entro 24 ore|binnen 24 uur|24時間以内|within 12 hours|within 24hours"
	  "|within 48hours|within 24 hrs|within 48 hrs|within 72 hours|within 2 days|within 3 days"
	  "|within the next 24|within the next 48|in the next 24 hours|24 hours|48 hours|expires today"
	  "|today only|immediately|as soon as possible|urgent|urgent action|urgently"
	  "|immediate attention|requires your attention|your attention|required action|action needed"
	  "|failure to|failing to|fail to|if you do not|if you dont|if we do not|otherwise|or else"
	  "|will be suspended|will be closed|will be deleted|will be terminated|will be disabled"
	  "|will be deactivated|will be blocked|will be locked|will be permanently|will be lost"
	  "|will be removed|will be limited|be suspended|be terminated|permanent|permanently")
	P(CREDENTIALS, PRESSURE, 20,
	  "service interruption|interruption|avoid interruption|avoid losing|avoid account"
	  "|losing access|loss of|lose your|last warning|final warning|last reminder|final reminder"
	  "|last notice|important notice|warning|limited time|24 stunden|48 stunden|umgehend"
	  "|unverzuglich|sofort|dringend|handlungsbedarf|erforderlich|andernfalls|sonst|wird gesperrt"
	  "|gesperrt|eingeschrankt|geloscht|letzte mahnung|letzte erinnerung|wichtige mitteilung|frist"
	  "|spatestens|gebuhr|24 heures|48 heures|immediatement|des que possible|sans quoi|sinon"
	  "|sera suspendu|sera bloque|sera supprime|definitivement|dernier rappel|dernier avertissement"
	  "|action requise|24 horas|48 horas|inmediatamente|de inmediato|urgente|lo antes posible"
	  "|de lo contrario|sera suspendida|sera bloqueada|sera eliminada|ultimo aviso"
	  "|ultimo recordatorio|permanentemente|evitar|imediatamente|imediato|caso contrario"
	  "|sera suspensa|sera cancelada|sera cancelado|sera bloqueado|sera excluida|definitivamente"
	  "|prazo|multa|bloqueio|evite|expirar|expirando|vencimento|vencido|48 ore|24 ore")
	P(CREDENTIALS, PRESSURE, 20,
	  "immediatamente|altrimenti|in caso contrario|verra sospeso|sara sospeso|sara bloccato"
	  "|sara eliminato|ultimo avviso|evitare|24 uur|48 uur|onmiddellijk|onmiddelijk"
	  "|zo snel mogelijk|anders|wordt geblokkeerd|geblokkeerd|wordt verwijderd|laatste waarschuwing"
	  "|laatste herinnering|verplicht|24 godzin|48 godzin|natychmiast|w przeciwnym razie"
	  "|zostanie zablokowane|ostatnie ostrzezenie|24 часов|48 часов|немедленно|срочно"
	  "|в противном случае|будет заблокирован|будет удален|48時間以内|以内に|至急|早急に|緊急|重要|停止いたします|停止されます"
	  "|制限されます|失効|確認できない場合|期限|24小时|48小时|立即|紧急|尽快|否则|将被停用|将被删除|将被冻结")
	P(CREDENTIALS, PRESSURE, 15,
	  "immediate action|action required")

	/* ---- wallets of cryptocurrency ---- */
	P(WALLET, BAIT, 30,
	  "your wallet|trust wallet|metamask|ledger live|your ledger|wallet verification"
	  "|unverified wallets|wallet is not verified|wallet will be|crypto wallet|crypto assets"
	  "|your crypto|your assets|your tokens|digital assets|airdrop|token airdrop|free tokens|nfts"
	  "|ethereum|eth|usdt|bitcoin|btc|seed phrase|recovery phrase|secret phrase|staking|coinbase"
	  "|binance|ihr wallet|ihre wallet|krypto wallet|votre portefeuille|portefeuille crypto"
	  "|su billetera|tu billetera|billetera cripto|sua carteira|carteira cripto|il tuo wallet"
	  "|portafoglio cripto|uw wallet|je wallet|portfel kryptowalut|кошелек|криптокошелек|ウォレット|仮想通貨"
	  "|钱包|加密货币")
	P(WALLET, STORY, 25,
	  "kyc|new update|merge|eth 2 0|network upgrade|new regulations|regulation|security breach"
	  "|data breach|breach|critical security|security concern|compromised|unauthorized"
	  "|withdrawal request|withdrawal|vulnerability|firmware|unverified|not verified|eligible"
	  "|allocated|allocation|community|migration|sicherheitslucke|nicht verifiziert|verifiziert"
	  "|faille de securite|non verifie|no verificada|nao verificada|non verificato"
	  "|niet geverifieerd|не подтвержден|未認証|未验证")
	P(WALLET, ASK, 30,
	  "verify your wallet|verify wallet|connect your wallet|connect wallet|sync your wallet"
	  "|synchronize|validate your wallet|import your wallet|restore your wallet|secure your wallet"
	  "|secure your assets|claim your|claim now|claim tokens|claim airdrop|verify now|verify your"
	  "|scan the qr|complete verification|start verification|verification|update your wallet"
	  "|update your|reset your password|wallet verifizieren|jetzt verifizieren"
	  "|verbinden sie ihr wallet|verifier votre portefeuille|connectez votre portefeuille"
	  "|verificar su billetera|conecte su billetera|verificar sua carteira|conecte sua carteira"
	  "|verifica il tuo wallet|collega il tuo wallet|verifieer uw wallet|подтвердите кошелек|ウォレットを"
	  "|接続して|验证钱包|连接钱包")
	P(WALLET, PRESSURE, 20,
	  "will be suspended|suspend|will be restricted|lose access|loss of funds|permanent loss"
	  "|immediately|deadline|before|within 24 hours|limited time|as soon as possible|avoid|urgent"
	  "|immediate attention|uninterrupted|gesperrt|sinon|suspendida|suspensa|sospeso|geblokkeerd|停止"
	  "|冻结")

	/* ---- parcels and their fees ---- */
	P(PARCEL, BAIT, 30,
	  "your package|your parcel|your shipment|your delivery|package is waiting|parcel is waiting"
	  "|package could not be delivered|delivery failed|failed delivery attempt|delivery attempt"
	  "|missed delivery|undelivered package|package pending|pending package|package on hold"
	  "|parcel on hold|package has arrived|shipment is on hold|could not deliver|unable to deliver"
	  "|delivery has been suspended|ihr paket|ihre sendung|paket konnte nicht|sendung konnte nicht"
	  "|paket wartet|votre colis|votre livraison|colis en attente|livraison de votre colis"
	  "|su paquete|tu paquete|su envio|tu envio|paquete pendiente|seu pacote|sua encomenda"
	  "|seu pedido|encomenda|pacote pendente|il tuo pacco|suo pacco|la tua spedizione"
	  "|pacco in attesa|spedizione in attesa|uw pakket|je pakket|uw zending|pakketje|twoja paczka"
	  "|paczka|przesylka|посылка|ваша посылка|посылку|お荷物|荷物|配達|宅配便|包裹|快递|您的包裹")
	P(PARCEL, STORY, 25,
	  "customs|unpaid shipping|shipping fee|shipping fees|customs fee|customs fees|customs duty"
	  "|import duty|import tax|incorrect address|wrong address|incomplete address"
	  "|address is incomplete|invalid address|nobody was home|no one was home|waiting for delivery"
	  "|distribution center|warehouse|zollgebuhr|zollgebuhren|zoll|versandkosten|versandgebuhr"
	  "|unvollstandige adresse|adresse unvollstandig|frais de douane|frais de livraison"
	  "|frais dexpedition|adresse incomplete|douane|aduana|gastos de envio|gastos de aduana"
	  "|direccion incorrecta|direccion incompleta|alfandega|taxa de entrega|taxa de importacao"
	  "|taxas|endereco incompleto|dogana|spese di spedizione|spese doganali|indirizzo errato"
	  "|indirizzo incompleto|douanekosten|verzendkosten|invoerrechten|adres onjuist|oplata celna"
	  "|doplata|niepelny adres|таможня|таможенный|неверный адрес|ご不在|住所|関税|海关|地址不正确|地址有误")
	P(PARCEL, ASK, 30,
	  "pay the fee|pay the|pay a fee|pay shipping|pay now|small fee|confirm the payment"
	  "|confirm payment|confirm delivery|confirm your address|update your address"
	  "|update your delivery|update address|reschedule|reschedule delivery|schedule your delivery"
	  "|schedule delivery|track your package|track package|confirm your shipping|confirm shipment"
	  "|confirm your delivery|bezahlen sie|zahlung bestatigen|bestatigen sie|adresse aktualisieren"
	  "|versand bestatigen|lieferung bestatigen|neu planen|payer les frais|confirmer le paiement"
	  "|confirmer la livraison|confirmer votre|mettre a jour votre adresse|reprogrammer|pagar"
	  "|confirmar el pago|confirmar el envio|confirme su|actualizar su direccion|reprogramar|pague"
	  "|pagar a taxa|confirmar o pagamento|confirmar entrega|confirme|atualizar endereco|reagendar"
	  "|paghi|pagare|confermare il pagamento|confermare la spedizione|conferma la spedizione"
	  "|aggiorna indirizzo|betaal|te betalen|bevestig de|bevestig uw|adres bijwerken"
	  "|opnieuw plannen|zaplac|oplac|potwierdz|оплатите|подтвердите|再配達|ご確認|支払い|更新|支付|更新地址|重新派送")
	P(PARCEL, PRESSURE, 20,
	  "within 24 hours|within 48 hours|within 3 days|returned to sender|returned to the sender"
	  "|will be returned|last reminder|last chance|final notice|final attempt|otherwise|today"
	  "|zuruckgeschickt|zuruckgesendet|an den absender|letzte erinnerung|innerhalb von"
	  "|retourne a lexpediteur|sera retourne|dernier rappel|sous 48|devuelto al remitente"
	  "|sera devuelto|ultimo aviso|devolvido ao remetente|sera devolvido|restituito al mittente"
	  "|verra restituito|teruggestuurd|geretourneerd|laatste herinnering|zwrocona|возвращена|返送|期限"
	  "|退回|24小时")

	/* ---- taxes, refunds, fines, points ---- */
	P(REFUND, BAIT, 30,
	  "tax refund|refund pending|pending refund|refund available|refund is ready"
	  "|eligible for a refund|refund of|entitled to a refund|tax return|tax notice|unclaimed refund"
	  "|overpaid|overpayment|stimulus payment|unpaid fine|traffic fine|parking fine|unpaid toll"
	  "|toll balance|points expire|points are expiring|reward points|steuerruckerstattung"
	  "|steuererstattung|erstattung|ruckerstattung|bussgeld|remboursement|remboursement dimpot"
	  "|amende|reembolso|devolucion de impuestos|devolucion|multa de trafico|multa pendiente"
	  "|restituicao|imposto de renda|malha fina|multa de transito|pontos livelo|pontos acumulados"
	  "|pontos a expirar|pontos disponiveis|pontos expirando|rimborso|rimborso fiscale"
	  "|multa non pagata|teruggave|belastingteruggave|terugbetaling|openstaande boete|zwrot podatku"
	  "|nadplata|mandat|возврат налога|штраф|還付金|税金|国税|退税|罚款|补贴")
	P(REFUND, STORY, 20,
	  "hmrc|irs|internal revenue|revenue service|tax office|tax authority|tax department|government"
	  "|ministry|toll|finanzamt|bundeszentralamt|elster|krankenkasse|direction generale|impots"
	  "|tresor public|ameli|assurance maladie|agencia tributaria|hacienda|dgt|receita federal"
	  "|governo|detran|livelo|bradesco|caixa|agenzia delle entrate|inps|belastingdienst|overheid"
	  "|cjib|urzad skarbowy|госуслуги|фнс|налоговая|国税庁|税務署|e tax|税务局|财政部|社保局")
	P(REFUND, ASK, 30,
	  "fill your document|fill in your|fill out the attached|submit the document|documents we need|claim your refund|claim refund|claim now|request your refund|get your refund"
	  "|receive your refund|submit your|submit the form|pay now|pay the fine|pay online|settle"
	  "|redeem|redeem now|erstattung beantragen|antrag|beantragen|jetzt bezahlen"
	  "|demander votre remboursement|obtenir votre remboursement|beneficier|formulaire|cliquez"
	  "|regler|solicitar|solicite|reclamar|formulario|pagar|haga clic|resgatar|resgate"
	  "|resgatar agora|consultar|consulte|regularize|regularizar|clique|richiedi|richiedere|compila"
	  "|accedi|aanvragen|vraag aan|betaal|vul in|klik|zloz wniosek|wypelnij|odbierz|получить"
	  "|оплатить|заполните|申請|お支払い|納付|申请|领取|缴纳")
	P(REFUND, PRESSURE, 20,
	  "within|deadline|expires|last notice|final notice|today|before|penalty|penalties|legal action"
	  "|frist|spatestens|innerhalb|sous 48|delai|dernier rappel|plazo|antes de|ultimo aviso|prazo"
	  "|expiram|expirar|vencem|multa|hoje|entro|scadenza|uiterlijk|binnen|termin|до|срок|期限|以内|截止"
	  "|逾期")

	/* ---- a charge that a telephone call undoes ---- */
	P(CALLBACK, BAIT, 30,
	  "has been renewed|have been renewed|will be renewed|is renewed|auto renewal|auto renew"
	  "|automatically renewed|subscription renewal|renewal of your|renewed successfully"
	  "|been charged|will be charged|has been debited|will be debited|auto debited|will be deducted"
	  "|has been deducted|amount deducted|amount charged|charged from your|charged to your account"
	  "|successfully charged|order has been placed|payment received|purchase of"
	  "|thank you for your purchase|thank you for your order|thanks for your purchase"
	  "|thank you for choosing|your purchase|wurde verlangert|wird abgebucht|wurde abgebucht"
	  "|abgebucht|automatische verlangerung|a ete renouvele|a ete debite|sera debite"
	  "|renouvellement automatique|se ha renovado|ha sido renovada|se ha cargado|se cobrara"
	  "|renovacion automatica|foi renovada|foi cobrado|sera cobrado|renovacao automatica"
	  "|e stato rinnovato|e stato addebitato|verra addebitato|rinnovo automatico|is verlengd"
	  "|wordt afgeschreven|is afgeschreven|automatische verlenging|zostala odnowiona"
	  "|zostanie pobrana|自動更新|請求され|引き落とし|自动续费|已扣款")
	P(CALLBACK, STORY, 20,
	  "geek squad|norton|mcafee|lifelock|paypal|best buy|antivirus|protection plan|total protection"
	  "|microsoft defender|windows defender|quickbooks|coinbase|bitcoin|invoice number|invoice no"
	  "|invoice id|order id|order number|transaction id|customer id|product name|subscription"
	  "|annual plan|1 year|one year|3 years|device protection|pc protection|payment mode"
	  "|grand total|total amount|rechnungsnummer|bestellnummer|abonnement|kundennummer"
	  "|numero de facture|numero de commande|numero de factura|numero de pedido|suscripcion"
	  "|numero da fatura|assinatura|numero fattura|abbonamento|factuurnummer|bestelnummer"
	  "|subskrypcja|注文番号|ご請求|订单号|订阅")
	P(CALLBACK, ASK, 35,
	  "call us|call us at|call us on|call our|call immediately|please call|give us a call|call now"
	  "|call to cancel|contact us at|contact us on|contact our|reach us|reach us at|reach our"
	  "|helpline|help line|help desk|helpdesk|toll free|customer care|customer support"
	  "|support team at|support number|billing department|cancellation department|rufen sie"
	  "|rufen sie uns an|hotline|kostenlose nummer|anrufen|appelez|appelez nous|numero gratuit"
	  "|contactez notre|llame|llamenos|llame al|numero gratuito|ligue|ligue para"
	  "|central de atendimento|chiami|chiamaci|chiamare|numero verde|bel ons|gratis nummer|zadzwon"
	  "|お電話|電話番号|请致电|拨打")
	P(CALLBACK, PRESSURE, 30,
	  "if you did not|if you didnt|did not authorize|didnt authorize|not authorized|did not make"
	  "|didnt make|if this was not|if this wasnt you|not you|to cancel|cancel the|cancel this"
	  "|cancel your|cancellation|want to cancel|wish to cancel|dispute|for a refund|full refund"
	  "|to claim|within 24 hours|within 48 hours|within 24hrs|unauthorized|stornieren|kundigen"
	  "|nicht autorisiert|ruckerstattung|erstattung|annuler|remboursement|si vous navez pas"
	  "|cancelar|reembolso|si no ha|caso nao|se nao reconhece|nao reconhece|annullare|rimborso"
	  "|se non hai|annuleren|opzeggen|terugbetaling|anulowac|zwrot|キャンセル|返金|取消|退款")

	/* ---- changed bank details, transfers ---- */
	P(PAYMENT, BAIT, 30,
	  "change of bank|changed our bank|change in our bank|change our bank|new bank account"
	  "|new account details|updated banking|updated account details|updated payment"
	  "|bank details have changed|account details have changed|banking information has|our new bank"
	  "|our new account|new beneficiary|different account|alternative account|new iban|ach details"
	  "|wire instructions|wiring instructions|new payment instructions|payment instructions"
	  "|unsere neue bankverbindung|neuen bankverbindung|geanderte bankverbindung"
	  "|bankverbindung hat sich|bankverbindung geandert|neue kontodaten|neue iban|nouveau rib"
	  "|nouveau compte bancaire|changement de rib|nouvelles coordonnees|nueva cuenta bancaria"
	  "|nuestra nueva cuenta|cambio de cuenta|datos bancarios han cambiado|nova conta bancaria"
	  "|nossa nova conta|alteracao bancaria|dados bancarios mudaram|nuovo iban"
	  "|nuove coordinate bancarie|nuovo conto bancario|coordinate bancarie|nieuw rekeningnummer"
	  "|gewijzigd rekeningnummer|ons nieuwe rekeningnummer|nowy numer konta|zmiana rachunku"
	  "|nowe dane bankowe|новые реквизиты|новые банковские реквизиты|изменились реквизиты|振込先の変更"
	  "|口座変更|新しい口座|振込先が変更|新的银行账户|更换银行账户|新账户|收款账户变更")
	P(PAYMENT, BAIT, 25,
	  "new bank details|new banking details|updated bank details|our bank account has changed"
	  "|neue bankverbindung|nouvelles coordonnees bancaires|nuevos datos bancarios"
	  "|novos dados bancarios|nieuwe bankgegevens")
	P(PAYMENT, BAIT, 20,
	  "bank account information")
	P(PAYMENT, STORY, 20,
	  "offene rechnung|overdue invoice|unpaid invoice|pending invoice|pending invoices"
	  "|invoice payment|your payment|next payment|future payments|upcoming payment|balance due"
	  "|outstanding balance|outstanding payment|the attached invoice|audit|annual audit|tax reasons"
	  "|tax issue|our accountant|acquisition|vendor|supplier|nachsten zahlung|kunftige zahlungen"
	  "|kunftigen zahlungen|uberfallige rechnung|rechnung|prochain paiement|facture|vos paiements"
	  "|proximo pago|factura|facturas pendientes|proximo pagamento|fatura|faturas|fattura|fatture"
	  "|prossimo pagamento|factuur|facturen|volgende betaling|faktura|faktury|platnosci|счет|оплаты"
	  "|請求書|お支払い|发票|货款")
	P(PAYMENT, STORY, 15,
	  "outstanding invoice|under audit")
	P(PAYMENT, ASK, 30,
	  "use the new|use our new|pay to the new|pay into|pay to|remit to|make the payment to"
	  "|make payment to|send payment to|send the payment|transfer to the new|all future payments"
	  "|redirect|hold the payment|hold payment|stop payment|update your records|update our bank"
	  "|kindly update|wire the|make a wire|process the payment|process payment|process this payment"
	  "|make a payment|urgent payment|can you process|can you make a payment|can you send a wire"
	  "|same day|domestic transfer|uberweisen|zahlen sie|kunftig auf|bitte nutzen sie|nur noch auf"
	  "|zahlung ausfuhren|uberweisung veranlassen|effectuer le paiement|effectuer le virement"
	  "|regler sur|verser sur|virement urgent|realizar el pago|hacer el pago|pagar a la"
	  "|transferencia urgente|actualice sus registros|efetuar o pagamento|fazer o pagamento"
	  "|pagar na|atualizar seus registros|effettuare il pagamento|effettuare il bonifico"
	  "|bonifico urgente|pagare sul|overmaken|betalen op|overboeking|spoedbetaling|przelac"
	  "|dokonac przelewu|pilny przelew|перевести|оплатить на|お振込|お支払いください|送金|请将款项|汇款|付款至|转账")
	P(PAYMENT, ASK, 25,
	  "change my bank|update my bank")
	P(PAYMENT, ASK, 20,
	  "process a wire|wire transfer today|remit payment to|initiate a wire transfer|uberweisen sie"
	  "|effectuer un virement|hacer una transferencia")
	P(PAYMENT, PRESSURE, 20,
	  "today|immediately|as soon as possible|urgent|confidential|discreet|do not use the old"
	  "|old account|previous account|old account is|no longer in use|no longer valid"
	  "|confirm receipt|confirm once done|once done|send confirmation|send me the confirmation"
	  "|confirm when|heute noch|umgehend|vertraulich|alte konto|altes konto|nicht mehr gultig"
	  "|des aujourdhui|au plus vite|ancien compte|confidentiel|hoy mismo|cuenta anterior"
	  "|confidencial|hoje mesmo|conta antiga|oggi stesso|vecchio conto|riservata|vandaag nog"
	  "|oude rekening|dzisiaj|stare konto|сегодня|старые реквизиты|本日中|以前の口座|今天|原账户")
	P(PAYMENT, PRESSURE, 15,
	  "confidential transaction|treat as urgent")

	/* ---- salary to another account ---- */
	P(PAYROLL, BAIT, 30,
	  "direct deposit information|direct deposit details|direct deposit account|dd information"
	  "|payroll account|payroll information|payroll details|payroll direct deposit|paycheck"
	  "|salary account|bank details for my salary|my bank details|my bank account|my new bank"
	  "|my new account|switched banks|changed banks|changed my bank|new bank account|gehaltskonto"
	  "|mein gehalt|meine bankverbindung|meine neue bankverbindung|gehaltszahlung|mon salaire"
	  "|mon rib|nouveau rib|mi nomina|mi salario|mis datos bancarios|mi cuenta bancaria|meu salario"
	  "|meus dados bancarios|minha conta bancaria|mio stipendio|il mio iban|mie coordinate bancarie"
	  "|mijn salaris|mijn rekeningnummer|mijn bankgegevens|moje wynagrodzenie|moja pensja"
	  "|numer konta do wyplaty|моя зарплата|мою зарплату|зарплатный счет|給与|給与振込|給料|工资|工资卡|薪资")
	P(PAYROLL, STORY, 25,
	  "payroll|salary|next pay|pay period|current pay|pay date|next pay date|pay day|payday"
	  "|this pay|hr|human resources|gehalt|gehaltsabrechnung|lohn|personalabteilung|paie|salaire"
	  "|bulletin de paie|rh|nomina|recursos humanos|salario|proxima nomina|folha de pagamento"
	  "|proximo salario|busta paga|stipendio|salaris|salarisadministratie|loon|wyplata"
	  "|wynagrodzenie|kadry|зарплата|бухгалтерия|振込先|人事部|发放|人事")
	P(PAYROLL, STORY, 20,
	  "my payroll|next paycheck|next payroll")
	P(PAYROLL, ASK, 30,
	  "change my|update my|change it|like to change|want to change|wish to change|need to change"
	  "|need to update|would like to update|like to update|update it|what do you need"
	  "|what information do you need|can you update|can you change|please update|void check"
	  "|voided check|be effective|take effect|andern|mochte ich andern|umstellen|aktualisieren"
	  "|hinterlegen|changer|modifier|mettre a jour|cambiar|actualizar|modificar|alterar|mudar"
	  "|atualizar|cambiare|modificare|aggiornare|wijzigen|veranderen|aanpassen|zmienic"
	  "|zaktualizowac|изменить|поменять|сменить|変更|更新|更改|更换")
	P(PAYROLL, ASK, 25,
	  "change my direct deposit|update my direct deposit")
	P(PAYROLL, PRESSURE, 20,
	  "before the next|before payroll|for the next|effective immediately|as soon as possible|asap"
	  "|today|this week|current pay period|vor der nachsten|ab sofort|zum nachsten"
	  "|avant la prochaine|des ce mois|prochaine paie|antes de la proxima|este mes|antes do proximo"
	  "|prima del prossimo|da questo mese|voor de volgende|deze maand|przed nastepna"
	  "|od tego miesiaca|до следующей|с этого месяца|今月|次回|这个月|下个月")
	P(PAYROLL, PRESSURE, 15,
	  "before the next pay")

	/* ---- orders and quotations of unknown firms ---- */
	P(ORDER, BAIT, 30,
	  "purchase order|new order|our order|trial order|urgent order|request for quotation"
	  "|request for quote|rfq|quotation|invitation to bid|invitation to tender|attached order"
	  "|attached po|order list|neue bestellung|anfrage fur ein angebot|angebotsanfrage"
	  "|bon de commande|demande de devis|orden de compra|solicitud de cotizacion|ordem de compra"
	  "|pedido de cotacao|ordine di acquisto|richiesta di preventivo|inkooporder|offerteaanvraag"
	  "|zamowienie|zapytanie ofertowe|заказ на поставку|запрос цен|注文書|見積依頼|采购订单|询价"
	  "|interested in your products|buy your products|please quote|quote the following"
	  "|product inquiry|invite you or your company to quote|invite you your company to quote")
	P(ORDER, STORY, 25,
	  "your products|your product|your company|our company|best price|best prices|unit price"
	  "|lead time|delivery time|payment terms|terms of payment|fob|cif|moq|procurement"
	  "|purchasing manager|purchase manager|sales manager|units|qty|specifications|ihre produkte"
	  "|bester preis|lieferzeit|vos produits|meilleur prix|delai de livraison|sus productos"
	  "|mejor precio|plazo de entrega|seus produtos|melhor preco|prazo de entrega|vostri prodotti"
	  "|miglior prezzo|tempi di consegna|uw producten|beste prijs|levertijd|panstwa produkty"
	  "|najlepsza cena|вашу продукцию|御社の製品|納期|贵公司|产品|交货期|part number|model no|product name"
	  "|following item|regular wholesale|swift|wholesale|pieces of|supply chain")
	P(ORDER, ASK, 30,
	  "find attached|see attached|attached file|the attachment|attached list|attached document"
	  "|kindly quote|quote us|quote your|send us your|send your best|send us the price"
	  "|proforma invoice|send pi|kindly confirm|confirm the order|review the attached"
	  "|confirm availability|im anhang|anbei|ci joint|en piece jointe|adjunto|en anexo|em anexo"
	  "|in allegato|in bijlage|bijgevoegd|w zalaczniku|во вложении|添付|附件|请报价|latest catalog"
	  "|send us your latest|price list|your catalog|your catalogue|your quotation|best offer"
	  "|pricing and availability")
	P(ORDER, PRESSURE, 20,
	  "urgent|urgently|asap|as soon as possible|desperate need|immediately|good day|dear sir"
	  "|dear sir madam|dear sirs|greetings|dringend|umgehend|urgente|cuanto antes|pilne|срочно|至急"
	  "|尽快")
	/* ---- said in other words ---- */
	P(ERRAND, BAIT, 35,
	  "if you are at your desk|when you are at your desk|if you are at the office|are you around")
	P(ERRAND, STORY, 30,
	  "in a seminar|in a conference|in a session|calls are not allowed|text or email me|email me back|going into a meeting"
	  "|about to enter a meeting")
	P(ERRAND, ASK, 30,
	  "a task that i need|need a favor|need a favour|take care of discreetly|je hulp nodig|uw hulp nodig"
	  "|brauche ihre hilfe|brauche deine hilfe|besoin que vous|necesito que hagas|preciso que faca|ho bisogno che tu"
	  "|iets dringends")
	P(EXTORTION, BAIT, 30,
	  "a bomb into|carried a bomb|planted a bomb|hidden a bomb|explosive device|eine bombe|une bombe"
	  "|una bomba|ddos|network will be attacked|hacked your website|hacked your site"
	  "|extracted your databases|stolen your data|downloaded your data|leak your data|ihre website gehackt"
	  "|ihre daten gestohlen|pirate votre site|vole vos donnees|hackeado su sitio|robado sus datos"
	  "|hackerato il tuo sito|hackeamos seu site")
	P(GIFT_CARD, ASK, 25,
	  "pay you back|from any store|any store near|store nearby|help me buy it|help me get it")
	P(CREDENTIALS, BAIT, 20,
	  "messages are held")
	P(WALLET, STORY, 25,
	  "pas verifie|nest pas verifie|no esta verificada|nao esta verificada|criptomonedas|criptomoedas|kryptowahrungen")
	P(WALLET, ASK, 30,
	  "verifique su billetera|verifique su monedero|frase de recuperacion|frase de recuperacao|phrase de recuperation"
	  "|verifique sua carteira|wiederherstellungsphrase")
	P(WALLET, PRESSURE, 20,
	  "eviter la suspension|sera suspendue|sera suspendida|sera bloqueada|sera suspensa|sera bloccato")
	P(PARCEL, STORY, 25,
	  "nobody was at home|redelivery fee|oplaty celnej|nieoplaconej oplaty|zostala wstrzymana")
	P(PARCEL, ASK, 30,
	  "pay a redelivery fee|reschedule your delivery|doplac|doplacic|oplac teraz")
	P(REFUND, BAIT, 30,
	  "government rebate|tax rebate|your rebate|outstanding fine|fine for parking|parking charge notice"
	  "|penalty charge notice|ihnen steht eine|ihre steuererstattung|ihre ruckerstattung|multa de trafico pendiente"
	  "|recht op een belastingteruggave|recht op een teruggave")
	P(REFUND, ASK, 30,
	  "claim your rebate|complete the form to|pay your fine|pay the toll|fullen sie das formular"
	  "|ruckerstattung zu erhalten|pague su multa|vul het formulier in|remplissez le formulaire|compila il modulo"
	  "|preencha o formulario")
	P(REFUND, PRESSURE, 20,
	  "or it will increase|offer expires today|evitar un recargo|within 24 hours|within 48 hours|24 stunden|binnen 24 uur")
	P(PAYMENT, BAIT, 30,
	  "updated bank information|new bank information|process a wire transfer|a wire transfer of|send a wire transfer"
	  "|beneficiary details|nuestra cuenta bancaria|cuenta bancaria ha cambiado|振込先の口座|口座が変更|变更银行账户"
	  "|更改银行账户|银行账户已变更|银行账户变更")
	P(PAYMENT, ASK, 30,
	  "use the updated|transfer the funds to|remit the funds|realicen la transferencia|a la nueva cuenta"
	  "|お振り込みください|お振り込み|汇款到|请将发票款项")
	P(PAYMENT, PRESSURE, 20,
	  "it is urgent|as soon as it is done|lo antes posible|旧账户|请尽快|至急")
	P(PAYMENT, STORY, 20,
	  "tax review|under review|factura pendiente")
	P(PAYROLL, BAIT, 30,
	  "my direct deposit|direct deposit update|direct deposit change|cambiado de banco|mudei de banco|cambiato banca"
	  "|change de banque|bank gewechselt|van bank veranderd|换了银行|工资卡变更|我的工资卡")
	P(PAYROLL, STORY, 25,
	  "la nomina|cuenta de nomina|发工资")
	P(PAYROLL, PRESSURE, 20,
	  "antes del proximo|下次发工资|发工资之前")
	P(LOAN, BAIT, 35,
	  "oferujemy pozyczki")
	P(LOAN, STORY, 30,
	  "z oprocentowaniem")
	P(LOAN, ASK, 30,
	  "contact them now|contact them|skontaktuj sie z nami|podaj kwote")
	P(ORDER, BAIT, 30,
	  "place an order|want to order some|order some of your|bei ihnen bestellen|passer une commande|passer commande"
	  "|realizar un pedido|nuestra orden de compra|require a quote|quote for the attached")
	P(ORDER, STORY, 25,
	  "net 30|net 30 terms|private shipper|our shipper|my shipper|total cost|zahlungsbedingungen|bestes angebot"
	  "|condiciones de pago|conditions de paiement|spares|spare parts")
	P(ORDER, ASK, 30,
	  "reply with your best|accept credit card|accept credit cards|bestellung im anhang|ihr bestes angebot"
	  "|votre meilleur prix|su mejor precio|earliest delivery")
	P(ORDER, PRESSURE, 20,
	  "await your reply|it is urgent|treat as urgent|en urgence|con urgencia")
};
#undef P
/* clang-format on */

const size_t lexicon_fraud_size = ARRAY_LEN(lexicon_fraud);
