"""The composites and segments of EDIFACT that the messages of a distributor use, elements in order.

As in directory D.96A, with what later directories added; where a directory moved an element into a
composite (BGM, NAD, LIN), both are read by the same table. `!`: mandatory; `(..)*n`: n times.
"""

COMPOSITES = """
S001 | Syntax | 0001!, 0002!, 0110
S002 | Sender | 0004!, 0007, 0008
S003 | Receiver | 0010!, 0007, 0014
S004 | Made | 0017!, 0019!
S005 | Receiver's reference or password | 0022!, 0025
S006 | Sender of the group | 0040!, 0007
S007 | Receiver of the group | 0044!, 0007
S008 | Version of the message | 0052!, 0054!, 0057
S009 | Message | 0065!, 0052!, 0054!, 0051!, 0057, 0110, 0113
S010 | Transfer | 0070!, 0073
S011 | Faulty element | 0098!, 0104, 0136
C002 | Kind of document | 1001, 1131, 3055, 1000
C058 | Name and address | (3124)*5
C059 | Street | (3042)*4
C076 | Reached | 3148!, 3155!
C078 | Account | 3194, 3192, 3192, 6345
C080 | Name | 3036!, 3036, 3036, 3036, 3036, 3045
C082 | Identification | 3039!, 1131, 3055
C056 | Contact | 3413, 3412
C088 | Bank | 3433, 1131, 3055, 3434, 1131, 3055, 3432, 3436
C099 | File | 1001, 1056
C100 | Terms of delivery | 4053, 1131, 3055, 4052, 4052
C106 | Document number | 1004, 1056, 1060
C107 | Text by code | 4441!, 1131, 3055
C108 | Text | 4440!, 4440, 4440, 4440, 4440
C110 | Terms of payment | 4277!, 1131, 3055, 4276, 4276
C112 | Time | 2475!, 2009, 2151, 2152
C128 | Rate | 5419!, 5420!, 5284, 6411
C138 | Price multiplier | 5394!, 5393
C174 | Measure | 6411, 6314, 6162, 6152, 6432
C186 | Quantity | 6063!, 6060!, 6411
C198 | Product | 7140!, 7143
C200 | Charge | 8023, 1131, 3055, 8022, 4237, 7140
C202 | Kind of package | 7065, 1131, 3055, 7064
C205 | Hazard | 7419, 7418
C206 | Identity | 7402!, 7405, 4405
C208 | Identity numbers | 7402!, 7402:Up to
C210 | Marks | (7102)*10
C211 | Dimensions | 6411!, 6168, 6140, 6008
C212 | Item number | 7140, 7143, 1131, 3055
C213 | Packages | 7224, 7065, 1131, 3055, 7064
C214 | Service | 7161, 1131, 3055, 7160, 7160
C218 | Hazardous goods | 7419, 1131, 3055, 7418
C220 | Mode of transport | 8067, 8066
C222 | Vehicle | 8213, 1131, 3055, 8212, 3207
C224 | Equipment | 8155, 1131, 3055, 8154
C228 | Means of transport | 8179, 8178
C229 | Charge | 5279, 1131, 3055
C237 | Equipment number | 8260, 1131, 3055, 3207
C240 | Characteristic | 7037!, 1131, 3055, 7036, 7036
C241 | Tax | 5153, 1131, 3055, 5152
C243 | Rate of the tax | 5279, 1131, 3055, 5278, 5273, 1131, 3055
C242 | Process | 7187!, 1131, 3055, 7186, 7186
C270 | Control | 6069!, 6066!, 6411
C273 | Description | 7009, 1131, 3055, 7008, 7008, 3453
C279 | Difference | 6064!, 6063
C280 | Range | 6411!, 6162, 6152
C286 | Sequence | 1050!, 1159, 1131, 3055
C288 | Price group | 5389, 1131, 3055, 5388
C329 | Pattern | 2013, 2015, 2017
C401 | Extra transport | 8457!, 8459!, 7130
C402 | Package by description | 7077!, 7064!, 7143, 7064, 7143
C501 | Percent | 5245!, 5482, 5249, 1131, 3055
C502 | What is measured | 6313, 6321, 6155, 6154
C503 | Document | 1004, 1373, 1366, 3453
C504 | Currency | 6347!, 6345, 6343, 6348
C506 | Reference | 1153!, 1154, 1156, 4000, 1060
C507 | Date | 2005!, 2380, 2379
C509 | Price | 5125!, 5118, 5375, 5387, 5284, 6411
C512 | Size | 6350, 6353
C516 | Amount | 5025!, 5004, 6345, 6343, 4405
C517 | Place | 3225, 1131, 3055, 3224
C519 | Place, first related | 3223, 1131, 3055, 3222
C521 | Business function | 4027!, 4025!, 1131, 3055
C522 | Instruction | 4405!, 1131, 3055, 4440
C523 | Units | 6350, 6353
C524 | Handling | 4079, 1131, 3055, 4078
C529 | Processing indicator | 7365!, 1131, 3055, 7187
C531 | Packaging | 7075, 7233, 7073
C532 | Returnable package | 8395, 8393
C533 | Account of the tax | 5289!, 1131, 3055
C534 | Payment | 4439, 4431, 4461, 1131, 3055, 4435
C550 | Requirement | 7295!, 1131, 3055, 7294
C552 | Allowance | 1230, 5189
C553 | Place, second related | 3233, 1131, 3055, 3232
C555 | Status | 9011!, 1131, 3055, 9010
C556 | Reason | 9013!, 1131, 3055, 9012
C601 | Kind of status | 9015!, 1131, 3055
C701 | Place of the fault | 1003, 1052, 1054
C703 | Nature of the cargo | 7037!, 1131, 3055
C819 | Region | 3229, 1131, 3055, 3228
C827 | Kind of mark | 7511!, 1131, 3055
C829 | Sub-line | 5495, 1082
C889 | Value | 7111, 1131, 3055, 7110, 7110
C901 | Fault | 9321!, 1131, 3055
C960 | Reason of the change | 4295, 1131, 3055, 4294
"""

