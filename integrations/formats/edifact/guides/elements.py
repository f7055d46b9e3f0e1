"""The data elements of EDIFACT (UN/EDIFACT directories D.93A to D.21B, ISO 9735): number and our name."""

ENVELOPE = """
0001 | Character set | a4
0002 | Syntax version | an1
0004 | Sender | an..35
0007 | Kind of ID | an..4
0008 | Sender, internal | an..35
0010 | Receiver | an..35
0014 | Receiver, internal | an..35
0017 | Date | n8
0019 | Time | n4
0020 | Interchange control number | an..14
0022 | Receiver's reference or password | an..14
0025 | Kind of reference or password | an2
0026 | Application | an..14
0029 | Priority | a1
0031 | Acknowledgement wanted | n1
0032 | Agreement | an..35
0035 | Test | n1
0036 | Number of messages or groups | n..6
0038 | Kind of group | an..6
0040 | Sender of the group | an..35
0044 | Receiver of the group | an..35
0048 | Group control number | an..14
0051 | Who keeps the message | an..3
0052 | Version | an..3
0054 | Release | an..3
0057 | Assigned by the association | an..6
0058 | Password of the group | an..14
0060 | Number of messages | n..6
0062 | Message number | an..14
0065 | Message | an..6
0068 | Access reference | an..35
0070 | Number of this transfer | n..2
0073 | First or last transfer | a1
0074 | Number of segments | n..10
0081 | Section | a1
0083 | Action taken | an..3
0085 | Fault | an..3
0096 | Place of the segment | n..6
0098 | Place of the element | n..3
0104 | Place of the component | n..3
0110 | Further code list | an..6
0113 | Sub-function | an..6
0135 | Service segment | an..3
0136 | Which repetition | n..6
S011F | Fault in the element |
"""

COMMON = """
1000 | Name of the document | an..35
1001 | Kind of document | an..3
1003 | Message | an..6
1004 | Document number | an..70
1050 | Sequence number | an..10
1052 | Place in the message | an..35
1054 | Message part | n..6
1056 | Version | an..9
1060 | Revision | an..6
1082 | Line number | an..6
1131 | Code list | an..17
1153 | Kind of reference | an..3
1154 | Reference | an..70
1156 | Line of the document | an..6
1159 | Source of the number | an..3
1218 | Originals wanted | n..2
1220 | Copies wanted | n..2
1222 | Level | n..2
1225 | What the message does | an..3
1227 | Order of calculation | an..3
1228 | Action in words | an..35
1229 | Action | an..3
1230 | Number of the allowance | an..35
1245 | Status of the sequence | an..3
1366 | Source of the document | an..70
1373 | Status of the document | an..3
1490 | Consignment | n..4
1312 | Loading sequence | n..4
1496 | Goods item | n..6
2005 | What happens then | an..3
2009 | Before or after | an..3
2013 | Frequency | an..3
2015 | Despatch pattern | an..3
2017 | Time of the pattern | an..3
2151 | Kind of period | an..3
2152 | Number of periods | n..3
2379 | Format of the date | an..3
2380 | Date | an..35
2475 | Counted from | an..3
3035 | Party | an..3
3036 | Name | an..70
3039 | Identification of the party | an..35
3042 | Street | an..35
3045 | Format of the name | an..3
3055 | Who keeps the list | an..3
3124 | Name and address | an..35
3126 | Route | an..10
3127 | Carrier | an..17
3128 | Name of the carrier | an..35
3131 | Kind of transport service | an..17
3139 | What the contact is for | an..3
3148 | Number or address | an..512
3153 | How it is sent | an..3
3155 | Reached by | an..3
3164 | Town | an..35
3192 | Holder of the account | an..35
3194 | Account | an..35
3207 | Country | an..3
3222 | Place, first related | an..256
3223 | Place, first related, by code | an..35
3224 | Name of the place | an..256
3225 | Place | an..35
3227 | Kind of place | an..3
3228 | Region in words | an..70
3229 | Region | an..9
3232 | Place, second related | an..256
3233 | Place, second related, by code | an..35
3239 | Country of origin | an..3
3251 | Postal code | an..17
3412 | Name of the contact | an..256
3413 | Department or person | an..17
3432 | Name of the bank | an..70
3433 | Bank | an..11
3434 | Branch of the bank | an..17
3436 | Place of the branch | an..70
3453 | Language | an..3
4000 | Version of the reference | an..9
4017 | Plan status | an..3
4025 | Business function | an..3
4027 | Kind of business function | an..3
4043 | Class of trade | an..3
4052 | Terms of delivery in words | an..70
4053 | Terms of delivery | an..3
4055 | What the terms are about | an..3
4065 | Requirement | an..3
4078 | Handling in words | an..70
4079 | Handling | an..3
4183 | Special conditions | an..3
4215 | Charges to be paid by | an..3
4219 | Priority of transport | an..3
4221 | Kind of difference | an..3
4233 | Marking | an..3
4237 | Prepaid or collect | an..3
4276 | Terms of payment in words | an..35
4277 | Terms of payment | an..17
4279 | Kind of terms | an..3
4294 | Reason in words | an..35
4295 | Reason of the change | an..3
4343 | Answer wanted, or given | an..3
4347 | How the item numbers are meant | an..3
4405 | Status | an..3
4431 | Guarantee of payment | an..3
4435 | Channel of payment | an..3
4439 | Conditions of payment | an..3
4440 | Text | an..512
4441 | Text by code | an..17
4447 | Format of the text | an..3
4451 | What the text is about | an..3
4453 | What to do with the text | an..3
4461 | Means of payment | an..3
4465 | Reason of the adjustment | an..3
4471 | Settlement | an..3
4493 | Delivery wanted | an..3
4494 | Terms in words | an..35
"""

