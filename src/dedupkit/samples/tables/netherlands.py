"""The Netherlands: common names, places and number ranges, from general knowledge."""

from dedupkit.samples.country import Country, cities, listed, names, pairs, short_forms

NETHERLANDS = Country(
    code="NL",
    language="nl",
    currency="EUR",
    women=names("""
        Maria Johanna Anna Cornelia Elisabeth Catharina Wilhelmina Hendrika Petronella Margaretha
        Sanne Lisa Anouk Emma Julia Sophie Eva Lotte Iris Marieke Ingrid Linda Monique Esther
        Annemarie Jolanda Marjolein Ellen Femke Anneke Saskia Yvonne Mirjam Bianca Nienke Astrid
        Karin Petra Carla Jacqueline Wilma Tineke Ria Marijke Marleen Daniëlle Chantal Fleur Roos
        Noa Tess Lieke Sara Floor Maud Jasmijn Hanneke Renske Loes Judith Manon Kim Renée Myrthe
        """),
    men=names("""
        Johannes Jan Cornelis Hendrik Willem Pieter Gerrit Jacobus Petrus Peter Thomas Daan Sem
        Lucas Bram Tim Lars Jeroen Dennis Mark Martijn Erik Robert Marcel Frank Michel Paul Rob
        Henk Kees Piet Wim Hans Ruud Richard Bas Sander Jasper Stefan Rick Niels Maarten Wouter
        Joost Arjan Edwin Patrick Ronald André Gijs Thijs Ruben Jesse Stijn Floris Koen Luuk
        Joris Dirk Klaas Bart Vincent Sjoerd Jelle Matthijs Tobias Rutger Teun René
        """),
    second_names=(
        listed("Maria Johanna Anna Cornelia Elisabeth Wilhelmina"),
        listed("Johannes Maria Jacobus Willem Hendrik Cornelis"),
    ),
    second_name_rate=0.06,
    surnames=names("""
        de_Jong Jansen de_Vries van_den_Berg van_Dijk Bakker Janssen Visser Smit Meijer de_Boer
        Mulder de_Groot Bos Vos Peters Hendriks van_Leeuwen Dekker Brouwer de_Wit Dijkstra Smits
        de_Graaf van_der_Meer van_der_Linden Kok Jacobs de_Haan Vermeulen van_den_Heuvel
        van_der_Veen van_den_Broek de_Bruijn de_Bruin van_der_Heijden Schouten van_Beek Willems
        van_Vliet van_de_Ven Hoekstra Maas Verhoeven Koster van_Dam van_der_Wal Prins Blom Huisman
        Peeters de_Jonge Kuipers van_Veen Postma Kuiper Veenstra Kramer van_den_Brink Scholten
        van_Wijk Post Martens Vink de_Ruiter Timmermans Groen Gerritsen Jonker van_Loon Boer
        van_der_Velde Willemsen Smeets de_Lange de_Vos Bosch van_Dongen Schipper de_Koning
        van_der_Laan Koning van_der_Velden Driessen van_Doorn Hermans Evers van_den_Bosch
        van_der_Meulen Hofman Bosman Wolters Sanders van_der_Horst Mol Kuijpers Molenaar
        van_de_Pol Yilmaz van_'t_Hof
        """),
    rare_heads=listed("""
        Hoek Dijk Veld Zand Berg Hof Bos Water Linden Heer Oos West Noor Klein Groot Ooster Meer
        Ter Bruin Eiken Haar Rozen Molen Vaart Schaap Wester Boom Kerk
        """),
    rare_tails=listed("stra sma huis kamp man veld brink broek mans horst boom laar hof ink"),
    rare_rate=0.35,
    two_surnames=False,
    double_rate=0.1,
    double_joint="-",
    nicknames=short_forms("""
        Johannes:Jan,Hans,Joop Cornelis:Kees,Cor Hendrik:Henk,Rik Willem:Wim,Pim Pieter:Piet,Peter
        Jacobus:Jaap,Koos Petrus:Piet,Peter Gerrit:Gert Robert:Rob Martijn:Tijn Matthijs:Thijs
        Stefan:Stef Vincent:Vince Patrick:Pat Thomas:Tom Ronald:Ron Maarten:Maart Richard:Ries
        Johanna:Hanneke,Jo Cornelia:Corrie,Cor Elisabeth:Els,Betty Catharina:Tineke,Toos,Karin
        Wilhelmina:Wil,Mien,Willy Hendrika:Riek,Rika Petronella:Nel,Petra Margaretha:Greet,Marga
        Annemarie:Annemiek Jacqueline:Jacky Marjolein:Jolein Maria:Marie,Ria Daniëlle:Daan
        Monique:Mo Jasmijn:Jas Sophie:Fie Judith:Juut Chantal:Chan
        """),
    spellings=pairs("""
        ij:y y:ij c:k k:c ss:s s:z z:s ff:f v:f th:t ei:ij oo:o aa:a dt:d ck:k ks:x ph:f ou:au
        g:ch h:
        """),
    transliterations=pairs("ë:e é:e ï:i ö:o ü:u"),
    cities=cities(
        """
Amsterdam|1011-1109|20
Rotterdam|3011-3089|10
Den_Haag|2491-2597|70
Utrecht|3511-3585|30
Eindhoven|5611-5658|40
Groningen|9711-9747|50
Tilburg|5011-5049|13
Almere|1311-1363|36
Breda|4811-4839|76
Nijmegen|6511-6546|24
Apeldoorn|7311-7339|55
Haarlem|2011-2037|23
Arnhem|6811-6846|26
Enschede|7511-7548|53
Amersfoort|3811-3829|33
's-Hertogenbosch|5211-5237|73
Zwolle|8011-8045|38
Leiden|2311-2334|71
Maastricht|6211-6229|43
Dordrecht|3311-3329|78
Delft|2611-2629|15
Alkmaar|1811-1827|72
Leeuwarden|8911-8941|58
Deventer|7411-7433|570
Hilversum|1211-1223|35
Middelburg|4331-4341|118
""".replace("_", " ")
    ),
    street_heads=listed("""
        Kerk School Dorps Molen Beatrix Juliana Wilhelmina Oranje Linden Beuken Eiken Berken
        Kastanje Rozen Tulpen Merel Lijster Zwaluw Vondel Rembrandt Vermeer Markt Haven Stations
        Nieuw Hoog Zuider Noorder Wester Ooster Parallel Prins_Hendrik Boeren Weide Esdoorn Spoor
        """),
    street_tails=listed("straat laan weg plein hof singel kade dreef"),
    number_first=False,
    abbreviations=pairs("straat:str. laan:ln. plein:pl. straat:str weg:wg. singel:sgl."),
    flat="{floor} hoog",
    postcode_width=4,
    postcode_split=0,
    postcode_tail=" @@",
    calling="31",
    trunk="0",
    trunk_joint="-",
    mobile_prefixes=listed("61 62 63 64 65 68"),
    mobile_length=9,
    mobile_groups=(1, 8),
    landline_length=9,
    providers=names(
        "gmail.com hotmail.com ziggo.nl outlook.com kpnmail.nl live.nl planet.nl icloud.com", flat=1
    ),
    domain="nl",
    shared_mailboxes=("info", "contact", "administratie", "verkoop"),
    firm_words=listed("""
        Waterland Maasoever Zeeland Polder Veluwe Zuiderzee Amstel Molenwiek Tulp Haagse Rijnstroom
        Duinzicht Oranje Kempen Gouden Noordzee Betuwe Lindehof Hanze Texel
        """),
    firm_trades=listed("""
        Bouw Elektra Installatie Bakkerij Accountants Transport Vastgoed Techniek Horeca Kappers
        Rijschool Hotel Advies Bloemen Autobedrijf Reizen
        """),
    firm_forms=("B.V.", "V.O.F.", "BV"),
    walk_in=("Passant", "Losse klant"),
)
