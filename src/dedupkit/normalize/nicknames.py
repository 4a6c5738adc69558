"""Given names that one person may bear: short forms, pet names and spellings of one name.

Each line of the table is a group, named after its first word, in which any two names may be one
person's: Bob and Rob, Kristian and Christian. Names that merely have one origin (Jens, Jan and
Hans; Marit and Mette) are different people's, and share no group; where an official name has
several call names (a Dutch Johannes is called Jan, or Hans), it stands in several groups.
Written for this project from general knowledge, for Norway, Sweden, Denmark, the Netherlands,
Great Britain, Spain and Germany.
"""

from functools import cache
from typing import Final

from dedupkit.normalize.text import spelling_key

__all__ = ["name_roots"]

_TABLE: Final = """
aaron ron ronnie
abraham abe bram braam ab
adelheid heidi
adrian adriaan adrianus adriano arie aad
agneta agnetha agnete agnethe
alan allan allen al
albert albertus bert bertie al
alejandro ale jandro
alexander aleksander alex alec alek sander sandy xander lex sasha aleksandr
alexandra aleksandra alex sandra sandy lexi sasha alejandra
alfred alf fred alfie alfredo
alice alis
alison allison ali alli
amalie amalia
amanda mandy manda
ana anita ani
andreas andre drew
andrew andy drew
angela angie ange
angeles angelines
anna annie ann ana
anne ann annie ane
annemarie annemie
annika annica annicka
anthony antony tony ant
anton antonius toon teun ton tony toni
antonia tonia toni antonella
antonio toni tono tonio tony
archibald archie
arnold arnoud arnie nol arnout
arthur artur art
barbara barb babs barbro barbie
bartholomew bart barth
bartolome bartolo tolo
beate beata
beatrice beatrix bea trixie beatriz beatrijs
belen belencita
bendik benedikt benedict ben
benedicte benedikte
benjamin ben benny benji benja
bent bendt
bernard bernhard barend ben bernie bernardo berend
bjorn bjoern
bradley brad
brenda bren
bridget bridie biddy brigid
brigitte gitte gitta britt
camilla kamilla milla cami camila
carl karl kalle calle
carla karla
carlos carlitos litos
carmen mamen carmencita
carolina karolina caro lina
caroline karoline carrie caro caz lina line
catalina cata lina
catherine katherine katharine kathryn catharine kate katie kathy cathy kitty kath cath
cathrine katrine kathrine catrine trine
cecilia cecily celia cissi ceci
charles charlie chuck chas chaz
charlotte lotte lotta charlie lottie charlot lot
christer krister
christian kristian chris kris cristian christiaan
christina kristina cristina chris kris tina chrissie stina kristin
christine kristine chris kris tina stine chrissie
christoffer kristoffer christopher christoph kristofer chris kris kit stoffer topher
cindy cynthia
claire clare
clara klara
claus klaus
concepcion concha conchi conchita
consuelo chelo
cornelia cor nel neeltje corrie nelly cora
cornelis kees cor cornelius nelis cees
cristobal tobal
daniel dan danny dani
daniela daniella danielle dani
david dave davy davey
deborah debbie deb debra debs
dennis denis
dick dik dirk
dirk diederik derk
dolores lola loli
dominic dominik dom nick
donald don donnie
dorothea dorothy dot dorte dorthe thea dottie dorotea doro
douglas doug dougie
eduardo edu lalo
edward eddie eddy ed ted teddy ned edvard eduard edouard
edwin ed eddie
einar ejnar
eirik erik eric erich
eleanor elinor ellie nell nora leonora ella
elena lena nena
elisabeth elisabet elizabeth liz beth lizzie eliza betty bess libby bet lis
elise lise elisabeth elisabet
ellen ellinor
els elsbeth elisabeth elsje
elsa else elisabeth elsbeth
emil emile emilio
emilie emily emma em milly emmy emilia
encarnacion encarna encarni
enrique quique kike henrique
erika erica
ernst ernest ernesto ernie
esperanza espe
esteban estebanito
eugene gene
eva eve evy evita eef
felipe pipe
ferdinand ferdi ferry nand
fernando fer nando
florence flo flossie
frances fran fanny francie
francis frank fran
francisca paca paqui fran cisca
francisco paco pancho curro kiko fran fco francesc xisco
franciscus frans frank cisco
franz frans franciscus
fredrik frederik frederic frederick fred freddy freddie friedrich fritz rik fredric
gabriel gabe gabi
gabriela gabriella gabrielle gabi gaby
geir gejr
george georg georgie
georgina georgia georgie gina
gerald gerry gerard jerry
gerard gerardus ger gerry gerrit
gerhard gerd gert gerhardus
gerrit gert ger
gertrud gertrude trudy trude gerda truus trudi
gillian gill jill jillian
goran jorgen goeran
gregorio goyo
gregory greg gregor gregorio goyo
guadalupe lupe
guillermo guille memo
gustav gustaf gus gustavo gust
hakon haakon hakan
hannah hanna
hans johannes hannes
harald harold harry hal
harriet hattie harriette
heinrich heinz heiner hein
helen helene nell ellen helena ellie nellie
helena lena leni helene
hendrik henk hein rik hendrikus henny henri
henrietta henriette hetty etta jet
henrik hendrik henke rik
henry harry hank hal
herman hermann hermanus harm
hildegard hilde hilda
hubert hubertus bert huub huib
hugh hughie hugo
ian iain
ignacio nacho
ingeborg inge inga
isaac isak izaak ike
isabel isabella isabelle isobel bella izzy isa belle
jacob jakob jake cobus jacobus jaap co ko
jacobus koos
jacqueline jackie jacky jacqui
james jim jimmy jamie jaime jas
jan johannes johan
jane janey janie jayne
janet jan jeanette jannet
jeanette janette nettie
jeffrey geoffrey jeff geoff
jennifer jen jenny jenni jennie
jeroen hieronymus
jesper jeppe
jessica jess jessie
jesus chus chuy suso
joachim joakim jochen jokke achim kim jochem
joan joanie
joanna joanne jo johanna
joaquin quino ximo
jodie jody
johan johannes joop johann juhan
johanna joke annie jo janna jannie
johannes joannes hannes joh
john jack johnny jon jonny johnnie
jonathan jon jonny nathan
jordi jorge
jorgen jurgen joergen juergen
jose pepe pepito josep joseph chema
josefa pepa pepi fefa
josefine josephine josie jo fine fien josefina
joseph joe joey josef jos jozef jef jo josephus seppi sepp
joshua josh
juan juanito juanjo juanma joan
juana juani juanita
judith judy judit jude
julia juliet julie jules
julian jules jule
julius jules
justin jus
karin karen carin
karoline line
katharina katarina catharina kathi katja kati trina trijntje
katja katia katya
kenneth ken kenny kent
kerstin kersti cherstin
kimberly kim kimberley kimmy
klaas nicolaas
knut knud canute
konrad conrad koen koenraad
lars lasse larz
laura laurie lori
laurence lawrence larry laurie lorenz laurens
leonard len lenny leonardo leo leonhard leendert leen
leopold leo poldi
lillian lily lilly lilian
linda lin lynda
lisbeth elisabeth elisabet liesbeth lies
lise lisa elisabeth
louis lewis lou ludwig ludvig ludovic lodewijk louie
louise lou lulu luise lovise lovisa
lourdes lurdes
lucia luci lucy
lucy lucie luz lucia
luis lucho luisito
magdalena magda lena malena leni
magdalene malene lene
magnus mans
manuel manolo manu manolito manel
manuela manoli manuelita
marcos marco
marcus markus mark marc marko marco
margaret maggie meg peggy marge margie madge mags greta daisy margret
margareta margaretha greta margareth gretel margarete grete
margarita marga margari rita
margrethe grethe margrete grete
margriet griet greet margaretha margarita gretha
maria ma mari mia marie marija mary
mariadelcarmen maricarmen
mariadolores mariloli
mariaisabel maribel
mariajesus chusa marichu
mariajose majose mariajose
marialuisa marisa
marianne mariann mariane
mariateresa maite maritere mayte
marie mie mia mari
marieke marijke maria maaike mieke rieke
martijn martinus tijn
martin marty martinus maarten tin
mary molly polly mamie
mateo teo
matilda mathilda tilda tilly mathilde matilde tilde
mats mads
matthew matt matty
matthias mathias mattias mats mattis thijs matthijs matti matthew
maurice maurits moritz mauritz mo mauricio
maximilian max maxi maximiliaan maxim
melanie mel mellie
melissa mel lissa missy
mercedes merche merceditas
michael mike mick mickey mikael micke michal micha mikey
michiel michel giel machiel chiel
miguel migue miguelito miki
milagros mila mili
miriam mirjam mim miri
mohammed muhammad mohamed muhammed mohammad mo mohamad md mohd
monica monika moni
montserrat montse
nancy nan nance
natalie nathalie natalia nat talia natasha
nathaniel nathan nat nate
nicholas nick nicky nicolas nico nikolas
nicola nicole nikki nicky nic
nicolas nico colas
niels nils nels
niklas nicklas niclas nick nicke
nikolai nikolaj nicolai niko
nikolaus klaus claus niko
nuria nuri
olaf olav oluf olof
ole olle
oliver ollie oli olivier
olivia liv livvy
olof olle
oscar oskar ossie
pamela pam
paola pao
patricia pat patty tricia trish patsy patri
patrick pat paddy patrik patricio pad rick
paul paulus pauly
paula pauli pau
pauline paulina polly
pedro perico pedrito
penelope penny
per pelle pehr peer
percival percy
pernille pernilla nilla
peter pete petter petey peder
petra petronella nel nelleke
petter pelle
philip phillip phil filip pip flip philippe philipp
piet pieter petrus piotr peter
pilar pili
prudence pru
rachel raquel rae shelly
rafael raphael rafa rafi
ragnhild ragna
ramon moncho ramoncito mon
randi randy
raymond ray
rebecca rebekka becky becca rebeca bex
reginald reg reggie
reinhard rein reinhart reinier
remedios reme
ricardo ricky richi
richard rick rich dick ricky richie rikard ritchie
robert bob bobby rob robbie bert robb bobbie
roberto rober beto
rocio chio
roderick rod roddy
rodolfo fito rudy
roger rutger
roland roel roeland rolle
rolf rudolf
ronald ron ronny ronnie
rosa rosie rosita roos
rosario charo
rosemary rosie rose romy
rudolf rudy rudi ruud rudolph dolf
russell russ rusty
ruud rudolf rutger
samantha sam sammy
samuel sam sammy
sandra sandy
santiago santi
sara sarah sally sadie zara saar
sebastian bas seb bastian sebastiaan basti sebas
sergio sergi
sharon shaz
sidney sydney sid
sigrid siri
sigurd sigge
socorro coco
sofia sophia sofi
sofie sophie fie feen
soren soeren
stanley stan
stefan steffen stephan staffan
stephanie stefanie steph steffi stef stefania
stephen steve steven stevie stephan
stine kristine
stuart stewart stu
susan sue susie suzie susanna susannah
susanna susanne sanna sanne suzanne susana zus sus susi
svein sven svend svenn
sylvia silvia sylvie
tamara tammy tam
terence terrence terry
teresa theresa tess terry tere therese tessa resi
theodor theodore teodor ted teddy theo teo
theodora thea dora theo teodora
theodorus theo dorus
thomas tomas tom tommy thom thomaz
thor tor
thorbjorn torbjorn tobben torbjoern
timothy tim timmy
tine kristine
tobias toby tobi tobbe
tomas tomasito tom tommy
torben torbern
torstein thorstein torsten thorsten
trijntje catharina tineke
trine katrine cathrine
ulrich uli ulli ulrik
ulrika ulla ulrike ulrikke
valdemar waldemar
valentine val valentin
vanessa nessa
veronica veronika vera ronnie roni
vicente chente vicen
victor viktor vic
victoria viktoria vicky vic vicki tori
vilhelm wilhelm willy ville wille
vincent vince vinnie cent
virginia ginny virgi
walter wally wolter wouter walt valter
wendy gwendolyn gwen
wilhelm willi wilhelmus willy
wilhelmina mina minnie mien willy wil willemijn wilhelmine
willem wim pim wil willy wilhelmus
william will bill billy willy liam wm bil
winifred winnie freda
xavier javier javi xavi
yvonne ivonne
zachary zach zack zak zac
"""


@cache
def _roots() -> dict[str, tuple[str, ...]]:
    found: dict[str, set[str]] = {}
    for line in _TABLE.splitlines():
        names = [spelling_key(name) for name in line.split()]
        for name in names:
            found.setdefault(name, set()).add(names[0])
    return {name: tuple(sorted(roots)) for name, roots in found.items()}


def name_roots(token: str) -> tuple[str, ...]:
    """Name the groups of given names that *token* belongs to.

    Two given names may be one person's where they have a root in common. A name that the table
    does not know is its own root, by its `spelling_key`.

    Returns:
        Spelling keys, sorted, at least one; empty only where *token* holds no letter or digit.

    Law N: total and deterministic. Cost: about 2 µs.

    >>> name_roots("Bob"), name_roots("Robert")
    (('robert',), ('robert',))
    >>> name_roots("Alex"), name_roots("Åshild")
    (('alexander', 'alexandra'), ('ashild',))
    """
    key = spelling_key(token)
    return _roots().get(key) or ((key,) if key else ())
