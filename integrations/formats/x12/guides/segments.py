"""The segments of X12 that the sets of a distributor use, with their elements in order.

`!`: mandatory; `@005010`: from that release on; `(..)*n`: n times. Element numbers and their order are
  facts
of the standard (release 004010 unless said otherwise); names are ours, where they differ from those in
`elements`. A number 0: the element has a name here and none in our dictionary.
"""

COMPOSITES = """
C001 | Unit | 355!, 1018, 649, 355:Second unit, 1018, 649, 355:Third unit, 1018, 649
C002 | Action of the paper | 1704!, 1704, 1704, 1704, 1704
C030 | Place in the segment | 722!, 1528, 1686@005010
C040 | Further references | 128!, 127!, 128, 127, 128, 127
C998 | Context | 9999!, 9998
"""

ENVELOPE = """
ISA | Start of the envelope | I01!, I02!, I03!, I04!, I05!:Kind of sender ID, I06!, I05!:Kind of receiver
  ID, I07!,
  I08!, I09!, I10!, I11!, I12!, I13!, I14!, I15!
IEA | End of the envelope | I16!, I12!
TA1 | Word on an envelope | I12!:Envelope spoken of, I08!:Its date, I09!:Its time, I17!, I18!
GS | Start of a group | 479!, 142!, 124!, 373!, 337!, 28!, 455!, 480!
GE | End of a group | 97!, 28!
ST | Start of a document | 143!, 329!, 1705@005010
SE | End of a document | 96!, 329!
AK1 | Group spoken of | 479!, 28!, 480@005010
AK2 | Document spoken of | 143!, 329!, 1705@005010
AK3 | Fault in a segment | 721!, 719!, 447, (720)*5
AK4 | Fault in an element | C030!, 725, 723!, 724
AK5 | Word on the document | 717!, (718)*5
AK9 | Word on the group | 715!, 97!, 123!, 2!, (716)*5
IK3 | Fault in a segment | 721!, 719!, 447, (620)*5
IK4 | Fault in an element | C030!, 725, 621!, 724
IK5 | Word on the document | 717!, (618)*5
CTX | Context of a fault | C998!, 721, 719, 447, C030
"""

BEGINNINGS = """
BEG | Purchase order | 353!, 92!, 324!, 328, 373!:Date of the order, 367, 587:Answer wanted, 1019, 1166,
  1232, 786,
  640
BAK | Answer to an order | 353!, 587!, 324!, 373!:Date of the order, 328, 326, 367, 127:Supplier's order
  number,
  373:Date of the answer, 640
BCH | Change of an order | 353!, 92!, 324!, 328, 327, 373!:Date of the order, 326, 367, 127, 373:Date of the
  change,
  373:Date, 1166
BCA | Answer to a change | 353!, 587!, 324!, 328, 327, 373!:Date of the order, 326, 367, 127:Supplier's
  order number,
  373:Date of the answer, 373:Date of the change, 373:Date
BIG | Invoice | 373!:Date of the invoice, 76!, 373:Date of the order, 324, 328, 327, 640, 353, 306,
  76:Other invoice number
BSN | Ship notice | 353!, 396!, 373!, 337!, 1005, 640, 641
BHT | Start of a structured document | 1005!, 353!, 127, 373, 337, 640
BGN | Start of the document | 353!, 127!, 373!, 337, 623, 127:Earlier reference, 640, 306, 786
BPR | Payment | 305!, 782!:Amount paid, 478!, 591!, 812, 506:Payer's bank number is a, 507:Payer's bank,
  569,
  508:Payer's account, 509, 510, 506:Payee's bank number is a, 507:Payee's bank, 569, 508:Payee's account,
  373:Paid on, 1048, 506, 507, 569, 508
TRN | Trace of the payment | 481!, 127!, 509, 127
OTI | Word on a document of ours | 110!, 128!, 127!, 142, 124, 373, 337, 28, 329, 143, 480, 353, 640, 346,
  306, 305, 641
TED | Fault found | 647!, 3, 721, 719, 722, 725, 724, 961
BFR | Planning schedule | 353!, 127, 328, 675!, 676!, 373!:Plan starts, 373:Plan ends, 373!:Made on,
  373:Brought up to date,
  367, 324, 783, 306
BSS | Shipping or production schedule | 353!, 127!, 373!:Made on, 675!, 373!:Starts, 373!:Ends, 328, 127,
  367, 324, 676
BCT | Catalogue | 683!, 684, 685, 686, 684:Earlier catalogue number, 685, 686, 127, 352, 353
BQT | Request for quotation | 353!, 586!, 373!, 374, 373
BIA | Stock report | 353!, 755!, 127!, 373!, 337, 306
BRA | Receiving advice | 127!:Number of the advice, 373!, 353!, 962!, 337, 412, 306
BPT | Resale report | 353!, 127, 373!, 755
BSR | Order status report | 850!, 847!, 127!:Number of the report, 373!, 337
XQ | Period reported | 305!, 373!:From, 373:To
B2 | Load tender | 375, 140, 154, 145, 188, 146!, 147
B2A | What the tender is for | 353!, 346
B1 | Answer to a load tender | 140, 145!, 373, 558
B10 | Shipment status | 127:Carrier's reference, 145, 140!, 71, 128, 127, 1073
B3 | Freight invoice | 147, 76!, 145, 146!, 188, 373!:Date of the invoice, 193!, 202, 373:Delivered, 374,
  140!, 373,
  375, 335
W05 | Warehouse shipping order | 473!, 285!, 324, 472, 474, 306
W06 | Shipment of the warehouse | 514!, 285!, 373!:Shipped on, 145, 0:Agent's shipment number, 324, 474,
  472, 152,
  0:Reason of the change, 640, 306
W17 | Warehouse receipt | 514!, 373!:Received on, 394!, 285!, 145, 176, 337, 474, 472
G50 | Grocery order | 501!, 373!, 324!
G01 | Grocery invoice | 373!:Date of the invoice, 76!, 373:Date of the order, 324
G82 | Delivery or return | 478!:Delivery or return, 0!:Number of the delivery, 249!:Receiver's DUNS,
  0:Receiver's place,
  249!:Supplier's DUNS, 0:Supplier's place, 373!:Delivered
"""

