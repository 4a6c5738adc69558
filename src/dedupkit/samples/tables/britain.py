"""Great Britain: common names, places and number ranges, from general knowledge."""

from dedupkit.samples.country import Country, cities, listed, names, pairs, short_forms

BRITAIN = Country(
    code="GB",
    language="en",
    currency="GBP",
    women=names("""
        Margaret Susan Sarah Patricia Elizabeth Mary Jennifer Emma Jane Helen Karen Julie Christine
        Laura Claire Rebecca Nicola Jacqueline Linda Louise Amanda Victoria Charlotte Catherine
        Rachel Samantha Barbara Sharon Deborah Lisa Tracey Hannah Emily Sophie Jessica Olivia Amy
        Chloe Lucy Katie Gemma Angela Alison Michelle Joanne Anne Sandra Carol Janet Dorothy Jean
        Joan Sheila Maureen Pauline Kathleen Grace Lauren Megan Holly Abigail Georgina Zoë Priya
        Fatima Eleanor Philippa Heather Fiona Alice Harriet Siân
        """),
    men=names("""
        David John Michael Peter Paul Robert James Andrew Richard Christopher Stephen Mark William
        Thomas Ian Kevin Anthony Simon Steven Daniel Matthew Martin Alan Philip Graham Colin Gary
        Jonathan Neil Keith Brian Edward George Nigel Benjamin Samuel Joseph Alexander Charles Adam
        Oliver Jack Harry Joshua Luke Ryan Nicholas Timothy Stuart Barry Kenneth Roger Derek Gordon
        Trevor Ronald Raymond Terence Patrick Dean Craig Lee Jason Mohammed Liam Callum Henry
        Frederick Gareth Rhys Douglas
        """),
    second_names=(
        listed("Anne Louise Jane Elizabeth Marie Mary Rose Grace Ruth"),
        listed("James John William David Robert Edward Charles Peter Thomas"),
    ),
    second_name_rate=0.08,
    surnames=names("""
        Smith Jones Taylor Brown Williams Wilson Johnson Davies Robinson Wright Thompson Evans
        Walker White Roberts Green Hall Wood Jackson Clarke Patel Khan Lewis James Phillips Mason
        Mitchell Rose Davis Rodriguez Cox Alexander Morris Turner Hill Cooper Ward Morgan Moore
        Clark Harrison King Lee Baker Allen Scott Hughes Edwards Parker Bennett Young Harris
        Watson Martin Carter Richardson Shaw Collins Bell Murphy Bailey Cook Miller Kelly Simpson
        Marshall Price Anderson Adams Wilkinson Foster Ellis Chapman Ali Begum Gray Campbell Stewart
        Robertson Murray Macdonald Reid Ross Graham O'Brien O'Connor McCarthy Hussain Singh Kaur
        Ahmed Stevens Fletcher Webb Hunt Palmer Rogers Mills Barnes Knight Dixon Butler Pearce
        """),
    rare_heads=listed("""
        Ash Brad Carl Hol Whit Black Wood Hart Lang New Stan Thorn West East Nor Sut Clay Stan Hem
        Kirk Rad Wal Brom Den Far Hazel Elm
        """),
    rare_tails=listed(
        "ley ton ford field well bury ham worth wick by stone well den more man hurst"
    ),
    rare_rate=0.35,
    two_surnames=False,
    double_rate=0.05,
    double_joint="-",
    nicknames=short_forms("""
        William:Bill,Will,Billy Robert:Bob,Rob,Bobby Richard:Dick,Rick,Rich James:Jim,Jimmy,Jamie
        Christopher:Chris Michael:Mike,Mick Stephen:Steve Steven:Steve Thomas:Tom,Tommy
        Anthony:Tony Daniel:Dan,Danny Matthew:Matt Philip:Phil Jonathan:Jon,Jonny Edward:Ed,Ted
        Benjamin:Ben Samuel:Sam Joseph:Joe Alexander:Alex,Sandy Charles:Charlie,Chuck Joshua:Josh
        Nicholas:Nick Timothy:Tim Kenneth:Ken Ronald:Ron Raymond:Ray Terence:Terry Patrick:Pat
        Frederick:Fred,Freddie David:Dave Andrew:Andy Peter:Pete Gregory:Greg Douglas:Doug
        Henry:Harry Oliver:Ollie Gareth:Gaz Margaret:Maggie,Peggy,Meg Susan:Sue Sarah:Sally
        Patricia:Pat,Trish Elizabeth:Liz,Beth,Betty,Lizzie Jennifer:Jenny,Jen Christine:Chris
        Rebecca:Becky Nicola:Nicky Jacqueline:Jackie Amanda:Mandy Victoria:Vicky,Tori
        Charlotte:Charlie,Lottie Catherine:Kate,Cathy Rachel:Rach Samantha:Sam Barbara:Babs
        Deborah:Debbie,Deb Hannah:Han Jessica:Jess Olivia:Liv Joanne:Jo Dorothy:Dot Kathleen:Kath
        Abigail:Abi Georgina:Georgie Philippa:Pippa Eleanor:Ellie,Nell Angela:Angie Michelle:Shell
        """),
    spellings=pairs("""
        ph:f ph:v y:i ie:y ck:k ll:l tt:t nn:n th:t ea:ee ei:ie ar:er ey:y gh:g cl:kl mc:mac
        ks:x oe:o e:
        """),
    transliterations=pairs("ë:e â:a é:e"),
    cities=cities("""
London|N1-22|207 208
Birmingham|B1-47|1212 1214
Manchester|M1-40|161
Leeds|LS1-29|1132
Glasgow|G1-77|141
Liverpool|L1-38|151
Sheffield|S1-36|1142
Edinburgh|EH1-17|131
Bristol|BS1-16|1179
Leicester|LE1-9|1162
Cardiff|CF3-24|2920
Nottingham|NG1-16|1159
Coventry|CV1-8|2476
Newcastle upon Tyne|NE1-20|191
Southampton|SO14-19|2380
Brighton|BN1-3|1273
Plymouth|PL1-9|1752
Reading|RG1-9|1189
Norwich|NR1-16|1603
Oxford|OX1-4|1865
Cambridge|CB1-5|1223
York|YO1-32|1904
Exeter|EX1-6|1392
Aberdeen|AB10-25|1224
Swansea|SA1-7|1792
Bath|BA1-2|1225
Derby|DE1-24|1332
"""),
    street_heads=listed("""
        High Station Church Mill Park London Victoria Albert Queens Kings Green Manor Chapel School
        North South West Grange New Springfield Alexandra George Highfield Meadow Orchard Elm Oak
        Ash Beech Cedar Willow Chestnut Richmond Windsor York Clarence Grove Rectory Woodland
        """),
    street_tails=listed("_Road _Street _Avenue _Close _Lane _Drive _Gardens _Terrace _Crescent"),
    number_first=True,
    abbreviations=pairs("""
        _Road:_Rd _Street:_St _Avenue:_Ave _Close:_Cl _Lane:_Ln _Drive:_Dr _Gardens:_Gdns
        _Terrace:_Tce _Crescent:_Cres _Road:_Rd. _Street:_St.
        """),
    flat="Flat {door}",
    postcode_width=1,
    postcode_split=0,
    postcode_tail=" 9@@",
    calling="44",
    trunk="0",
    trunk_joint=" ",
    mobile_prefixes=listed("""
        740 742 746 748 753 754 771 772 773 774 775 785 786 790 794 796
        """),
    mobile_length=10,
    mobile_groups=(4, 6),
    landline_length=10,
    providers=names(
        "gmail.com hotmail.co.uk btinternet.com outlook.com yahoo.co.uk icloud.com sky.com"
        " live.co.uk",
        flat=1,
    ),
    domain="co.uk",
    shared_mailboxes=("info", "enquiries", "office", "accounts"),
    firm_words=listed("""
        Northgate Riverside Kingfisher Thames Pennine Cotswold Severn Lakeside Oakwood Harbour
        Beacon Castle Meadow Silverdale Bridgewater Crown Highland Tyne Fenland Solent
        """),
    firm_trades=listed("""
        Builders Electrical Plumbing Bakery Accountants Transport Properties Engineering Catering
        Hairdressers Motors Hotels Consulting Florists Garages Travel
        """),
    firm_forms=("Ltd", "Limited", "LLP", "plc"),
    walk_in=("Walk-in", "Cash Sale", "Cash Customer"),
)