ENVELOPE = """
UNA | Separators |
UNB | Start of the envelope | S001!, S002!, S003!, S004!, 0020!, S005, 0026, 0029, 0031, 0032, 0035
UNZ | End of the envelope | 0036!, 0020!
UNG | Start of a group | 0038!, S006!, S007!, S004!, 0048!, 0051!, S008!, 0058
UNE | End of a group | 0060!, 0048!
UNH | Start of a message | 0062!, S009!, 0068, S010
UNT | End of a message | 0074!, 0062!
UNS | Next section | 0081!
UCI | Word on an envelope | 0020!:Envelope spoken of, S002!, S003!, 0083!, 0085, 0135, S011
UCF | Word on a group | 0048!, S006, S007, 0083!, 0085, 0135, S011
UCM | Word on a message | 0062!, S009!, 0083!, 0085, 0135, S011
UCS | Fault in a segment | 0096!, 0085
UCD | Fault in an element | 0085!, S011!
"""

HEADER = """
BGM | Start of the document | C002, C106, 1225, 4343
DTM | Date | C507!
PAI | How it is paid | C534!
ALI | Further conditions | 3239, 9213, (4183)*5
IMD | Description | 7077, C272:What is described, C273, 7383
FTX | Text | 4451!, 4453, C107, C108, 3453, 4447
GIR | Related numbers | 7297!, (C206)*5
RFF | Reference | C506!
NAD | Party | 3035!, C082, C058, C080, C059, 3164, C819, 3251, 3207
LOC | Place | 3227!, C517, C519, C553, 5479
FII | Bank | 3035!, C078, C088, 3207
DOC | Document wanted | C002!, C503, 3153, 1220, 1218
CTA | Contact | 3139, C056
COM | Reached by | C076!
TAX | Tax | 5283!, C241, C533, 5286, C243, 5305, 3446:Tax number, 1227
MOA | Amount | C516!
CUX | Currency | C504, C504, 5402, 6341
PCD | Percent | C501!
PAT | Terms of payment | 4279!, C110, C112
TDT | Transport | 8051!, 8028, C220, C228, C040:Carrier, 8101, C401, C222, 8281
TOD | Terms of delivery | 4055, 4215, C100
SCC | Scheduling | 4017!, 4493, C329
ALC | Allowance or charge | 5463!, C552, 4471, 1227, C214
RTE | Rate | C128!
RNG | Range | 6167!, C280
RCS | Requirement | 7293!, C550, 1229
DGS | Dangerous goods | 8273:Regulation, C205
GIS | Processing indicator | C529!
BUS | Business function | C521, 3279:Domestic or abroad, 4487:Kind of transaction
PGI | Price group | 5379!, C288
APR | Price multiplier | 4043, C138, C960
AJT | Adjustment | 4465!, 1082
INP | Instruction to parties | C849:Parties, C522, C850:Status, 1229
ERC | Fault of the application | C901!
STS | Status | C601, C555, (C556)*5
GEI | Processing information | 9649:Kind of information, C012:Processing
STG | Stages | 9421!, 6426:Number of the process, 6428:Number of it in all
"""

LINES = """
LIN | Line | 1082, 1229, C212, C829, 1222, 7083
PIA | Further item numbers | 4347!, (C212)*5
MEA | Measure | 6311!, C502, C174, 7383
QTY | Quantity | C186!
QVR | Difference | C279, 4221, C960
PRI | Price | C509, 5213
GIN | Identity numbers | 7405!, (C208)*5
PAC | Packages | 7224, C531, C202, C402, C532
PCI | Marks and labels | 4233, C210, 8275, C827
CPS | Packing level | 7164!, 7166, 7075
HAN | Handling | C524, C218
EQD | Equipment | 8053!, C237, C224, 8077, 8249, 8169
EQN | Number of units | C523!
SEL | Seal | 9308:Seal number, C215:Who sealed, 4517:State of the seal
SGP | Goods in equipment | C237!, 7224
GID | Goods | 1496, (C213)*3
CNI | Consignment | 1490, C503, 1312
CNT | Control total | C270!
DLM | Limits of the delivery | 4455:Backorders, C522, C214, 4457:Substitution
LAN | Language |
SEQ | Sequence | 1245, C286
INV | Stock movement | 4501, 7491, 4499, 4503, C522
CCI | Characteristic | 7059, C502, C240
CAV | Value of a characteristic | C889!
DIM | Dimensions | 6145!, C211!
PRC | Process | C242!
PIT | Price item | 1082, 1229, C292:Price change, 7011, 5495, 1222, 7083
RCI | Reservation |
TSR | Transport service | C536:Contract, C233:Service, C537:Priority, C703
CPI | Charge payment | C229, C231:Method of payment, 4237
IND | Index | C545:Index, C546:Value
ORG | Originator of the request |
DAT | Product date |
MTD | Maintenance |
MSG | Message identification |
TVL | Travel |
APD | Transport details |
IMD1 | Description |
"""
