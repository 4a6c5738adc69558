"""Norway: common names, places and number ranges, from general knowledge."""

from dedupkit.samples.country import Country, cities, listed, names, pairs, short_forms

NORWAY = Country(
    code="NO",
    language="nb",
    currency="NOK",
    women=names("""
        Anne Inger Kari Marit Ingrid Liv Eva Berit Astrid Bjørg Hilde Anna Solveig Marianne Randi
        Ida Nina Maria Elisabeth Kristin Bente Heidi Silje Hanne Linda Tone Gerd Anita Tove Wenche
        Camilla Ragnhild Karin Ellen Emma Julie Nora Thea Sara Turid Mona Ingeborg Lise Sissel Unni
        Trine Cathrine Monica Maren Gunn Vigdis Siri Åse Gro Sigrid Frida Malin Karoline Vilde Else
        Tuva Mari Guro Oda Åshild Dagny Helene Stine Martine Renate Lene Amalie Andrea Kjersti
        """),
    men=names("""
        Jan Per Bjørn Ole Lars Kjell Knut Thomas Arne Svein Hans Geir Tor Morten Odd Terje Erik
        Martin Andreas John Anders Rune Trond Tore Daniel Jon Magnus Marius Kristian Stian Tom
        Harald Olav Gunnar Rolf Leif Nils Helge Einar Øyvind Espen Fredrik Eirik Henrik Christian
        Kristoffer Alexander Jonas Emil Håkon Sverre Frode Roger Roy Sindre Øystein Vegard Pål Åge
        Magne Steinar Kåre Jørgen Sondre Torbjørn Aksel Eskil Even Ivar Mathias Tobias Sander Kent
        """),
    second_names=(
        listed("Marie Helene Kristine Louise Elise Johanne Karin Margrethe Sofie Lise"),
        listed("Erik Magnus Arne Olav Kristian Andreas Henrik Petter Inge Morten"),
    ),
    second_name_rate=0.14,
    surnames=names("""
        Hansen Johansen Olsen Larsen Andersen Pedersen Nilsen Kristiansen Jensen Karlsen Johnsen
        Pettersen Eriksen Berg Haugen Hagen Johannessen Andreassen Jacobsen Dahl Jørgensen
        Henriksen Lund Halvorsen Sørensen Jakobsen Moen Gundersen Iversen Strand Solberg Svendsen
        Eide Knutsen Martinsen Paulsen Bakken Kristoffersen Mathisen Lie Amundsen Nguyen Rasmussen
        Lunde Solheim Berge Moe Nygård Bakke Kristensen Fredriksen Holm Lien Hauge Christensen
        Andresen Nielsen Knudsen Evensen Sæther Aas Myhre Hanssen Haugland Thomassen Sivertsen
        Simonsen Danielsen Berntsen Sandvik Rønning Arnesen Antonsen Næss Vik Haug Ellingsen
        Thorsen Edvardsen Birkeland Isaksen Gulbrandsen Ruud Aasen Strøm Myklebust Tangen Ødegård
        Eliassen Helland Bøe Jenssen Aune Mikkelsen Tveit Brekke Abrahamsen Engen Madsen
        """),
    rare_heads=listed("""
        Sol Ny Berg Vest Øst Sand Lang Stor Ljung Tveit Fjell Skog Grøn Kvern Ås Fure Elve Hegg
        Bjørke Aske Sæter Rogn Lauv Myr Stein Brå Ulv Orm
        """),
    rare_tails=listed("""
        vik land heim stad rud nes bø dal tun eng lid åker haug moen sæter set mo voll
        """),
    rare_rate=0.4,
    two_surnames=False,
    double_rate=0.1,
    double_joint=" ",
    nicknames=short_forms("""
        Kristoffer:Kris,Stoffer Alexander:Alex Fredrik:Fred Andreas:Andy Mathias:Mats Tobias:Tobi
        Thomas:Tom Johannes:Johs Christian:Chris Kristian:Kris Torbjørn:Tobben Øyvind:Øyvin
        Elisabeth:Lise,Beth,Lisbeth Kristin:Kris Cathrine:Cate,Trine Ingeborg:Inga Marianne:Mari
        Karoline:Caro,Line Ragnhild:Ragna Camilla:Milla Monica:Moni Amalie:Malie Martine:Tine
        Helene:Lene Kjersti:Kjerstin Harald:Harry Magnus:Mange Henrik:Henke Jørgen:Jørn
        Sigrid:Siri Solveig:Sol Margrethe:Grethe Daniel:Danny Martin:Marty Roger:Rogge
        """),
    spellings=pairs("""
        kr:chr k:c ks:x th:t ss:s nn:n ll:l tt:t dt:t v:w ei:ey ie:i sj:skj kj:k ph:f aa:å j:i
        ck:k h: gn:ng
        """),
    transliterations=pairs("æ:ae ø:oe å:aa Æ:Ae Ø:Oe Å:Aa é:e"),
    cities=cities("""
Oslo|0150-1295|21 22 23
Bergen|5003-5268|55
Trondheim|7010-7099|72 73
Stavanger|4004-4034|51
Drammen|3011-3048|32
Fredrikstad|1601-1678|69
Kristiansand|4608-4639|38
Sandnes|4306-4329|51
Tromsø|9006-9024|77
Sarpsborg|1701-1747|69
Skien|3710-3747|35
Bodø|8003-8028|75
Ålesund|6002-6028|70
Tønsberg|3110-3128|33
Haugesund|5501-5538|52
Moss|1510-1539|69
Arendal|4836-4857|37
Sandefjord|3205-3246|33
Hamar|2315-2326|62
Larvik|3251-3274|33
Gjøvik|2815-2827|61
Lillehammer|2609-2629|61
Molde|6410-6425|71
Harstad|9402-9411|77
Lillestrøm|2000-2016|63
Asker|1383-1396|66
Kongsberg|3601-3617|32
Narvik|8514-8520|76
"""),
    street_heads=listed("""
        Bjørke Kirke Skole Fjell Elve Strand Sol Myr Furu Gran Bekke Park Stasjons Kvern Rosen
        Eike Lille Vest Øst Nord Sør Haug Berg Åker Tråkk Hagen Sjø Torg Prest Mølle Dal Skog
        Utsikts Rogne Heste Storm Lerke Trost
        """),
    street_tails=listed("veien gata vegen bakken lia svingen stien"),
    number_first=False,
    abbreviations=pairs("gata:gt. gata:gaten veien:vn. veien:v. vegen:vn. bakken:bk. veien:vegen"),
    flat="H0{floor}0{door}",
    postcode_width=4,
    postcode_split=0,
    postcode_tail="",
    calling="47",
    trunk="",
    trunk_joint=" ",
    mobile_prefixes=listed("40 41 458 46 47 48 90 91 92 93 94 95 97 98 99"),
    mobile_length=8,
    mobile_groups=(3, 2, 3),
    landline_length=8,
    providers=names(
        "gmail.com hotmail.com online.no outlook.com live.no icloud.com yahoo.no", flat=1
    ),
    domain="no",
    shared_mailboxes=("post", "info", "firmapost", "faktura"),
    firm_words=listed("""
        Nordlys Fjord Vestland Solsiden Fjellheim Havna Bryggen Elvebredden Viken Bjerke Kvist
        Tinden Polar Midnattsol Rallar Lofoten Granlia Sjøgata Nøkken Fossen
        """),
    firm_trades=listed("""
        Bygg Elektro Rør Bakeri Regnskap Transport Eiendom Maskin Kafé Frisør Trafikkskole Hotell
        Rådgivning Blomster Bilverksted Reiser
        """),
    firm_forms=("AS", "ANS", "DA", "ENK"),
    walk_in=("Kontantkunde", "Drop-in"),
)
