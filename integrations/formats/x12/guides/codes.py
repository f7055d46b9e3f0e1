"""What the codes of X12 mean, by data element: those a distributor meets, in our own words.

One line a code list: `element: code meaning; code meaning`. A code that is missing here is shown as it came.
"""

ENVELOPE = """
I01: 00 none; 03 additional information
I03: 00 none; 01 password
I05: 01 DUNS; 02 SCAC of the carrier; 03 FMC; 04 IATA; 07 GLN; 08 UCC communications ID; 09 X.121; 10 DoD
  code; 11 drug enforcement number; 12 phone number; 13 UCS code; 14 DUNS with suffix; 15 petroleum
  accountants' code; 16 DUNS with four characters; 17 bank routing number; 18 automotive number; 19 EDI
  council number; 20 health industry number; 27 carrier's number; 28 fiscal intermediary; 29 Medicare
  provider; 30 tax ID; 33 NAIC company; 34 French SIRET; ZZ agreed between the two
I10: U standards of the US community
I13: 0 no; 1 yes
I14: P production; T test; I information
I17: A accepted; E accepted, with errors; R rejected
I18: 000 nothing; 001 control numbers of start and end differ; 002 standard not supported; 003 version not
  supported; 004 segment terminator not valid; 005 kind of sender ID not valid; 006 sender not valid; 007
  kind of receiver ID not valid; 008 receiver not valid; 009 receiver unknown; 010 kind of authorization not
  valid; 011 authorization not valid; 012 kind of security not valid; 013 password not valid; 014 date not
  valid; 015 time not valid; 016 standards code not valid; 017 version not valid; 018 control number not
  valid; 019 acknowledgement flag not valid; 020 test flag not valid; 021 number of groups not valid; 022
  control structure not valid; 023 file ended too early; 024 content not valid; 025 repeated control number;
  026 data separator not valid; 027 component separator not valid; 028 delivery date not valid; 029 delivery
  time not valid; 030 delivery time zone not valid; 031 service level not valid
455: X standards of X12; T transport data committee
479: AG application advices; AR stock transfer advices; AW stock adjustments; BL bills of lading; BS
  shipment and billing notices; CA answers to order changes; CD credit and debit adjustments; DX deliveries
  and returns; FA functional acknowledgements; GF answers to load tenders; GP grocery invoices; IB stock
  reports; IM freight invoices; IN invoices; OG grocery orders; OR organizational relationships; OW
  warehouse shipping orders; PC order changes; PD product activity; PO purchase orders; PR order
  acknowledgements; PS planning schedules; PT resale reports; QG item maintenance; QM shipment statuses; RA
  payments and remittances; RC receiving advices; RE warehouse receipts; RF requests for routing; RQ
  requests for quotation; RR answers to requests for quotation; RS order statuses; SC price catalogues; SH
  ship notices; SM load tenders; SQ production sequences; SS shipping schedules; SW warehouse shipping
  advices; TG routing instructions; TX text messages
143: 204 load tender; 210 freight invoice; 211 bill of lading; 214 shipment status; 753 request for routing;
  754 routing instructions; 810 invoice; 812 credit or debit adjustment; 816 organizational relationships;
  820 payment and remittance; 824 application advice; 830 planning schedule; 832 price catalogue; 840
  request for quotation; 843 answer to a request for quotation; 846 stock report; 850 purchase order; 852
  product activity; 855 purchase order acknowledgement; 856 ship notice; 857 shipment and billing notice;
  860 purchase order change; 861 receiving advice; 862 shipping schedule; 864 text message; 865 answer to a
  purchase order change; 866 production sequence; 867 transfer and resale report; 869 order status inquiry;
  870 order status report; 875 grocery order; 876 grocery order change; 880 grocery invoice; 888 item
  maintenance; 889 promotion; 894 delivery or return; 940 warehouse shipping order; 943 stock transfer
  advice; 944 warehouse receipt; 945 warehouse shipping advice; 947 stock adjustment; 990 answer to a load
  tender; 997 functional acknowledgement; 999 implementation acknowledgement
715: A accepted; E accepted, with errors noted; M rejected, message authentication failed; P partly
  accepted; R rejected; W rejected, assurance failed; X rejected, could not be decrypted
717 = 715
716: 1 kind of group not supported; 2 version not supported; 3 end of the group missing; 4 control numbers
  of start and end differ; 5 number of sets does not match; 6 control number not valid; 10 authentication
  key unknown; 11 encryption key unknown; 12 service not available; 13 security recipient unknown; 14
  security originator unknown; 15 message authentication failed; 16 decryption failed; 17 syntax of the
  decrypted text; 18 security not supported; 23 set control number repeated; 24 set without a valid
  beginning; 25 security end missing; 26 security count wrong
718: 1 set not supported; 2 end of the set missing; 3 control numbers of start and end differ; 4 number of
  segments does not match; 5 one or more segments in error; 6 set identifier missing or not valid; 7 set
  control number missing or not valid; 8 authentication key unknown; 9 encryption key unknown; 10 service
  not available; 11 security recipient unknown; 12 message length wrong; 13 message authentication failed;
  15 security originator unknown; 16 syntax of the decrypted text; 17 security not supported; 18 set not in
  its group; 19 set control number repeated; 23 set control number not unique in the group
618 = 718
618: I5 implementation guide not supported; I6 segments of the guide in error
720: 1 segment unknown; 2 segment not expected here; 3 mandatory segment missing; 4 loop too often; 5
  segment too often; 6 segment not in this set; 7 segment out of order; 8 segment has faulty elements
620: 1 segment unknown; 2 segment not expected here; 3 mandatory segment missing; 4 loop too often; 5
  segment too often; 6 segment not in this set; 7 segment out of order; 8 segment has faulty elements; I4
  segment not used by the guide; I6 segment the guide asks for is missing; I7 loop too rarely; I8 segment
  below its least; I9 segment the guide does not use
723: 1 mandatory element missing; 2 element missing that its condition asks for; 3 too many elements; 4 too
  short; 5 too long; 6 character not valid; 7 code not valid; 8 date not valid; 9 time not valid; 10
  exclusion violated; 12 too many repetitions; 13 too many components
621: 1 mandatory element missing; 2 element missing that its condition asks for; 3 too many elements; 4 too
  short; 5 too long; 6 character not valid; 7 code not valid; 8 date not valid; 9 time not valid; 10
  exclusion violated; 12 too many repetitions; 13 too many components; I6 code not used by the guide; I9
  element the guide asks for is missing; I10 element the guide does not use; I11 too few repetitions; I12
  text does not fit the guide; I13 value does not fit the guide
"""

