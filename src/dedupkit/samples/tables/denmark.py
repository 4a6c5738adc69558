"""Denmark: common names, places and number ranges, from general knowledge."""

from dedupkit.samples.country import Country, cities, listed, names, pairs, short_forms

DENMARK = Country(
    code="DK",
    language="da",
    currency="DKK",
    women=names("""
        Anne Kirsten Mette Hanne Helle Anna Susanne Lene Maria Marianne Inge Karen Bente Camilla
        Pia Lone Charlotte Jette Louise Ida Tina Julie Gitte Birthe Sofie Emma Inger Birgit Lis
        Laura Ulla Dorthe Christina Lisbeth Line Heidi Rikke Mathilde Sara Freja Ellen Annette
        Vibeke Pernille Signe Tove Cecilie Trine Merete Karin Katrine Maja Ruth Caroline Maiken
        Birgitte Sanne Astrid Ditte Amalie Nanna Stine Malene Grethe Alberte Josefine Bodil Åse
        """),
    men=names("""
        Peter Michael Lars Jens Thomas Henrik Søren Christian Martin Jan Morten Anders Jesper
        Hans Niels Mads Rasmus Per Ole Jørgen Kim Daniel Mikkel Erik Jacob Frederik Kasper Jonas
        Bent Carsten Brian Claus Finn Emil Poul Kurt Steen Torben Allan Nikolaj Flemming Knud
        Simon Magnus Oliver Svend Ib Mathias Tobias Lasse John Karsten Leif Kristian Bjarne Mogens
        Preben Kenneth Johannes Sebastian Troels Viggo Åge Gustav Malthe Asger Esben Aksel
        """),
    second_names=(
        listed("Marie Kirstine Margrethe Sofie Louise Katrine Elisabeth Maria"),
        listed("Christian Peter Erik Holger Emil Kristian Henrik Oluf"),
    ),
    second_name_rate=0.13,
    surnames=names("""
        Nielsen Jensen Hansen Andersen Pedersen Christensen Larsen Sørensen Rasmussen Jørgensen
        Petersen Madsen Kristensen Olsen Thomsen Christiansen Poulsen Johansen Møller Mortensen
        Knudsen Jakobsen Jacobsen Mikkelsen Olesen Frederiksen Laursen Henriksen Lund Schmidt
        Eriksen Holm Kristiansen Clausen Simonsen Svendsen Andreasen Iversen Jeppesen Mogensen
        Vestergaard Jespersen Nissen Lauridsen Frandsen Østergaard Jepsen Kjær Carlsen Dahl
        Jessen Nørgaard Christoffersen Bertelsen Søndergaard Bech Friis Bruun Lauritsen Schultz
        Kjeldsen Bak Steffensen Danielsen Ravn Mathiesen Gregersen Damgaard Bach Krogh Kruse
        Brandt Toft Dam Winther Villadsen Overgaard Hermansen Skov Bang Thygesen Berg Hald Beck
        Villumsen Holst Eskildsen Juhl Kjærgaard Marcussen Astrup
        """),
    rare_heads=listed("""
        Nør Vester Øster Sønder Kirke Dal Bjerre Lind Elle Toft Lyng Sand Kær Højs Birke Eske
        Ravn Hede Mølle Skov Grøn Kold Ege Krag Aa
        """),
    rare_tails=listed("gaard lund bjerg holm strup dal skov by mark toft bæk høj vang"),
    rare_rate=0.3,
    two_surnames=False,
    double_rate=0.22,
    double_joint=" ",
    nicknames=short_forms("""
        Frederik:Frede Christian:Chris Mathias:Matti Nikolaj:Niko,Nik Sebastian:Basti Michael:Mikey
        Alexander:Alex Johannes:Hannes Rasmus:Ras Oliver:Olli Torben:Tobber Kristian:Kris
        Jørgen:Jørn Jacob:Jake Thomas:Tom Christina:Stina,Tina Elisabeth:Lis,Lisbeth
        Charlotte:Lotte Susanne:Sus,Sanne Mathilde:Tilde Josefine:Fine Cecilie:Cille Pernille:Nille
        Annette:Nette Margrethe:Grethe Birgitte:Gitte Katrine:Trine Camilla:Milla Caroline:Caro
        Marianne:Janne Karen:Kaja Amalie:Malle Daniel:Dan Magnus:Mange Kenneth:Ken
        """),
    spellings=pairs("""
        c:k k:c kr:chr f:ph ks:x aa:å v:w gaard:gård th:t nn:n ss:s dt:t d:dd i:ie j:i ej:aj ch:k
        h:
        """),
    transliterations=pairs("æ:ae ø:oe å:aa Æ:Ae Ø:Oe Å:Aa é:e"),
    cities=cities("""
København|1050-2450|33 35 38
Aarhus|8000-8260|86 87
Odense|5000-5270|63 65 66
Aalborg|9000-9220|98 99
Frederiksberg|1810-2000|36 38
Esbjerg|6700-6715|75
Randers|8900-8960|86
Kolding|6000-6092|75
Horsens|8700-8740|75
Vejle|7100-7120|75
Roskilde|4000-4030|46
Herning|7400-7430|97
Silkeborg|8600-8653|86
Hørsholm|2970-2980|45
Helsingør|3000-3060|49
Næstved|4700-4720|55
Viborg|8800-8840|86
Fredericia|7000-7007|75
Køge|4600-4623|56
Holstebro|7500-7560|97
Sønderborg|6400-6440|74
Svendborg|5700-5771|62
Hillerød|3400-3480|48
Hjørring|9800-9850|98
Slagelse|4200-4220|58
"""),
    street_heads=listed("""
        Kirke Skole Bøge Birke Ege Linde Møller Strand Skov Nørre Vester Øster Sønder Park Engs
        Stations Bakke Kastanje Rosen Tværs Sø Dal Kløver Lærke Mejeri Præste Jernbane Havne
        Fasan Hassel Granske Marks Ahorn Pile Violen Lyng
        """),
    street_tails=listed("vej gade allé stræde parken vænget bakken"),
    number_first=False,
    abbreviations=pairs("gade:gd. vej:v. allé:alle vænget:vg. stræde:str."),
    flat="{floor}. {side}",
    postcode_width=4,
    postcode_split=0,
    postcode_tail="",
    calling="45",
    trunk="",
    trunk_joint=" ",
    mobile_prefixes=tuple(
        f"{series}{digit}"  # no series is given out below its first hundred thousand
        for series in listed("20 21 22 23 24 25 26 27 28 29 30 31 40 41 42 50 51 52 53 60 61 71 81")
        for digit in range(1, 10)
    ),
    mobile_length=8,
    mobile_groups=(2, 2, 2, 2),
    landline_length=8,
    providers=names("gmail.com hotmail.com mail.dk outlook.dk live.dk icloud.com yahoo.dk", flat=1),
    domain="dk",
    shared_mailboxes=("info", "kontakt", "mail", "faktura"),
    firm_words=listed("""
        Nordhavn Limfjord Øresund Vesterhav Skagen Bøgelund Sydfyn Kattegat Møllen Storkereden
        Amager Havneby Rosenborg Lillebælt Himmelbjerg Egely Solbakken Marsk Tårnby Fjorden
        """),
    firm_trades=listed("""
        Byg El VVS Bageri Revision Transport Ejendomme Maskinfabrik Café Frisør Køreskole Kro
        Rådgivning Blomster Autoservice Rejser
        """),
    firm_forms=("ApS", "A/S", "I/S"),
    walk_in=("Kontantkunde", "Drop-in"),
)
