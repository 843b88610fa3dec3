//! Words that carry a question but not its matter, in their exact form. They are never required, so that
//! "how do I restore a snapshot" asks for what "restore snapshot" asks for.

/// Stop words of a language, by its primary subtag; empty where no list is kept.
pub fn words(primary: &str) -> &'static str {
    match primary {
        "da" => DANISH,
        "de" => GERMAN,
        "en" => ENGLISH,
        "es" => SPANISH,
        "fr" => FRENCH,
        "it" => ITALIAN,
        "nb" | "nn" | "no" => NORWEGIAN,
        "nl" => DUTCH,
        "pt" => PORTUGUESE,
        "ru" => RUSSIAN,
        "sv" => SWEDISH,
        _ => "",
    }
}

const ENGLISH: &str = "a about am an and any are as at be been being but by can could d did didn do does doesn doing don \
    for from get had has have having he her here his how i if in into is isn it its ll m may me might my no nor not of \
    on or our ours out re s shall she should so some such t than that the their them then there these they this those \
    to too us ve very was wasn we were what when where whether which while who whom whose why will with won would you \
    your yours";

const GERMAN: &str = "aber als am an auch auf aus bei bin bis das dass dein dem den denn der des die dies diese dieser \
    doch du durch ein eine einem einen einer eines er es für gibt hat habe haben hier ich ihr im in ist ja kann kannst \
    man mein meine mich mir mit muss nach nicht noch nur ob oder ohne sein seine sich sie sind so soll um und uns unser \
    vom von vor wann war warum was welche welcher welches wenn wer werde werden wie wieso wir wird wo zu zum zur über";

const FRENCH: &str = "a ai ainsi au aux avec ca ce ces cette c comme comment d dans de des du elle en est et etes etre \
    faire fait il ils j je l la le les leur lui m ma mais me mes moi mon n ne nos notre nous on ont ou par pas peut \
    peux pour pourquoi puis qu quand que quel quelle quelles quels qui quoi s sa se ses si son sont sur t te tu un une \
    vos votre vous y";

const SPANISH: &str = "a al como con cual cuales cuando cuanto de del desde donde e el ella ellos en entre es esta este \
    esto estan ha hacer hago hay la las le les lo los me mi mis mas no nos o para pero por porque puede puedo que quien \
    se ser si sin sobre son su sus te tiene tengo tu un una unos y ya yo";

const PORTUGUESE: &str = "a ao aos as com como da das de do dos e ela ele em entre essa esse esta este eu fazer faco foi \
    ha isso isto ja la lhe mais mas me meu minha na nas nao no nos num numa o onde os ou para pela pelo pode por porque \
    posso qual quais quando que quem se sem ser seu sua sao tem tenho um uma voce";

const ITALIAN: &str = "a ad ai al alla allo anche c che chi ci come con cosa cui d da dal dalla dei del della delle di \
    dove e ed essere fare gli ha ho i il in io l la le lo ma mi mia mio ne nei nel nella non o per perche piu posso puo \
    qual quale quali quando quanto questa questo se si sono su sua sul sulla suo ti tra tu un una uno";

const DUTCH: &str = "aan al als bij dan dat de deze die dit doe doen door een en er ga had heb hebben heeft het hoe hij \
    hun ik in is je kan kun kunnen maar me met mij mijn moet na naar niet nog nu of om onder ons ook op over te tot u \
    uit uw van veel voor waar waarom wanneer want was wat we welke werd wie wil word wordt ze zich zij zijn zo zonder";

const DANISH: &str = "af alle at da de dem den der deres det dette dig din disse du efter eller en end er et for fra få \
    gør ham han har havde her hun hvad hvem hvilken hvor hvordan hvorfor hvornår i ikke ind jeg kan man med meget men \
    mig min må ned nej noget nogle nu når og også om op os over på sig sin skal som så til ud under var vi vil være";

const NORWEGIAN: &str = "alle at av da de deg dem den denne der dere det dette din disse du eller en enn er et etter for \
    fra får gjør han har her hun hva hvem hvilken hvor hvordan hvorfor i ikke inn jeg kan man med meg men min må ned nei \
    noe noen nå når og også om opp oss over på seg sin skal som så til under ut var ved vi vil være";

const SWEDISH: &str = "alla att av blir de dem den denna deras det detta dig din dina du där efter ej eller en er ett från \
    för gör ha han har hade henne hon hur här i in inte jag kan man med men mig min mot mycket måste ni nu när någon \
    något och också om oss på sig sin ska skall som så till under upp ut vad var varför vara vem vi vid vilka vilken är \
    över";

const RUSSIAN: &str = "а бы был была были было быть в вам вас во вот вы где для до его ее если есть еще же за и из или им \
    их к как какая какие какой когда кто ли мне можно мой моя мы на надо нас не нет но ну о об он она они от по под \
    почему при с свой себя со так там то того тоже только ты у уже чего чем что чтобы эта эти это я";