ORDERS = """
353: 00 original; 01 cancellation; 02 addition; 03 deletion; 04 change; 05 replacement of the one before; 06
  confirmation; 07 duplicate; 08 status; 10 not found; 11 response; 12 not processed; 13 request; 14 advance
  notification; 15 sent again; 16 proposed; 17 cancel, to be reissued; 18 reissue; 19 seller starts the
  change; 20 final; 22 information copy; 24 draft; 25 incremental; 26 replaced in part; 27 verify; 28 query;
  30 renewal; 31 allowance or addition; 36 replaced, price changed; 37 confirmed as to price; 38 no
  financial value; 44 rejection; 53 completion
92: 26 replacement order; BE blanket order, quantities estimated; BK blanket order; CF confirmation; CN
  consignment order; DS drop-ship order; KB kanban; KN order for consigned goods; NE new order; OS special
  order; PR promotion order; RE reorder; RL release against a blanket order; RN replenishment order; RO rush
  order; SA stand-alone order; SP sample order; SS supply or service order; ST standing order
587: AC acknowledged with detail and change; AD acknowledged with detail, no change; AE acknowledged, only
  exceptions named: the other lines are accepted; AH acknowledged, held; AK acknowledged as ordered, no
  detail; AP acknowledged, product replenishment; AT accepted; NA not applicable; RD rejected, with detail;
  RF rejected, with a counter-offer; RJ rejected, no detail; RO rejected, with an offer; ZZ agreed
668: AA accepted, forwarded to another place; AC accepted and shipped; AR accepted and released for
  shipment; BP accepted in part, the balance backordered; DR accepted, date changed; IA accepted; IB
  backordered; IC accepted with changes; ID deleted; IE accepted, price pending; IF held, description
  incomplete; IH held; IP accepted, price changed; IQ accepted, quantity changed; IR rejected; IS accepted,
  item substituted; IW held, waiver needed; R1 rejected, not a contract item; R2 rejected, item not valid;
  R3 rejected, unit not valid; R4 rejected, contract item not available; R5 rejected, to be reordered just
  in time; R6 rejected, to be reordered as extended; R7 rejected, to be reordered as drop-ship; R8 rejected,
  to be reordered as surplus; R9 rejected, discontinued; SP accepted, schedule pending
670: AI line added; CA several things changed; CT date changed; DI line deleted; NC no change; OA other; PC
  price changed; QD quantity decreased; QI quantity increased; RA replaced, all values; RC rejected; RS
  rescheduled; RZ line replaced, all values
640: CI consolidated invoice; CN credit note; CR credit memo; DI debit invoice; DR debit memo; FB final
  bill; PP prepaid invoice; PR product invoice; RA request for credit; ZZ agreed
1005: 0001 shipment, order, pack, item; 0002 shipment, order, item, pack; 0003 shipment, pack, order, item;
  0004 shipment, order, item
735: F component; I Item; K kind; O Order; P Pack; S Shipment; T Tare (pallet)
736: 0 none; 1 more inside
662: A added to the line; D deleted from it; I included in the line; O for information only; S substituted
248: A Allowance; C Charge; N Neither allowance nor charge; P promotion; Q charge request; R allowance
  request; S service
331: 01 billed back; 02 off the invoice; 03 vendor's check to the customer; 04 credit to the customer's
  account; 05 charge to be paid by the vendor; 06 charge to be paid by the customer; 07 optional; 08 off the
  gross quantity invoiced; 15 information only
378: 1 of the item's list cost; 2 of the item's net cost; 3 discount on gross; 4 discount on net; 5 base
  price per unit; 6 base price amount; 7 base price less earlier discount; 8 net monthly; 9 late payment; Z
  agreed
1300: A260 advertising; C000 defective goods; C040 delivery; C310 discount; D170 free goods; D240 freight;
  D500 handling; D980 insurance; F050 other; F180 pallet; F340 pickup; F800 promotion; F810 promotional
  discount; F910 quantity discount; F970 rebate; G740 service charge; G821 shipping; G830 shipping and
  handling; H000 special allowance; H151 special services; H850 tax; I170 trade discount; I530 volume
  discount; ZZZZ agreed
336: 01 basic; 02 end of month; 03 fixed date; 04 deferred or in instalments; 05 discount not applicable; 06
  mixed; 07 extended; 08 basic discount offered; 09 proximo; 10 instant; 11 elective; 12 ten days after the
  end of the month; 13 seller tells the buyer; 14 previously agreed; 18 fixed date, late payment; 20
  progress payment; 22 cash discount; CO consignment; ZZ agreed
333: 1 ship date; 2 delivery; 3 invoice date; 4 date stated; 5 receipt of the invoice; 6 anticipated
  delivery; 7 effective date; 8 transmission of the invoice; 9 order date; 15 receipt of goods
146: BP paid by buyer; CA advance collect; CC collect; CD collect on delivery; CF collect, freight credited
  back; DE per contract; DF defined by buyer and seller; FO FOB port of call; HP half prepaid; MX mixed; NC
  service freight, no charge; NR non-revenue; PA advance prepaid; PB customer picks up, backhaul; PC
  prepaid, charged on; PD prepaid by processor; PE prepaid and summary bill; PL prepaid local, collect
  outstate; PO prepaid only; PP prepaid; PS paid by seller; PU pickup; RC return container freight paid by
  customer; RF return container freight free; RS return container freight paid by supplier; TP third party
  pays; WC weight condition
334: 00 as the law has it; 01 Incoterms; 02 European trade terms; 06 trade terms of the US; ZZ agreed
335: CAF cost and freight; CFR cost and freight; CIF cost, insurance and freight; CIP carriage and insurance
  paid to; CPT carriage paid to; DAF delivered at frontier; DAP delivered at place; DDP delivered, duty
  paid; DDU delivered, duty unpaid; DES delivered ex ship; DEQ delivered ex quay; EXW ex works; FAS free
  alongside ship; FCA free carrier; FOB free on board; ZZZ agreed
309: AC city and state; CA country of origin; CC country; CI city; DE destination, shipping; FV free
  alongside vessel; IT intermediate FOB point; OR origin, shipping point; OV on vessel; PA port of arrival;
  PB port of discharge; WH warehouse; ZZ agreed
54 = 309
349: F free text; S structured; X both
750: 08 product; 09 sub-product; 73 vendor's colour; 74 vendor's size; 75 buyer's colour; 91 buyer's size
563: BK ship part, backorder the balance; N no backorder; P2 ship as soon as possible; SC ship complete; SV
  service; Y backorder allowed
366: AA authorized representative; AC administrative contact; AL alternate contact; AP accounts payable; AR
  accounts receivable; BC broker; BD buyer; BI bill inquiry; CN general contact; CR customer relations; CT
  contact; DC delivery contact; DI dispatcher; DN department; EA EDI coordinator; EX expeditor; HM hazardous
  material; IC information contact; NT notification; OC order contact; OD order department; OH order taker;
  PD project; RD receiving dock; RE receiving contact; RP responsible person; SA sales; SC schedule contact;
  SD shipping department; SH shipper; SR sales representative; SU supplier contact; TE telephone; TH
  technical; ZZ agreed
365: AP alternate phone; CP mobile phone; EM e-mail; EX extension; FX fax; HP home phone; IT international
  phone; NP night phone; PS packet switching; TE phone; TL telex; TM telemail; UR web address; WP work phone
"""