PARTIES = """
N1 | Party | 98!, 93, 66, 67, 706, 98
N2 | Name, further | 93!, 93
N3 | Address | 166!, 166
N4 | Town | 19, 156, 116, 26, 309, 310, 1715@005010
NX2 | Part of an address | 1106!, 166, 1096
NM1 | Party | 98!, 1065!, 1035, 1036, 1037, 1038, 1039, 66, 67, 706, 98
PER | Contact | 366!, 93, 365, 364, 365, 364, 365, 364, 443
G61 | Contact | 366!, 93!, 365, 364, 443
REF | Reference | 128!, 127, 352, C040
N9 | Reference | 128!, 127, 369, 373, 337, 623, C040
L11 | Reference | 127, 128, 352
DTM | Date | 374!, 373, 337, 623, 1250, 1251
DTP | Date | 374!, 1250!, 1251!
G62 | Date | 432, 373, 176, 337, 623
CUR | Currency | 98!:Whose, 100!, 280, 98, 100:Other currency, 669, (374, 373, 337)*5
TAX | Tax number | 325, 309, 310, 309, 310, 309, 310, 309, 310, 309, 310, 441
FOB | Transport terms | 146!, 309:Freight paid to, 352, 334, 335, 309, 352, 54, 352
ITD | Terms of payment | 336, 333, 338, 370, 351, 446, 386, 362, 388, 389, 342, 352, 765, 107, 954
DIS | Discount | 653!, 654!, 655!, 656!, 657
INC | Instalments | 336!, C001!, 380!, 380, 782
SAC | Allowance or charge | 248!, 1300, 559, 1301, 610, 378, 332, 118, 355, 380, 380:Quantity up to, 331,
  127, 770, 352, 819
ITA | Allowance or charge | 248!, 559, 560, 341, 331, 359, 360, 378, 332, 339, 355, 380, 352
CSH | Sales conditions | 563, 306, 610, 508, 373, 559, 560, 566, 954, 1004
PAM | Amount of a period | 673, 380, C001, 522, 782, 344, 374, 373, 337, 374, 373, 337, 1004, 954, 1073
PCT | Percent | 1004!, 954!
MSG | Text | 933!, 934, 1470
MTX | Text | 363, 1551, 1551, 934, 1470, 819
NTE | Note | 363, 352!
PWK | Paperwork | 755!, 756, 757, 98, 66, 67, 352, C002, 1525
SPI | Specification | 786!, 128, 127, 790, 791, 792, 353, 755
SI | Service characteristics | 559!, (1000!, 234!)*10
LM | List of codes | 559!, 822
LQ | Code of the list | 1270, 1271
LS | Loop starts | 447!
LE | Loop ends | 447!
K1 | Remarks | 61!, 61
CTB | Restriction | 688!, 352, 673, 380, 522, 610
CN1 | Contract | 1166!, 782, 332, 127, 338, 799
ASI | Maintenance | 306!, 875!
C3 | Currency | 100!, 280, 100, 100
"""

