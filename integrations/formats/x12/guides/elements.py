"""The data elements of X12: number, our name for it, type and length as in release 004010.

Numbers, types and lengths are facts of the standard; the names are ours.
"""

ENVELOPE = """
I01 | Kind of authorization | ID 2/2
I02 | Authorization | AN 10/10
I03 | Kind of security | ID 2/2
I04 | Password | AN 10/10
I05 | Kind of ID | ID 2/2
I06 | Sender | AN 15/15
I07 | Receiver | AN 15/15
I08 | Date | DT 6/6
I09 | Time | TM 4/4
I10 | Repetition separator, or standards code | ID 1/1
I11 | Version of the envelope | ID 5/5
I12 | Interchange control number | N0 9/9
I13 | Acknowledgement wanted | ID 1/1
I14 | Usage | ID 1/1
I15 | Component separator | AN 1/1
I16 | Number of groups | N0 1/5
I17 | Interchange accepted | ID 1/1
I18 | What is wrong with the envelope | ID 3/3
2 | Sets accepted | N0 1/6
28 | Group control number | N0 1/9
96 | Number of segments | N0 1/10
97 | Number of sets | N0 1/6
123 | Sets received | N0 1/6
124 | Receiver of the group | AN 2/15
142 | Sender of the group | AN 2/15
143 | Transaction set | ID 3/3
329 | Set control number | AN 4/9
447 | Loop | AN 1/6
455 | Who keeps the standard | ID 1/2
479 | Kind of group | ID 2/2
480 | Version and release | AN 1/12
618 | Fault of the set | ID 1/3
620 | Fault of the segment | ID 1/3
621 | Fault of the element | ID 1/3
715 | Word on the group | ID 1/1
716 | Fault of the group | ID 1/3
717 | Word on the set | ID 1/1
718 | Fault of the set | ID 1/3
719 | Place of the segment, counted from ST | N0 1/10
720 | Fault of the segment | ID 1/3
721 | Segment | ID 2/3
722 | Place of the element in its segment | N0 1/2
723 | Fault of the element | ID 1/3
724 | Faulty value | AN 1/99
725 | Number of the data element | N0 1/4
1528 | Place of the component | N0 1/2
1686 | Which repetition | N0 1/4
1705 | Implementation guide | AN 1/35
9998 | Context reference | AN 1/35
9999 | Context | AN 1/35
"""