PARTIES = """
98: 11 partner; 16 plant; 28 subcontractor; 31 mailing address; 38 country; 41 submitter; 61 performed at;
  85 billing provider; 87 pay to; 92 contact; AG agent; AO account of; BA bank; BB business partner; BF
  billed from; BK bank; BO broker or sales office; BS bill and ship to; BT Bill to; BY Buyer; CA Carrier; CB
  customs broker; CN consignee; CS consolidator; CT country of origin; DA delivery address; DE Depositor; DS
  distributor; DT destination terminal; EN end user; FD final destination; FR message from; FW forwarder; II
  issuer of the invoice; IM importer; IN insured; IS insurer; LW customer; MA party for whom it is meant; MF
  manufacturer; MI planning schedule issuer; MP manufacturing plant; N2 notify also; NP notify party; OB
  ordered by; OR origin; OU outside processor; PE payee; PF party to receive freight bill; PR payer; PW pick
  up from; RC receiving place; RE remittance party; RI Remit to; RL reporting place; SD sold to and ship to;
  SE Seller; SF Ship from; SH shipper; SI shipping schedule issuer; SM party to receive shipping manifest;
  SN store; SO Sold to; SP supplier's plant; SR supplier's agent; ST Ship to; SU Supplier; SV service
  provider; TO message to; UC ultimate consignee; VN Vendor; WH Warehouse; ZZ agreed; Z7 mark for; EX
  exporter
66: 1 DUNS; 2 SCAC of the carrier; 4 IATA; 5 SIRET; 6 plant code; 7 loading dock; 8 GS1 prefix; 9 DUNS with
  suffix; 10 DoD address code; 11 drug enforcement number; 12 phone number; 15 standard address number; 16
  ZIP code; 17 ABI routing; 18 automotive number; 20 point location; 21 health industry number; 24
  employer's tax number; 25 carrier's customer code; 31 bank code; 33 CAGE; 38 country; 53 building; 54
  warehouse; 56 division; 57 department; 91 seller's number; 92 buyer's number; 93 sender's number; 94
  receiver's number; 95 carrier's number; A1 approver; FA facility; FI tax number; M4 routing code; SV
  provider number; UL GLN; XX provider number; ZZ agreed number
235: BL brand; BO buyer's colour; BP buyer's item; CB buyer's catalogue number; CC commodity; CG commodity
  group; CH country of origin; CL colour; CN commodity name; EC engineering change; EN EAN; EO EAN-8; F7 end
  item; FS national stock number; IB ISBN; IN buyer's item; IT buyer's style; IZ buyer's size; KB kanban; LT
  lot; MF manufacturer; MG manufacturer's part; MN model; ND NDC; PC prime contractor's part; PD part
  description; PI purchaser's part; PL purchaser's order line; PN company part; PO purchase order; PU part
  reference; PV promotional variety; PW part drawing; RC returnable container; RN release; RU run; SC spare;
  SK stock-keeping unit; SN serial number; SR substitute; ST style; SV service; SZ size; UA case UPC; UD
  UPC, 2-5-5-1; UI UPC, 1-5-5; UK GTIN; UN UPC, module; UP UPC; VA vendor's style; VC vendor's catalogue
  number; VE vendor's colour; VN vendor's item; VO vendor's order; VP vendor's part; VS vendor's
  supplemental item; VZ vendor's size; ZZ agreed number; B8 batch
128: 06 system number; 08 carrier's package number; 11 account; 12 billing account; 14 master account; 19
  division; 23 client number; 2I tracking number; 38 master policy; 4B shipment origin; 4C shipment
  destination; 4F carrier's number of the shipper; 55 sequence; 6O cross reference; 72 schedule reference;
  87 functional category; AO appointment; BB authorization; BL government bill of lading; BM bill of lading;
  BN booking; BT batch; CK check; CM buyer's credit memo; CN carrier's PRO number; CO supplier's order; CR
  customer's reference; CT contract; DJ delivery ticket; DK dock; DL seller's debit memo; DO delivery order;
  DP department; EI employer's number; EQ equipment; FI file identifier; FN forwarder's reference; FR
  freight bill; GZ general ledger; IA vendor number; II internal number; IL internal order; IO order,
  inbound or outbound; IT customer's number; IV invoice; IX item; JB job; KK delivery reference; LB lockbox;
  LI line item; LO load planning; LS barcode serial; LT lot; LU location; MA ship notice; MB master bill of
  lading; MH manufacturing order; MR merchandise type; OC ocean container; OI original invoice; ON order of
  the dealer; OP original purchase order; OQ order; P4 project; P8 pickup reference; PD promotion; PE plant;
  PG product group; PI price list change; PK packing list; PL price list; PO purchase order; PR price quote;
  PW prior purchase order; Q1 quote; QN stop sequence; RE release; RQ purchase requisition; RU route; RZ
  returned goods; SA salesperson; SB sales region; SE serial number; SI shipment; SN seal; SO shipper's
  order; ST store; TJ federal tax number; TN transaction; TX tax exemption; VN supplier's order; VP vendor
  product; VR vendor number; VV voucher; WO work order; WS warehouse storage; WY waybill; X9 internal
  control; YD buyer; ZA supplier; ZZ reference agreed between the two; DI distributor's invoice
"""

