"""What the codes of EDIFACT mean, by data element: those a distributor meets, in our own words."""

ENVELOPE = """
0001: UNOA capitals only; UNOB capitals and small letters; UNOC Latin-1; UNOD Latin-2; UNOE Cyrillic; UNOF
  Greek;
  UNOW Unicode, UTF-8; UNOX changing character sets; UNOY Unicode
0007: 1 DUNS; 4 IATA; 5 SIRET; 8 UCC communications ID; 9 DUNS with suffix; 12 phone number; 14 GLN; 18
  automotive number;
  30 ISO 6523 organization; 33 X.121; 34 ISO 3166 country; 51 GEIS; 57 port; 61 SCAC; 63 OFTP code; 65 MTS;
  80 customs number; 91 sender's number;
  92 receiver's number; ZZ agreed; ZZZ agreed
0031: 1 yes; 2 only of receipt
0035: 1 test
0051: UN United Nations; CC customs; ED EDIFICE; OD ODETTE; AA EDIFICE
0052: D draft directory; S standard directory; 1 status 1; 2 status 2; 3 status 3; 4 service message
0073: C first; F last
0081: D heading and detail separated; S detail and summary separated
0083: 4 rejected; 7 accepted; 8 received
0085: 2 syntax version not supported; 7 receiver is not the one; 12 value not valid; 13 missing; 14 value
  not supported here;
  15 not supported here; 16 too many parts; 17 no agreement; 18 unspecified fault; 19 decimal sign not valid;
  20 character not valid as separator; 21 character not valid; 22 separator not valid; 23 unknown sender; 24
  too old; 25 test not supported; 26 duplicate;
  27 security not supported; 28 references do not match; 29 count does not match; 30 groups and messages
  mixed; 31 more than one kind of message; 32 lower level empty;
  33 not valid outside of a message; 34 not allowed as text; 35 too often; 36 too many segments in a group;
  37 figure expected; 38 letter expected; 39 too long; 40 too short;
  41 permanent transport fault; 42 temporary transport fault; 43 receiver unknown
"""