LINES = """
UNT | Unit of the planned quantities | 355!
G05 | Totals of the shipment | 0:Units shipped, 355, 0:Weight, 355:Unit of weight
G53 | What is done to the item | 0:Kind of maintenance
BPS | Start of a payment, as early releases wrote it | 0:How it is paid, 0:Amount
PO1 | Order line | 350, 330, 355, 212, 639, (235, 234)*10
PO3 | Line in other units | 371!, 373, 236, 212, 639, 380!, 355!, 352
PO4 | Packing of the item | 356, 357, 355, 103, 187, 384, 355, 385, 355, 82, 189, 65, 355, 810, 752, 350,
  350, 1470
POC | Changed line | 350, 670!, 330, 671, C001, 212, 639, (235, 234)*10
ACK | Answer to the line | 668!, 380, 355, 374, 373, 326, (235, 234)*10, 559, 822, 1271
SCH | Delivery schedule | 380!, 355!, 98, 93, 374!, 373!, 337, 374, 373, 337, 326, 350
SDQ | Quantities by place | 355!, 66, (67:Place, 380)*10, 310
SLN | Part of the line | 350!, 350, 662!, 380, C001, 212, 639, 662, (235, 234)*10
PID | Description | 349!, 750, 559, 751, 352, 752, 822, 1073, 819
PKG | Packing, marking, loading | 349, 753, 559, 754, 352, 400
MEA | Measure | 737, 738, 739, C001, 740, 741, 935, 936, 752, 1373
CTP | Price | 687, 236, 212, 380, C001, 648, 649, 782, 639, 499, 289
QTY | Quantity | 673!, 380, C001, 61
UIT | Unit of the item | C001!, 212, 639
LDT | Lead time | 345!, 380!, 344!, 373
LIN | Item | 350, (235!, 234!)*15
IT1 | Billed line | 350, 358, 355, 212, 639, (235, 234)*10
IT3 | Shipped of the line | 382, 355, 368, 383, 371
IT8 | Sales conditions of the line | 563, 306, 610, 508, 373, 559, 566, (235, 234)*10
TXI | Tax | 963!, 782, 954, 955, 956, 441, 662, 828, 325, 350
TDS | Total | 610!:Total, 610:Subject to discount, 610:After discount, 610:Discount
CAD | Carrier | 91, 206, 207, 140, 387, 368, 128, 127, 284
ISS | Shipped in all | 382, 355, 81, 355, 183, 355
AMT | Amount | 522!, 782!, 478
BAL | Balance | 951!, 522!, 782!
CTT | Totals | 354!, 347, 81, 355, 183, 355, 352
FST | Forecast | 380!, 680!, 681!, 373!, 373:Up to, 374, 337, 128, 127, 783
SDP | Delivery pattern | 678!, 679!, 678, 679, 678, 679, 678, 679
ATH | Authorization | 672!, 373, 380, 380, 373:Since
SHP | Shipped or received so far | 673, 380, 374, 373, 337, 373:Up to, 337
JIT | Just in time | 380!, 337!
RCD | Received of the line | 350, 663, C001, 664, C001, (667, C001, 412)*5
ISR | Status of the line | 368!, 373, 641
ZA | Activity | 859!, 380, 355, 374, 373, 128, 127
PTD | Kind of transfer | 521!, 374, 373, 128, 127
XPO | Orders spoken of | 324!, 324:Up to, 66, 67
RMR | Paid document | 128, 127, 482, 782:Paid, 782:Billed, 782:Discount, 426, 782:Adjustment
RMT | Paid document | 128!, 127!, 782, 782:Total billed, 782:Subject to discount, 782:Discounted,
  782:Discount, 782:Paid
ADX | Adjustment | 782!, 426!, 128, 127
ENT | Party of the payment | 554, 98, 66, 67, 98, 66, 67, 128, 127
"""