DATES = """
374: 001 cancel after; 002 wanted at the dock; 003 invoice; 004 order; 005 sailing; 006 sold; 007 effective;
  008 order received; 009 processed; 010 to be shipped; 011 shipped; 012 discount until; 013 net due; 014
  deferred payment; 015 promotion starts; 016 promotion ends; 017 estimated delivery; 018 available; 022
  freight bill; 023 promotion order, first; 024 promotion order, last; 025 promotion ship, first; 026
  promotion ship, last; 027 promotion wanted at the dock, first; 028 promotion wanted at the dock, last; 029
  promotion performed, first; 030 promotion performed, last; 031 earlier; 035 delivered; 036 expires; 037
  ship not before; 038 ship not after; 043 published; 044 settlement; 050 received; 061 cancel if not
  delivered by; 063 not to be delivered after; 064 not to be delivered before; 065 first schedule delivery;
  066 first schedule ship; 067 current schedule delivery; 068 current schedule ship; 069 promised for
  delivery; 070 scheduled for delivery, on or after; 071 wanted for delivery, on or after; 072 promised for
  delivery, on or after; 073 scheduled for delivery, on or before; 074 wanted for delivery, on or before;
  075 promised for delivery, on or before; 076 scheduled for delivery, week of; 077 wanted for delivery,
  week of; 078 promised for delivery, week of; 079 promised for shipment; 080 scheduled for shipment, on or
  after; 081 wanted for shipment, on or after; 082 promised for shipment, on or after; 083 scheduled for
  shipment, on or before; 084 wanted for shipment, on or before; 085 promised for shipment, on or before;
  086 scheduled for shipment, week of; 087 wanted for shipment, week of; 088 promised for shipment, week of;
  092 contract effective; 093 contract expires; 094 manufactured; 095 bill of lading; 096 discharge; 100 no
  shipping before; 102 issue; 106 required by; 107 deposit; 108 postmark; 118 asked for pick-up; 139
  estimated; 140 actual; 150 service period starts; 151 service period ends; 152 effective for the change;
  168 release; 171 revision; 186 invoice period starts; 187 invoice period ends; 193 period starts; 194
  period ends; 196 starts; 197 ends; 291 planned; 318 added; 328 change; 369 estimated departure; 370 actual
  departure; 371 estimated arrival; 372 actual arrival; 373 order start; 374 order end; 375 delivery start;
  376 delivery end; 405 production; 582 report period; ACK answer wanted by
432: 02 delivery wanted; 04 purchase order; 07 effective; 10 ship wanted; 11 shipped; 17 estimated delivery;
  35 delivered; 37 ship not before; 38 ship not after; 64 respond by; 68 scheduled delivery; 69 scheduled
  pickup; 70 scheduled delivery; 85 date issued; 86 actual pickup; EP pickup not before; LP pickup not after
176: 1 must respond by; G earliest delivery wanted; I earliest pickup wanted; K latest pickup wanted; L
  latest delivery wanted; U scheduled pickup; X scheduled delivery
623: AD Alaska, summer; AS Alaska, winter; AT Alaska; CD central, summer; CS central, winter; CT central; ED
  eastern, summer; ES eastern, winter; ET eastern; GM Greenwich; HD Hawaii, summer; HS Hawaii, winter; HT
  Hawaii; LT local time; MD mountain, summer; MS mountain, winter; MT mountain; ND Newfoundland, summer; NS
  Newfoundland, winter; NT Newfoundland; PD Pacific, summer; PS Pacific, winter; PT Pacific; TD Atlantic,
  summer; TS Atlantic, winter; TT Atlantic; UT universal time
1250: D8 day; RD8 from day to day; TM time; DT day and time
344: DA days; HR hours; MO months; WK weeks
"""