DOCUMENTS = """
1001: 35 stock report; 50 goods receipt note; 79 receiving advice; 81 credit note, goods and services; 83
  credit note, money; 84 debit note, money; 85 collective sales; 9 price catalogue; 80 debit note, goods and
  services; 105 purchase order; 220 order; 221 blanket order; 222 spot order;
  223 lease order; 224 rush order; 225 repair order; 226 call-off order; 227 consignment order; 228 sample
  order; 229 swap order; 230 change of an order; 231 answer to an order; 232 hire order; 233 spare parts
  order; 236 delivery forecast; 240 delivery instructions; 241 delivery schedule;
  245 delivery release; 261 self-billed credit note; 262 credit note, consolidated; 270 delivery note; 311
  request for quotation; 312 application error; 313 application acknowledgement; 315 contract; 320 order
  acknowledged; 325 pro forma invoice; 326 partial invoice; 351 despatch advice; 380 invoice; 381 credit
  note; 382 commission note; 383 debit note; 384 corrected invoice; 385 consolidated invoice; 386 prepayment
  invoice; 387 hire invoice; 388 tax invoice; 389 self-billed invoice;
  390 del credere invoice; 393 factored invoice; 395 consignment invoice; 396 factored credit note; 457
  reversal of debit; 458 reversal of credit; 610 forwarding instructions; 620 ship notice of the forwarder;
  632 goods receipt; 700 waybill; 705 bill of lading; 730 road consignment note; 740 air waybill; 785 cargo
  manifest; 12E quotation; 22E goods receipt; 258 standing order; 352 despatch order; 73E stock report; 78E
  stock movement
1225: 1 cancellation; 2 addition; 3 deletion; 4 change; 5 replacement; 6 confirmation; 7 duplicate; 8
  status; 9 original; 10 not found; 11 response; 12 not processed; 13 request; 14 advance notification; 15
  reminder; 16 proposal; 17 cancel, to be reissued; 18 reissue; 20 replaces the heading only; 21 replaces
  the lines and the summary; 22 final; 24 cancel of the confirmation; 27 not accepted; 28 accepted, heading;
  29 accepted without change; 30 accepted, lines changed; 31 copy; 34 accepted with changes; 35
  retransmission; 42 confirmed by other means; 43 additional transmission; 46 provisional; 55 confirmed, to
  be paid
4343: AA debit advice wanted; AB acknowledgement wanted; AC acknowledged, with detail and change; AD
  acknowledged, detail, no change; AE acknowledgement, exceptions only; AF debit advice, mail; AG
  authenticated; AH acknowledged, errors may follow; AI acknowledged, changes; AJ pending; AK acknowledged,
  conditional; AP accepted; CA conditionally accepted; CO confirmation of measurements; NA no answer needed;
  RE rejected; RF rejected with a counter-offer; ZZ agreed
1229: 1 added; 2 deleted; 3 changed; 4 no action; 5 accepted without change; 6 accepted with change; 7 not
  accepted; 8 schedule only; 9 changes; 10 not found; 11 not changed; 12 not processed; 13 at the
  customer's; 14 reported; 15 confirmed from before; 16 proposed; 17 not accepted, cancelled; 19 to be kept;
  20 accepted, conditions; 21 changed price; 22 changed date; 23 on offer; 24 accepted with amendment; 27
  offered; 34 accepted with changes; 36 changed
1153: AAA acknowledgement number; AAB proforma invoice; AAC documentary credit; AAE goods declaration; AAG
  offer; AAJ delivery order; AAK despatch advice; AAM waybill; AAN delivery schedule; AAO consignee's
  shipment; AAP part number; AAS transport document; AAU despatch note; ABO originator's reference; ABT
  customs declaration; ABW stock adjustment; ABY catalogue sequence; ACD additional reference; ACE related
  document; ACK bank reference; ACW previous message; ADE account; AFO beneficiary's reference; AGE agency;
  AGI request; AGO sender's reference; AHP tax registration; AIO issuing company's order; ALO receiving
  advice; AMT VAT number; ANE value added; API account in the ledger; APQ commodity; ASC consignor's
  reference; ATS transaction; ATZ application; AUN answer; AV account payable; AWE cost centre; BC buyer's
  contract; BH house bill of lading; BM bill of lading; BN booking; BO blanket order; BT batch; CD credit
  note; CK cheque; CN carrier's reference; CO buyer's order; COF call-off; CR customer's reference; CT
  contract; CU consignor's reference; DL debit note; DM document; DQ delivery note; EP export permit; EQ
  equipment; FC fiscal number; FF forwarder's reference; FO foreign exchange; FV freight bill; GC government
  contract; GN government reference; HWB house waybill; IA internal vendor number; IP import permit; IT
  internal customer number; IV invoice; IV1 invoice; IL internal order; LI line; LC letter of credit; LO
  load planning; LS bar-coded label; MA shipper's manifest; MB master bill of lading; MF manufacturer's
  part; MG meter; MR message recipient; MS message sender; OI previous invoice; ON order; OP original order;
  PB price list; PD promotion; PE plant; PK packing list; PL price list; PO previous order; POR order
  answer; PP purchase for export; PQ payment reference; PR price quote; PW prior order; RE release; RF
  export reference; SA salesperson; SD department; SE serial number; SI shipper's reference; SN seal; SRN
  shipment; SS seller's reference; SZ specification; TB trucker's bill; TE telex; TN transaction; UC
  ultimate customer's reference; UCN unique consignment; UO ultimate customer's order; VA VAT number; VC
  vendor contract; VN vendor's order; VON vessel; VOR order of the vessel; VS vendor's product; VR
  transaction; WE warehouse entry; WR warehouse receipt; XA company registration; XC cargo control; YC
  customs; ZZ agreed reference
2005: 2 delivery wanted; 3 invoice; 4 order; 7 effective; 8 order received; 9 processed; 10 shipment wanted;
  11 despatched; 12 discount until; 13 net due; 14 deferred payment; 15 promotion starts; 16 promotion ends;
  17 estimated delivery; 18 installed; 19 unloaded; 22 freight bill; 34 effective; 35 delivered; 36 expires;
  37 ship not before; 38 ship not after; 39 ship week of; 40 clinical; 42 superseded; 43 event; 44
  available; 45 compilation; 46 change; 47 quantity fixed; 48 manufactured; 49 not known; 50 received; 51
  cumulative from; 52 cumulative until; 53 sampled; 54 created; 55 confirmed; 58 cleared; 60 change of plan;
  61 cancel if not delivered by; 63 deliver not after; 64 deliver not before; 65 first schedule delivery; 67
  current schedule delivery; 69 promised for delivery; 71 wanted, on or after; 72 promised, on or after; 74
  wanted, on or before; 75 promised, on or before; 76 scheduled, on or before; 79 promised for shipment; 81
  shipment wanted, on or after; 84 shipment wanted, on or before; 85 promised for shipment, on or before; 90
  report starts; 91 report ends; 92 contract starts; 93 contract ends; 94 produced; 95 bill of lading; 96
  discharged; 97 transaction; 108 postmark; 109 payment; 110 originally planned to ship; 111 manifest; 113
  sample; 115 reference's; 117 first delivery; 123 document due; 124 despatch wanted; 125 amended; 126
  previous; 129 exported; 131 tax point; 132 estimated arrival; 133 estimated departure; 134 exchange rate;
  135 phone; 136 departed; 137 made; 138 payment; 139 service; 140 due; 143 pick-up; 144 pick-up order; 145
  accepted; 146 entry; 147 expires; 148 declared; 150 declaration; 151 import; 154 released; 155 accounting
  starts; 156 accounting ends; 157 valid from; 158 horizon starts; 159 horizon ends; 160 authorized; 161
  release; 162 invoiced; 163 processing starts; 164 processing ends; 165 tax starts; 166 tax ends; 167
  charge starts; 168 charge ends; 169 lead time; 171 reference; 174 advised; 178 arrived; 179 booked; 182
  issued; 186 departed, actual; 189 planned departure; 191 delivery, expected; 192 expected; 193 expires;
  194 starts; 196 ends; 200 pick-up; 202 posting; 206 ends; 209 value; 218 authenticated; 219 crossing; 227
  benefits; 232 arrival, planned; 234 collection, earliest; 235 collection, latest; 257 calculated; 263
  invoice period; 264 calculation; 273 valid; 286 loading; 310 received; 322 accounting; 325 tax; 334
  status; 351 inspection; 358 delivery, earliest; 359 delivery, latest; 360 sell by; 361 best before; 364
  minimum shelf life; 365 mfg; 366 effective; 371 actual; 383 loading; 392 contract; 405 reset; 454
  departure; 461 invoice period; 469 start; 790 sale
2379: 2 day, month, year; 101 year, month, day (two figures); 102 year, month, day; 103 year, week, day (two
  figures); 106 month, day; 107 day of the year; 108 week; 109 month; 110 day; 201 year to minute (two
  figures); 202 year to second (two figures); 203 year to minute; 204 year to second; 205 year to minute
  with zone; 303 year to minute with zone; 401 time; 402 time with seconds; 501 from time to time; 502 from
  time to time with seconds; 602 year; 609 year, month (two figures); 610 year, month; 613 year, month, ten
  days; 615 year, week (two figures); 616 year, week; 703 from month to month, years; 710 from month to
  month; 711 weeks from to; 713 from minute to minute; 715 from week to week (two figures); 716 from week to
  week; 717 from day to day (two figures); 718 from day to day; 719 from minute to minute; 801 years; 802
  months; 803 weeks; 804 days; 805 hours; 806 minutes; 807 seconds; 810 quarters; 811 half months
2475: 1 order; 2 confirmation; 3 contract; 4 signing; 5 invoice; 6 credit note; 8 delivery; 9 receipt of the
  goods; 11 shipment; 21 goods receipt; 29 goods received; 52 due date; 66 date stated; 68 effective; 69
  invoice sent; 70 transaction; 72 order received; 81 ship date; ZZZ agreed
2009: 1 on the date; 2 before; 3 after; 5 within; 6 end of period; 7 end of month
2151: D days; H hours; M months; W weeks; Y years; CD calendar days; WD working days; S seconds; DW days of
  work; F fortnights
"""