MONEY = """
5004 | Amount | n..35
5013 | Index | an..3
5025 | Kind of amount | an..3
5030 | Index value | an..35
5118 | Price | n..15
5125 | Kind of price | an..3
5152 | Tax in words | an..35
5153 | Tax | an..3
5189 | Allowance or charge | an..3
5213 | Part of the line's price | an..3
5245 | Kind of percent | an..3
5249 | Percent of what | an..3
5273 | Duty rate | an..12
5278 | Rate of the tax | an..17
5279 | Rate by code | an..7
5283 | Tax, duty or fee | an..3
5284 | Price is for | n..9
5286 | Basis of the tax | an..15
5289 | Account of the tax | an..6
5305 | Tax category | an..3
5375 | Type of price | an..3
5377 | Price change | an..3
5379 | Kind of price group | an..3
5387 | Specification of the price | an..3
5388 | Price group in words | an..35
5389 | Price group | an..25
5394 | Multiplier | n..12
5393 | What is multiplied | an..3
5402 | Exchange rate | n..12
5419 | Kind of rate | an..3
5420 | Rate | n..15
5463 | Allowance or charge | an..3
5479 | Relation of the places | an..3
5482 | Percent | n..10
5495 | Sub-line | an..3
6008 | Height | n..15
6060 | Quantity | an..35
6063 | Kind of quantity | an..3
6064 | Difference | n..15
6066 | Total | n..18
6069 | What is counted | an..3
6140 | Width | n..15
6145 | Kind of dimension | an..3
6152 | At most | n..18
6154 | Measured in words | an..70
6155 | Measured by code | an..17
6162 | At least | n..18
6167 | Kind of range | an..3
6168 | Length | n..15
6311 | What the measure is for | an..3
6313 | What is measured | an..3
6314 | Measure | an..18
6321 | Significance | an..3
6331 | Kind of statistic | an..3
6341 | Exchange market | an..3
6343 | What the currency is for | an..3
6345 | Currency | an..3
6347 | Whose currency | an..3
6348 | Base of the rate | n..4
6350 | Number of units | n..15
6353 | Kind of units | an..3
6411 | Unit | an..8
6432 | Significant digits | n..2
"""

GOODS = """
7007 | Physical state | an..3
7008 | Description | an..256
7009 | Description by code | an..17
7011 | Item available | an..3
7036 | Characteristic in words | an..35
7037 | Characteristic | an..17
7039 | Sampling | an..3
7059 | Class of characteristic | an..3
7064 | Kind of package in words | an..35
7065 | Kind of package | an..17
7073 | Package terms | an..3
7075 | Packaging level | an..3
7077 | How it is described | an..3
7081 | What is described | an..3
7083 | Part of a set | an..3
7102 | Mark | an..35
7110 | Value in words | an..35
7111 | Value | an..3
7140 | Item number | an..35
7143 | Kind of item number | an..3
7160 | Service in words | an..35
7161 | Service | an..3
7164 | Level | an..35
7166 | Inside level | an..35
7186 | Process in words | an..35
7187 | Process | an..17
7224 | Number of packages | n..8
7233 | Information on the packages | an..3
7293 | Kind of sector | an..3
7294 | Requirement in words | an..35
7295 | Requirement | an..17
7297 | Identifies | an..3
7365 | Processing indicator | an..3
7383 | Surface or layer | an..3
7402 | Identity number | an..35
7405 | Kind of identity number | an..3
7418 | Hazard in words | an..35
7419 | Hazardous goods | an..7
7449 | Membership | an..3
7491 | Kind of movement | an..3
7495 | Kind of object | an..3
7499 | Movement | an..3
4501 | Direction of the movement | an..3
4499 | Reason of the movement | an..3
4503 | How stock is balanced | an..3
7511 | Kind of mark | an..3
8022 | Freight charges in words | an..26
8023 | Freight charges | an..17
8028 | Conveyance number | an..17
8051 | Stage of transport | an..3
8053 | Kind of equipment | an..3
8066 | Mode of transport in words | an..17
8067 | Mode of transport | an..3
8077 | Equipment supplied by | an..3
8101 | Transit direction | an..3
8154 | Equipment in words | an..35
8155 | Size and kind of equipment | an..10
8169 | Full or empty | an..3
8178 | Kind of vehicle in words | an..17
8179 | Kind of vehicle | an..8
8212 | Name of the vehicle | an..35
8213 | Vehicle | an..9
8249 | Equipment status | an..3
8260 | Equipment number | an..17
8275 | Container or package status | an..3
8281 | Ownership of the vehicle | an..3
8332 | Transport ownership | an..26
8334 | Movement of the transport | an..3
8393 | Returnable package, load | an..3
8395 | Freight for returnable packages | an..3
8457 | Reason of the extra transport | an..3
8459 | Who bears the extra transport | an..3
7130 | Customer's authorization | an..17
9010 | Status in words | an..256
9011 | Status | an..3
9012 | Reason in words | an..256
9013 | Reason of the status | an..3
9015 | Kind of status | an..3
9321 | Fault of the application | an..8
9353 | Government procedure | an..3
9411 | Government involvement | an..3
9415 | Government agency | an..3
9417 | Government action | an..3
9421 | Stage | an..3
9213 | Kind of duty | an..3
"""