QUANTITIES = """
355: 01 actual pounds; 1N count; 2W bins; 26 actual tons; 4A bobbins; AS assortments; BA bales; BD bundles;
  BG bags; BK baskets; BO bottles; BX boxes; C3 centilitres; C4 carloads; CA cases; CF cubic feet; CH
  containers; CI cubic inches; CL cylinders; CM centimetres; CN cans; CO cubic metres; CQ cartridges; CR
  cubic metres; CT cartons; CU cups; CX coils; CY cubic yards; DA days; DI dispensers; DO dollars; DR drums;
  DS displays; DZ dozens; E4 gross kilograms; EA each; EV envelopes; FO fluid ounces; FT feet; GA gallons;
  GR grams; GS gross; HR hours; HU hundreds; IN inches; JR jars; KE kegs; KG kilograms; KT kits; LB pounds;
  LF linear feet; LM linear metres; LO lots; LT litres; MC micrograms; ME milligrams; ML millilitres; MM
  millimetres; MO months; MP metric tons; MR metres; MX mixed; OZ ounces; P1 percent; PA pails; PC pieces;
  PD pads; PF pallets (lift); PH packs; PK packs; PL pallets; PR pairs; PT pints; QT quarts; RA racks; RE
  reels; RL rolls; RM reams; SF square feet; SH sheets; SI square inches; SL sleeves; SM square metres; SO
  spools; ST sets; SV skids; SY square yards; T3 thousands; TB tubes; TH thousands; TN tons; TM thousand
  feet; TR tonnes; TY trays; UN units; VI vials; WK weeks; YD yards; YR years; ZZ agreed unit
188: K kilograms; L pounds; G grams; E metric tons; M measurement tons; S short tons; T long tons; O ounces
184: E cubic feet; X cubic metres; M cubic decimetres; N cubic inches; C cubic centimetres; G gallons; L
  loads; S measurement tons; V litres
187: A1 dimensional; A3 shipment; B billed; C actual net; D declared; E estimated net; F deficit; FR
  freight; G gross; H half gross; I inspected; J actual; M minimum; N actual net; N0 net; S state; T tare; U
  per unit; X maximum
236: ACT actual; ALT alternate; CAN cancellation; CAT catalogue; CON contract; CUP confirmed unit; DIS
  distributor; EST estimated retail; INV invoice billing; LPR list; MAP minimum advertised; MAX maximum; MIN
  minimum; MSR manufacturer's suggested retail; NET net; PBQ unit price from quantity; PRO producer's; PRP
  promotional; PUR purchase; QTE quote; RES resale; RTL retail; SLP sale; SRP suggested retail; STA
  standard; UCP unit cost; WHL wholesale; ZZZ agreed
639: CA catalogue price; CP current price; CT contract price; DI distributor; DR dealer; DS discount; FX
  fixed; HF per 100 feet; HP per hundred; NC no charge; NE not to exceed; NS not separately priced; NT net;
  PE price per each; PF price per foot; PP per pound; PR promotion; QE quoted; RS resale; SR suggested
  retail; ST standard price; TB to be negotiated; TE contract price, each; TP per thousand; UM per unit; WE
  wholesale price, each; WH wholesale
673: 01 discrete; 02 cumulative; 17 on hand; 20 unusable; 29 projected; 32 sold; 33 available for sale; 38
  original; 39 shipped; 63 on order; 69 in transit; 87 quantity received; 90 acknowledged
522: N net; T tax; 1 line total; TT total of the document
963: CS city sales tax; CT county sales tax; FD federal; GS goods and services tax; LS state and local sales
  tax; LT local sales tax; PG provincial; SL state and local; SP state or province; ST state sales tax; SU
  sales and use; TX all taxes; UT use; VA value added tax; ZZ agreed
441: 0 exempt, for export; 1 yes, exempt; 2 no, not exempt; 3 exempt, for resale; 5 exempt, not for resale
478: C credit; D debit
88: AA SSCC; AI SSCC with its application identifier; CA shipper's number of the package; CP carrier's
  package number; GM SSCC; L line item only; UC UPC of the shipping container; UP UPC of the consumer
  package; W pallet number; ZZ agreed mark
"""

