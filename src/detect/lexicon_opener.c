/*
 * With what frauds open when they only want an answer (opener.c): a question or an offer without content. Each language has the
 * questions and offers first, those of frauds with more weight than those of everybody; words of one piece, as some
 * languages make them, weigh less (lexicon.c), so those that say as much have more. How to write them: lexicon_fraud.c.
 *
 *         bait                story              ask           pressure
 *         question or offer   what it is about   the answer    greeting, haste
 */
#include "detect/lexicon.h"

/* clang-format off */
#define P(cue, weight, phrases) { INTENT_OPENER, CUE_##cue, weight, phrases },
const struct phrase_row lexicon_opener[] = {
	/* ---- English ---- */
	P(BAIT, 40,
	  "did you receive my|did you get my last|did you get my email|did you get my mail|did you get my message"
	  "|have you received my|if you received my|received my previous|receive my previous|get my previous"
	  "|got my previous|received my last|my previous message|my last message to you|my previous mail"
	  "|my previous email|my earlier email|the letter i sent|the email i sent|the mail i sent|the message i sent"
	  "|i sent you a mail|i sent you a message|i had sent you|i have sent you|i sent you an email"
	  "|i sent you a letter|wrote to you before|contacted you before|never heard from you|not heard from you"
	  "|not yet received your|have not received your|havent received your|yet to receive your|i still await your"
	  "|trying to reach you|tried to reach you|trying to contact you|tried to contact you|tried reaching you"
	  "|trying your email|sending this mail again|why am writing you again|something important to"
	  "|something very important|something to discuss|something to tell you|something to share"
	  "|something i want to discuss|i have something|important to discuss|important to tell you|important to share"
	  "|important message for you|important information for you|vital information|very important question"
	  "|discuss something important|discuss something with you|discuss with you|discuss an important|share with you"
	  "|confide in you|matter to discuss|important discussion|important to disclose|important project"
	  "|very important information|very important message|read this message and|find this mail|find attached email"
	  "|attached email very")
	P(BAIT, 40,
	  "can we do business|do business with you|do business together|business with you|can we work together"
	  "|work together with you|do this together|do a job with me|engage your services|need your services"
	  "|work with me|partner with me|be my partner|business proposal for|business proposition for"
	  "|business offer for|business deal of|business deal for|business opportunity for|business to discuss"
	  "|a proposal for you|proposal for you|an offer for you|a deal for you|a business proposal|investment proposal"
	  "|business proposal|business proposition|business offer|a business proposition|a business offer"
	  "|an investment proposal|an investment offer|our investment funding|investment funding program"
	  "|lucrative business deal|can we discuss|could we discuss|may we discuss|let us discuss|can i trust you"
	  "|may i trust you|can i confide|trust you with my|donation was made|donation has been made|made a donation"
	  "|was donated to you|donated to you|donation for you|donation to you|a donation of|in your favour"
	  "|in your favor|picked you for|selected you for|chosen you for|you were chosen|you have been chosen"
	  "|you have been selected|email was selected|your email won|your email has won|email just won|won the sum"
	  "|you have won|your unclaimed fund|funds in your name|fund in your name|inheritance in your name"
	  "|claim your fund|claim your inheritance|your inheritance fund|did you authorize|did you authorise"
	  "|if you authorized|if you authorised|you authorized|you authorised|if you are alive|still alive"
	  "|confirm if you are dead|claims for your|one of the beneficiaries|payment in your name"
	  "|your compensation fund|estate of late|as next of kin|the next of kin|same last name|your last name"
	  "|your family name|same surname|using your last name")
	P(BAIT, 30,
	  "i need your help|need your assistance|seek your assistance|need your urgent|want you to help"
	  "|i need your attention|can you help me|please help me|get to know you|to know you more|to know you better"
	  "|be your friend|your friendship|saw your profile|came across your profile|contacting you privately"
	  "|interested in you|get your attention|very important to you|important to you|very important to me"
	  "|important for both|of mutual interest|for mutual benefit|respond to my mail|reply to my mail|reply my mail"
	  "|replied my mail|answer my mail|answer my letter")
	P(BAIT, 25,
	  "are you available|are you there|are you around|can we talk|can i talk to you|can you talk|can we chat"
	  "|are you busy|if this email is|is this email valid|this email is valid|email is still|email still active"
	  "|this message get to you|this message gets to you|if you get this|if you receive this|when you get this"
	  "|i am contacting you|please contact me|kindly contact me|contact me for|can i ask you|may i ask you")
	P(ASK, 20,
	  "get back to me|back to me|reply me|reply me now|reply back|reply to me|please reply|kindly reply"
	  "|kindly respond|respond to me|answer me|please answer|write me|write back|write me back|write to me"
	  "|contact me|email me|reply for more|reply for details|for more details|for details|for more information"
	  "|more info|await your reply|await your response|awaiting your reply|awaiting your response"
	  "|waiting for your reply|wait for your reply|waiting for your response|waiting to hear from you"
	  "|hope to hear from you|hear from you soon|let me know|confirm if you|kindly confirm|your response|your reply"
	  "|urgent responds|private email|my private email|contact us")
	P(STORY, 20,
	  "very important|important|very confidential|confidential|private|very urgent|business|proposal|opportunity"
	  "|funds|fund|donation|million|investment|transaction|inheritance|charity|bank|partnership|widow|orphans"
	  "|soldier|army|united nations|project|in good faith|deceased|profitable|beneficiary")
	P(PRESSURE, 15,
	  "good day|hello dear|dear friend|my dear|hello friend|my friend|dear beloved|greetings|my greetings"
	  "|my greeting|greetings to you|seasons greetings|compliments of|dear sir madam|attention|hi dear|hey dear"
	  "|dear one|urgent|urgently|as soon as possible|as soon as you can|quickly|immediately|asap|god bless you"
	  "|remain blessed|with due respect|hope you are well|hope you are doing well|how are you doing"
	  "|how are you today|all is well|good morning|hello")

	/* ---- German ---- */
	P(BAIT, 40,
	  "haben sie meine|hast du meine|ob sie meine|meine vorherige e mail|meine vorherige mail|meine vorherige email"
	  "|meine letzte e mail|meine letzte mail|meine letzte nachricht|meine vorherige nachricht"
	  "|meine frühere nachricht|versucht sie zu erreichen|versuche sie zu erreichen|versucht sie per"
	  "|noch keine antwort|keine antwort von ihnen|ich habe etwas|etwas wichtiges|wichtiges zu besprechen"
	  "|wichtiges mitzuteilen|wichtige nachricht für sie|wichtige angelegenheit|etwas mit ihnen besprechen"
	  "|mit ihnen besprechen|mit ihnen teilen|mit dir besprechen|können wir geschäfte|geschäfte mit ihnen"
	  "|geschäfte machen|mit mir zusammenarbeiten|können wir zusammenarbeiten|geschäftlichen vorschlag"
	  "|einen vorschlag für sie|ein angebot für sie|geschäftliches angebot|eine spende|spende für sie|spende von"
	  "|zu ihren gunsten|wurden ausgewählt|sie wurden ausgewählt|sie haben gewonnen|kann ich ihnen vertrauen"
	  "|kann ich dir vertrauen|ich brauche ihre hilfe|benötige ihre hilfe|brauche deine hilfe|ihre erbschaft"
	  "|im namen ihres|gelder in ihrem namen|haben sie bevollmächtigt|dich kennenlernen|sie kennenlernen"
	  "|dein profil gesehen")
	P(BAIT, 50,
	  "geschäftsvorschlag|geschäftsangebot|geschäftsvorhaben|geschäftsbeziehung|investitionsvorschlag"
	  "|wohltätigkeitsspende|investitionsangebot|spendenbetrag")
	P(BAIT, 25,
	  "sind sie verfügbar|sind sie da|sind sie erreichbar|haben sie zeit|bist du da|können wir reden"
	  "|können wir sprechen|kann ich mit ihnen|kann ich mit dir|ist diese e mail|diese nachricht erhalten"
	  "|diese e mail erhalten")
	P(ASK, 20,
	  "antworten sie|bitte antworten|bitte antworten sie|antworte mir|antworten sie mir|melden sie sich"
	  "|kontaktieren sie mich|kontaktieren sie|schreiben sie mir|schreib mir|für weitere details|weitere details"
	  "|weitere informationen|für mehr informationen|auf ihre antwort|auf deine antwort|erreichen sie mich"
	  "|zu mir zurück|lassen sie mich wissen|kontaktaufnahme|bestätigen sie")
	P(STORY, 20,
	  "sehr wichtig|wichtig|vertraulich|geschäft|vorschlag|spende|millionen|investition|erbe|privat|hilfe")
	P(PRESSURE, 15,
	  "guten tag|hallo|lieber freund|liebe freundin|mein lieber|meine liebe|grüße|dringend|so schnell wie möglich"
	  "|schnell|gott segne sie|sehr geehrte damen und herren")

	/* ---- French ---- */
	P(BAIT, 40,
	  "avez vous reçu mon|avez vous reçu ma|as tu reçu mon|si vous avez reçu|mon précédent mail"
	  "|mon précédent message|mon message précédent|mon dernier message|mon dernier mail|mon précédent courriel"
	  "|ma lettre précédente|essayé de vous joindre|tenté de vous joindre|essaie de vous joindre|je vous ai écrit"
	  "|sans réponse de votre|pas eu de réponse|quelque chose dimportant|chose importante à|important à vous"
	  "|importante à vous dire|information importante à|discuter avec vous|vous parler dune|vous faire part"
	  "|partager avec vous|faire des affaires|affaires avec vous|travailler ensemble|travailler avec vous"
	  "|une proposition pour vous|proposition à vous faire|proposition daffaires|proposition daffaire"
	  "|une offre pour vous|offre à vous faire|un don pour vous|don a été fait|vous faire don|faire un don"
	  "|en votre faveur|avez été choisi|avez été sélectionné|vous avez gagné|puis je vous faire|faire confiance"
	  "|besoin de votre aide|besoin de ton aide|solliciter votre aide|votre assistance|avez vous autorisé"
	  "|fonds en votre nom|votre héritage|succession de|vous connaître|faire votre connaissance|vu votre profil"
	  "|votre profil")
	P(BAIT, 25,
	  "êtes vous disponible|es tu disponible|êtes vous là|es tu là|pouvons nous parler|peut on parler"
	  "|pouvons nous discuter|peut on discuter|puis je vous parler|cette adresse est|si vous recevez")
	P(ASK, 20,
	  "répondez moi|veuillez répondre|merci de répondre|merci de me répondre|répondre à|contactez moi"
	  "|veuillez me contacter|me contacter|écrivez moi|écris moi|réponds moi|revenez vers moi|pour plus de détails"
	  "|plus de détails|plus dinformations|votre réponse|de vous lire|faites moi savoir|attends votre réponse"
	  "|dans lattente de votre")
	P(STORY, 20,
	  "très important|importante|confidentiel|confidentielle|affaire|affaires|proposition|fonds|don|millions"
	  "|investissement|héritage|partenariat|privé|projet")
	P(PRESSURE, 15,
	  "bonjour|bonsoir|cher ami|chère amie|bien aimé|bien aimée|salutations|mes salutations|durgence|rapidement"
	  "|au plus vite|dès que possible|que dieu vous bénisse|comment allez vous")

	/* ---- Spanish ---- */
	P(BAIT, 40,
	  "recibió mi correo|recibiste mi correo|recibió mi mensaje|recibiste mi mensaje|ha recibido mi|has recibido mi"
	  "|si recibió mi|si recibiste mi|mi correo anterior|mi mensaje anterior|mi correo electrónico anterior"
	  "|mi último mensaje|mi último correo|mi carta anterior|tratando de comunicarme|intentando contactarlo"
	  "|intentado contactarle|tratando de contactarlo|no he recibido su|no he recibido respuesta"
	  "|algo importante que|algo muy importante|importante que decirle|importante que discutir"
	  "|asunto importante que|discutir con usted|hablar con usted|hablar contigo|compartir con usted|hacer negocios"
	  "|negocios con usted|trabajar juntos|trabajar con usted|una propuesta para usted|propuesta de negocio"
	  "|propuesta de negocios|propuesta comercial para|una oferta para usted|una donación|donación para usted"
	  "|a su favor|ha sido seleccionado|fue seleccionado|ha sido elegido|usted ha ganado|ha ganado la"
	  "|puedo confiar en|confiar en usted|necesito su ayuda|necesito tu ayuda|solicito su ayuda|su asistencia"
	  "|autorizó a|fondos a su nombre|su herencia|herencia de|conocerte mejor|conocerlo mejor|vi tu perfil"
	  "|su perfil")
	P(BAIT, 25,
	  "está disponible|está usted disponible|estás disponible|estás ahí|está ahí|podemos hablar|puedo hablar con"
	  "|podemos conversar|si recibe este|este correo es|podemos discutir")
	P(ASK, 20,
	  "respóndame|respóndeme|por favor responda|favor de responder|responda a|contácteme|contáctame"
	  "|por favor contactar|póngase en contacto|escríbame|escríbeme|para más detalles|más detalles|más información"
	  "|su respuesta|tu respuesta|espero su respuesta|esperando su respuesta|hágame saber|quedo a la espera"
	  "|contactar rápido")
	P(STORY, 20,
	  "muy importante|confidencial|negocio|negocios|propuesta|fondos|donación|millones|inversión|herencia|privado"
	  "|proyecto|banco")
	P(PRESSURE, 15,
	  "buen día|buenos días|buenas tardes|hola|hola querido|hola querida|querido amigo|estimado amigo|saludos"
	  "|mis saludos|urgente|urgentemente|lo antes posible|rápido|dios te bendiga|dios le bendiga|cómo está")

	/* ---- Portuguese ---- */
	P(BAIT, 40,
	  "você recebeu meu|você recebeu minha|recebeu o meu|recebeu a minha|se recebeu o meu|se você recebeu"
	  "|meu e mail anterior|meu email anterior|minha mensagem anterior|minha última mensagem|meu último e mail"
	  "|minha carta anterior|tentando entrar em contato|tentei entrar em contato|tenho tentado contactá"
	  "|tento falar com|não recebi sua|não recebi resposta|não recebi a sua|algo importante para"
	  "|algo muito importante|importante para discutir|importante para lhe|assunto importante|discutir com você"
	  "|falar com você|conversar com você|discutir consigo|partilhar consigo|compartilhar com você|fazer negócios"
	  "|negócios com você|negócio com você|trabalhar juntos|trabalhar com você|uma proposta para você"
	  "|proposta de negócio|proposta de negócios|proposta comercial para|uma oferta para você|uma doação"
	  "|doação para você|doação foi feita|a seu favor|em seu favor|foi selecionado|foi escolhido|você ganhou"
	  "|posso confiar em|confiar em você|preciso da sua ajuda|preciso de sua ajuda|preciso da tua ajuda"
	  "|sua assistência|você autorizou|fundos em seu nome|sua herança|herança de|conhecer você|conhecê lo melhor"
	  "|vi seu perfil|seu perfil")
	P(BAIT, 25,
	  "você está disponível|está disponível|você está aí|está aí|podemos falar|posso falar com|se você receber"
	  "|se receber este")
	P(ASK, 20,
	  "responda me|me responda|responda por favor|aguardo sua resposta|aguardo a sua resposta|aguardando sua"
	  "|sua resposta|entre em contato|entre em contacto|contate me|contacte me|me contate|escreva para mim"
	  "|me escreva|para mais detalhes|mais detalhes|mais informações|me avise|fico no aguardo|volte para mim")
	P(STORY, 20,
	  "muito importante|proposta|fundos|doação|milhões|investimento|herança|projeto|confidencialidade|parceria")
	P(PRESSURE, 15,
	  "bom dia|boa tarde|olá|olá querido|olá querida|caro amigo|querida amiga|prezado amigo|saudações"
	  "|minhas saudações|o mais rápido possível|rapidamente|deus te abençoe|deus o abençoe|como você está"
	  "|com urgência")

	/* ---- Italian ---- */
	P(BAIT, 40,
	  "hai ricevuto la mia|ha ricevuto la mia|hai ricevuto il mio|ha ricevuto il mio|se hai ricevuto|se ha ricevuto"
	  "|la mia precedente|il mio precedente|mia email precedente|mia mail precedente|mio messaggio precedente"
	  "|il mio ultimo messaggio|la mia ultima|cercando di contattarla|cercando di contattarti|provato a contattarla"
	  "|provato a contattarti|non ho ricevuto risposta|non ho ricevuto la|qualcosa di importante"
	  "|qualcosa di molto importante|importante da discutere|importante da dirle|importante da dirti"
	  "|questione importante|discutere con lei|discutere con te|parlare con lei|condividere con lei"
	  "|condividere con te|fare affari|affari con lei|affari con te|lavorare insieme|lavorare con me"
	  "|una proposta per lei|una proposta per te|proposta di affari|proposta daffari|proposta commerciale per"
	  "|unofferta per lei|una donazione|donazione per lei|a tuo favore|a suo favore|sei stato selezionato"
	  "|è stato selezionato|è stato scelto|sei stato scelto|hai vinto|ha vinto la|posso fidarmi|fidarmi di lei"
	  "|fidarmi di te|ho bisogno del suo|ho bisogno del tuo|bisogno di aiuto|la sua assistenza|ha autorizzato"
	  "|fondi a suo nome|sua eredità|eredità di|conoscerti meglio|fare amicizia|visto il tuo profilo|tuo profilo")
	P(BAIT, 25,
	  "sei disponibile|è disponibile|ci sei|possiamo parlare|posso parlare con|possiamo discutere|se riceve questa"
	  "|se ricevi questo")
	P(ASK, 20,
	  "rispondimi|mi risponda|si prega di rispondere|per favore rispondi|per favore risponda|contattami|mi contatti"
	  "|scrivimi|mi scriva|per maggiori dettagli|maggiori dettagli|per ulteriori dettagli|ulteriori informazioni"
	  "|maggiori informazioni|tua risposta|sua risposta|attendo la|in attesa di una|fammi sapere|mi faccia sapere"
	  "|torna da me")
	P(STORY, 20,
	  "molto importante|riservato|affare|affari|fondi|donazione|milioni|eredità|progetto|banca|privata")
	P(PRESSURE, 15,
	  "buongiorno|buon giorno|buonasera|ciao|ciao caro|ciao cara|caro amico|cara amica|saluti|i miei saluti"
	  "|il prima possibile|velocemente|al più presto|dio ti benedica|come stai")

	/* ---- Dutch ---- */
	P(BAIT, 40,
	  "heeft u mijn|heb je mijn|hebt u mijn|of u mijn|mijn vorige e mail|mijn vorige mail|mijn vorige bericht"
	  "|mijn laatste bericht|mijn laatste e mail|mijn eerdere bericht|geprobeerd u te bereiken"
	  "|probeer u te bereiken|geprobeerd contact met|geen antwoord van u|nog geen reactie|ik heb iets"
	  "|iets belangrijks|iets heel belangrijks|belangrijks te bespreken|belangrijke kwestie"
	  "|belangrijke informatie voor|met u bespreken|met je bespreken|met u delen|met u spreken|zaken doen"
	  "|zaken met u|kunnen we samenwerken|met mij samenwerken|een voorstel voor u|zakelijk voorstel|zakelijk aanbod"
	  "|een aanbod voor u|een donatie|donatie voor u|in uw voordeel|bent u geselecteerd|u bent geselecteerd"
	  "|u bent gekozen|u heeft gewonnen|kan ik u vertrouwen|kan ik je vertrouwen|heb uw hulp|uw hulp nodig"
	  "|je hulp nodig|heeft u toestemming|geld op uw naam|uw erfenis|erfenis van|je leren kennen|u leren kennen"
	  "|je profiel gezien")
	P(BAIT, 25,
	  "bent u beschikbaar|ben je beschikbaar|bent u er|ben je er|kunnen we praten|kan ik met u|kunnen we bespreken"
	  "|als u dit bericht")
	P(ASK, 20,
	  "antwoord mij|antwoord me|gelieve te antwoorden|reageer alstublieft|stuur mij een|neem contact met"
	  "|neem contact op|schrijf mij|schrijf me|voor meer details|meer details|voor meer informatie|meer informatie"
	  "|uw antwoord|uw reactie|je antwoord|laat het me weten|laat me weten|wacht op uw|hoor graag van u")
	P(STORY, 20,
	  "heel belangrijk|zeer belangrijk|belangrijk|vertrouwelijk|zaken|voorstel|donatie|miljoen|investering|erfenis")
	P(PRESSURE, 15,
	  "goedendag|goede dag|goedemorgen|beste vriend|lieve vriend|mijn beste|groeten|mijn groeten|zo snel mogelijk"
	  "|snel|god zegene u|hoe gaat het")

	/* ---- Swedish ---- */
	P(BAIT, 40,
	  "fick du mitt|fick du min|har du fått mitt|har du fått min|om du fick mitt|om du fått mitt"
	  "|mitt tidigare meddelande|mitt förra mejl|mitt tidigare mejl|mitt senaste meddelande|mitt tidigare mail"
	  "|min tidigare e post|mitt förra meddelande|försökt nå dig|försöker nå dig|försökt kontakta dig"
	  "|inte hört något|inte fått något svar|jag har något|något viktigt att|något mycket viktigt"
	  "|viktigt att diskutera|viktigt att berätta|viktig sak att|diskutera med dig|prata med dig om|dela med dig"
	  "|göra affärer|affärer med dig|arbeta tillsammans|samarbeta med mig|ett förslag till dig|ett förslag till er"
	  "|ett affärsförslag|ett erbjudande till dig|en donation|donation till dig|till din fördel|till din förmån"
	  "|du har blivit utvald|du har valts|du har vunnit|kan jag lita|lita på dig|behöver din hjälp|be om din hjälp"
	  "|har du godkänt|pengar i ditt namn|ditt arv|arvet efter|lära känna dig|såg din profil")
	P(BAIT, 50,
	  "affärsförslag|affärserbjudande|investeringsförslag|affärsmöjlighet|välgörenhetsdonation")
	P(BAIT, 25,
	  "är du tillgänglig|är du där|är du på plats|kan vi prata|kan vi tala|kan vi diskutera|kan jag prata"
	  "|om du får detta")
	P(ASK, 20,
	  "svara mig|vänligen svara|svara tillbaka|svara gärna|skriv till mig|skriv tillbaka|kontakta mig"
	  "|återkom till mig|hör av dig|för mer information|mer information|för mer detaljer|fler detaljer|ditt svar"
	  "|väntar på ditt svar|låt mig veta")
	P(STORY, 20,
	  "mycket viktigt|viktigt|konfidentiellt|affär|affärer|förslag|miljoner|arv")
	P(PRESSURE, 15,
	  "god dag|goddag|hej|hejsan|kära vän|käre vän|min kära|hälsningar|så snart som möjligt|brådskande|snabbt"
	  "|gud välsigne dig|hur mår du")

	/* ---- Danish ---- */
	P(BAIT, 40,
	  "modtog du min|modtog du mit|har du modtaget min|har du modtaget mit|fik du min|fik du mit|om du har modtaget"
	  "|min tidligere besked|min tidligere mail|min tidligere e mail|min sidste besked|min sidste mail"
	  "|min forrige mail|min forrige besked|jeg kontaktede dig|prøvet at kontakte dig|forsøgt at kontakte dig"
	  "|prøver at få fat|ikke hørt fra dig|ikke fået svar|jeg har noget|noget vigtigt at|noget meget vigtigt"
	  "|vigtigt at diskutere|vigtigt at fortælle|vil diskutere med dig|diskutere med dig|tale med dig om"
	  "|dele med dig|gøre forretninger|forretninger med dig|arbejde sammen|samarbejde med mig|et forslag til dig"
	  "|en forretningsouverture|et forretningsforslag|et tilbud til dig|donation til dig|til din fordel"
	  "|du er blevet udvalgt|du er blevet valgt|du har vundet|kan jeg stole|stole på dig|brug for din hjælp"
	  "|bede om din hjælp|har du godkendt|penge i dit navn|din arv|arven efter|lære dig at kende|så din profil")
	P(BAIT, 50,
	  "forretningsforslag|forretningstilbud|forretningsouverture|forretningsmulighed|familiearvefond")
	P(BAIT, 25,
	  "er du tilgængelig|er du der|er du ledig|kan vi tale|kan vi snakke|kan jeg tale|kan vi diskutere"
	  "|hvis du modtager")
	P(ASK, 20,
	  "svar mig|svar venligst|venligst svar|skriv mig tilbage|skriv til mig|skriv tilbage|kontakt mig"
	  "|vend tilbage til|for mere information|mere information|for flere detaljer|flere detaljer|dit svar"
	  "|venter på dit svar|lad mig vide|bekræft venligst|hør fra dig|din bekræftelse")
	P(STORY, 20,
	  "meget vigtigt|vigtigt|fortroligt|forretning|millioner|beløb|partnerskab")
	P(PRESSURE, 15,
	  "hej god dag|kære ven|min kære|kære elskede|hilsener|hilsen|så hurtigt som muligt|haster|hurtigt"
	  "|gud velsigne dig|hvordan har du det")

	/* ---- Norwegian ---- */
	P(BAIT, 40,
	  "mottok du min|mottok du meldingen|har du mottatt min|har du mottatt meldingen|fikk du min|fikk du meldingen"
	  "|fikk du eposten|min forrige melding|min forrige e post|min tidligere melding|min siste melding"
	  "|min tidligere e post|prøvd å kontakte deg|forsøkt å kontakte deg|prøver å nå deg|prøvd å nå deg"
	  "|ikke hørt fra deg|ikke fått svar|jeg har noe|noe viktig å|noe veldig viktig|viktig å diskutere"
	  "|viktig å fortelle|diskutere med deg|snakke med deg om|dele med deg|gjøre forretninger|forretninger med deg"
	  "|jobbe sammen|samarbeide med meg|et forslag til deg|et tilbud til deg|donasjon til deg|en donasjon"
	  "|du er valgt|du har blitt valgt|du har vunnet|stole på deg|trenger din hjelp|be om din hjelp"
	  "|penger i ditt navn|arven etter|bli kjent med deg|så profilen din")
	P(BAIT, 50,
	  "investeringstilbud|forretningsmuligheter|veldedighetsdonasjon")
	P(BAIT, 25,
	  "er du tilgjengelig|kan vi prate|kan jeg snakke|hvis du mottar|hvis du får")
	P(ASK, 20,
	  "svar meg|vennligst svar|skriv til meg|kontakt meg|ta kontakt med meg|ta kontakt|for mer informasjon"
	  "|mer informasjon|svaret ditt|venter på svar|gi meg beskjed|la meg vite|svar tilbake")
	P(STORY, 20,
	  "veldig viktig|viktig|konfidensielt|fortrolig|donasjon")
	P(PRESSURE, 15,
	  "kjære venn|min kjære|så snart som mulig|gud velsigne deg")

	/* ---- Finnish ---- */
	P(BAIT, 40,
	  "saitko viestini|saitko aiemman|saitko edellisen|saitko sähköpostini|oletko saanut viestini"
	  "|oletko saanut sähköpostini|saitteko viestini|saitteko edellisen|oletteko saanut|edellisen viestini"
	  "|aiemman viestini|edellinen viestini|aiempi viestini|yrittänyt tavoittaa|yritän tavoittaa"
	  "|en ole saanut vastausta|en ole kuullut sinusta|minulla on jotain|jotain tärkeää|tärkeää asiaa|tärkeä asia"
	  "|tärkeää keskusteltavaa|keskustella kanssasi|puhua kanssasi|jakaa kanssasi|tehdä liiketoimintaa"
	  "|liiketoimintaa kanssasi|tehdä yhteistyötä|työskennellä yhdessä|minulla on ehdotus|minulla on liike"
	  "|ehdotus sinulle|tarjous sinulle|lahjoitus sinulle|sinulle on lahjoitettu|sinut on valittu|olet voittanut"
	  "|voinko luottaa|luottaa sinuun|tarvitsen apuasi|tarvitsen apua|pyydän apuasi|varoja nimissäsi|perintösi"
	  "|tutustua sinuun|näin profiilisi")
	P(BAIT, 50,
	  "liiketoimintaehdotus|liiketoimintaehdotuksen|liikeehdotus|yhteistyöehdotus|sijoitusehdotus"
	  "|hyväntekeväisyyslahjoitus")
	P(BAIT, 25,
	  "oletko tavoitettavissa|oletko paikalla|oletko käytettävissä|voimmeko puhua|voimmeko keskustella|voinko puhua"
	  "|jos saat tämän")
	P(ASK, 20,
	  "vastaa minulle|ole hyvä ja vastaa|vastaathan|vastaa pian|kirjoita minulle|ota yhteyttä|ota minuun yhteyttä"
	  "|ottakaa yhteyttä|lisätietoja|lisätietoja varten|saadaksesi lisätietoja|vastaustasi|odotan vastaustasi"
	  "|odotan vastausta|kerro minulle")
	P(STORY, 20,
	  "erittäin tärkeää|tärkeää|luottamuksellinen|luottamuksellista|liiketoiminta|ehdotus|lahjoitus|miljoonaa"
	  "|sijoitus|perintö")
	P(PRESSURE, 15,
	  "hyvää päivää|hyvää huomenta|hei|terve|rakas ystävä|hyvä ystävä|terveisin|tervehdys|mahdollisimman pian"
	  "|kiireellinen|kiireellistä|jumala siunatkoon")

	/* ---- Polish ---- */
	P(BAIT, 40,
	  "czy otrzymałeś moją|czy otrzymałeś mój|czy otrzymał pan|czy otrzymała pani|czy otrzymali państwo"
	  "|czy dostałeś moją|czy dostałeś mojego|czy dostał pan|moją poprzednią wiadomość|mój poprzedni e mail"
	  "|mojego poprzedniego maila|moją ostatnią wiadomość|mój poprzedni list|próbuję się z|próbowałem się z"
	  "|nie otrzymałem odpowiedzi|nie otrzymałam odpowiedzi|brak odpowiedzi od|mam coś ważnego|coś ważnego do"
	  "|coś bardzo ważnego|ważnego do przekazania|ważną sprawę do|ważna sprawa do|omówić z tobą|omówić z panem"
	  "|porozmawiać z tobą|porozmawiać z panem|podzielić się z|robić interesy|zrobić interes|interesy z tobą"
	  "|współpracować ze mną|pracować razem|propozycja dla ciebie|propozycję dla ciebie|propozycję dla pana"
	  "|propozycję biznesową|propozycja biznesowa|ofertę dla ciebie|oferta dla ciebie|darowizna dla|darowiznę dla"
	  "|na twoją korzyść|na pana rzecz|zostałeś wybrany|został pan wybrany|wygrałeś|czy mogę ci|mogę ci zaufać"
	  "|mogę panu zaufać|potrzebuję twojej pomocy|potrzebuję pana pomocy|potrzebuję pomocy|czy upoważnił"
	  "|środki na twoje|twój spadek|spadek po|cię poznać|poznać cię|twój profil")
	P(BAIT, 25,
	  "czy jesteś dostępny|czy jest pan|czy jesteś tam|jesteś dostępny|jesteś tam|czy możemy porozmawiać"
	  "|możemy porozmawiać|możemy pogadać|jeśli otrzymasz tę")
	P(ASK, 20,
	  "odpowiedz mi|proszę o odpowiedź|proszę odpowiedz|odpisz mi|proszę odpisać|proszę odpisz|napisz do mnie"
	  "|proszę o kontakt|skontaktuj się ze|skontaktuj się|aby uzyskać więcej|więcej szczegółów|więcej informacji"
	  "|twoją odpowiedź|czekam na odpowiedź|czekam na twoją|daj mi znać|proszę dać mi")
	P(STORY, 20,
	  "bardzo ważne|ważne|poufne|poufna|biznes|propozycja|darowizna|milionów|inwestycja|spadek|prywatne")
	P(PRESSURE, 15,
	  "dzień dobry|witam|witaj|cześć|drogi przyjacielu|droga przyjaciółko|mój drogi|moja droga|pozdrowienia|pilne"
	  "|pilnie|jak najszybciej|szybko|niech bóg błogosławi|jak się masz")

	/* ---- Czech and Slovak ---- */
	P(BAIT, 40,
	  "dostal jste můj|dostala jste můj|dostal jsi můj|dostal jsi mou|obdržel jste můj|obdržel jste mou"
	  "|obdržela jste|obdržel jsi|můj předchozí e mail|můj předchozí mail|moji předchozí zprávu"
	  "|mou předchozí zprávu|moje předchozí zpráva|můj poslední e mail|snažím se vás|snažil jsem se"
	  "|pokoušel jsem se|nedostal jsem odpověď|nedostala jsem odpověď|mám něco důležitého|něco důležitého"
	  "|něco velmi důležitého|důležitou věc|důležitá záležitost|prodiskutovat s vámi|s vámi probrat|s tebou probrat"
	  "|promluvit si s|s vámi podělit|obchodovat s vámi|dělat obchod|spolupracovat se mnou|pracovat společně"
	  "|návrh pro vás|nabídku pro vás|nabídka pro vás|obchodní návrh|obchodní nabídku pro|dar pro vás"
	  "|ve váš prospěch|byl jste vybrán|byli jste vybráni|vyhrál jste|mohu vám věřit|můžu vám věřit"
	  "|mohu vám důvěřovat|potřebuji vaši pomoc|potřebuji tvou pomoc|potřebuji pomoc|peníze na vaše|vaše dědictví"
	  "|dědictví po|tě poznat|vás poznat|tvůj profil|tvým přítelem")
	P(BAIT, 40,
	  "dostali ste môj|dostali ste moju|dostal si môj|dostal si moju|môj predchádzajúci e mail"
	  "|moju predchádzajúcu správu|moja predchádzajúca správa|snažím sa vás|snažil som sa|nedostal som odpoveď"
	  "|mám niečo dôležité|niečo dôležité|niečo veľmi dôležité|dôležitú vec|prediskutovať s vami|s vami prebrať"
	  "|s vami hovoriť|podeliť sa s|robiť obchod|spolupracovať so mnou|návrh pre vás|ponuku pre vás|ponuka pre vás"
	  "|obchodný návrh|dar pre vás|vo váš prospech|boli ste vybraní|vyhrali ste|môžem vám veriť|môžem vám dôverovať"
	  "|potrebujem vašu pomoc|potrebujem tvoju pomoc|peniaze na vaše|vaše dedičstvo|dedičstvo po|spoznať ťa"
	  "|ťa spoznať|tvoj profil")
	P(BAIT, 25,
	  "jste k dispozici|jsi k dispozici|jste tam|jsi tam|můžeme si promluvit|můžeme mluvit|ste k dispozícii"
	  "|si k dispozícii|môžeme sa porozprávať|môžeme hovoriť|ak dostanete túto|pokud obdržíte tento")
	P(ASK, 20,
	  "odpovězte mi|odpověz mi|prosím odpovězte|odepište mi|napište mi|napiš mi|kontaktujte mě|kontaktuj mě"
	  "|ozvěte se|pro více informací|více informací|další podrobnosti|vaši odpověď|čekám na vaši|dejte mi vědět"
	  "|odpovedzte mi|odpíšte mi|kontaktujte ma|ozvite sa|pre viac informácií|viac informácií|ďalšie podrobnosti"
	  "|vašu odpoveď|čakám na vašu|dajte mi vedieť")
	P(STORY, 20,
	  "velmi důležité|důležité|důvěrné|obchod|návrh|milionů|investice|dědictví|veľmi dôležité|dôležité|dôverné"
	  "|miliónov|investícia|dedičstvo")
	P(PRESSURE, 15,
	  "dobrý den|ahoj zlato|milý příteli|drahý příteli|můj drahý|moje drahá|milý priateľ|drahý priateľ|pozdravy"
	  "|naléhavé|naliehavé|co nejdříve|čo najskôr|rychle|bůh vám žehnej")

	/* ---- Hungarian ---- */
	P(BAIT, 40,
	  "megkapta az üzenetemet|megkaptad az üzenetemet|megkapta az e mailemet|megkapta a levelemet"
	  "|megkaptad a levelemet|megkapta az előző|megkaptad az előző|megkapta a korábbi|az előző üzenetemet"
	  "|az előző levelemet|a korábbi üzenetemet|előző e mailemet|próbáltam elérni|próbálom elérni"
	  "|nem kaptam választ|van egy fontos|valami fontosat|valami fontos|nagyon fontos dolog|fontos ügyben"
	  "|fontos megbeszélni|megbeszélni önnel|megbeszélni veled|beszélni önnel|beszélni veled|megosztani önnel"
	  "|üzletet kötni|üzletelni önnel|üzletet önnel|együtt dolgozni|együttműködni velem|van egy ajánlatom"
	  "|egy ajánlatom van|üzleti ajánlatom|üzleti javaslatom|egy üzleti javaslat|egy üzleti ajánlat|javaslatom van"
	  "|adomány az ön|adományt önnek|az ön javára|önt választották|kiválasztották|ön nyert|megbízhatok önben"
	  "|megbízhatok benned|szükségem van a|szükségem van az|a segítségére|a segítségedre|az ön nevén|az ön öröksége"
	  "|öröksége|megismerni önt|megismerni téged|a profilodat")
	P(BAIT, 25,
	  "elérhető most|ott van|ott vagy|ráér|tudunk beszélni|beszélhetünk|beszélhetnénk|ha megkapja ezt"
	  "|ha megkapod ezt")
	P(ASK, 20,
	  "válaszoljon nekem|kérem válaszoljon|válaszolj nekem|kérlek válaszolj|írjon nekem|írj nekem"
	  "|lépjen kapcsolatba|vegye fel velem|keressen meg|további részletekért|további részletek"
	  "|további információért|több információ|válaszát várva|várom válaszát|várom a válaszát|a válaszát"
	  "|jelezzen vissza")
	P(STORY, 20,
	  "nagyon fontos|fontos|bizalmas|üzlet|üzleti|ajánlat|javaslat|adomány|millió|befektetés|örökség")
	P(PRESSURE, 15,
	  "jó napot|üdvözlöm|szia|kedves barátom|kedvesem|drága barátom|üdvözlettel|sürgős|sürgősen|mielőbb"
	  "|amint lehetséges|isten áldja")

	/* ---- Romanian ---- */
	P(BAIT, 40,
	  "ați primit mesajul|ai primit mesajul|ați primit e mailul|ai primit e mailul|ați primit emailul"
	  "|ai primit emailul|dacă ați primit|mesajul meu anterior|e mailul meu anterior|emailul meu anterior"
	  "|ultimul meu mesaj|scrisoarea mea anterioară|am încercat să vă|încerc să vă|încercat să te"
	  "|nu am primit răspuns|nu am primit niciun|am ceva important|ceva important de|ceva foarte important"
	  "|ceva important să|o problemă importantă|important de discutat|să discut cu|discuta cu dumneavoastră"
	  "|vorbesc cu dumneavoastră|să împărtășesc|să facem afaceri|face afaceri cu|afaceri cu dumneavoastră"
	  "|lucra împreună|lucrăm împreună|o propunere pentru|propunere de afaceri|ofertă pentru dumneavoastră"
	  "|o ofertă pentru|o donație|donație pentru dumneavoastră|în favoarea dumneavoastră|în favoarea ta"
	  "|ați fost selectat|ați fost ales|ai fost selectat|ați câștigat|ai câștigat|pot avea încredere"
	  "|am încredere în|am nevoie de ajutorul|nevoie de ajutorul|nevoie de asistența|ați autorizat"
	  "|fonduri pe numele|moștenirea dumneavoastră|moștenirea|să te cunosc|să vă cunosc|profilul tău")
	P(BAIT, 25,
	  "sunteți disponibil|ești disponibil|sunteți acolo|ești acolo|putem vorbi|putem discuta|pot vorbi cu"
	  "|dacă primiți acest")
	P(ASK, 20,
	  "răspundeți mi|răspunde mi|vă rog răspundeți|vă rog să răspundeți|vă rog să îmi|scrieți mi|scrie mi"
	  "|contactați mă|contactează mă|pentru mai multe detalii|mai multe detalii|mai multe informații"
	  "|răspunsul dumneavoastră|răspunsul tău|aștept răspunsul|aștept un răspuns|anunțați mă|reveniți la mine")
	P(STORY, 20,
	  "foarte important|afacere|afaceri|propunere|fonduri|milioane|investiție|moștenire")
	P(PRESSURE, 15,
	  "bună ziua|bună|salut|dragă prietene|draga mea|dragul meu|salutări|cât mai curând|dumnezeu să vă")

	/* ---- Bulgarian ---- */
	P(BAIT, 40,
	  "получихте ли моя|получихте ли моето|получи ли моето|получихте ли предишното|получихте ли имейла"
	  "|получихте ли съобщението|предишното ми съобщение|предишния ми имейл|предишното ми писмо|моето предишно"
	  "|последното ми съобщение|опитвам се да|опитах се да|не съм получил отговор|не получих отговор"
	  "|имам нещо важно|нещо важно|нещо много важно|важен въпрос|да обсъдя с|обсъдя с вас|говоря с вас"
	  "|споделя с вас|да правим бизнес|бизнес с вас|да работим заедно|предложение за вас|бизнес предложение"
	  "|делово предложение|оферта за вас|дарение за вас|направено дарение|във ваша полза|бяхте избран"
	  "|вие сте избран|вие спечелихте|спечелихте|мога ли да|да ви се доверя|доверя на вас|имам нужда от"
	  "|нуждая се от|вашата помощ|упълномощихте ли|средства на ваше|вашето наследство|да се запознаем"
	  "|видях профила ви")
	P(BAIT, 25,
	  "на разположение ли|свободни ли сте|там ли сте|можем ли да|може ли да поговорим|ако получите това")
	P(ASK, 20,
	  "отговорете ми|моля отговорете|отговори ми|пишете ми|пиши ми|свържете се с|свържи се с|за повече подробности"
	  "|повече подробности|повече информация|вашия отговор|очаквам отговор|очаквам вашия|уведомете ме")
	P(STORY, 20,
	  "много важно|важно|поверително|бизнес|предложение|дарение|милиона|инвестиция|наследство")
	P(PRESSURE, 15,
	  "добър ден|здравейте|здравей|скъпи приятелю|мили приятелю|поздрави|спешно|възможно най скоро|бог да ви")

	/* ---- Russian ---- */
	P(BAIT, 40,
	  "вы получили мое|вы получили моё|ты получил мое|получили ли вы|вы получили мой|получил ли ты"
	  "|мое предыдущее сообщение|моё предыдущее сообщение|моё предыдущее письмо|мое предыдущее письмо"
	  "|мое последнее письмо|мое последнее сообщение|мой предыдущий email|пытаюсь с вами|пытался с вами"
	  "|пытаюсь связаться|пытался связаться|не получил ответа|не получила ответа|нет ответа от|у меня есть"
	  "|есть кое что|кое что важное|что то важное|нечто важное|важное дело|важный вопрос|важный разговор"
	  "|важная информация для|обсудить с вами|обсудить с тобой|поговорить с вами|поговорить с тобой"
	  "|поделиться с вами|вести бизнес|иметь дело с|бизнес с вами|работать вместе|сотрудничать со мной"
	  "|предложение для вас|деловое предложение|коммерческое предложение для|пожертвование для вас"
	  "|сделано пожертвование|в вашу пользу|вы были выбраны|вас выбрали|вы выиграли|могу ли я|вам доверять"
	  "|доверять вам|тебе доверять|нужна ваша помощь|нужна твоя помощь|прошу вашей помощи|вашей помощи"
	  "|уполномочили ли вы|ваше наследство|наследство от|познакомиться с вами|познакомиться с тобой|ваш профиль"
	  "|твой профиль")
	P(BAIT, 25,
	  "вы на месте|вы здесь|ты здесь|вы свободны|вы доступны|можем поговорить|мы можем поговорить|можно поговорить"
	  "|если вы получили|если получите это")
	P(ASK, 20,
	  "ответьте мне|ответь мне|пожалуйста ответьте|напишите мне|напиши мне|свяжитесь со мной|свяжись со мной"
	  "|дайте мне знать|для получения подробной|более подробной|подробной информации|подробнее|жду ответа"
	  "|жду вашего ответа|ваш ответ|вашего ответа|прошу ответить")
	P(STORY, 20,
	  "очень важно|конфиденциально|дело|пожертвование|миллионов|инвестиции")
	P(PRESSURE, 15,
	  "добрый день|здравствуйте|привет|дорогой друг|дорогая|мой дорогой|моя дорогая|приветствую|срочно"
	  "|как можно скорее|быстрее|благослови вас бог|доброго дня")

	/* ---- Ukrainian ---- */
	P(BAIT, 40,
	  "ви отримали мого|ви отримали мій|ви отримали моє|чи отримали ви|чи ви отримали|ти отримав моє"
	  "|моє попереднє повідомлення|мій попередній лист|моє останнє повідомлення|намагаюся звязатися"
	  "|намагався звязатися|не отримав відповіді|не отримала відповіді|у мене є|маю щось важливе|щось важливе"
	  "|щось дуже важливе|важлива справа|важливе питання|обговорити з вами|обговорити з тобою|поговорити з вами"
	  "|поділитися з вами|вести бізнес|бізнес з вами|працювати разом|пропозиція для вас|ділова пропозиція"
	  "|ділову пропозицію|бізнес пропозиція|пожертва для вас|на вашу користь|вас обрали|вас було обрано|ви виграли"
	  "|чи можу я|вам довіряти|довіряти вам|потрібна ваша допомога|потребую вашої допомоги|вашої допомоги"
	  "|кошти на ваше|ваш спадок|ваша спадщина|познайомитися з вами|познайомитися з тобою|ваш профіль")
	P(BAIT, 25,
	  "ви на місці|ви тут|ви вільні|можемо поговорити|чи можемо поговорити|якщо ви отримали")
	P(ASK, 20,
	  "дайте мені відповідь|напишіть мені|напиши мені|звяжіться зі мною|відповідайте мені|дайте мені знати"
	  "|для отримання додаткової|додаткової інформації|більше інформації|чекаю на відповідь|вашої відповіді"
	  "|вашу відповідь|будь ласка відповідайте")
	P(STORY, 20,
	  "дуже важливо|важливо|конфіденційно|справа|пропозиція|пожертва|мільйонів|спадщина|інвестиції")
	P(PRESSURE, 15,
	  "добрий день|вітаю|привіт|дорогий друже|мій дорогий|терміново|якнайшвидше|нехай бог")

	/* ---- Greek ---- */
	P(BAIT, 40,
	  "λάβατε το μήνυμά|λάβατε το email|έλαβες το μήνυμά|έλαβες το email|λάβατε το προηγούμενο"
	  "|έλαβες το προηγούμενο|πήρατε το μήνυμά|το προηγούμενο μήνυμά|προηγούμενο μήνυμά μου|προηγούμενο email μου"
	  "|τελευταίο μήνυμά μου|προσπαθώ να επικοινωνήσω|προσπάθησα να επικοινωνήσω|δεν έλαβα απάντηση"
	  "|έχω κάτι σημαντικό|κάτι σημαντικό|κάτι πολύ σημαντικό|σημαντικό να συζητήσουμε|να συζητήσω μαζί"
	  "|συζητήσω μαζί σας|μιλήσω μαζί σας|να μοιραστώ μαζί|να συνεργαστούμε|μια πρόταση για|πρόταση για εσάς"
	  "|επιχειρηματική πρόταση|προσφορά για εσάς|μια δωρεά|δωρεά για εσάς|υπέρ σας|προς όφελός σας|έχετε επιλεγεί"
	  "|επιλεχθήκατε|κερδίσατε|έχετε κερδίσει|να σας εμπιστευτώ|σε εμπιστευτώ|χρειάζομαι τη βοήθειά"
	  "|χρειάζομαι την βοήθεια|τη βοήθειά σας|η κληρονομιά σας|κληρονομιά|να σε γνωρίσω|να σας γνωρίσω"
	  "|το προφίλ σου")
	P(BAIT, 25,
	  "είστε διαθέσιμος|είστε διαθέσιμη|είσαι διαθέσιμος|είστε εκεί|είσαι εκεί|μπορούμε να μιλήσουμε"
	  "|μπορούμε να συζητήσουμε|αν λάβετε αυτό")
	P(ASK, 20,
	  "απαντήστε μου|παρακαλώ απαντήστε|απάντησέ μου|γράψτε μου|γράψε μου|επικοινωνήστε μαζί μου|επικοινωνήστε μαζί"
	  "|για περισσότερες λεπτομέρειες|περισσότερες λεπτομέρειες|περισσότερες πληροφορίες|την απάντησή σας"
	  "|περιμένω την απάντησή|ενημερώστε με")
	P(STORY, 20,
	  "πολύ σημαντικό|σημαντικό|εμπιστευτικό|επιχείρηση|πρόταση|δωρεά|εκατομμύρια|επένδυση")
	P(PRESSURE, 15,
	  "καλημέρα|καλησπέρα|γεια σας|γεια σου|αγαπητέ φίλε|αγαπητέ|αγαπητή|χαιρετισμούς|επείγον|το συντομότερο"
	  "|όσο το δυνατόν|ο θεός να")

	/* ---- Turkish ---- */
	P(BAIT, 40,
	  "mesajımı aldınız mı|mesajımı aldın mı|mailimi aldınız mı|e postamı aldınız mı|e postamı aldın mı"
	  "|önceki mesajımı aldınız|önceki mesajımı|önceki e postamı|önceki mailimi|son mesajımı|son e postamı"
	  "|size ulaşmaya çalışıyorum|size ulaşmaya|sana ulaşmaya|ulaşmaya çalıştım|cevap alamadım|yanıt alamadım"
	  "|önemli bir konu|önemli bir şey|çok önemli bir|sizinle görüşmek istediğim|sizinle konuşmak|seninle konuşmak"
	  "|sizinle paylaşmak|sizinle görüşmek|sizinle tartışmak|iş yapabilir miyiz|sizinle iş|birlikte çalışabilir"
	  "|birlikte çalışmak|bir iş teklifim|bir iş teklifi|iş teklifim var|bir teklifim var|size bir teklif"
	  "|yatırım teklifi|bağış yapıldı|size bağış|bir bağış|sizin lehinize|lehinize|seçildiniz|kazandınız"
	  "|size güvenebilir|sana güvenebilir|güvenebilir miyim|yardımınıza ihtiyacım|yardımına ihtiyacım"
	  "|yetki verdiniz mi|adınıza kayıtlı fon|mirasınız|miras fonu|sizi tanımak|seni tanımak|profilini gördüm")
	P(BAIT, 25,
	  "müsait misiniz|müsait misin|orada mısınız|orada mısın|konuşabilir miyiz|görüşebilir miyiz"
	  "|bu mesajı alırsanız")
	P(ASK, 20,
	  "lütfen cevap verin|lütfen yanıt verin|bana cevap ver|cevap verin|bana yazın|bana yaz|benimle iletişime geçin"
	  "|benimle iletişime|bana ulaşın|daha fazla bilgi|daha fazla ayrıntı|ayrıntılı bilgi için|detaylar için"
	  "|cevabınızı bekliyorum|yanıtınızı bekliyorum|cevabınızı|bana bildirin")
	P(STORY, 20,
	  "çok önemli|önemli|gizli|teklif|bağış|milyon|yatırım|miras")
	P(PRESSURE, 15,
	  "iyi günler|merhaba|selam|sevgili dostum|sevgili arkadaşım|canım|selamlar|acil|acilen|en kısa sürede|hemen"
	  "|allah razı")

	/* ---- Arabic ---- */
	P(BAIT, 40,
	  "هل تلقيت رسالتي|هل وصلتك رسالتي|هل استلمت رسالتي|هل تلقيتم رسالتي|هل وصلت رسالتي|رسالتي السابقة|بريدي السابق"
	  "|رسالتي الأخيرة|هل تلقيت بريدي|أحاول الوصول إليك|حاولت الاتصال بك|أحاول الاتصال بك|لم أتلق ردا|لم أتلق أي رد"
	  "|لم أتلق ردك|لدي شيء مهم|شيء مهم|شيء مهم جدا|أمر مهم|أمر هام|موضوع مهم|أناقشه معك|مناقشته معك|أن أناقش معك"
	  "|التحدث معك|أتحدث معك|أن أشاركك|القيام بأعمال تجارية|أعمال تجارية معك|العمل معا|أن نعمل معا|عرض عمل"
	  "|لدي اقتراح|اقتراح عمل|اقتراح تجاري|عرض تجاري|لدي عرض لك|عرض لك|تبرع لك|تم التبرع لك|تبرع باسمك|لصالحك"
	  "|تم اختيارك|لقد فزت|لقد ربحت|هل يمكنني الوثوق|أن أثق بك|أحتاج مساعدتك|أحتاج إلى مساعدتك|بحاجة إلى مساعدتك"
	  "|هل أذنت|أموال باسمك|ميراثك|التعرف عليك|رأيت ملفك")
	P(BAIT, 25,
	  "هل أنت متاح|هل أنت هناك|هل أنت موجود|هل يمكننا التحدث|هل يمكننا الحديث|هل يمكن أن نتحدث|إذا تلقيت هذه")
	P(ASK, 20,
	  "يرجى الرد|الرجاء الرد|رد علي|أجبني|اكتب لي|راسلني|اتصل بي|تواصل معي|يرجى الاتصال بي|لمزيد من التفاصيل"
	  "|لمزيد من المعلومات|مزيد من التفاصيل|في انتظار ردك|بانتظار ردك|أنتظر ردك|ردك|أخبرني")
	P(STORY, 20,
	  "مهم جدا|هام جدا|مهم|سري|سرية|عمل|مشروع|اقتراح|عرض|تبرع|مليون|ملايين|استثمار|ميراث")
	P(PRESSURE, 15,
	  "السلام عليكم|مرحبا|تحياتي|صديقي العزيز|عزيزي|عزيزتي|يوم جيد|عاجل|في أقرب وقت|بارك الله فيك|تحية طيبة")

	/* ---- Japanese ---- */
	P(BAIT, 40,
	  "メールを受け取りましたか|メールは届きましたか|私のメールを受け取|メッセージを受け取りましたか|前回のメール|以前のメール|先日のメール|前のメッセージ|連絡を取ろうと|返事がありません|返信がありません|重要な話"
	  "|大切な話|重要なお話|大事な話|お話ししたいことが|重要な件|相談したいことが|一緒にビジネス|ビジネスをしませんか|取引をしませんか|ビジネスの提案|ビジネス提案|提案があります|お仕事を依頼|寄付をしたい"
	  "|寄付が行われ|寄付します|あなたに寄付|あなたが選ばれました|当選しました|信頼できますか|信用できますか|あなたの助けが必要|助けが必要|ご協力が必要|あなたの遺産|遺産基金|お友達になり|あなたのプロフィール")
	P(BAIT, 25,
	  "今お時間ありますか|お手すきですか|いらっしゃいますか|お話できますか|話せますか|このメールが届いたら")
	P(ASK, 20,
	  "返信してください|お返事ください|お返事を|ご返信ください|ご返信を|返事をください|ご連絡ください|連絡してください|詳細については|詳しくは|お待ちしております")
	P(STORY, 20,
	  "とても重要|非常に重要|重要|極秘|機密|ビジネス|提案|寄付|投資|遺産|万ドル")
	P(PRESSURE, 15,
	  "こんにちは|おはようございます|親愛なる|はじめまして|至急|緊急|できるだけ早く|ご挨拶")

	/* ---- Chinese, in both scripts ---- */
	P(BAIT, 40,
	  "你收到我的邮件|您收到我的邮件|收到我的邮件了吗|收到我的信息|收到我之前的|我之前的邮件|我上一封邮件|上一封邮件|之前给你发|一直在联系您|尝试联系您|试图联系您|没有收到您的回复|没有收到你的回复|有重要的事"
	  "|重要的事情|有要事|重要事情要|与您讨论|和你讨论|与您商量|与您分享|我们能做生意|做生意吗|一起做生意|与您合作|能合作吗|有个提议|有一个提议|商业提案|商业提议|商业建议|有一笔生意|一笔交易|捐款给您"
	  "|捐赠给您|为您捐|您被选中|您已被选中|您中奖|我可以信任您|可以信任你|能相信你|需要您的帮助|需要你的帮助|您授权|您的遗产|您名下的|想认识你|认识您|看到你的资料")
	P(BAIT, 40,
	  "你收到我的郵件|您收到我的郵件|收到我的信息了嗎|收到我之前的郵件|我之前的郵件|我上一封郵件|嘗試聯繫您|沒有收到您的回覆|有重要的事情|與您討論|和你討論|與您分享|我們能做生意|與您合作|商業提案|商業提議"
	  "|一筆交易|捐款給您|捐贈給您|您被選中|需要您的幫助|需要你的幫助|您的遺產|想認識你")
	P(BAIT, 25,
	  "你有空吗|您有空吗|你在吗|您在吗|可以聊聊吗|我们可以谈谈|方便吗|你在嗎|您在嗎|我們可以談談")
	P(ASK, 20,
	  "请回复|回复我|请回信|给我回信|联系我|请联系我|请与我联系|了解更多|更多详情|等待您的回复|等你的回复|期待您的回复|請回覆|回覆我|請聯繫我|更多詳情|等待您的回覆")
	P(STORY, 20,
	  "非常重要|机密|保密|生意|捐赠|捐款|投资|遗产|百万|万美元|捐贈|遺產|萬美元")
	P(PRESSURE, 15,
	  "你好|您好|早上好|亲爱的|親愛的|问候|紧急|急事|尽快|盡快|上帝保佑")

	/* ---- Korean ---- */
	P(BAIT, 40,
	  "제 메일을 받으셨나요|제 이메일을 받으셨나요|제 메시지를 받으셨나요|메일을 받으셨나요|이메일을 받으셨나요|메일 받으셨나요|메시지를 받으셨습니까|이메일을 받으셨습니까|이전 메일을|이전 이메일을"
	  "|이전 메시지를|지난 메일을|연락을 드리려고|연락하려고|연락하려고 했습니다|답장을 받지 못했습니다|답변을 받지 못했습니다|중요한 이야기가|중요한 일이|중요한 할 말이|드릴 말씀이|논의할 중요한"
	  "|중요한 것을|상의할 것이|함께 사업을|사업을 할 수|같이 일할 수|사업 제안이|사업 제안을|비즈니스 제안이|비즈니스 제안을|제안이 있습니다|제안을 드리고|기부금이|기부를 하고|당신에게 기부"
	  "|귀하에게 기부|귀하가 선정되었습니다|당첨되셨습니다|당신을 믿을 수|믿어도 될까요|당신의 도움이|귀하의 도움이|도움이 필요합니다|당신의 상속|귀하의 유산|알고 싶습니다|친구가 되고")
	P(BAIT, 25,
	  "시간 있으신가요|시간 있으세요|계신가요|자리에 계신가요|이야기할 수 있을까요|대화할 수 있을까요|통화 가능하신가요")
	P(ASK, 20,
	  "답장 주세요|답장해 주세요|답장 부탁드립니다|회신 부탁드립니다|회신해 주세요|회신 바랍니다|연락 주세요|연락해 주세요|연락 바랍니다|자세한 내용은|자세한 정보는|답장을 기다리겠습니다"
	  "|답변을 기다리겠습니다|답장을 기다립니다")
	P(STORY, 40,
	  "매우 중요한|중요한|기밀|비밀|사업|제안|기부|투자|유산|상속|백만")
	P(PRESSURE, 30,
	  "안녕하세요|안녕하십니까|친애하는|긴급|급합니다|가능한 한 빨리|빨리")

	/* ---- Indonesian and Malay ---- */
	P(BAIT, 40,
	  "apakah anda menerima|apakah anda sudah menerima|sudahkah anda menerima|adakah anda menerima"
	  "|email saya sebelumnya|pesan saya sebelumnya|surat saya sebelumnya|e mel saya sebelum|pesan terakhir saya"
	  "|mencoba menghubungi anda|cuba menghubungi anda|belum menerima balasan|tidak menerima balasan"
	  "|belum mendapat balasan|sesuatu yang penting|sesuatu yang sangat|hal penting untuk|perkara penting"
	  "|ada hal penting|bicarakan dengan anda|diskusikan dengan anda|berbincang dengan anda|berbagi dengan anda"
	  "|berbisnis dengan anda|melakukan bisnis|bisnis dengan anda|bekerja sama dengan|bekerja sama"
	  "|proposal untuk anda|proposal bisnis|cadangan perniagaan|tawaran bisnis|tawaran untuk anda"
	  "|sumbangan untuk anda|donasi untuk anda|sumbangan telah dibuat|atas nama anda|anda telah dipilih"
	  "|anda terpilih|anda telah memenangkan|bisakah saya percaya|percaya kepada anda|mempercayai anda"
	  "|saya butuh bantuan|butuh bantuan anda|perlukan bantuan anda|membutuhkan bantuan anda|warisan anda"
	  "|dana warisan|mengenal anda|berkenalan dengan|profil anda")
	P(BAIT, 25,
	  "apakah anda tersedia|apakah anda ada|adakah anda ada|bisakah kita bicara|bisa kita bicara"
	  "|boleh kita berbincang|jika anda menerima")
	P(ASK, 20,
	  "balas saya|tolong balas|mohon balas|mohon dibalas|sila balas|hubungi saya|tolong hubungi saya"
	  "|silakan hubungi saya|tulis kepada saya|untuk informasi lebih|informasi lebih lanjut|untuk detail lebih"
	  "|maklumat lanjut|balasan anda|menunggu balasan anda|menunggu jawaban|beri tahu saya")
	P(STORY, 20,
	  "sangat penting|penting|rahasia|sulit|bisnis|perniagaan|sumbangan|donasi|juta|investasi|pelaburan|warisan"
	  "|dana")
	P(PRESSURE, 15,
	  "selamat siang|selamat pagi|selamat sejahtera|halo|salam|salam sejahtera|teman terkasih|sahabat|yang terkasih"
	  "|mendesak|segera|secepatnya|secepat mungkin|tuhan memberkati")

	/* ---- Vietnamese ---- */
	P(BAIT, 40,
	  "bạn có nhận được|bạn đã nhận được|bạn đã nhận|quý vị có nhận|anh có nhận được|thư trước của tôi"
	  "|email trước của tôi|tin nhắn trước của|tin nhắn trước đó|email trước đó|cố gắng liên lạc|cố gắng liên hệ"
	  "|chưa nhận được phản hồi|chưa nhận được trả lời|tôi có chuyện|tôi có điều|chuyện quan trọng|việc quan trọng"
	  "|điều quan trọng|vấn đề quan trọng|thảo luận với bạn|nói chuyện với bạn|chia sẻ với bạn|trao đổi với bạn"
	  "|làm ăn với|kinh doanh với bạn|kinh doanh cùng|làm việc cùng nhau|hợp tác với bạn|đề nghị kinh doanh"
	  "|đề xuất kinh doanh|một đề nghị|một đề xuất|quyên góp cho bạn|tặng cho bạn|khoản quyên góp|tên của bạn"
	  "|bạn đã được chọn|bạn được chọn|bạn đã trúng|tin tưởng bạn|tin bạn được|cần sự giúp đỡ|cần bạn giúp"
	  "|giúp đỡ của bạn|thừa kế của|quỹ thừa kế|làm quen với|hồ sơ của bạn")
	P(BAIT, 25,
	  "bạn có rảnh|bạn có ở đó|bạn có đó không|chúng ta nói chuyện|có thể nói chuyện|nếu bạn nhận được")
	P(ASK, 20,
	  "vui lòng trả lời|hãy trả lời|trả lời tôi|trả lời cho tôi|viết cho tôi|liên hệ với tôi|hãy liên hệ"
	  "|vui lòng liên hệ|để biết thêm|biết thêm chi tiết|thêm thông tin|chờ phản hồi|phản hồi của bạn|đợi trả lời"
	  "|cho tôi biết|hồi âm")
	P(STORY, 20,
	  "rất quan trọng|quan trọng|bí mật|kinh doanh|đề nghị|đề xuất|quyên góp|triệu đô|đầu tư|thừa kế|triệu")
	P(PRESSURE, 15,
	  "xin chào|chào bạn|bạn thân mến|bạn thân|kính gửi|kính chào|khẩn cấp|càng sớm càng|chúa phù hộ")

	/* ---- Thai ---- */
	P(BAIT, 40,
	  "คุณได้รับข้อความของฉัน|คุณได้รับอีเมลของฉัน|ข้อความก่อนหน้าของฉัน|อีเมลก่อนหน้าของฉัน|พยายามติดต่อคุณ"
	  "|มีเรื่องสำคัญ|เรื่องสำคัญ|ต้องการคุยกับคุณ|ทำธุรกิจ|ข้อเสนอทางธุรกิจ|ข้อเสนอธุรกิจ|บริจาคให้คุณ|ไว้ใจคุณ"
	  "|ต้องการความช่วยเหลือจากคุณ|มรดกของคุณ")
	P(ASK, 20,
	  "กรุณาตอบกลับ|ตอบกลับฉัน|ติดต่อฉัน|ติดต่อกลับ|รายละเอียดเพิ่มเติม|รอการตอบกลับ")
	P(PRESSURE, 15,
	  "สวัสดี|ที่รัก|ด่วน|เพื่อนรัก")

	/* ---- "have you read it", "a message for you", "I want to talk to you", in each of them ---- */
	P(BAIT, 40,
	  "did you read my|have you read my|have you seen my|did you see my last|have you gotten my"
	  "|message i sent to you|mail i sent to you|email i sent to you|i sent you an|message for you"
	  "|a message for you|information for you|good news for you|talk to you about|speak with you about"
	  "|want to talk to you|want to tell you something|need to speak with you|something private"
	  "|transaction to share|transaction to discuss|interested in doing business|doing business with you"
	  "|donate my money|donate my funds|us to be friends|want to be your friend|fund has been approved"
	  "|email address is active|your email is active|is this email active|meine nachricht bekommen"
	  "|meine nachricht erhalten|meine e mail bekommen|meine e mail gelesen|meine nachricht gelesen"
	  "|meine mail gelesen|eine nachricht für sie|nachricht für dich|gute nachrichten für sie|mit ihnen reden"
	  "|mit ihnen über|mit ihnen sprechen|mit dir reden|mit dir sprechen|ein geschäft vorschlagen"
	  "|geschäft mit ihnen|möchte ihnen etwas|ihnen etwas mitteilen|etwas vertrauliches|sind sie interessiert"
	  "|lu mon message|lu mon mail|vu mon message|vu mon mail|reçu mon message|reçu mon mail|reçu mon courrier"
	  "|un message pour vous|message important pour|bonne nouvelle pour|vous parler de|vous parler dun"
	  "|vous entretenir dune|parler avec vous|vous proposer une|connaissance avec toi|connaissance avec vous"
	  "|êtes vous intéressé")
	P(BAIT, 40,
	  "leyó mi correo|leyó mi mensaje|leíste mi mensaje|leíste mi correo|vio mi mensaje|viste mi mensaje"
	  "|un mensaje para usted|mensaje importante para|buenas noticias para|hablar con usted de|necesito hablar con"
	  "|quiero hablar con|quiero decirle algo|le interesa un negocio|quiero ser tu amigo|quiero ser tu amiga"
	  "|viu minha mensagem|leu minha mensagem|leu meu e mail|viu meu e mail|leu o meu email|uma mensagem para você"
	  "|mensagem importante para|boas notícias para|preciso falar com|quero falar com|gostaria de falar com"
	  "|quero te dizer|importante para lhe dizer|ser seu amigo|ser sua amiga|letto il mio messaggio"
	  "|letto la mia email|letto la mia mail|visto il mio messaggio|ricevuto il mio messaggio|un messaggio per lei"
	  "|un messaggio per te|messaggio importante per|buone notizie per|parlarle di|parlarti di|devo parlarle"
	  "|devo parlarti|vorrei parlarle|vorrei parlarti|fare amicizia con|mijn bericht ontvangen|mijn bericht gelezen"
	  "|mijn e mail ontvangen|mijn mail gelezen|een bericht voor u|belangrijk bericht voor|goed nieuws voor"
	  "|met u praten|met je praten|wil u iets|bent u geïnteresseerd|läst mitt mejl|läst mitt meddelande"
	  "|sett mitt mejl|sett mitt meddelande|ett meddelande till dig|viktigt meddelande till|goda nyheter till"
	  "|tala med dig|prata med dig|diskutera en affär|vill berätta något|læst min besked|læst min mail"
	  "|set min besked|set min mail|en besked til dig|vigtig besked til|gode nyheder til|tale med dig"
	  "|snakke med dig|vil fortælle dig|lest meldingen min|lest eposten min|sett meldingen min|en melding til deg"
	  "|viktig melding til|gode nyheter til|snakke med deg|fortelle deg noe|lukenut viestini|lukenut sähköpostini"
	  "|nähnyt viestini|viesti sinulle|viesti teille|hyviä uutisia sinulle|keskustella kanssasi tärkeästä"
	  "|keskustella kanssanne|puhua kanssasi tärkeästä|kertoa sinulle jotain")
	P(BAIT, 40,
	  "przeczytał pan moją|przeczytała pani moją|przeczytałeś moją|czytał pan moją|czytałeś moją"
	  "|widziałeś moją wiadomość|dostał pan moją|ważną wiadomość dla|wiadomość dla ciebie|wiadomość dla pana"
	  "|dla pana ważną|dla ciebie ważną|dobre wieści dla|chcę z tobą|chciałbym z panem|muszę z panem|muszę z tobą"
	  "|powiedzieć ci coś|četl jste můj|četl jste mou|četla jste|viděl jste můj|pro vás důležitou|důležitou zprávu"
	  "|důležitá zpráva|zprávu pro vás|dobrou zprávu pro|chci s vámi|chtěl bych s|potřebuji s vámi|čítali ste môj"
	  "|čítali ste moju|videli ste môj|pre vás dôležitú|dôležitú správu|dôležitá správa|správu pre vás|chcem s vami"
	  "|potrebujem s vami|olvasta az üzenetemet|olvasta a levelemet|olvastad az üzenetemet|látta az üzenetemet"
	  "|fontos üzenetem van|fontos mondanivalóm|üzenetem van az|jó hírem van|szeretnék önnel|szeretnék veled"
	  "|beszélnem kell|citit mesajul meu|citit e mailul|văzut mesajul meu|un mesaj important"
	  "|mesaj pentru dumneavoastră|mesaj pentru tine|vești bune pentru|vreau să vorbesc|vreau să discut"
	  "|trebuie să vorbesc|vreau să vă spun|прочетохте ли|видяхте ли моето|важно съобщение за|съобщение за вас"
	  "|добри новини за|искам да говоря|искам да поговоря|искам да ви|трябва да говоря|вы прочитали мое"
	  "|вы прочитали моё|вы читали мое|прочитали ли вы|вы видели мое|вы видели моё|важное сообщение для"
	  "|сообщение для вас|хорошие новости для|с вами поговорить|с тобой поговорить|хочу поговорить|хочу вам сказать"
	  "|хочу сообщить вам|о важном деле|прочитали мого листа|прочитали моє|ви читали мого|ви бачили моє"
	  "|для вас важливе|важливе повідомлення|повідомлення для вас|гарні новини для|хочу поговорити"
	  "|з вами поговорити|потрібно поговорити|διαβάσατε το μήνυμά|διάβασες το μήνυμά|είδατε το μήνυμά"
	  "|σημαντικό μήνυμα|μήνυμα για εσάς|μήνυμα για σένα|καλά νέα για|θέλω να μιλήσω|θα ήθελα να μιλήσω"
	  "|θέλω να σας πω|πρέπει να μιλήσουμε")
	P(BAIT, 40,
	  "mesajımı okudunuz mu|mesajımı okudun mu|mesajımı gördünüz mü|mailimi okudunuz mu|size önemli bir"
	  "|sizinle önemli bir|sizin için önemli|sizin için bir mesajım|size bir mesajım|iyi haberlerim var"
	  "|konuşmam gerekiyor|konuşmak istiyorum|görüşmek istiyorum|هل قرأت رسالتي|هل رأيت رسالتي|رسالة مهمة لك"
	  "|رسالة هامة لك|لدي رسالة|أخبار جيدة لك|أريد التحدث معك|أريد أن أتحدث|أود التحدث معك|أريد أن أخبرك"
	  "|メールをご覧になりましたか|メールを読みましたか|メッセージを読みましたか|大事なお知らせ|重要なお知らせがあります|大切なお知らせが|お伝えしたいことが|あなたにお話|あなたに伝えたい|看到我的邮件|看到我的信息"
	  "|读了我的邮件|看了我的邮件|有重要的消息|重要的消息要|有好消息告诉|想和您谈|想和你谈|想跟您谈|想跟你聊|有事想和|有話想跟|看到我的郵件|想和您談|메일 확인하셨나요|메일 확인하셨습니까"
	  "|이메일 확인하셨나요|메일을 읽으셨나요|메시지를 읽으셨나요|메시지를 보셨나요|메일을 보셨나요|중요한 메시지가|중요한 소식이|전할 말이|전해드릴 것이|이야기하고 싶습니다|대화하고 싶습니다"
	  "|membaca pesan saya|membaca email saya|melihat pesan saya|menerima pesan saya|menerima email saya"
	  "|pesan penting untuk|pesan untuk anda|kabar baik untuk|berbicara dengan anda|ingin berbicara dengan"
	  "|ingin memberi tahu anda|membaca e mel saya|mesej penting untuk|đọc tin nhắn của|đọc thư của tôi"
	  "|đọc email của tôi|nhận được thư|nhận được email|nhận được tin nhắn|tin quan trọng|tin nhắn quan trọng"
	  "|tin nhắn cho bạn|tin tốt cho bạn|muốn nói chuyện|cần nói chuyện|muốn nói với bạn")
};
#undef P
/* clang-format on */

const size_t lexicon_opener_size = ARRAY_LEN(lexicon_opener);