COMMON = """
3 | Text | AN 1/60
19 | City | AN 2/30
22 | Commodity code | AN 1/30
23 | Commodity code list | ID 1/1
26 | Country | ID 2/3
61 | Text | AN 1/30
66 | Whose identification | ID 1/2
67 | Identification | AN 2/80
76 | Invoice number | AN 1/22
87 | Mark or number | AN 1/48
88 | Kind of mark | ID 1/2
92 | Kind of order | ID 2/2
93 | Name | AN 1/60
98 | Party | ID 2/3
100 | Currency | ID 3/3
107 | Method of payment | ID 1/1
110 | Word on the document | ID 1/2
116 | Postal code | ID 3/15
118 | Rate | R 1/9
127 | Reference | AN 1/30
128 | Kind of reference | ID 2/3
156 | State or province | ID 2/2
166 | Address line | AN 1/55
176 | Kind of time | ID 1/2
212 | Unit price | R 1/17
234 | Item number | AN 1/48
235 | Kind of item number | ID 2/2
236 | Kind of price | ID 3/3
237 | List cost | R 1/9
248 | Allowance or charge | ID 1/1
280 | Exchange rate | R 4/10
289 | Quantity the price is for | N0 1/2
305 | What to do with it | ID 1/2
306 | Action | ID 1/2
309 | Kind of place | ID 1/2
310 | Place | AN 1/30
324 | Purchase order number | AN 1/22
325 | Tax number | AN 1/20
326 | Request number | AN 1/45
327 | Change number | AN 1/8
328 | Release number | AN 1/30
330 | Quantity ordered | R 1/9
331 | How the allowance is settled | ID 2/2
332 | Percent | R 1/6
333 | Terms counted from | ID 1/2
334 | Whose transport terms | ID 2/2
335 | Transport terms | ID 3/3
336 | Kind of terms | ID 2/2
337 | Time | TM 4/8
338 | Discount, percent | R 1/6
339 | Quantity of the allowance | R 1/10
340 | Allowance or charge | ID 1/3
341 | Number of the allowance | AN 1/16
342 | Percent of the invoice payable | R 1/5
344 | Unit of time | ID 2/2
345 | Lead time | ID 2/2
346 | Kind of application | ID 2/2
347 | Hash total | R 1/10
349 | Kind of description | ID 1/1
350 | Line number | AN 1/20
351 | Days for the discount | N0 1/3
352 | Description | AN 1/80
353 | Purpose | ID 2/2
354 | Number of lines | N0 1/6
355 | Unit | ID 2/2
356 | In a pack | N0 1/6
357 | Size | R 1/8
358 | Quantity billed | R 1/10
359 | Rate of the allowance | R 1/15
360 | Amount of the allowance | N2 1/15
362 | Discount, amount | N2 1/10
363 | What the note is about | ID 3/3
364 | Number or address | AN 1/80
365 | Reached by | ID 2/2
366 | What the contact is for | ID 2/2
367 | Contract number | AN 1/30
369 | Text | AN 1/45
370 | Discount until | DT 8/8
371 | Reason of the change | ID 2/2
373 | Date | DT 8/8
374 | What happens then | ID 3/3
378 | Percent of what | ID 1/1
380 | Quantity | R 1/15
386 | Days to pay | N0 1/3
388 | Deferred until | DT 8/8
389 | Deferred amount | N2 1/10
396 | Shipment number | AN 2/30
400 | Unit load option | ID 2/2
426 | Reason of the adjustment | ID 2/2
432 | What happens then | ID 2/2
441 | Tax exemption | ID 1/1
443 | Contact reference | AN 1/20
446 | To be paid by | DT 8/8
478 | Credit or debit | ID 1/1
481 | Kind of trace | ID 1/2
482 | Payment action | ID 2/2
499 | Condition value | AN 1/10
508 | Account number | AN 1/35
509 | Originating company | AN 10/10
510 | Originating company, further | AN 9/9
522 | Kind of amount | ID 1/3
554 | Number assigned | N0 1/6
559 | Who keeps the list | ID 2/2
560 | Special service | ID 2/10
563 | Sales requirement | ID 1/2
564 | Exception number | ID 1/1
566 | Substitution | ID 1/2
569 | Kind of account | ID 1/3
586 | Quotation request number | AN 1/45
587 | Kind of answer | ID 2/2
591 | Payment made by | ID 3/3
610 | Amount | N2 1/15
623 | Time zone | ID 2/2
628 | Level number | AN 1/12
639 | What the price is for | ID 2/2
640 | Kind of transaction | ID 2/2
641 | Reason of the status | ID 3/3
647 | Fault found by the application | ID 1/3
648 | How the price is multiplied | ID 3/3
649 | Multiplier | R 1/10
653 | Discount terms | ID 3/3
654 | Discount base | ID 2/2
655 | Discount value | R 1/10
656 | Discount controlled by | ID 2/3
657 | Upper limit of the control | R 1/10
662 | Relation to the line | ID 1/1
668 | Line status | ID 2/2
669 | Exchange market | ID 3/3
670 | Kind of change | ID 2/2
671 | Quantity left to receive | R 1/9
673 | Kind of quantity | ID 2/2
687 | Class of trade | ID 2/2
688 | Restriction | ID 2/2
706 | Related to | ID 2/2
721 | Segment | ID 2/3
734 | Inside level | AN 1/12
735 | Kind of level | ID 1/2
736 | Has levels inside | ID 1/1
737 | What is measured, by reference | ID 2/2
738 | What is measured | ID 1/3
739 | Measure | R 1/20
740 | At least | R 1/20
741 | At most | R 1/20
750 | What is described | ID 2/3
751 | Description code | AN 1/12
752 | Surface, layer or position | ID 2/2
753 | What is told of the packing | ID 2/5
754 | Packing code | AN 1/7
755 | Kind of report | ID 2/2
756 | Sent by | ID 1/2
757 | Copies | N0 1/2
765 | Day of the month | N0 1/2
770 | Option number | AN 1/20
782 | Amount | R 1/18
786 | Security level | ID 2/2
790 | Title | AN 1/132
791 | Purpose in words | AN 1/80
792 | Entity status | ID 1/1
799 | Version | AN 1/30
810 | Inner packs | N0 1/6
812 | Payment format | ID 1/10
819 | Language | ID 2/3
822 | Source of the list | AN 1/15
828 | Tax on what | ID 1/1
875 | Maintenance kind | ID 3/3
933 | Text | AN 1/264
934 | Printer control | ID 2/2
935 | Significance | ID 2/2
936 | Attribute | ID 2/2
951 | Balance | ID 1/2
954 | Percent | R 1/10
955 | Tax authority list | ID 2/2
956 | Tax authority | AN 1/10
961 | Further reference | AN 1/80
963 | Kind of tax | ID 2/2
1000 | Service characteristic | AN 2/2
1004 | Percent of what | ID 1/2
1005 | Structure | ID 4/4
1018 | Exponent | R 1/15
1019 | Kind of invoice | ID 3/3
1035 | Name, last or company | AN 1/35
1036 | First name | AN 1/25
1037 | Middle name | AN 1/25
1038 | Name prefix | AN 1/10
1039 | Name suffix | AN 1/10
1048 | Kind of business | ID 1/3
1065 | Person or company | ID 1/1
1073 | Yes or no | ID 1/1
1096 | County | ID 5/5
1106 | Part of the address | ID 2/2
1166 | Kind of contract | ID 2/2
1179 | Customs entry | ID 2/2
1232 | Purchase category | ID 2/2
1250 | Format of the date | ID 2/3
1251 | Period | AN 1/35
1270 | Code list | ID 1/3
1271 | Code | AN 1/30
1300 | Service, allowance or charge | ID 4/4
1301 | Agency's code for it | AN 1/10
1373 | Measuring method | ID 2/4
1470 | Number | N0 1/9
1525 | Request category | ID 1/2
1551 | Text | AN 1/4096
1715 | Country subdivision | ID 1/3
1704 | Paperwork action | ID 1/2
1714 | Load tender response | ID 1/3
"""