SHIPPING = """
91: 7 mail; A air; AC air charter; AE air express; AF air freight; BU bus; C consolidation; CE customer
  pickup; D parcel post; E expedited truck; H customer pickup; J motor; K backhaul; L contract carrier; LT
  less than truckload; M common motor carrier; O containerized ocean; P private carrier; PL pipeline; R
  rail; S ocean; SR supplier's truck; U private parcel service; W inland waterway; X intermodal, piggyback;
  ZZ agreed
133: 1 first carrier after the origin; 2 second carrier; 3 third carrier; A origin carrier, agent's routing;
  B origin and delivery carrier, any mode; O origin carrier; Z agreed
103: AMM ammo pack; ATH attachment; BAG bag; BAL bale; BBL barrel; BDL bundle; BEM beam; BIN bin; BLK bulk;
  BOB bobbin; BOT bottle; BOX box; BRG barge; BSK basket; CAN can; CAS case; CBY carboy; CNT container; COL
  coil; CRD cradle; CRT crate; CTN carton; CYL cylinder; DRM drum; ENV envelope; JAR jar; JUG jug; KEG keg;
  KIT kit; LSE loose; MXD mixed; PAL pail; PCK pack; PCS pieces; PKG package; PLF platform; PLT pallet; RCK
  rack; REL reel; ROL roll; SAK sack; SHT sheet; SKD skid; SLV sleeve; SPL spool; TBN tote bin; TNK tank;
  TRY tray; TUB tube; UNT unit; WRP wrapped; SLP slip sheet
211: BAG bag; BBL barrel; BDL bundle; BOX box; BSK basket; CAS case; CRT crate; CTN carton; DRM drum; LSE
  loose; PCS pieces; PKG package; PLT pallet; ROL roll; SKD skid; TBN tote bin; UNT unit
368: BK backordered earlier; BO backordered; BP part shipped, balance backordered; CC shipment complete; CL
  complete; CM shipment complete with extra quantity; CP part shipped, considered complete; CS shipment
  complete with substitution; IC item cancelled; IS item represents a substitution; PR part shipment; SS
  split shipment
1650: A3 shipment returned to the shipper; A7 refused by the consignee; A9 shipment damaged; AA pickup
  appointment; AB delivery appointment; AF left the pickup place with the shipment; AG estimated delivery;
  AH attempted delivery; AI shipment reconsigned; AJ tendered for delivery; AM loaded on truck; AV available
  for delivery; B6 estimated to arrive at carrier's terminal; BA connecting line has it; CA shipment
  cancelled; CD carrier left the delivery place; CP completed loading at the pickup place; D1 unloading
  completed; I1 in-gate; J1 delivered to the connecting line; K1 arrived at customs; L1 loading; OA
  out-gate; OO paperwork received; P1 left the terminal; PR US customs hold; R1 received from earlier
  carrier; RL rail departure; S1 trailer spotted at the consignee; SD shipment delayed; UR unloaded from
  rail; X1 arrived at the delivery place; X2 estimated to arrive at the delivery place; X3 arrived at the
  pickup place; X4 arrived at the terminal; X5 arrived at the delivery place, loading dock; X6 on the way to
  the delivery place; X8 arrived at the pickup place, loading dock; XB shipment acknowledged; ZZ agreed
1652: AA pickup appointment; AB delivery appointment; X1 arrived at the delivery place; X3 arrived at the
  pickup place; AG estimated delivery
1651: A1 missed delivery; A2 incorrect address; A3 indirect delivery; A5 unable to locate; A6 address
  corrected, delivery attempted; AA mis-sort; AD customer wanted later delivery; AE restricted items; AF
  accident; AG consignee's fault; AH driver's fault; AI mechanical breakdown; AJ other carrier's fault; AK
  damaged, rewrapped; AL earlier stop; AM shipper's fault; AN holiday missed; AO weather or natural
  disaster; AP awaiting export; AQ recipient unavailable; AR improper papers; AS held, customs; AT consignee
  closed; AU held, payment; AV exceeds service limits; AW past cut-off; AX insufficient pickup time; AY
  missed pickup; AZ alternate carrier delivered; B1 consignee closed; B2 trap for customer; B4 held for
  payment; B5 held, consignee; B8 improper unloading; BB held per shipper; BC missing documents; BD border
  clearance; BE road conditions; BF carrier keying error; BG other; BH insufficient time; BI cartage agent;
  BJ customer wanted earlier delivery; BK prearranged appointment; BL held for protective service; BM
  flatcar shortage; BN failed to release billing; BO railroad failed; BP load shifted; BQ shipment
  overweight; BR train derailment; BS refused by customer; BT returned to shipper; C1 waiting for customer
  pickup; C5 customer strike; C6 waiting inspection; C7 waiting charges; NA normal appointment; NS normal
  status; P1 processing delay; RC reconsigned; T3 trailer not available; ZZ agreed reason
163: AL advance loading; CL complete load; CN consolidate; CU complete unload; DT drop trailer; HT heat; IN
  inspection; LD load; LE spot for loading; PA pick up preloaded; PL part load; PU part unload; RT retrieve
  trailer; SL spot for load; SU spot for unload; TL transload; UL unload; WL weigh loaded
558: A accepted; B accepted, with conditions; D declined; E counter-offer
122: CW per hundredweight; FR flat rate; LB per pound; PM per mile
514: F full detail
473: C cancel; N original; R replacement
412: 01 damaged; 02 short; 03 over; 04 refused; DM damaged; GD good; NC in good condition
962: 1 receiving dock advice; 2 post receipt advice
675: BB customer's production; DL delivery; JS buyer's production sequence; SH ship
676: A actual, discrete; C cumulative
680: A immediate; B pilot; C firm; D planning; Z agreed
681: C by calendar day; D discrete; F flexible interval; M monthly; Q quarterly; W weekly; Y yearly; Z
  agreed
672: FI finished goods; LB labour; MT material; RM raw material
859: QA on hand; QB beginning balance; QC committed; QD additional on order; QE ending balance; QH on hold;
  QI in transit; QO out of stock; QP on order; QR received; QS sold; QT adjusted; QU returned by consumers;
  QW withdrawn; TS total sold
521: SS stock sale; SD ship and debit
683: PC price catalogue; RC resale catalogue; SC sales catalogue; PS price sheet
755: DD distributor inventory report; SI seller inventory
591: ACH automated clearing house; BOP financial institution's choice; CHK check; FEW federal wire,
  repetitive; FWT federal wire, non-repetitive; NON no payment; SWT SWIFT; ZZZ agreed
305: C payment with remittance; D payment only; H notification only; I remittance only; P prenotification; U
  split payment; X handled by the bank
812: CCD cash concentration; CCP cash concentration with addenda; CTP corporate trade payment; CTX corporate
  trade exchange; PPD prearranged
506: 01 ABA routing number; 02 SWIFT code
569: DA demand deposit; SG savings
481: 1 current trace; 2 referenced trace; 3 financial reassociation trace
482: PI pay item; PO pay on account; PP part payment
426: 01 price error; 03 extension; 11 quality; 12 returns, quality; 19 billed twice; 50 late; 52 credit; 53
  remitted; 59 not received; 72 authorized return; 75 total order not received; 81 credit, as agreed; 86
  duplicate payment; CM covered by credit memo; L3 penalty; ZZ agreed; 04 damaged, not accepted; 05 quality,
  not accepted; 06 quantity disputed; 07 wrong product
110: BA accepted, batch; BE batch, errors; BP batch, part; BR batch rejected; GA group accepted; GE group,
  errors; GP group, part; GR group rejected; IA item accepted; IC item accepted with change; IE item,
  errors; IP item, part; IR item rejected; TA document accepted; TC document accepted with change; TE
  document accepted with errors; TP document, part; TR document rejected
647: 006 duplicate; 007 missing data; 008 out of range; 009 date not valid; 010 totals out of balance; 011
  not matching; 024 other; 848 incorrect data; QTY quantity; ZZZ agreed; DTE date not right; DUP duplicate;
  INC incomplete; NAU not authorized; MID identification missing
706: 01 parent; 02 subsidiary
1073: N no; U unknown; W not applicable; Y yes
306: 1 authorize; 2 change; F final; RX replace
399: 1 no exchange or return; 2 exchange; 3 return
1065: 1 person; 2 company
23: N freight class (NMFC); T STCC
40: CH chassis; CN container; CV closed van; CZ refrigerated container; FF frozen food trailer; FT flat bed
  trailer; RT reefer trailer; TF trailer, dry freight; TL trailer; TV truck van
934: DS two lines; NP next page; SS single space
363: ADD additional; DEL delivery; GEN general; INT general instructions; INV invoice; LIN line item; LOI
  loading; ORI order instructions; OTH other; PKG packing; SHP shipping; SPH special handling; WHI
  warehouse; ZZZ agreed
"""
