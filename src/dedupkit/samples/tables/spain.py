"""Spain: common names, places and number ranges, from general knowledge."""

from dedupkit.samples.country import Country, cities, listed, names, pairs, short_forms

SPAIN = Country(
    code="ES",
    language="es",
    currency="EUR",
    women=names("""
        María Carmen Ana Isabel Laura Cristina Marta Dolores Pilar Lucía Elena Rosa Josefa Paula
        Raquel Francisca Antonia Mercedes Sara Julia Beatriz Rocío Concepción Rosario Teresa
        Alba Patricia Irene Silvia Montserrat Encarnación Andrea Nuria Sonia Claudia Alicia
        Sandra Susana Yolanda Marina Sofía Natalia Inmaculada Eva Ángela Margarita Inés Verónica
        Noelia Carla Amparo Lorena Manuela Daniela Victoria Consuelo Ángeles Luisa Esther Nerea
        Begoña Gloria Olga Miriam Celia Aurora Ainhoa Emilia Leonor
        """),
    men=names("""
        Antonio José Manuel Francisco David Juan Javier Daniel Carlos Jesús Alejandro Miguel
        Rafael Pedro Pablo Ángel Sergio Fernando Jorge Luis Alberto Álvaro Adrián Diego Raúl
        Iván Enrique Ramón Rubén Óscar Vicente Andrés Joaquín Víctor Mario Santiago Eduardo
        Roberto Jaime Ignacio Marcos Alfonso Salvador Ricardo Hugo Jordi Emilio Julián Guillermo
        Gabriel Tomás Agustín Marc Gonzalo Felipe Mohamed Martín Nicolás Cristian Mariano Josep
        Ismael Héctor Domingo Iker Samuel Alonso Rodrigo Xavier Aitor Gregorio
        """),
    second_names=(
        listed("José Isabel Teresa Carmen Pilar Dolores Luisa Victoria Mar Belén"),
        listed("Antonio Luis Manuel Carlos Javier María Miguel Ángel Ignacio Ramón"),
    ),
    second_name_rate=0.24,
    surnames=names("""
        García Rodríguez González Fernández López Martínez Sánchez Pérez Gómez Martín Jiménez
        Hernández Ruiz Díaz Moreno Muñoz Álvarez Romero Gutiérrez Alonso Navarro Torres
        Domínguez Ramos Vázquez Ramírez Gil Serrano Molina Morales Blanco Suárez Castro Ortega
        Delgado Ortiz Marín Rubio Núñez Medina Sanz Castillo Iglesias Cortés Garrido Santos
        Guerrero Lozano Cano Cruz Méndez Flores Prieto Herrera Peña León Márquez Cabrera Gallego
        Calvo Vidal Campos Reyes Vega Fuentes Carrasco Díez Aguilar Caballero Nieto Santana
        Pascual Vargas Giménez Montero Herrero Lorenzo Hidalgo Benítez Ibáñez Arias Santiago
        Durán Ferrer Carmona Vicente Mora Rojas Crespo Soto Velasco Román Pastor Saez Parra Moya
        Bravo Soler Gallardo Esteban
        """),
    rare_heads=listed("""
        Villa Fuente Monte Castel Torre Riba Casa Puerto Alda Arana Echeve Goico Mendi Uri Ibar
        Campo Valde Pala Sala Ferra
        """),
    rare_tails=listed("nueva rrubia verde grande mayor longo bella rría chea zábal blanca franca"),
    rare_rate=0.16,
    two_surnames=True,
    double_rate=0.0,
    double_joint=" ",
    nicknames=short_forms("""
        Francisco:Paco,Fran,Curro José:Pepe Manuel:Manolo,Manu Antonio:Toni Jesús:Suso,Chus
        Alejandro:Álex,Jandro Rafael:Rafa Ignacio:Nacho Enrique:Quique Eduardo:Edu Alberto:Berto
        Guillermo:Guille Fernando:Fer Javier:Javi Daniel:Dani Santiago:Santi Roberto:Rober
        Joaquín:Ximo,Quino Gregorio:Goyo Miguel:Migue Salvador:Salva Nicolás:Nico Juan:Juanito
        Dolores:Lola Concepción:Concha,Conchi Josefa:Pepa Francisca:Paqui,Paca Mercedes:Merche
        Isabel:Isa Montserrat:Montse Encarnación:Encarna Inmaculada:Inma Rosario:Charo
        Pilar:Pili Carmen:Mamen,Carmela Consuelo:Chelo Cristina:Cris Beatriz:Bea Teresa:Maite
        Patricia:Patri Susana:Susi Yolanda:Yoli Antonia:Toñi Margarita:Marga Verónica:Vero
        Milagros:Mila Natalia:Nati Manuela:Manoli
        """),
    spellings=pairs("""
        b:v v:b z:s s:z c:s ll:y y:ll j:g g:j h: x:s x:j qu:k mn:nn cc:c
        """),
    transliterations=pairs("ñ:ny ñ:nn Ñ:N ü:u ç:c"),
    cities=cities("""
Madrid|28001-28055|91
Barcelona|8001-8042|93
Valencia|46001-46026|96
Sevilla|41001-41020|95
Zaragoza|50001-50021|976
Málaga|29001-29018|952
Murcia|30001-30012|968
Palma|7001-7015|971
Las Palmas de Gran Canaria|35001-35020|928
Bilbao|48001-48015|94
Alicante|3001-3016|965
Córdoba|14001-14014|957
Valladolid|47001-47017|983
Vigo|36201-36216|986
Gijón|33201-33213|985
A Coruña|15001-15011|981
Vitoria-Gasteiz|1001-1015|945
Granada|18001-18016|958
Oviedo|33001-33013|985
Santa Cruz de Tenerife|38001-38010|922
Pamplona|31001-31016|948
Almería|4001-4009|950
San Sebastián|20001-20018|943
Burgos|9001-9007|947
Castellón de la Plana|12001-12006|964
Santander|39001-39012|942
Logroño|26001-26009|941
"""),
    street_heads=(
        "Calle ",
        "Calle ",
        "Calle ",
        "Avenida ",
        "Plaza ",
        "Paseo ",
        "Calle de ",
        "Ronda ",
    ),
    street_tails=listed("""
        Mayor Real Sol Luna Cervantes Goya Velázquez San_Juan San_José Santa_Ana Constitución
        Libertad Colón Alcalá Toledo Granada Sevilla Nueva Iglesia Fuente Olivos Rosales
        Pintor_Sorolla Ramón_y_Cajal Doctor_Fleming Isaac_Peral Blasco_Ibáñez Primavera Jardines
        Molino Naranjos Castilla Aragón Mediterráneo Estación Lepanto Pizarro Machado
        García_Lorca Quevedo
        """),
    number_first=False,
    abbreviations=pairs("""
        Calle_:C/_ Calle_:C._ Calle_:Cl_ Avenida_:Avda._ Avenida_:Av._ Plaza_:Pza._ Paseo_:P.º_
        Calle_:
        """),
    flat="{floor}.º {letter}",
    postcode_width=5,
    postcode_split=0,
    postcode_tail="",
    calling="34",
    trunk="",
    trunk_joint=" ",
    mobile_prefixes=listed("60 61 62 63 64 65 66 67 68 69"),
    mobile_length=9,
    mobile_groups=(3, 3, 3),
    landline_length=9,
    providers=names(
        "gmail.com hotmail.com yahoo.es hotmail.es outlook.es icloud.com telefonica.net", flat=1
    ),
    domain="es",
    shared_mailboxes=("info", "contacto", "administracion", "ventas"),
    firm_words=listed("""
        Sierra Levante Giralda Ebro Montaña Azahar Cantábrico Castilla Olivar Alborán Costa
        Norte Tajo Mirador Almendro Peñalara Guadiana Ribera Meseta Jarama
        """),
    firm_trades=listed("""
        Construcciones Electricidad Fontanería Panadería Asesores Transportes Inmobiliaria
        Talleres Restauración Peluquería Autoescuela Hoteles Consultores Floristería Seguros
        Viajes
        """),
    firm_forms=("S.L.", "S.A.", "SL", "S.L.U."),
    walk_in=("Cliente contado", "Cliente varios"),
)