LOGISTICS = """
16 | Charge method of payment | ID 1/1
24 | Equipment type | ID 4/4
32 | Invoice due | DT 8/8
39 | Entitlement | ID 1/1
40 | Equipment | ID 2/2
54 | Title passes at | ID 2/2
56 | Type of service | ID 2/2
58 | Charge | N2 1/12
59 | Freight class | AN 2/5
60 | Freight rate | R 1/9
65 | Height | R 1/8
71 | Inquiry number | N0 1/3
74 | Declared value | N2 2/12
79 | Lading description | AN 1/50
80 | Packages | N0 1/7
81 | Weight | R 1/10
82 | Length | R 1/8
91 | Mode of transport | ID 1/2
102 | Ownership | ID 1/1
103 | Packaging | AN 3/5
106 | Event | AN 1/25
117 | Prepaid | N2 1/9
120 | Rate combination point | AN 3/9
121 | Rate class | ID 1/3
122 | Rate for what | ID 2/2
133 | Place in the route | ID 1/2
140 | Carrier (SCAC) | ID 2/4
145 | Shipment number | AN 1/30
146 | Who pays the freight | ID 2/2
147 | Shipment kind | ID 1/1
150 | Special charge | ID 3/3
152 | Special handling | ID 2/3
153 | Special handling in words | AN 2/30
154 | Standard point location | ID 6/9
159 | FOB point | AN 1/60
160 | Where FOB applies | ID 2/2
163 | Reason of the stop | ID 2/2
165 | Stop number | N0 1/3
167 | Tare weight | N0 3/8
168 | Tariff agency | ID 1/4
169 | Tariff number | AN 1/7
171 | Tariff section | AN 1/2
172 | Tariff item | AN 1/16
183 | Volume | R 1/8
184 | Unit of volume | ID 1/1
187 | Kind of weight | ID 1/2
188 | Unit of weight | ID 1/1
189 | Width | R 1/8
191 | Advances | N2 1/9
193 | Net amount due | N2 1/12
202 | Correction | ID 2/2
205 | Dunnage | N0 1/6
206 | Equipment initial | AN 1/4
207 | Equipment number | AN 1/10
208 | Hazard code list | ID 1/1
209 | Hazard class | AN 1/4
211 | Packaging form | ID 3/3
213 | Lading line | N0 1/3
219 | Position | AN 1/3
220 | Billed quantity | R 1/11
221 | Billed in | ID 2/2
225 | Seal | AN 2/15
231 | Hand-over terms | ID 1/1
232 | Weight allowance | N0 2/6
257 | Tariff application | ID 1/1
276 | Special charge in words | AN 2/25
284 | Service level | ID 2/2
285 | Depositor's order | AN 1/22
286 | Inventory date | DT 8/8
304 | Event code | ID 3/3
319 | Temperature control | AN 3/6
368 | Order status | ID 2/2
375 | Tariff service | ID 2/2
376 | Master reference | AN 1/10
382 | Quantity shipped | R 1/10
383 | Difference | R 1/9
384 | Gross weight of a pack | R 1/9
385 | Gross volume of a pack | R 1/9
387 | Routing | AN 1/35
394 | Warehouse receipt | AN 1/12
395 | Weight of one | R 1/8
397 | Unit load | ID 2/2
398 | Unit load 2 | ID 2/2
399 | Pallet exchange | ID 1/1
401 | Cash on delivery paid by | ID 1/1
402 | Cash on delivery | N2 1/9
406 | Pallets | N0 1/3
412 | Condition | ID 2/2
413 | Quantity received | R 1/7
414 | Quantity damaged or on hold | R 1/9
415 | Pieces | R 1/9
438 | UPC of the case | AN 12/12
451 | Warehouse lot | AN 1/12
453 | Part of the tariff item | AN 1/2
458 | Dunnage in words | AN 2/25
472 | Link number | N0 6/6
473 | Order status | ID 1/1
474 | Master link number | AN 1/10
501 | Order status | ID 1/2
504 | Kind of advance | ID 1/2
514 | Kind of report | ID 1/2
558 | Answer to the tender | ID 1/1
567 | Equipment length | N0 4/5
571 | Kind of tare | ID 1/1
595 | Compartment | AN 1/2
622 | Loads | N0 1/5
626 | Reason of the extra freight | ID 1/2
627 | Who bears the extra freight | ID 1/1
646 | Shipped so far | R 1/9
731 | Time in transit, days or hours | ID 2/2
732 | Time counted as | ID 2/2
733 | Time in transit | R 1/4
728 | Container load | ID 2/2
761 | Check digit | N0 1/1
813 | Zone | AN 2/3
883 | Kind of pallet | ID 1/2
884 | Tiers | N0 1/3
885 | Blocks in a tier | N0 1/3
892 | Line number of the seller | N0 1/6
893 | Hold code | AN 1/6
898 | Adjusted | R 1/9
962 | Kind of receiving advice | ID 1/1
1650 | Shipment status | ID 2/2
1651 | Reason of the status | ID 2/2
1652 | Appointment | ID 2/2
1654 | Longitude | ID 7/7
1655 | Latitude | ID 7/7
1656 | East or west | ID 1/1
1657 | North or south | ID 1/1
"""

PLANNING = """
521 | Kind of transfer | ID 2/2
501P | Status | ID 1/2
506 | Bank number is a | ID 2/2
507 | Bank number | AN 3/12
663 | Received or accepted | R 1/9
664 | Returned | R 1/9
667 | In question | R 1/9
672 | What is authorized | ID 2/2
675 | Kind of schedule | ID 2/2
676 | Quantities are | ID 1/1
678 | Delivery pattern | ID 1/2
679 | Time of the pattern | ID 1/1
680 | Forecast is | ID 1/1
681 | Time bucket | ID 1/1
683 | Purpose of the catalogue | ID 2/2
684 | Catalogue number | AN 1/15
685 | Catalogue version | AN 1/15
686 | Catalogue revision | AN 1/6
783 | Kind of plan | ID 2/2
847 | Order or item | ID 1/2
850 | Status report | ID 1/2
859 | Activity | ID 2/2
249 | DUNS number | AN 9/9
"""
