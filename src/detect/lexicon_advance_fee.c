/*
 * Letters of advance fee and of loans in further languages: an inheritance without heirs, a donation by somebody who won or
 * dies, a grant, a loan for everybody. By language; cues and weights are those of lexicon_fraud.c, and words of one
 * piece, as some languages make them, have the weight of several.
 */
#include "detect/lexicon.h"

/* clang-format off */
#define P(intent, cue, weight, phrases) { INTENT_##intent, CUE_##cue, weight, phrases },
const struct phrase_row lexicon_advance_fee[] = {
	/* ---- English, what is shorter ---- */
	P(ADVANCE_FEE, BAIT, 25,
	  "was donated to you|donated to you|donation was made|donation has been made|picked you for|selected you for"
	  "|chosen you for|email just won|email won|funds claim|claim of funds|claims for your funds|huge funds"
	  "|huge fund|dormant funds|long dormant funds|dormant fund|private business proposition|private proposition"
	  "|grant money|charity donation|philanthropic grant|your unpaid fund|delayed inheritance|delayed payment"
	  "|inheritance payment|contract payment|large sum of money|interested in investing abroad"
	  "|wants to invest abroad|invest a substantial amount|invest abroad|invest in your business"
	  "|business ideas and projects|funds to invest|sourcing of some materials|sourcing of raw materials"
	  "|supply of raw materials|supply of a raw material|raw material needed|raw materials needed|be the middle man"
	  "|as a middle man|act as the supplier|act as a supplier|huge sum of money|huge amount of money"
	  "|made one of the beneficiaries")
	P(ADVANCE_FEE, STORY, 25,
	  "late depositor|high profile client|one of my clients|a client who|a broker working|i am a broker"
	  "|business directory|raw materials|production of the vaccine|production of vaccines|medicines we are"
	  "|i am a staff|our laboratory|late account holder|deceased account holder|account holder who"
	  "|using your last name|same last name|estate of late|the estate of|liquidation of the account"
	  "|was your relation|foundation grant|philanthropic foundation|billionaire|the trustees|group chairman"
	  "|recipient benefactor")
	P(ADVANCE_FEE, ASK, 25,
	  "contact them with|contact him with|contact her with|contact us via|contact via|write to him|write to her"
	  "|reply for details|get back for more|contact me immediately|respond back|give you more details"
	  "|you more specific details|interested in this opportunity|seeking a representative|your urgent consideration"
	  "|let me know if you are interested|back to me for more|back to me at|write back for|reply with your"
	  "|reach me on|reach me via|my private mail")
	P(LOAN, BAIT, 35,
	  "quick loan|easy loan|apply for a loan|loan at 2|loan at 3|we offer loan|we offer all kinds|we give out loan"
	  "|give out loans|loan to individuals|possible funding|capital financing|projects for possible funding"
	  "|funding and capital|seeking new business opportunities|seeking investment opportunities|fund your business")

	P(ADVANCE_FEE, PRESSURE, 20,
	  "beneficial to all|beneficial to both|mutually beneficial|apologize to have contacted"
	  "|apologise for contacting you|apologize for contacting you|contacted you this way|generating extra revenue"
	  "|good spirits|keeping safe")

	/* ---- German ---- */
	P(ADVANCE_FEE, BAIT, 25,
	  "ich spende|spende die summe|spendet die summe|millionen usd|mega millionen|meines vermögens"
	  "|persönlichen vermögens|haben wir gespendet|an sie spenden|ihnen zu spenden|gelder in höhe|summe in höhe"
	  "|geldbetrag von|einen geschäftsvorschlag|geschäftlichen vorschlag|nicht beanspruchte gelder|hinterlassenen")
	P(ADVANCE_FEE, BAIT, 40,
	  "wohltätigkeitsspende|wohltätigkeitsfonds|entschädigungsfonds|erbschaftsfonds|spendengelder|spendenbetrag"
	  "|geschäftsangebot")
	P(ADVANCE_FEE, STORY, 25,
	  "gewinner des|lotteriegewinner|gewinnerin|powerball jackpot|philanthropin|philanthrop|wohltätige zwecke"
	  "|wohltätigen zwecken|hilfsgelder|mit krebs|meines mannes|mein mann starb|ohne kinder|bin witwe"
	  "|wirtschaftsmagnatin|des verstorbenen|waisenkinder|zufällig ausgewählt|direktor der bank|bankangestellter"
	  "|vorsitzende von")
	P(ADVANCE_FEE, ASK, 25,
	  "antworten sie auf englisch|bitte antworten sie|erreichen sie mich unter|kontaktieren sie uns|melden sie sich"
	  "|für weitere informationen|für mehr informationen|weitere details|weitere informationen|schreiben sie mir"
	  "|per e mail unter|ihre telefonnummer|ihre bankdaten|ihr alter")

	/* ---- French ---- */
	P(ADVANCE_FEE, BAIT, 25,
	  "millions de dollar|million deuro|faire don de|je vous fais don|don de la somme|don volontaire"
	  "|don humanitaire|héritage dune valeur|fonds non réclamés|léguer")
	P(ADVANCE_FEE, STORY, 25,
	  "atteinte dun cancer|cancer en phase|phase terminale|je suis veuve|sans enfants|gagnant du|gagnante du"
	  "|grand gagnant|mega millions jackpot|philanthrope|banque islamique|compte dormant|client décédé")
	P(ADVANCE_FEE, ASK, 25,
	  "contacter par mail|contacter à ladresse|me répondre à|répondre à cette adresse|pour plus dinformations"
	  "|par mon adresse|veuillez me contacter|écrivez moi à|adresse privée")
	P(LOAN, BAIT, 35,
	  "offre de crédit|prêt rapide|octroi de prêt|prêt à toute personne|je fais des prêts|offre de financement"
	  "|prêt sérieux")

	/* ---- Spanish ---- */
	P(ADVANCE_FEE, BAIT, 25,
	  "estoy donando|donando a|donar la suma|millones en el|millones en dólares|fondo de donación"
	  "|ha sido seleccionado para recibir|donado a usted|fondos no reclamados|le dono|premio mayor")
	P(ADVANCE_FEE, STORY, 25,
	  "ganador del|ganador de|mega ganador|personas al azar|seleccionado al azar|filántropo|soy viuda"
	  "|enfermedad terminal|sin hijos|banco central|director del banco|cliente difunto|caridad")
	P(ADVANCE_FEE, ASK, 25,
	  "contactar rápido|póngase en contacto conmigo|por favor contácteme|contacte por correo|responda a este"
	  "|responda con su|envíe su nombre|para reclamar|para más información")

	/* ---- Portuguese ---- */
	P(ADVANCE_FEE, BAIT, 25,
	  "milhões de reais|milhões de libras|estou doando|doar a soma|doei a você|doação de caridade"
	  "|fundos não reclamados|valor de us|soma em dinheiro|milhões em|fundo de compensação|indenização de"
	  "|proposta confidencial|transferir a quantia|herança de")
	P(ADVANCE_FEE, STORY, 25,
	  "ganhador da|vencedor da|vencedora da|mega sena|ganhador do jackpot|pessoas aleatórias"
	  "|selecionado aleatoriamente|câncer terminal|doença terminal|sou viúva|sem filhos|meu falecido cliente"
	  "|cliente que faleceu|gerente de contas|advogado pessoal|órfãos|nações unidas|conta inativa")
	P(ADVANCE_FEE, ASK, 25,
	  "responda para|entre em contacto comigo|contacte me|por favor contate|envie seu nome|seu nome completo"
	  "|dados bancários|seu telefone|para mais informações|me responda|aguardo sua resposta|aguardo a sua resposta"
	  "|e mail privado|para reivindicar")
	P(ADVANCE_FEE, PRESSURE, 20,
	  "querido amado|caro beneficiário|prezado amigo|saudações|que deus|estritamente sigiloso|sigilo absoluto"
	  "|sem risco")
	P(LOAN, BAIT, 35,
	  "empréstimo rápido|precisa de empréstimo|oferecemos empréstimos|empréstimo pessoal|empréstimo sem")

	/* ---- Italian, Dutch, Polish ---- */
	P(ADVANCE_FEE, BAIT, 25,
	  "sto donando|donare la somma|fondi non reclamati|vi dono|milioni usd|donazione di beneficenza|ik doneer"
	  "|het bedrag van|schenking van|miljoenen euro|niet opgeëiste|goede doelen donatie|miljoen usd"
	  "|przekazuję darowiznę|milionów usd|darowiznę w wysokości|kwotę w wysokości|środki z funduszu"
	  "|nieodebrane środki")
	P(ADVANCE_FEE, STORY, 25,
	  "vincitore del|vincitore della|sono vedova|senza figli|malata di cancro|cancro|winnaar van|filantroop"
	  "|ik ben weduwe|zonder kinderen|kanker|terminaal ziek|zwycięzca|filantrop|jestem wdową|na raka|bez dzieci"
	  "|zmarłego klienta|zmarły mąż|losowo wybranych")
	P(ADVANCE_FEE, ASK, 25,
	  "mi contatti a|contattami a|contattami via|mi risponda|per ulteriori informazioni|neem contact op"
	  "|neem contact met ons|voor meer informatie|antwoord via|stuur uw|aby uzyskać więcej|proszę o odpowiedź"
	  "|skontaktuj się ze|odpowiedz na|więcej informacji")

	/* ---- Russian ---- */
	P(ADVANCE_FEE, BAIT, 25,
	  "миллиона евро|миллионов евро|млн долларов|млн евро|миллионов фунтов|жертвую сумму|пожертвовать вам"
	  "|пожертвование в размере|сумму в|сумма в размере|невостребованные средства|наследство в размере"
	  "|денежное пожертвование|деловое предложение для")
	P(ADVANCE_FEE, STORY, 25,
	  "победитель лотереи|выиграл джекпот|выиграла джекпот|филантроп|мой покойный|моего покойного|покойный клиент"
	  "|умершего клиента|больна раком|неизлечимо|без детей|детский дом|директор банка|сотрудник банка"
	  "|ближайший родственник|ближайшего родственника")
	P(ADVANCE_FEE, ASK, 25,
	  "свяжитесь с|ответьте на|для получения подробной|для получения дополнительной|напишите мне|жду вашего ответа"
	  "|ваше полное имя|ваши банковские|ваш адрес|более подробной")
	P(LOAN, BAIT, 35,
	  "срочный кредит|предлагаем кредит|кредит под|нужны деньги|предложение кредита|займ под")

	/* ---- Danish ---- */
	P(ADVANCE_FEE, BAIT, 25,
	  "millioner dollars|millioner dollar|millioner euro|millioner kroner|en donation på|donere til dig"
	  "|doneret til dig|betydeligt beløb|et betydeligt beløb|arv på|en arv|arvefond|forretningsforslag til dig"
	  "|et forretningsforslag|uafhentede midler|midlerne i banken")
	P(ADVANCE_FEE, BAIT, 40,
	  "familiearvefond|arvefonden|forretningsforslag|velgørenhedsdonation|erstatningsfond|arvemidler"
	  "|forretningsouverture")
	P(ADVANCE_FEE, STORY, 25,
	  "min afdøde mand|min afdøde far|min afdøde klient|afdøde kunde|nærmeste pårørende|uden børn|er enke"
	  "|jeg er enke|lider af kræft|kræft i|døende|børnehjem|børnehjemmet|velgørenhed|velgørende formål|vinder af"
	  "|vandt jackpotten|bankmyndigheden|direktør i banken|forældreløse|enker|forenede nationer|flygtningelejr"
	  "|mit navn er")
	P(ADVANCE_FEE, ASK, 25,
	  "kontakt mig|kontakt mig på|svar mig|vend tilbage til mig|dit fulde navn|fulde navn|dit telefonnummer"
	  "|dine bankoplysninger|din bankkonto|til din konto|din hjælp|din bistand|for flere detaljer|flere detaljer"
	  "|for mere information|venter på dit svar|dit svar|din bekræftelse|angiv din interesse")
	P(ADVANCE_FEE, PRESSURE, 20,
	  "kære ven|min kære|kære elskede|i guds navn|gud velsigne|strengt fortroligt|fortroligt|en overraskelse"
	  "|som en overraskelse|tillykke|ærlig og|troværdig|hurtigst muligt|risikofri")
	P(LOAN, BAIT, 35,
	  "brug for et lån|har du brug for et lån|tilbyder lån|lånetilbud|hurtigt lån|låneudbyder")
	P(LOAN, STORY, 30,
	  "lav rente|rente på|rentesats|årlig rente|uden sikkerhed")
	P(LOAN, ASK, 30,
	  "kontakt os|ansøg nu|ansøg om|lånebeløb|fulde navn|låneperiode")

	/* ---- Swedish ---- */
	P(ADVANCE_FEE, BAIT, 25,
	  "miljoner dollar|miljoner euro|miljoner kronor|donera till dig|donerat till dig|betydande belopp|ett arv"
	  "|arvsfond|ett affärsförslag|affärsförslag till dig|outtagna medel")
	P(ADVANCE_FEE, BAIT, 40,
	  "affärsförslag|arvsfonden|välgörenhetsdonation|kompensationsfond|miljondonation")
	P(ADVANCE_FEE, STORY, 25,
	  "min avlidne man|min bortgångne|min avlidne klient|avliden kund|närmast anhörig|närmaste anhörig|utan barn"
	  "|jag är änka|lider av cancer|cancer i|barnhem|välgörenhet|välgörande ändamål|vinnare av|vann jackpotten"
	  "|bankchef|föräldralösa|förenta nationerna|flyktingläger|mitt namn är")
	P(ADVANCE_FEE, ASK, 25,
	  "kontakta mig|kontakta mig på|svara mig|återkom till mig|ditt fullständiga namn|fullständigt namn"
	  "|ditt telefonnummer|dina bankuppgifter|ditt bankkonto|till ditt konto|ditt bistånd|för mer information"
	  "|för mer detaljer|väntar på ditt svar|ditt svar")
	P(ADVANCE_FEE, PRESSURE, 20,
	  "kära vän|käre vän|min kära|i guds namn|gud välsigne|strängt konfidentiellt|konfidentiellt|en överraskning"
	  "|som en överraskning|grattis|ärlig och|pålitlig|riskfri|så snart som möjligt")
	P(LOAN, BAIT, 35,
	  "behöver du ett lån|behov av lån|erbjuder lån|låneerbjudande|snabbt lån|långivare")
	P(LOAN, STORY, 30,
	  "låg ränta|ränta på|räntesats|årsränta|utan säkerhet")
	P(LOAN, ASK, 30,
	  "kontakta oss|ansök nu|ansök om|lånebelopp|fullständigt namn|låneperiod")

	/* ---- Norwegian ---- */
	P(ADVANCE_FEE, BAIT, 25,
	  "en donasjon på|donere til deg|donert til deg|betydelig beløp|arven på|et forretningsforslag til deg"
	  "|uavhentede midler|millioner us dollar|millioner norske")
	P(ADVANCE_FEE, BAIT, 40,
	  "veldedighetsdonasjon|erstatningsfondet|arvefondet")
	P(ADVANCE_FEE, STORY, 25,
	  "min avdøde mann|min avdøde ektemann|min avdøde klient|avdøde kunde|nærmeste slektning|nærmeste pårørende til"
	  "|uten barn|lider av kreft|kreft i|barnehjem|veldedighet|veldedige formål|vinner av|vant jackpotten|banksjef"
	  "|foreldreløse|navnet mitt er|mitt navn er")
	P(ADVANCE_FEE, ASK, 25,
	  "kontakt meg|ta kontakt med meg|svar meg|ditt fulle navn|fullt navn|telefonnummeret ditt|til kontoen din"
	  "|din hjelp|for mer informasjon|for flere opplysninger|venter på svaret ditt")
	P(ADVANCE_FEE, PRESSURE, 20,
	  "kjære venn|min kjære|gud velsigne deg|strengt konfidensielt|konfidensielt|en overraskelse for|gratulerer"
	  "|ærlig og pålitelig|til å stole")
	P(LOAN, BAIT, 35,
	  "trenger du et lån|trenger du lån|tilbyr lån|raskt lån")
	P(LOAN, STORY, 30,
	  "uten sikkerhet")

	/* ---- Finnish ---- */
	P(ADVANCE_FEE, BAIT, 25,
	  "miljoonaa dollaria|miljoonaa euroa|miljoonan dollarin|miljoonan euron|lahjoitan sinulle|lahjoittaa sinulle"
	  "|lahjoitus sinulle|huomattava summa|summa rahaa|periä rahat|perinnön arvo|liiketoimintaehdotus sinulle")
	P(ADVANCE_FEE, BAIT, 40,
	  "perintörahasto|perintörahaston|hyväntekeväisyyslahjoitus|liiketoimintaehdotus|liiketoimintaehdotuksen"
	  "|korvausrahasto|perintöosuus")
	P(ADVANCE_FEE, STORY, 25,
	  "edesmennyt mieheni|edesmenneen mieheni|edesmennyt asiakkaani|edesmenneen asiakkaani|lähin omainen"
	  "|lähisukulainen|ilman lapsia|olen leski|sairastan syöpää|syöpään|kuolemassa|hyväntekeväisyys"
	  "|hyväntekeväisyyteen|jättipotin|voittaja|voitti jackpotin|filantrooppi|pankinjohtaja|orpokoti|orvoille"
	  "|nimeni on|yhdistyneiden kansakuntien")
	P(ADVANCE_FEE, ASK, 25,
	  "ota yhteyttä minuun|ota minuun yhteyttä|ota yhteyttä|vastaa minulle|koko nimesi|täydellinen nimesi"
	  "|puhelinnumerosi|pankkitilisi|pankkitilillesi|tilillesi|apuasi|lisätietoja varten|saadaksesi lisätietoja"
	  "|lisätietoja|odotan vastaustasi")
	P(ADVANCE_FEE, PRESSURE, 20,
	  "rakas ystävä|hyvä ystävä|rakkaani|jumalan nimessä|jumala siunatkoon|ehdottoman luottamuksellinen"
	  "|luottamuksellinen|tulla yllätyksenä|yllätyksenä|onneksi olkoon|onnittelut|rehellinen ja|luotettava|riskitön")
	P(LOAN, BAIT, 35,
	  "tarvitsetko lainaa|tarjoamme lainoja|lainatarjous|kiireellinen laina|laina tarjous")
	P(LOAN, STORY, 30,
	  "matala korko|alhainen korko|korolla|korkoprosentti|ilman vakuuksia")
	P(LOAN, ASK, 30,
	  "ota meihin yhteyttä|ottakaa yhteyttä|hae nyt|lainan määrä|lainasumma|koko nimi")

	/* ---- Czech, Slovak ---- */
	P(ADVANCE_FEE, BAIT, 25,
	  "milionů dolarů|milionů eur|miliónov dolárov|miliónov eur|milióna eur|milion dolarů|daruji vám|darovat vám"
	  "|dar ve výši|finanční dar|částku ve výši|částka ve výši|sumu vo výške|sumu peňazí|dar vo výške"
	  "|dědictví ve výši|dedičstvo vo výške|obchodní návrh|obchodný návrh|nevyzvednuté prostředky|fond dědictví")
	P(ADVANCE_FEE, STORY, 25,
	  "můj zesnulý manžel|mého zesnulého manžela|zesnulý klient|zesnulého klienta|nejbližší příbuzný|bez dětí"
	  "|jsem vdova|trpím rakovinou|rakovinou|rakovinu|umírám|sirotčinec|sirotky|charita|charitativní|výherce"
	  "|vyhrál jackpot|ředitel banky|vojenská žena|americké armádě|jmenuji se|môj zosnulý manžel|môjho zosnulého"
	  "|zosnulý klient|zosnulého klienta|najbližší príbuzný|som vdova|trpím rakovinou na|sirotinec|siroty|výherca"
	  "|riaditeľ banky|volám sa|charitatívne")
	P(ADVANCE_FEE, ASK, 25,
	  "kontaktujte mě|kontaktujte mě na|odpovězte mi|odpovězte na|vaše celé jméno|celé jméno|telefonní číslo"
	  "|na váš účet|bankovní účet|vaši pomoc|vaše pomoc|pro více informací|více informací|další podrobnosti"
	  "|čekám na vaši odpověď|vaši odpověď|kontaktujte ma|odpovedzte mi|vaše celé meno|celé meno|telefónne číslo"
	  "|na váš účet v|vašu pomoc|pre viac informácií|viac informácií|vašu odpoveď")
	P(ADVANCE_FEE, PRESSURE, 20,
	  "drahý příteli|milý příteli|můj drahý|ahoj zlato|ve jménu boha|bůh vám žehnej|přísně důvěrné|přísně tajné"
	  "|důvěrné|důvěrných|překvapením|gratulujeme|blahopřejeme|upřímný a|důvěryhodný|bez rizika|drahý priateľ"
	  "|milý priateľ|môj drahý|v mene boha|boh vás žehnaj|prísne dôverné|dôverné|prekvapením pre|gratulujem"
	  "|dôveryhodný")
	P(LOAN, BAIT, 35,
	  "potřebujete půjčku|nabízíme půjčky|nabídka půjčky|rychlá půjčka|rychlou půjčku|potrebujete pôžičku"
	  "|ponúkame pôžičky|ponuka pôžičky|rýchla pôžička")
	P(LOAN, STORY, 30,
	  "nízký úrok|úroková sazba|úrokovou sazbou|úrokem|bez zástavy|úroková sadzba|s úrokom")
	P(LOAN, ASK, 30,
	  "kontaktujte nás|výše půjčky|výška pôžičky|doba půjčky|celé jméno|celé meno")

	/* ---- Hungarian ---- */
	P(ADVANCE_FEE, BAIT, 25,
	  "millió dollárt|millió dollár|millió eurót|millió euró|millió usd|adományozok önnek|adományt önnek"
	  "|adomány önnek|összeget adományoz|összegű adomány|jelentős összeg|jelentős összeget|az örökséget"
	  "|örökségi alap|örökség összege|üzleti javaslatom van|üzleti ajánlatom van|üzleti javaslat|fel nem vett")
	P(ADVANCE_FEE, STORY, 25,
	  "elhunyt férjem|néhai férjem|elhunyt ügyfelem|néhai ügyfelem|elhunyt ügyfél|legközelebbi hozzátartozó"
	  "|legközelebbi rokon|gyermektelen|özvegy vagyok|rákban|rákos|haldoklom|árvaház|árvák|jótékonysági|jótékonyság"
	  "|jótékony célra|nyertese|megnyerte a|bankigazgató|banki alkalmazott|a nevem|egyesült nemzetek")
	P(ADVANCE_FEE, ASK, 25,
	  "vegye fel velem|vegye fel a kapcsolatot|lépjen kapcsolatba velem|válaszoljon nekem|válaszoljon erre"
	  "|teljes neve|teljes nevét|telefonszáma|telefonszámát|bankszámlájára|bankszámla|számlájára|a segítségére"
	  "|segítségét|további információért|további részletekért|további részletek|várom válaszát")
	P(ADVANCE_FEE, PRESSURE, 20,
	  "kedves barátom|kedves barát|drága barátom|isten nevében|isten áldja|szigorúan bizalmas|bizalmas"
	  "|meglepetésként|meglepheti|gratulálunk|gratulálok|becsületes és|megbízható|kockázatmentes")
	P(LOAN, BAIT, 35,
	  "kölcsönre van szüksége|hitelre van szüksége|kölcsönt kínálunk|hitelt kínálunk|kölcsön ajánlat|hitelajánlat"
	  "|sürgős kölcsön|gyors kölcsön")
	P(LOAN, STORY, 30,
	  "alacsony kamat|alacsony kamattal|kamatláb|kamattal|fedezet nélkül")
	P(LOAN, ASK, 30,
	  "lépjen kapcsolatba velünk|vegye fel velünk|hitel összege|kölcsön összege|teljes név|futamidő")

	/* ---- Romanian ---- */
	P(ADVANCE_FEE, BAIT, 25,
	  "milioane de dolari|milioane de euro|milioane usd|milioane de lire|donez suma|o donație de|donație în valoare"
	  "|vă donez|să vă donez|sumă de bani|moștenire de|o moștenire|fond de moștenire|o propunere de afaceri"
	  "|propunere de afaceri|fonduri nerevendicate")
	P(ADVANCE_FEE, STORY, 25,
	  "defunctul meu soț|soțul meu decedat|regretatul meu|clientul meu decedat|client decedat|ruda cea mai"
	  "|cea mai apropiată rudă|fără copii|sunt văduvă|bolnavă de cancer|suferă de cancer|cancer la|pe moarte"
	  "|orfelinat|orfelinate|orfani|caritate|scopuri caritabile|câștigătorul|câștigător al|directorul băncii"
	  "|angajat al băncii|numele meu este|națiunile unite")
	P(ADVANCE_FEE, ASK, 25,
	  "contactați mă|contactați mă la|răspundeți mi|răspundeți la|numele dumneavoastră complet|numele complet"
	  "|numărul de telefon|contul dumneavoastră|în contul dumneavoastră|cont bancar|ajutorul dumneavoastră"
	  "|asistența dumneavoastră|pentru mai multe detalii|pentru mai multe informații|mai multe detalii"
	  "|aștept răspunsul")
	P(ADVANCE_FEE, PRESSURE, 20,
	  "dragă prietene|dragă prieten|dragul meu|draga mea|în numele lui dumnezeu|dumnezeu să vă|strict confidențial"
	  "|ca o surpriză|surprindă|felicitări|sincer și|de încredere|fără riscuri|fără risc")
	P(LOAN, BAIT, 35,
	  "aveți nevoie de un împrumut|nevoie de un împrumut|oferim împrumuturi|ofertă de împrumut|împrumut rapid"
	  "|împrumut urgent|nevoie de un credit")
	P(LOAN, STORY, 30,
	  "dobândă mică|dobândă scăzută|rata dobânzii|o dobândă|fără garanții")
	P(LOAN, ASK, 30,
	  "contactați ne|suma împrumutului|suma necesară|durata împrumutului|nume complet")

	/* ---- Bulgarian ---- */
	P(ADVANCE_FEE, BAIT, 25,
	  "милиона долара|милиона евро|милион долара|милиона щатски|дарявам сумата|дарение от|дарение в размер"
	  "|дарявам ви|да ви даря|сума в размер|голяма сума|наследство от|наследството на|наследствен фонд"
	  "|бизнес предложение|делово предложение|непотърсени средства")
	P(ADVANCE_FEE, STORY, 25,
	  "покойния ми съпруг|покойният ми съпруг|моят покоен|моя покоен|починал клиент|починалия клиент"
	  "|най близък роднина|близък роднина|без деца|аз съм вдовица|вдовица|болна от рак|от рак|умирам|сиропиталище"
	  "|сираци|благотворителност|благотворителни|победител|спечели джакпота|директор на банка|мениджър в банка"
	  "|казвам се|името ми е|организацията на обединените")
	P(ADVANCE_FEE, ASK, 25,
	  "свържете се с мен|свържете се с|отговорете ми|пълното ви име|пълно име|телефонен номер|банкова сметка"
	  "|по вашата сметка|вашата сметка|вашата помощ|за повече подробности|за повече информация|повече подробности"
	  "|очаквам вашия отговор|вашия отговор")
	P(ADVANCE_FEE, PRESSURE, 20,
	  "скъпи приятелю|мили приятелю|скъпа моя|в името на бог|бог да ви|строго поверително|поверително|изненада"
	  "|като изненада|поздравления|честен и|надежден|без риск")
	P(LOAN, BAIT, 35,
	  "оферта за заем|нужда от заем|нуждаете от заем|отпускаме заеми|предлагаме заеми|частен заем|бърз заем"
	  "|спешен заем|кредитен заем|предложение за заем|нужда от кредит")
	P(LOAN, STORY, 30,
	  "ниска лихва|лихвен процент|лихва от|лихва|финансова помощ|физически лица|без обезпечение|изплащане на")
	P(LOAN, ASK, 30,
	  "свържете се с нас|сума на заема|размер на заема|срок на заема|пълно име|телефонен номер|кандидатствайте")
	P(LOAN, PRESSURE, 20,
	  "спешно|здравейте|имате ли нужда|имате нужда")

	/* ---- Greek ---- */
	P(ADVANCE_FEE, BAIT, 25,
	  "εκατομμύρια δολάρια|εκατομμύρια ευρώ|εκατομμυρίων δολαρίων|εκατομμυρίων ευρώ|δωρεά ύψους|δωρίζω το ποσό"
	  "|σας δωρίζω|το ποσό των|ποσό ύψους|μεγάλο χρηματικό ποσό|κληρονομιά ύψους|η κληρονομιά|ταμείο κληρονομιάς"
	  "|επιχειρηματική πρόταση|αζήτητα κεφάλαια")
	P(ADVANCE_FEE, STORY, 25,
	  "ο αείμνηστος σύζυγός|αείμνηστος σύζυγος|του αποθανόντος|αποθανόντα πελάτη|ο εκλιπών πελάτης"
	  "|πλησιέστερος συγγενής|συγγενής|χωρίς παιδιά|είμαι χήρα|πάσχω από καρκίνο|από καρκίνο|ορφανοτροφείο|ορφανά"
	  "|φιλανθρωπία|φιλανθρωπικούς σκοπούς|νικητής του|κέρδισα το|φιλάνθρωπος|διευθυντής τράπεζας|της τράπεζας"
	  "|ονομάζομαι|το όνομά μου|ηνωμένων εθνών")
	P(ADVANCE_FEE, ASK, 25,
	  "επικοινωνήστε μαζί μου|απαντήστε μου|το πλήρες όνομά|πλήρες όνομα|αριθμό τηλεφώνου|τον τραπεζικό λογαριασμό"
	  "|τραπεζικό λογαριασμό|στον λογαριασμό σας|τη βοήθειά σας|για περισσότερες λεπτομέρειες"
	  "|για περισσότερες πληροφορίες|περιμένω την απάντησή|την απάντησή σας")
	P(ADVANCE_FEE, PRESSURE, 20,
	  "αγαπητέ φίλε|αγαπημένε|στο όνομα του θεού|ο θεός να σας|αυστηρά εμπιστευτικό|εμπιστευτικό|ως έκπληξη|έκπληξη"
	  "|συγχαρητήρια|έντιμος και|αξιόπιστος|χωρίς κίνδυνο")
	P(LOAN, BAIT, 35,
	  "χρειάζεστε δάνειο|ανάγκη από δάνειο|προσφέρουμε δάνεια|προσφορά δανείου|γρήγορο δάνειο|επείγον δάνειο")
	P(LOAN, STORY, 30,
	  "χαμηλό επιτόκιο|επιτόκιο|με επιτόκιο|χωρίς εγγύηση")
	P(LOAN, ASK, 30,
	  "επικοινωνήστε μαζί μας|ποσό δανείου|το ποσό του δανείου|πλήρες όνομα")

	/* ---- Turkish ---- */
	P(ADVANCE_FEE, BAIT, 25,
	  "milyon dolar|milyon euro|milyon avro|milyon abd doları|milyon usd|bağışlıyorum|size bağışlamak"
	  "|tutarında bağış|bağış olarak|miktarında para|büyük miktarda para|miras fonu|mirası|mirasın|bir iş teklifi"
	  "|iş teklifim|talep edilmemiş|tutarındaki fon")
	P(ADVANCE_FEE, STORY, 25,
	  "merhum kocam|merhum eşim|rahmetli kocam|rahmetli eşim|merhum müvekkilim|merhum müşterim|ölen müşteri"
	  "|en yakın akraba|yakın akrabası|çocuğumuz olmadı|çocuksuz|dul bir kadın|dulum|kanser hastasıyım|kanserden"
	  "|kanser|ölmek üzereyim|yetimhane|yetimler|hayır işleri|hayır kurumu|hayırsever|büyük ikramiye|piyango"
	  "|kazananı|banka müdürü|bankada çalışıyorum|benim adım|adım bayan|birleşmiş milletler|mülteci kampı")
	P(ADVANCE_FEE, ASK, 25,
	  "benimle iletişime geçin|benimle irtibata|bana cevap verin|tam adınız|adınız soyadınız|telefon numaranız"
	  "|banka hesabınız|banka hesabınıza|hesabınıza|yardımınıza|yardımınızı|daha fazla bilgi için"
	  "|daha fazla ayrıntı|ayrıntılar için|cevabınızı bekliyorum|yanıtınızı bekliyorum")
	P(ADVANCE_FEE, PRESSURE, 20,
	  "sevgili dostum|sevgili arkadaşım|sevgilim|allahın adıyla|allah sizi|kesinlikle gizli|gizli tutun"
	  "|gizli kalmalı|sürpriz olabilir|sürpriz|tebrikler|dürüst ve|güvenilir|risksiz")
	P(LOAN, BAIT, 35,
	  "krediye mi ihtiyacınız|krediye ihtiyacınız|kredi teklifi|acil kredi|borç para|kredi veriyoruz"
	  "|kredi sunuyoruz")
	P(LOAN, STORY, 30,
	  "düşük faiz|faiz oranı|faizle|teminatsız")
	P(LOAN, ASK, 30,
	  "bizimle iletişime geçin|hemen başvurun|kredi tutarı|kredi miktarı|tam ad")

	/* ---- Ukrainian ---- */
	P(ADVANCE_FEE, BAIT, 25,
	  "мільйонів доларів|мільйони доларів|мільйонів євро|мільйони євро|млн доларів|пожертвувати вам"
	  "|пожертва у розмірі|пожертву в розмірі|суму в розмірі|сума в розмірі|значна сума|спадщина в розмірі|спадщину"
	  "|фонд спадщини|ділова пропозиція|ділову пропозицію|незатребувані кошти")
	P(ADVANCE_FEE, STORY, 25,
	  "мій покійний чоловік|мого покійного|покійний клієнт|покійного клієнта|найближчий родич|найближчого родича"
	  "|без дітей|я вдова|хвора на рак|на рак|вмираю|сирітський будинок|дитячий будинок|сиріт|благодійність"
	  "|благодійні цілі|переможець|виграв джекпот|філантроп|директор банку|мене звати|обєднаних націй")
	P(ADVANCE_FEE, ASK, 25,
	  "звяжіться зі мною|дайте мені відповідь|ваше повне імя|повне імя|номер телефону|банківський рахунок"
	  "|на ваш рахунок|вашої допомоги|вашу допомогу|для отримання додаткової|додаткової інформації"
	  "|більше інформації|чекаю на вашу відповідь|вашу відповідь")
	P(ADVANCE_FEE, PRESSURE, 20,
	  "дорогий друже|мій дорогий|в імя бога|нехай бог благословить|суворо конфіденційно|конфіденційно|несподіванкою"
	  "|вітаємо вас|чесний і|надійна людина|без ризику")
	P(LOAN, BAIT, 35,
	  "потрібен кредит|потрібна позика|пропонуємо кредит|пропозиція кредиту|терміновий кредит")
	P(LOAN, STORY, 30,
	  "низький відсоток|відсоткова ставка|процентна ставка|під низький|без застави")

	/* ---- Arabic ---- */
	P(ADVANCE_FEE, BAIT, 25,
	  "مليون دولار|ملايين دولار|مليون يورو|ملايين الدولارات|مليون دولار أمريكي|التبرع بمبلغ|تبرعت بمبلغ|تبرع بمبلغ"
	  "|أتبرع لك|أن أتبرع|مبلغ قدره|مبلغ وقدره|مبلغ من المال|مبلغ كبير|صندوق الميراث|ميراث بقيمة|الميراث"
	  "|اقتراح تجاري|عرض تجاري|صندوق التعويضات|أموال غير مطالب")
	P(ADVANCE_FEE, STORY, 25,
	  "زوجي الراحل|زوجي المتوفى|زوجي المرحوم|والدي الراحل|عميلي الراحل|العميل المتوفى|عميل متوفى|أقرب الأقارب"
	  "|القريب الأقرب|ليس لدينا أطفال|بدون أطفال|أنا أرملة|أرملة|مرض السرطان|سرطان|السرطان|أحتضر|دار الأيتام"
	  "|الأيتام|أعمال خيرية|الأعمال الخيرية|فائز بجائزة|فزت بالجائزة|مدير بنك|مدير البنك|في البنك|اسمي"
	  "|الأمم المتحدة|مخيم اللاجئين|دبلوماسي")
	P(ADVANCE_FEE, ASK, 25,
	  "اتصل بي|تواصل معي|الاتصال بي|يرجى الاتصال بي|اسمك الكامل|الاسم الكامل|رقم هاتفك|رقم الهاتف|حسابك المصرفي"
	  "|حسابك البنكي|إلى حسابك|مساعدتك|لمزيد من التفاصيل|لمزيد من المعلومات|في انتظار ردك|بانتظار ردك|ردك")
	P(ADVANCE_FEE, PRESSURE, 20,
	  "صديقي العزيز|عزيزي الصديق|عزيزي المستفيد|السلام عليكم|بسم الله|بارك الله فيك|سري للغاية|سرية تامة|مفاجأة"
	  "|كمفاجأة|تهانينا|مبروك|صادق|جدير بالثقة|خالية من المخاطر")
	P(LOAN, BAIT, 35,
	  "تحتاج إلى قرض|تحتاج قرض|هل تحتاج إلى قرض|عرض قرض|نقدم القروض|قرض عاجل|قروض شخصية|تمويل مشروعك")
	P(LOAN, STORY, 30,
	  "سعر فائدة|بسعر فائدة|فائدة منخفضة|نسبة فائدة|بدون ضمانات")
	P(LOAN, ASK, 30,
	  "اتصل بنا|تواصل معنا|مبلغ القرض|مدة القرض|الاسم الكامل")

	/* ---- Korean: words with what is said of them ---- */
	P(ADVANCE_FEE, BAIT, 35,
	  "백만 달러|백만 달러를|백만 유로|백만 유로를|만 달러를|만 달러의|미국 달러|기부하고 싶습니다|기부하기로|기부금을|기부금|상속 자금|상속금|유산을|유산|상속 재산|사업 제안이|사업 제안을"
	  "|비즈니스 제안")
	P(ADVANCE_FEE, STORY, 35,
	  "돌아가신 남편|죽은 남편|고인이 된|고인의|사망한 고객|사망한 고객의|가까운 친척|자녀가 없|자녀 없이|저는 미망인|미망인|과부입니다|암에 걸려|암으로|암 투병|고아원|고아들|자선 단체"
	  "|자선 사업|자선|잭팟|복권 당첨자|당첨자|자선가|은행 매니저|은행 이사|은행에서|제 이름은|내 이름은|유엔")
	P(ADVANCE_FEE, ASK, 35,
	  "연락해 주세요|연락해 주십시오|연락 주시기 바랍니다|연락 바랍니다|답장해 주세요|답장을 기다리겠습니다|성함|전체 이름|전화번호|은행 계좌|은행 계좌로|계좌로|귀하의 도움이|당신의 도움이"
	  "|자세한 내용은|자세한 정보는|더 자세한 내용|답변을 기다리겠습니다")
	P(ADVANCE_FEE, PRESSURE, 30,
	  "친애하는 친구|친애하는|사랑하는|하나님의 이름으로|하나님의|신의 축복이|극비|기밀로|비밀로|놀라실|놀라움으로|축하합니다|축하드립니다|정직하고|신뢰할 수|위험이 없는")
	P(LOAN, BAIT, 35,
	  "대출이 필요하십니까|대출이 필요하신가요|대출 제안|대출을 제공합니다|긴급 대출|개인 대출")
	P(LOAN, STORY, 30,
	  "낮은 이자율|저금리로|이자율|담보 없이")
	P(LOAN, ASK, 30,
	  "문의하십시오|신청하십시오|대출 금액|대출 기간|전체 이름")

	/* ---- Indonesian and Malay ---- */
	P(ADVANCE_FEE, BAIT, 25,
	  "juta dolar|juta euro|juta dollar|juta dolar as|juta dolar amerika|juta usd|menyumbangkan kepada anda"
	  "|mendonasikan kepada|sumbangan sebesar|donasi sebesar|sumbangan sebanyak|jumlah sebesar|uang sejumlah"
	  "|sejumlah besar uang|dana warisan|warisan sebesar|harta pusaka|dana pampasan|dana kompensasi|proposal bisnis"
	  "|cadangan perniagaan|dana yang tidak")
	P(ADVANCE_FEE, STORY, 25,
	  "almarhum suami saya|mendiang suami saya|suami saya meninggal|arwah suami|almarhum klien|mendiang klien"
	  "|klien saya yang|kerabat terdekat|waris terdekat|ahli waris|tanpa anak|saya seorang janda|janda"
	  "|menderita kanker|penyakit kanker|sekarat|panti asuhan|rumah anak yatim|anak yatim|yatim piatu|kegiatan amal"
	  "|pemenang|jackpot lotere|loteri|dermawan|manajer bank|pengurus bank|bekerja di bank|nama saya"
	  "|bangsa bangsa bersatu")
	P(ADVANCE_FEE, ASK, 25,
	  "hubungi saya|silakan hubungi saya|tolong hubungi saya|sila hubungi|balas saya|nama lengkap|nama penuh"
	  "|nomor telepon|nombor telefon|rekening bank|akaun bank|ke rekening anda|rekening anda|bantuan anda"
	  "|untuk informasi lebih lanjut|untuk maklumat lanjut|untuk detail lebih|menunggu balasan anda|balasan anda")
	P(ADVANCE_FEE, PRESSURE, 20,
	  "teman terkasih|sahabat terkasih|yang terkasih|kekasih|dalam nama tuhan|tuhan memberkati|sangat rahasia"
	  "|rahasia|sangat sulit|kejutan|sebagai kejutan|selamat anda|jujur dan|dapat dipercaya|boleh dipercayai"
	  "|bebas risiko")
	P(LOAN, BAIT, 35,
	  "butuh pinjaman|membutuhkan pinjaman|memerlukan pinjaman|penawaran pinjaman|tawaran pinjaman"
	  "|pinjaman mendesak|pinjaman cepat|menawarkan pinjaman")
	P(LOAN, STORY, 30,
	  "bunga rendah|suku bunga|kadar faedah|faedah rendah|tanpa jaminan|tanpa agunan")
	P(LOAN, ASK, 30,
	  "hubungi kami|ajukan sekarang|mohon sekarang|jumlah pinjaman|jangka waktu pinjaman|nama lengkap")

	/* ---- Vietnamese ---- */
	P(ADVANCE_FEE, BAIT, 25,
	  "triệu đô la|triệu đô|triệu usd|triệu euro|triệu đô la mỹ|quyên góp cho bạn|tặng cho bạn|tặng bạn"
	  "|khoản quyên góp|số tiền lên|số tiền là|khoản tiền|số tiền lớn|quỹ thừa kế|tài sản thừa kế|thừa kế trị giá"
	  "|đề nghị kinh doanh|đề xuất kinh doanh|quỹ bồi thường|tiền không có người")
	P(ADVANCE_FEE, STORY, 25,
	  "người chồng quá cố|chồng quá cố|chồng tôi qua đời|khách hàng quá cố|khách hàng đã chết|người thân nhất"
	  "|người thừa kế|không có con|tôi là góa|góa phụ|bệnh ung thư|ung thư|sắp chết|trại trẻ mồ côi|trẻ mồ côi"
	  "|từ thiện|trúng số|trúng xổ số|nhà từ thiện|giám đốc ngân hàng|quản lý ngân hàng|ngân hàng trung ương"
	  "|tên tôi là|tôi tên là|liên hợp quốc|nhà ngoại giao")
	P(ADVANCE_FEE, ASK, 25,
	  "liên hệ với tôi|hãy liên hệ với|vui lòng liên hệ|trả lời tôi|họ tên đầy đủ|tên đầy đủ|số điện thoại"
	  "|tài khoản ngân hàng|tài khoản của bạn|sự giúp đỡ của bạn|sự hợp tác của|để biết thêm chi tiết"
	  "|để biết thêm thông tin|biết thêm chi tiết|chờ phản hồi|phản hồi của bạn")
	P(ADVANCE_FEE, PRESSURE, 20,
	  "bạn thân mến|người bạn thân|bạn yêu quý|nhân danh chúa|chúa phù hộ|tuyệt đối bí mật|giữ bí mật|bí mật"
	  "|bất ngờ|ngạc nhiên|xin chúc mừng|chúc mừng|trung thực và|đáng tin cậy|không có rủi ro")
	P(LOAN, BAIT, 35,
	  "cần vay|bạn cần vay|cần một khoản vay|cung cấp khoản vay|cho vay nhanh|vay khẩn cấp|vay tiền nhanh")
	P(LOAN, STORY, 30,
	  "lãi suất thấp|lãi suất|không cần thế chấp|không thế chấp")
	P(LOAN, ASK, 30,
	  "liên hệ với chúng tôi|đăng ký ngay|số tiền vay|thời hạn vay|họ tên đầy đủ")

	/* ---- Thai ---- */
	P(ADVANCE_FEE, BAIT, 25,
	  "ล้านดอลลาร์|ล้านเหรียญ|ล้านยูโร|บริจาคให้|จำนวนเงิน|มรดก|เงินมรดก|ข้อเสนอทางธุรกิจ|กองทุนมรดก")
	P(ADVANCE_FEE, STORY, 25,
	  "สามีผู้ล่วงลับ|สามีของฉันเสียชีวิต|พ่อของฉันเสียชีวิต|เสียชีวิต|ลูกค้าผู้ล่วงลับ|ญาติสนิท|เป็นหม้าย|มะเร็ง"
	  "|เด็กกำพร้า|สถานเลี้ยงเด็กกำพร้า|การกุศล|ธนาคาร|ลูกสาวคนเดียว|ค่ายผู้ลี้ภัย|ฉันชื่อ|พระเจ้า")
	P(ADVANCE_FEE, ASK, 25,
	  "ติดต่อฉัน|ติดต่อกลับ|ตอบกลับ|ชื่อเต็ม|หมายเลขโทรศัพท์|บัญชีธนาคาร|บัญชีของคุณ|ความช่วยเหลือจากคุณ"
	  "|ช่วยเหลือฉัน|ช่วยฉัน|รายละเอียดเพิ่มเติม|ไว้ใจคุณ")
	P(ADVANCE_FEE, PRESSURE, 20,
	  "ที่รัก|เพื่อนรัก|ขอพระเจ้าอวยพร|ขอสันติสุข|อย่าแปลกใจ|แปลกใจ|ความลับ|เป็นความลับ|ซื่อสัตย์|ขอแสดงความยินดี")

	/* ---- Japanese, Chinese ---- */
	P(ADVANCE_FEE, BAIT, 25,
	  "万ユーロ|百万ドル|百万ユーロ|寄付したい|寄付します|ビジネスの提案|ビジネス提案|遺産の相続|万欧元|百万欧元|商业提案|商业建议|捐赠基金|遗产基金|補償金|赔偿金|萬美元|百萬美元|遺產|捐贈")
	P(ADVANCE_FEE, STORY, 25,
	  "亡き夫|夫が亡くな|故人の|近親者|子供がいない|孤児院|孤児|当選者|宝くじ|銀行家|弁護士です|私の名前は|过世的丈夫|已故的丈夫|已故客户|近亲|没有孩子|孤儿院|孤儿|中奖者|彩票|银行经理|银行董事|我叫"
	  "|我的名字|慈善家|已故客戶|近親|孤兒|銀行經理")
	P(ADVANCE_FEE, ASK, 25,
	  "連絡してください|ご返信ください|お返事をお待ち|詳細については|銀行口座|あなたの協力|请与我联系|请回复|银行账户|银行帐户|您的合作|更多详情|详细信息|請與我聯繫|請回覆|銀行賬戶|您的幫助")
	P(ADVANCE_FEE, PRESSURE, 20,
	  "極秘|機密です|信頼できる|神のご加護|严格保密|机密|感到惊讶|诚实|值得信赖|上帝保佑|嚴格保密|親愛的")

	/* ---- the formulas of the dying widow, the banker and the compensation, as translated ---- */
	P(ADVANCE_FEE, BAIT, 25,
	  "of the total sum|secretly deposited|deposited in one of|money i deposited|funds i deposited"
	  "|fund deposited in|sum deposited|summe hinterlegt|auf einem konto hinterlegt|nicht beanspruchten"
	  "|freigabe ihres fonds|das preisgeld|preisgeldes|gewinnbetrag|gewinnsumme|ihres gewinns|geldpreises"
	  "|hinterlegte summe|geld gespendet werden|déposé la somme|somme déposée|fonds déposés|fonds abandonnés"
	  "|déposé dans une banque|carte atm|prix en argent|gain de|depositó la suma|suma depositada|fondos depositados"
	  "|fondo abandonado|depositado en un banco|tarjeta atm|premio en efectivo|depositou a quantia"
	  "|quantia depositada|fundos depositados|fundo abandonado|depositado em um banco|cartão atm|prêmio em dinheiro"
	  "|depositato la somma|somma depositata|fondi depositati|fondo abbandonato|depositato in una banca"
	  "|carta bancomat del valore|premio in denaro|gestorte geld|geld gestort|verlaten fonds|gedeponeerd bij"
	  "|prijzengeld|pinpas ter waarde|zdeponował sumę|zdeponowane środki|porzucone środki|zdeponowane w banku"
	  "|karta bankomatowa o|nagroda pieniężna|внес депозит|депозит в банке|депонировал|хранится в банке"
	  "|невостребованную сумму|заброшенный фонд|банковская карта на|денежный приз|последние мои деньги")
	P(ADVANCE_FEE, BAIT, 25,
	  "deponerede summen|deponeret i banken|deponeret i en|forladt fond|pengepræmie|deponerade summan"
	  "|deponerad i en|övergiven fond|penningpris|deponerte summen|deponert i en|forlatt fond|talletti summan"
	  "|talletettu pankkiin|hylätty rahasto|rahapalkinto|uložil částku|uloženo v bance|opuštěný fond|peněžní výhra"
	  "|uložil sumu|uložené v banke|peňažná výhra|letétbe helyezett|letétbe helyezte|bankban letétbe|elhagyott alap"
	  "|pénznyeremény|a depus suma|depusă într|fond abandonat|premiu în bani|депозирана сума|депозирал сумата"
	  "|изоставен фонд|парична награда|κατέθεσε το ποσό|κατατεθειμένο σε|εγκαταλελειμμένο κεφάλαιο|χρηματικό έπαθλο"
	  "|bankaya yatırdığı|bankaya yatırılan|terk edilmiş fon|para ödülü|вніс депозит|покинутий фонд|грошовий приз"
	  "|أودع مبلغ|المودعة في البنك|الأموال المهجورة|جائزة مالية|menyimpan uang|didepositokan di|dana terbengkalai"
	  "|hadiah uang|gửi số tiền|tiền gửi tại|quỹ bị bỏ rơi|giải thưởng tiền")
	P(ADVANCE_FEE, STORY, 25,
	  "displaced people|war victims|private banks|married to late|married to the late|few months to live"
	  "|not last long|esophageal|abandoned sum|died with his|died along with|foreign customer|verheiratet mit dem"
	  "|mit dem verstorbenen|diagnose krebs|wurde krebs|arzt hat mir|mein arzt|nicht mehr lange"
	  "|wohltätigkeitsorganisationen|waisen und witwen|el gordo|euromillions|glücksspiel gewinner|flugzeugabsturz"
	  "|ausländischer kunde|rechtsanwalt von|mariée à feu|mariée au défunt|diagnostiqué un cancer|mon médecin"
	  "|plus longtemps à vivre|organisations caritatives|veuves et orphelins|crash davion|accident davion"
	  "|client étranger|auditeur|casada con el difunto|casada con el fallecido|diagnosticaron cáncer"
	  "|me diagnosticaron|mi médico|poco tiempo de vida|organizaciones benéficas|viudas y huérfanos|accidente aéreo"
	  "|cliente extranjero|auditor de|casada com o falecido|casada com o finado|diagnosticada com câncer"
	  "|diagnosticado com câncer|meu médico|pouco tempo de vida|organizações de caridade|instituições de caridade"
	  "|viúvas e órfãos|acidente aéreo|cliente estrangeiro|sposata con il defunto|diagnosticato un cancro"
	  "|il mio medico|poco da vivere|enti di beneficenza|organizzazioni di beneficenza|vedove e orfani"
	  "|incidente aereo|cliente straniero|getrouwd met wijlen|kanker vastgesteld|mijn arts|niet lang meer"
	  "|goede doelen|weduwen en wezen|vliegtuigongeluk|buitenlandse klant|żoną zmarłego|zdiagnozowano raka"
	  "|zdiagnozowano u mnie|mój lekarz|niewiele życia|organizacjom charytatywnym|organizacje charytatywne"
	  "|wdowom i sierotom|katastrofie lotniczej|zagraniczny klient")
	P(ADVANCE_FEE, STORY, 25,
	  "замужем за покойным|покойным|поставили диагноз рак|диагноз рак|рак пищевода|мой врач|мой доктор"
	  "|проблем со здоровьем|не имея детей|нет детей|благотворительным организациям|благотворительные организации"
	  "|благотворительных организаций|сиротам|вдовам|вдов и сирот|авиакатастрофе|иностранный клиент|наследников"
	  "|менее привилегированным|бедным и|gift med afdøde|gift med den afdøde|diagnosticeret med kræft|min læge"
	  "|velgørende organisationer|enker og forældreløse|flystyrt|udenlandsk kunde|gift med den avlidne"
	  "|diagnostiserades med cancer|min läkare|välgörenhetsorganisationer|änkor och föräldralösa|flygolycka"
	  "|utländsk kund|gift med den avdøde|diagnostisert med kreft|min lege|veldedige organisasjoner"
	  "|enker og foreldreløse|flyulykke|naimisissa edesmenneen|todettiin syöpä|lääkärini"
	  "|hyväntekeväisyysjärjestöille|leskille ja orvoille|lento onnettomuudessa|provdaná za zesnulého"
	  "|diagnostikována rakovina|diagnostikovali rakovinu|můj lékař|charitativním organizacím|vdovám a sirotkům"
	  "|letecké havárii|zahraniční klient|vydatá za zosnulého|diagnostikovali mi|môj lekár"
	  "|charitatívnym organizáciám|vdovám a sirotám|leteckej havárii|a néhai|rákot diagnosztizáltak|az orvosom"
	  "|jótékonysági szervezeteknek|özvegyeknek és árváknak|repülőgép szerencsétlenségben|külföldi ügyfél"
	  "|căsătorită cu răposatul|căsătorită cu defunctul|diagnosticată cu cancer|medicul meu|organizații caritabile"
	  "|văduve și orfani|accident aviatic|client străin|омъжена за покойния|диагностицирана с рак|моят лекар"
	  "|благотворителни организации|вдовици и сираци|самолетна катастрофа|чуждестранен клиент"
	  "|παντρεμένη με τον αείμνηστο|διαγνώστηκα με καρκίνο|ο γιατρός μου|φιλανθρωπικές οργανώσεις|χήρες και ορφανά"
	  "|αεροπορικό δυστύχημα|ξένος πελάτης|merhum ile evliydim|kanser teşhisi kondu|kanser teşhisi|doktorum bana"
	  "|hayır kurumlarına|dullara ve yetimlere|uçak kazasında|yabancı müşteri|заміжня за покійним|діагностували рак"
	  "|мій лікар|благодійним організаціям|вдовам і сиротам|авіакатастрофі|متزوجة من الراحل|متزوجة من المرحوم"
	  "|تشخيص إصابتي|أخبرني طبيبي|الجمعيات الخيرية|المنظمات الخيرية|الأرامل والأيتام|حادث تحطم|عميل أجنبي"
	  "|menikah dengan almarhum|didiagnosis menderita|dokter saya|organisasi amal|janda dan anak|kecelakaan pesawat"
	  "|nasabah asing|kết hôn với ông|chẩn đoán mắc|bác sĩ của tôi|tổ chức từ thiện|góa phụ và trẻ|tai nạn máy bay"
	  "|khách hàng nước ngoài")
	P(ADVANCE_FEE, ASK, 25,
	  "agreed to assist me|will be for your assistance|contact my secretary|contact the agent|contact our agent"
	  "|assist me to|help me to transfer|receive this money|receive this fund|mir helfen können|helfen sie mir"
	  "|mir zu helfen|das geld zu erhalten|auf ihr bankkonto|meinen anwalt|ihren gewinn|gewinn zu beanspruchen"
	  "|ihr name und|an unsere büro|pouvez vous maider|maider à|recevoir ces fonds|recevoir cet argent"
	  "|contacter mon avocat|mon notaire|vos coordonnées complètes|puede ayudarme|ayudarme a|recibir estos fondos"
	  "|recibir este dinero|contactar a mi abogado|sus datos completos|pode me ajudar|me ajudar a"
	  "|receber este dinheiro|receber esses fundos|contatar meu advogado|seus dados completos|può aiutarmi"
	  "|aiutarmi a|ricevere questi fondi|ricevere questo denaro|contatti il mio avvocato|kunt u mij helpen"
	  "|mij helpen|dit geld te ontvangen|mijn advocaat|może mi pan pomóc|pomóc mi|otrzymać te pieniądze"
	  "|z moim prawnikiem|можешь мне помочь|можете мне помочь|помочь мне|передать деньги|перевести деньги"
	  "|перевести средства|получить эти деньги|моим адвокатом|ваши полные данные|hjælpe mig med|modtage disse penge"
	  "|min advokat på|hjälpa mig att|ta emot dessa pengar|hjelpe meg med|motta disse pengene|auttaa minua"
	  "|saada nämä rahat|pomoci mi|přijmout tyto peníze|pomôcť mi|prijať tieto peniaze|segíteni nekem"
	  "|átvenni ezt a pénzt|să mă ajutați|primi acești bani|да ми помогнете|получите тези пари|να με βοηθήσετε"
	  "|λάβετε αυτά τα χρήματα|bana yardım|bu parayı almak|мені допомогти|отримати ці гроші|أن تساعدني|مساعدتي في"
	  "|استلام هذه الأموال|membantu saya|menerima uang ini|giúp tôi|nhận số tiền này")
	P(ADVANCE_FEE, PRESSURE, 20,
	  "transaction confidential|keep this transaction|read this slowly|read this letter carefully"
	  "|lesen sie dies langsam|geliebte in|geliebter|meine liebe in christus|wir gratulieren|herzliche glückwünsche"
	  "|lisez attentivement|très cher|très chère|bien aimée en christ|lea esto despacio|amado en cristo"
	  "|amada en cristo|leia isto com atenção|amado em cristo|amada em cristo|legga attentamente|amata in cristo"
	  "|amato in cristo|lees dit aandachtig|geliefde in christus|drogi umiłowany|umiłowany w chrystusie"
	  "|дорогой возлюбленный|дорогая возлюбленная|возлюбленный|возлюбленная|прочтите это медленно"
	  "|прочтите внимательно|да благословит|бог благословит|во имя бога|во имя господа|строго конфиденциально"
	  "|честный человек|милостив|kære i kristus|læs dette langsomt|kära i kristus|läs detta noga|kjære i kristus"
	  "|rakas kristuksessa|drahý v kristu|milovaný v kristu|drahý v kristovi|kedves krisztusban|iubit în hristos"
	  "|preaiubite|възлюбени|възлюбена|αγαπητοί εν χριστώ|улюблений|возлюблений|أخي في الله|أختي في الله|حبيبي في"
	  "|terkasih dalam kristus|yêu dấu trong")
};
#undef P
/* clang-format on */

const size_t lexicon_advance_fee_size = ARRAY_LEN(lexicon_advance_fee);