TRANSPORT = """
HL | Level | 628!, 734, 735!, 736
PRF | Order shipped | 324!, 328, 327, 373:Date of the order, 350, 367, 92
SN1 | Shipped of the item | 350, 382!, 355!, 646, 330, 355, 728, 668
TD1 | Packages and weight | 103, 80, 23, 22, 79, 187, 81, 355, 183, 355
TD3 | Vehicle | 40, 206, 207, 187, 81, 355, 102, 225, 24, 56
TD4 | Special handling | 152, 208, 209, 352, 1073
TD5 | Carrier and route | 133, 66, 67, 91, 387, 368, 309, 310, 731, 732, 733, 284, 284, 284, 26
MAN | Marks and labels | 88!, 87!, 87:Up to, 88, 87, 87
PAL | Pallet | 883, 884, 885, 356, 395, 355, 82, 189, 65, 355, 384, 355, 385, 355
ETD | Extra freight | 626!, 627!, 128, 127, 1073
CLD | Loads | 622!, 382!, 103, 357, 355
PKL | Packing list | 0:Number
MS1 | Where the goods are | 19, 156, 26, 1654, 1655, 1656, 1657, 116
MS2 | Equipment | 140, 207, 40, 761
MS3 | Carriers of the route | 140!, 133!, 19, 91, 156
AT5 | Handling | 152, 560, 153
AT7 | Status | 1650, 1651, 1652, 1651:Reason of the appointment, 373, 337, 623
AT8 | Weight and packages | 187, 188, 81, 80, 80, 184, 183
SPO | Order in the shipment | 324!, 127, 355, 380, 188, 81
OID | Order in the shipment | 127, 324, 127, 355, 380, 188, 81, 184, 183, 1271, 127
LAD | Lading | 211, 80, 188, 395, 188, 81, (235, 234)*3, 79
LX | Number | 554!
S5 | Stop | 165!, 163!, 81, 188, 382, 355, 183, 184, 352, 154
PLD | Pallets | 406!, 399, 188, 81
N7 | Equipment | 206, 207!, 81, 187, 167, 232, 205, 183, 184, 102, 40, 140, 319, 219, 567, 571, 188, 761,
  56, 65, 189, 24
M7 | Seals | 225!, 225, 225, 225, 98
L0 | Lading: quantity and weight | 213, 220, 221, 81, 187, 183, 184, 80, 211, 458, 188, 56
L1 | Lading: rate and charge | 213, 60, 122, 58, 191, 117, 120, 150, 121, 39, 16, 276, 257, 74, 122
L3 | Totals of the freight | 81, 187, 60, 122, 58, 191, 117, 150, 183, 184, 80, 188, 171, 74, 122
L5 | Lading: what it is | 213, 79, 22, 23, 103, 87, 88, 23, 22, 595
L7 | Tariff | 213, 168, 169, 171, 172, 453, 59
POD | Proof of delivery | 373!, 337, 93
V9 | Event | 304!, 106, 373, 337, 19, 156, 26, 641
CD3 | Carton | 187, 81, 813
TC2 | Commodity | 23!, 22!
TSD | Trailer of the shipment | 0:Number, 219
"""

WAREHOUSE = """
W01 | Line to ship | 330!, 355!, 438, 235, 234, 235, 234, 59, 121, 23, 22, 0:Item class, 451, 286, 235, 234,
  560
W03 | Shipped in all | 382!, 81, 355, 183, 355, 80, 355
W04 | Line in transfer | 382!, 355!, 438, 235, 234, 235, 234, 59, 121, 23, 22, 0:Item class, 0:Batch, 235,
  234
W07 | Line received | 413!, 355!, 438, 235, 234, 235, 234, 451, 893, 235, 234
W08 | How it arrived | 91!, 140, 387, 206, 207, 225, 225, 0:Seal intact, 400
W10 | Pallets | 0:Unit load, 406
W12 | Line shipped | 368!, 330, 382, 383, 355, 438, 235, 234, 451, 81, 187, 188, 81, 187, 188, 438, 235,
  234, 892, 893,
  235, 234
W13 | Exception of the line | 380!, 355!, 412!
W14 | Received in all | 413!, 382, 414, 380, 380
W20 | Packing | 356, 357, 355, 81, 187, 188, 395, 183, 355, 397
W27 | Carrier of the shipment | 91!, 140, 387, 146, 40, 206, 207, 368, 152
W66 | Carrier wanted | 146!, 91!, 399, 400, 387, 0:FOB point, 0:FOB point in words, 0:Cash on delivery by,
  610, 140
W76 | Ordered in all | 330!, 81, 355, 183, 355, 398
G66 | Transport wanted | 146, 91, 399, 400, 387
G68 | Grocery line | 330!, 355!, 237, 438, 235, 234, 235, 234
G69 | Description | 369!
G70 | Packing | 356, 357, 355
G72 | Allowance or charge | 340!, 331!, 341, 564, 359, 339, 355, 360, 332
G73 | Allowance in words | 352!
G76 | Ordered in all | 330!, 355!, 81, 355, 183, 355
G17 | Billed line | 358!, 355!, 237, 438, 235, 234
G23 | Terms of payment | 336!, 333
G25 | Transport terms | 146, 331
G27 | Carrier | 91, 206, 207, 140, 387
G31 | Billed in all | 358!, 355!
G33 | Total | 610!
G83 | Line delivered | 350!, 380!, 355!, 438, 235, 234, 438, 237, 356, 352
G84 | Delivered in all | 380!, 0!:Total amount, 0:Deposit
G85 | Integrity check | 0!:Check value
G86 | Signature | 0!:Signature, 93
"""