PARTIES = """
3035: AA consignor; AB buyer's agent; AC dealer; AG agent; AO account of; AP accounting party; AV
  authorized; BA account holder's bank; BB buyer's bank; BF beneficiary's bank; BO broker; BS bill and ship
  to; BT bill to; BY Buyer; CA Carrier; CB customs broker; CN consignee; CO corporate office; CPD
  contractor; CR recipient of goods; CS consolidator; CZ consignor; DC deconsolidator; DL factor; DO
  document recipient; DP delivery place; DS distributor; EB carrier's forwarder; EN end user; EX exporter;
  FC fiscal; FD final; FW forwarder; FZ grouped; GC goods custodian; GM inventory controller; GO goods
  owner; HI party; II invoice issuer; IM importer; IN insurer; IS receipt issuer; IT installed at; IV
  Invoicee; LC declarant; LD place of use; LP loading place; LSP logistics service; MA party for whom it is
  meant; MF manufacturer; MI planning schedule issuer; MP manufacturing plant; MR message recipient; MS
  message sender; N1 notify; NI notify; OB ordered by; OF on behalf of; OI outside inspector; OO order
  originator; OS original shipper; OV vehicle owner; OY ordering customer; PB paying bank; PC actual
  purchaser; PD purchasing department; PE payee; PF freight bill to; PH buyer's warehouse; PI publisher; PK
  contact; PL payer of last resort; PN party; PO ordering party; PR payer; PS payment issuer; PW pick up
  from; RB receiving bank; RE remit to; RF received from; RL reporting carrier; RV receiver of the invoice;
  SB sales responsibility; SCO supplier's corporate office; SE Seller; SF Ship from; SG store group; SH
  shipper; SI shipping schedule issuer; SN store; SO Sold to; SR supplier's agent; SS social security; ST
  Ship to; SU Supplier; TB tax; TD transport; TR terminal; TT transferred to; UC ultimate consignee; UD
  ultimate customer; UHP unexpected handling; UP unloading party; VN Vendor; WD warehouse; WH Warehouse; WPA
  weighed; WS wholesaler; ZZZ agreed
3055: 2 CEC; 3 IATA; 4 ICC; 5 ISO; 6 UN/ECE; 7 CEFIC; 8 EDIFICE; 9 GS1 (EAN); 10 ODETTE; 11 Lloyd's; 16 Dun
  & Bradstreet; 17 SWIFT; 25 French SIRET; 28 EAN France; 30 ISO 6523; 31 ASSIST; 44 EAN Germany; 57 EAN
  Italy; 60 postal; 69 EAN Netherlands; 86 assigned by the sender of the message; 87 assigned by the
  carrier; 89 assigned by the distributor; 90 assigned by the manufacturer; 91 seller's; 92 buyer's; 107
  agreed; 112 US; 116 ANSI; 136 VDA; 139 VDA; 182 SCAC; 246 GS1 country; 260 EDIFICE; 272 trade; 281
  company; 320 tax; ZZZ agreed
3139: AC accepting contact; AD accounting; AE authorized; AG agent; AL alternate; AM claims; AP accounts
  payable; AR accounts receivable; BJ bidding; BO broker; BU business; CA carrier; CF chief; CN consignee;
  CO; CR customer relations; DE department; DEL delivery; DI dispatcher; DL delivery contact; EB entered by;
  EC engineering; ED engineering; EX expeditor; GR goods receiving; HE emergency; HG hazardous goods; HM
  hazardous material; IC information; IN insurance; LB place of delivery; LO place of collection; MA
  materials; MC material control; MD material disposal; MH material handling; MS material handling; NT
  notification; OC order; PA purchasing; PD purchasing; PE payee; PM product management; QA quality; QC
  quality; RD receiving dock; SA sales; SC schedule; SD shipping; SR sales; SU supplier; TA traffic; TD
  test; TI technical; TR transport; WH warehouse; ZZZ agreed
3155: AA phone; AL mobile phone; AO web address; CA cable; EI EDI; EM e-mail; EX extension; FT file
  transfer; FX fax; IN internet; MA mail; PB postbox; SW SWIFT; TE phone; TL telex; TM telemail; TT
  teletext; TX TWX; XF X.400; WWW web address
3227: 1 place of terms of delivery; 5 departure; 7 delivery; 8 destination; 9 loading; 10 acceptance; 11
  discharge; 13 transhipment; 14 goods; 16 shipped; 18 warehouse; 19 factory; 20 ultimate destination; 22
  customs office; 27 country of origin; 28 country of destination; 30 country of source; 34 paper country;
  35 exported from; 36 country of destination; 38 from; 41 entry; 42 export customs; 44 exchange; 47
  terminal; 51 stock; 60 arrival; 64 stock location; 65 final port; 78 assembly; 79 place of goods; 80
  despatch; 81 origin; 83 delivery, by a carrier; 84 collection; 87 conveyance; 88 receipt; 90 import; 91
  document; 92 routing; 93 stock; 94 previous; 98 stock; 99 document; 100 place; 113 origin; 129 place; 152
  store; 157 customs; 158 department; 159 additional; 165 acceptance; 191 display; 198 origin; 229 rework;
  235 second; ZZZ agreed
"""

