"""Sweden: common names, places and number ranges, from general knowledge."""

from dedupkit.samples.country import Country, cities, listed, names, pairs, short_forms

SWEDEN = Country(
    code="SE",
    language="sv",
    currency="SEK",
    women=names("""
        Anna Eva Maria Karin Kristina Sara Lena Emma Kerstin Marie Malin Ingrid Linda Birgitta
        Elin Jenny Marianne Annika Johanna Inger Hanna Sofia Susanne Ida Helena Julia Carina
        Elisabeth Camilla Ulla Åsa Monica Anita Sandra Therese Linnéa Amanda Ann Caroline Agneta
        Barbro Frida Gunilla Cecilia Josefin Emelie Siv Moa Wilma Alice Ebba Maja Lisa Margareta
        Ellen Astrid Gun Pernilla Matilda Helene Viktoria Märta Åse Tove Klara Lovisa Annelie
        Ylva
        """),
    men=names("""
        Lars Anders Johan Mikael Per Erik Peter Jan Daniel Fredrik Thomas Andreas Hans Magnus
        Mats Stefan Bengt Alexander Bo Jonas Niklas Martin Björn Patrik Mattias Leif Marcus
        Christer Henrik Oscar Ulf Simon Göran David Sven Emil Robert Filip Joakim Håkan Tobias
        Kent William Rickard Kjell Jörgen Rolf Lucas Viktor Sebastian Johannes Tommy Roger
        Hampus Gustav Jonathan Nils Anton Roland Ingemar Åke Torbjörn Elias Ludvig Axel Stig
        Urban Pontus
        """),
    second_names=(
        listed("Maria Margareta Elisabeth Kristina Linnéa Sofia Charlotta Viktoria"),
        listed("Erik Olof Gustav Johan Göran Henrik Anders Mikael"),
    ),
    second_name_rate=0.09,
    surnames=names("""
        Andersson Johansson Karlsson Nilsson Eriksson Larsson Olsson Persson Svensson Gustafsson
        Pettersson Jonsson Jansson Hansson Bengtsson Jönsson Lindberg Jakobsson Magnusson
        Lindström Olofsson Lindqvist Lindgren Berg Axelsson Bergström Lundberg Lind Lundgren
        Lundqvist Mattsson Berglund Fredriksson Sandberg Henriksson Forsberg Sjöberg Ali Wallin
        Engström Eklund Danielsson Lundin Håkansson Björk Bergman Gunnarsson Wikström Holm
        Samuelsson Isaksson Fransson Bergqvist Nyström Holmberg Arvidsson Löfgren Söderberg
        Nyberg Ahmed Blomqvist Claesson Nordström Hassan Mårtensson Lundström Viklund Björklund
        Eliasson Berggren Pålsson Sandström Nordin Lund Falk Ström Åberg Ekström Hermansson
        Holmgren Hellström Dahlberg Hedlund Sundberg Sjögren Ek Blom Abrahamsson Öberg
        Martinsson Andreasson Strömberg Månsson
        """),
    rare_heads=listed("""
        Lind Berg Alm Ek Dahl Hed Holm Ny Söder Wester Öster Sjö Strand Sund Wall Ros Grön Hag
        Malm Kull Rönn Ceder Lager Norr Björk Ask Häll
        """),
    rare_tails=listed("ström qvist gren dahl blad mark lund stedt vall man ros sten ell feldt"),
    rare_rate=0.35,
    two_surnames=False,
    double_rate=0.07,
    double_joint="-",
    nicknames=short_forms("""
        Alexander:Alex Fredrik:Fredde Mikael:Micke Anders:Adde Sebastian:Sebbe Thomas:Tompa
        Johannes:Hannes Viktor:Vicke Patrik:Patte Magnus:Mange Stefan:Steffe Niklas:Nicke
        Kristina:Stina,Tina Elisabeth:Lisa,Lisbeth Birgitta:Gittan,Britta Margareta:Greta,Maggan
        Johanna:Hanna Josefin:Josse,Fina Matilda:Tilda Amanda:Mandy Viktoria:Vicky Susanne:Sussie
        Gunilla:Nilla Cecilia:Cilla,Cissi Camilla:Milla Pernilla:Nilla Caroline:Carro Emelie:Emmy
        Gustav:Gurra Jonathan:Jonte Oscar:Ogge Christer:Krille Göran:Jörgen Björn:Nalle Lars:Lasse
        Jan:Janne Hans:Hasse Per:Pelle Nils:Nisse Karl:Kalle Robert:Robban Daniel:Danne
        """),
    spellings=pairs("""
        c:k k:c kr:chr qv:kv v:w f:ff ss:s tt:t ll:l ph:f ks:x th:t s:z ck:k e:ä rik:rick dt:d h:
        """),
    transliterations=pairs("å:aa ä:ae ö:oe Å:Aa Ä:Ae Ö:Oe é:e"),
    cities=cities("""
Stockholm|11120-11869|8
Göteborg|41101-41879|31
Malmö|21119-21846|40
Uppsala|75221-75756|18
Linköping|58216-58973|13
Västerås|72210-72593|21
Örebro|70210-70383|19
Helsingborg|25218-25485|42
Norrköping|60210-60593|11
Jönköping|55303-55640|36
Umeå|90320-90742|90
Lund|22220-22738|46
Borås|50330-50769|33
Sundsvall|85229-85753|60
Gävle|80250-80648|26
Eskilstuna|63105-63519|16
Karlstad|65221-65637|54
Halmstad|30231-30596|35
Växjö|35230-35264|470
Luleå|97231-97753|920
Kalmar|39231-39365|480
Östersund|83131-83162|63
Kristianstad|29131-29172|44
Trollhättan|46130-46171|520
Falun|79130-79177|23
Skövde|54130-54157|500
"""),
    street_heads=listed("""
        Stor Kungs Drottning Skol Kyrko Björk Ring Järnvägs Ek Sveden Strand Backa Lönn
        Norra_Lång Södra_Ny Fabriks Trädgårds Linné Skogs Ängs Kvarn Vasa Öster Väster Hamn
        Bryggar Nygårds Solrosen Blåbärs Sten Lärk Rosen Tall Granits Vallmo Bergs
        """),
    street_tails=listed("gatan vägen gränd stigen backen allén"),
    number_first=False,
    abbreviations=pairs("gatan:g. vägen:v. gatan:gat. vägen:väg gränd:gr."),
    flat="lgh 1{floor}0{door}",
    postcode_width=5,
    postcode_split=3,
    postcode_tail="",
    calling="46",
    trunk="0",
    trunk_joint="-",
    mobile_prefixes=listed("70 72 73 76 79"),
    mobile_length=9,
    mobile_groups=(2, 3, 2, 2),
    landline_length=8,
    providers=names(
        "gmail.com hotmail.com telia.com outlook.com live.se icloud.com bredband.net yahoo.se",
        flat=1,
    ),
    domain="se",
    shared_mailboxes=("info", "kontakt", "faktura", "order"),
    firm_words=listed("""
        Norrsken Mälar Skärgård Västkust Björkdal Kronan Göta Svea Vätter Roslag Fjäll
        Lindgården Solvik Hantverk Kvarnen Torget Älvdal Smedjan Ekhaga Sandhamn
        """),
    firm_trades=listed("""
        Bygg El VVS Bageri Redovisning Åkeri Fastigheter Mekaniska Konditori Måleri Trafikskola
        Hotell Konsult Blomsterhandel Bilservice Resor
        """),
    firm_forms=("AB", "HB", "KB"),
    walk_in=("Kontantkund", "Drop-in"),
)