GOODS = """
6063: 1 discrete; 3 cumulative; 9 returned; 11 split; 12 despatched; 17 on hand; 18 unavailable; 20 average;
  21 ordered; 26 unsold; 27 cumulative scheduled; 33 safety; 36 delivered free; 40 contract; 46 delivered;
  47 billed; 48 received; 52 in a pack; 53 minimum; 54 maximum; 57 in transit; 59 consumer units; 60 dozen;
  61 returned; 66 committed; 69 cumulative despatched; 70 cumulative received; 73 outstanding; 78
  outstanding, cumulative; 79 previous; 83 backorder; 84 urgent; 94 price; 107 for sale; 113 to be
  delivered; 119 short shipped; 124 damaged; 125 deliverable; 131 delivery; 138 undelivered; 141 adjusted;
  145 stock; 146 reserved; 153 sold; 164 opening; 165 closing; 174 on order; 180 ready; 182 opened; 185
  inspected; 192 free goods; 193 free of charge; 194 received and accepted; 195 received, not accepted; 196
  received, returned; 197 to be returned; 198 not accepted; 200 accumulative; 202 invoiced; 219
  overdelivered; 220 overrun; 226 forecast
5025: 1 line; 5 instalment; 8 allowance or charge; 9 amount due; 11 advance; 12 amount; 21 cash discount; 23
  charge; 25 charge basis; 30 payments; 32 cash on delivery; 38 invoice item; 39 total of the document; 40
  insurance; 44 calculated; 52 discount; 53 discount due; 54 discount item; 56 exempt; 60 first; 64 freight;
  66 goods item; 74 import; 77 invoice; 79 total of the lines; 86 total of messages; 98 outstanding; 99
  original; 103 prepaid; 106 price; 109 paid in excess; 113 prepaid; 116 payment; 119 received; 124 tax; 125
  taxable; 128 total; 129 subject to discount; 131 total of allowances and charges; 136 total of payments;
  138 paid; 139 paid; 143 transfer; 146 unit price; 150 VAT; 157 reduced; 160 line; 161 basis; 165 adjusted;
  168 adjusted; 173 refund; 176 total tax; 178 exact; 203 line; 204 allowance; 210 deducted; 214 ex works;
  259 total of charges; 260 total of allowances; 262 instalment; 289 subtotal; 299 total tax; 313 tax; 315
  total; 335 goods; 340 original
5125: AAA net price; AAB gross price; AAC net price, with allowances; AAD average; AAE information price;
  AAF information price, without charges; AAG information price, with tax; AAI gross unit price; AAJ
  recommended retail; AAQ gross price; ABL base; ABM base difference; CAL calculation; INF information; INV
  billed price; PR previous; CN contract
5375: AA cancelled; AB per ton; AC minimum; AD each; AE recommended; AI active; CA catalogue; CT contract;
  CU consumer; DI distributor; EC ECSC; NW net weight; PC per; PE per each; PK per package; PL per pallet;
  PT per tonne; PU per unit; RT retail; SR suggested retail; TB to be negotiated; TU traded unit; WH
  wholesale; ALT alternate; LIU list; MAX maximum; MIN minimum
5387: AAA AAA; AI active; ALT alternate; AP advice; BR; CAT catalogue; CDV; CON contract; CP current; CU
  consumer; CUP confirmed; CUS declared for customs; DAP dealer; DIS distributor; DPR discount; DR dealer;
  DSC discount amount; EC; ES estimated; EUP expected; FCR freight; GRP gross; INV invoice; LBL labelling;
  MAX maximum; MIN minimum; MNR minimum release; MSR manufacturer's suggested; MXR maximum release; NE not
  to exceed; NQT no quote; NTP net; NW; OCR ocean; OFR ocean; PAQ price; PBQ unit price from quantity; PPD
  prepaid; PPR provisional; PRO producer's; PRP promotional; PW; QTE quote; RES resale; RTP retail; SHD; SRP
  suggested retail; SW; TB; TRF transfer; TU; TW; WH wholesale
7143: AA product version; AB assembly; AC HIBC; AD cold roll; AG software; AP engineering; AT item of the
  association; BO colour; BP buyer's part; CC commodity; CG commodity group; CL colour; CN commodity; CR
  contract; CV customer's article variant; DR drawing; DW drawing; EC engineering change; EF material; EN
  EAN; GB buyer's group; GN national group; GS general; GU group of the supplier; HS harmonized system; IB
  ISBN; IN buyer's item; IS ISSN; IT buyer's style; IZ buyer's size; MA machine; MF manufacturer's article;
  MN model; MP product; NB batch; ON order; PD part description; PL purchaser's line; PO purchase order; PV
  promotional variant; QS buyer's qualifier; RC returnable container; RN release; RU run; RY record; SA
  supplier's article; SG standard group; SK stock-keeping unit; SN serial number; SRS group; SRT sub-group;
  SRU group; SRV GTIN; SRW; SRX; SRY; SRZ; SS supplier's supplier's article; SSA; ST style; SSR; TG
  transport group; TSN; UA ultimate customer's article; UP UPC; VN vendor's item; VP vendor's part; VS
  vendor's supplemental item; VX vendor's spec; ZZZ agreed
4347: 1 further identification; 2 identification of a substitute; 3 substituted by; 4 substituted for; 5 the
  product itself; 6 successor; 7 predecessor; 8 expired
7081: 3 construction; 5 size; 8 product; 13 quality; 35 colour; 38 grade; 56 item; 79 other; 81 product
  form; 98 size; ANM article name; BRN brand; DSC description; 35A sort; TPE type; U01; VAP variety
7077: A free text, long; B code and text; C code, from an industry list; D free text, price look-up; E free
  text, short; F free text; S structured; X semi-structured
5283: 1 tax on the item; 2 tax on the party; 3 tax on the service; 4 total taxes; 5 duty; 6 fee; 7 tax; 9
  tax, related
5153: AAA petroleum tax; AAD tobacco; AAF coffee; CAR car tax; CUD customs duty; ENV environment tax; EXC
  excise; FET federal excise; FRE free; GCN general; GST goods and services tax; IMP import tax; LOC local
  sales tax; OTH other; STA state tax; SUP supplementary; SUR surtax; SWT shift; TOT total; VAT value added
  tax
5305: A mixed; AA lower rate; AB exempt for resale; AC VAT not now due; AD VAT due from an earlier invoice;
  AE reverse charge; B transferred; C duty paid by the supplier; D; E exempt; F; G free export, no tax; H
  higher rate; O outside the scope; S standard rate; Z zero rate
5463: A Allowance; B total; C Charge; D; E charge adjusted; F allowance adjusted; N Neither allowance nor
  charge; S adjustment
5189: 1 handling; 2 other; 30 special
7161: AA advertising; AAA telecommunication; AB returned; ABL packing; ADR other; AJ adjustments; CAC; CL
  contract; DI discount; EAB early payment; EAC; FA freight allowance; FC freight charge; FG free goods; FI
  finance; HD handling; IN insurance; PC packing; PI pick-up; QD quantity discount; RAA rebate; RAD; SH
  special handling; SU surcharge; TD trade discount; TX tax; VAB volume discount; VD volume discount; X12;
  ZZZ agreed
4471: 1 billed back; 2 off the invoice; 3 vendor's check; 4 credit to the customer; 5 charge paid by the
  vendor; 6 charge paid by the customer; 7 optional; 8 off the gross quantity; 10 discount; 13 all charges
6069: 1 sum of the quantities; 2 number of lines; 3 number of lines and sub-lines; 4 number of invoices; 5
  number of customs items; 7 gross weight; 8 number of pieces; 9 number of ULDs; 10 number of consignments;
  11 number of packages; 15 gross volume; 16 number of equipment; 18 net weight; 26 total gross weight; 29
  total net weight
6411: BG bags; BX boxes; CMT centimetres; CMK square centimetres; CR crates; CS cases; CT cartons; DAY days;
  DMT decimetres; DZN dozens; EA each; FOT feet; FTK square feet; GRM grams; GRO gross; GLL gallons; HUR
  hours; INH inches; KGM kilograms; KMT kilometres; KTM; LBR pounds; LTR litres; MGM milligrams; MLT
  millilitres; MMT millimetres; MON months; MTK square metres; MTQ cubic metres; MTR metres; NAR articles;
  NIU units; NMP packs; NPR pairs; NRL rolls; NPL parcels; ONZ ounces; PA packs; PC pieces; PCE pieces; PCS
  pieces; PF pallets; PK packs; PR pairs; PND pounds; RO rolls; RL reels; SET sets; ST sheets; STN tons; TNE
  tonnes; UN units; YRD yards; P1 percent; C62 units; CA cans; CTN cartons; D17; H87 pieces; PX pallets; XBX
  boxes; XCT cartons; XPX pallets; ZP pages; WEE weeks; ANN years; MIL thousands; CEN hundreds; DPC ten
  pairs; NMB numbers; MTS metres per second
6343: 4 invoicing; 6 reference; 7 target; 8 price list; 9 order; 10 pricing; 11 payment; 5 customs
6347: 1 charge payment; 2 reference; 3 target; 4 transport; 5 calculation; 6 information
6311: AAA line; AAB test; AAC actual; AAD gross weight; AAE measurement; AAF net weight; AAI item weight; CH
  chemistry; CT counts; DI dimensions, package; DT dimensions; EGW estimated gross weight; LA; LAO; PC
  package; PD physical dimensions; PL package limits; RAN range; SO storage; SV specification; TE
  temperature; TR test; VO observed; VOL volume; WT weights; WX process; ASW weight; CHW chargeable weight;
  FO
6313: AAA consignment, net weight; AAB goods item, gross weight; AAC total net weight; AAD total gross
  weight; AAE item gross weight; AAF item net weight; AAL net weight; AAW gross volume; AAX net volume; ABJ
  volume; ACG; BNQ; DI diameter; DP depth; G gross weight; HM height, maximum; HT height; LM loading metres;
  LN length; PN net piece weight; SQ square; T tare weight; TC temperature; TH thickness; WD width; WT
  weight; ABS item weight; AAY net net weight
4451: AAA goods description; AAB terms of payment; AAC dangerous goods; AAH customs declaration; AAI
  general; AAJ further conditions; AAK price conditions; AAL dimensions; AAN handling; AAO error; AAP
  answer; AAR terms of delivery; AAS bill of lading; AAU account; AAZ further export; ABD nature of goods;
  ABL government; ABN accounting; ABX additional; ACB further; ACD reason; ACE dispute; AFD; AGW; ALL all
  documents; BLC; CCI customs; CHG change; CLR container; CUR customs; DEL delivery; DIN delivery
  instructions; DCL customs declaration; HAN handling; ICN; INS insurance; INV invoice; IRP import; ITR
  interest; ITS testing; LIN line; LOI loading; MKS marks; OSI other service; ORI order; PAC packing; PAI
  payment; PAY payment; PKG packaging; PMD payment detail; PMT payment; PRD product; PRF price; PRI
  priority; PUR purchasing; QUT quantity; RAH; REG regulatory; RET return; SIC sender's instruction; SIN
  special instructions; SLR seller's reservation; SPH special handling; SSR service; SUR supplier's remarks;
  TCA; TDT transport; TRA transport; TXD tax; WHI warehouse; ZZZ agreed
4453: 1 to be told; 2 for the text; 3 for immediate use; 4 no action; 5 keep; 6 review
8051: 1 inland transport; 2 at the statistical territory limit; 10 pre-carriage; 11 at borders; 12 at
  departure; 13 at destination; 15 at the statistical limit; 20 main carriage; 21 main, first; 30
  on-carriage; 25 delivery
8067: 1 sea; 2 rail; 3 road; 4 air; 5 mail; 6 multimodal; 7 fixed installation; 8 inland waterway; 9 not
  known; 10 sea; 20 rail; 30 road; 40 air; 50 mail; 60 multimodal; 80 inland waterway
4053: CFR cost and freight; CIF cost, insurance and freight; CIP carriage and insurance paid to; CPT
  carriage paid to; DAF delivered at frontier; DAP delivered at place; DDP delivered, duty paid; DDU
  delivered, duty unpaid; EXW ex works; FAS free alongside ship; FCA free carrier; FOB free on board
4055: 1 price; 2 despatch; 3 price and despatch; 4 collected by the customer; 5 transport; 6 delivery
4215: A account; AA cash on delivery; B cash on collection; CA advance collect; CC collect; CF collect,
  freight credited back; DF defined by buyer and seller; FO FOB port; MX mixed; NC freight, no charge; NS
  seller; PA advance prepaid; PB customer picks up; PC prepaid, charged on; PE payable elsewhere; PO prepaid
  only; PP prepaid; PU pickup; TP third party pays; WC weight condition
4279: 1 basic; 2 end of month; 3 fixed date; 4 deferred; 5 discount not applicable; 6 mixed; 7 extended; 8
  basic discount offered; 9 proximo; 10 instant; 20 penalty; 21 instalment; 22 discount; 23 penalty; 35
  single payment; ZZZ agreed
4079: CSC customer's selection; EAT foodstuffs; HAZ hazardous; HWC handle with care; STR stackable; UST not
  stackable; BIG oversized; CRU; FRG fragile
7075: 1 inner; 2 intermediate; 3 outer; 4 shipment; 5 no packing
7065: 08 pallet, returnable; 09 pallet; 200 pallet, 40 × 60; 201 pallet, 80 × 120; 202 pallet, 100 × 120; AE
  aerosol; BA barrel; BG bag; BO bottle; BX box; CA can; CR crate; CS case; CT carton; DR drum; EN envelope;
  JR jar; NE unpacked; PA packet; PC parcel; PK package; PL pail; PX pallet; RO roll; SA sack; SL slip
  sheet; TB tub; TR trunk; X11 pallet, 80 × 120; X2 rolling cage; VG bulk gas; PG plate; CL coil
7405: AW serial shipping; BJ SSCC; BN serial number; BU package; BX batch; BY batch; CN chassis; EE engine;
  IL; ML marking; SE seal; SRV GTIN; VV vehicle; EU EU; NB batch
4233: 1 no marking; 4 entire shipment; 5 line item; 7 bill of lading; 8 shipper's number; 10 mark; 16
  buyer's; 17 seller's; 18 carrier's; 24 shipper's; 30 mark serial; 33E SSCC mark; 34E price; 35E expiry;
  36E best before; 39E mark; ZZZ agreed
4017: 1 firm; 2 commitment to manufacture and buy materials; 3 commitment to buy materials; 4 planning,
  forecast; 5 short delivered on earlier schedule; 6 in delivery; 7 for information; 10 immediate; 12 pilot;
  25 proposal; 26 spare
2013: A yearly; D discrete; F flexible; H half-yearly; I immediate; J just in time; M monthly; Q quarterly;
  S each; T each ten days; W weekly; Y daily
5245: 1 allowance; 2 charge; 3 allowance or charge; 7 percent of the invoice; 9 penalty; 12 discount; 15
  discount; 39 percent; 1A
4221: AA short; AB over; AC cancelled; AD; AE; AF part delivery; AG; AS; BK backordered; BP part shipped,
  balance backordered; CA cancelled, customer; CC shipment complete; CE complete with more; CK; CM complete
  with extra; CN complete, next shipment; CO complete; CP part shipped, considered complete; CS complete
  with substitute; DA damaged; IC item cancelled; IS item substituted; LS last shipment; NF not in the
  catalogue; OF; OS out of stock; OW; PA part; PD; PI; PK; PP; PS; RA refused; SC; SL; SP; SS split; TW; UR
  unsolicited; US
4295: AA member's; AB; AC; AD; AE; AG; AH; AI; AJ; AK; AL; AM; AN; AP; AQ; AS; AT; AU; AV; AW; AX; AY; AZ;
  BD; PC; QT; UM; WV; ZZZ agreed
4501: 1 out of stock; 2 into stock; 3 within the stock
7491: 1 stock; 2 consignment; 3; 11 accepted; 16 damaged; 21
9015: 1 transport; 2 quality; 3 order; 5; 12;
9321: 1 missing; 12 value not valid; 13 missing; 15 not supported; 35 too often
5249: 1 per unit; 2 per hundred; 13 of the invoice amount; 6 of the line
6345 : EUR euro; USD US dollar; GBP pound sterling; CHF Swiss franc; JPY yen; CAD Canadian dollar; SEK
  Swedish krona; NOK Norwegian krone; DKK Danish krone; PLN zloty
7383: 1S side one; 2S side two; BC back of the pack; TR trailing edge
1373: 1 accepted; 2 accompanying; 3 conditionally; 6 available;
"""
