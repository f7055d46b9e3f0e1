"""Names of the standard's transaction sets, and the functional group each belongs in (element 479).

Of releases 003 to 008, in our own words: so that each can be named and filed. Of sets far from trade the
group is left open ("-"): none is called wrong for them.
"""

_LIST = """
100 - insurance plan description
101 - list of names and addresses
102 AC associated data
103 AB abandoned property filing
104 - air shipment information
105 BF business entity filing
106 - motor carrier rate proposal
107 - request for a motor carrier rate proposal
108 - response to a motor carrier rate proposal
109 - vessel contents
110 IA air freight details and invoice
111 - individual insurance policy
112 - report of property damage
113 - election campaign and lobbyist report
120 - vehicle shipping order
121 - vehicle service
124 - vehicle damage
125 - multilevel railcar load
126 - vehicle application advice
127 - vehicle baying order
128 - dealer information
129 - vehicle carrier rate update
130 - student educational record
131 AK acknowledgement of a student educational record
132 - human resource information
133 - educational institution record
135 - student aid origination
136 - awards programme administration
138 - educational test and prospect report
139 - student loan guarantee result
140 - product registration
141 - response to a product service claim
142 - product service claim
143 - product service notification
144 - student loan transfer and status
146 - request for a student educational record
147 - response to a request for a student educational record
148 - report of injury or illness
149 - notice of tax adjustment
150 - tax rate notification
151 - acknowledgement of a tax return
152 - statistical government information
153 CB unemployment insurance tax claim
154 - secured interest filing
155 BC business credit report
157 - notice of power of attorney
158 - tax jurisdiction sourcing
159 - motion picture booking
160 - automatic equipment identification
161 - train sheet
163 AS transportation appointment schedule
170 - statement of revenue receipts
175 - court notice
176 - court submission
179 - environmental compliance report
180 AN return authorization and notification
185 - royalty regulatory report
186 - underwriting information
187 AE premium audit request and return
188 - educational course inventory
189 AF application for admission
190 - student enrolment verification
191 - student loan pre-claims and claims
194 - grant or assistance application
195 - licence application to the communications commission
196 - contractor cost data
197 - real estate title evidence
198 - loan verification
199 - real estate settlement
200 - mortgage credit report
201 - application for a residential loan
202 - secondary mortgage market loan delivery
203 - secondary mortgage market investor report
204 SM motor carrier load tender
205 - mortgage note
206 - real estate inspection
208 - income property appraisal
209 - condominium appraisal
210 IM motor carrier freight invoice
211 BL motor carrier bill of lading
212 - delivery trailer manifest
213 - motor carrier shipment status inquiry
214 QM transportation carrier shipment status
215 PU motor carrier pick-up manifest
216 PN motor carrier pick-up notification
217 - motor carrier loading and route guide
218 - motor carrier tariff
219 AB logistics service request
220 AH logistics service response
222 CE cartage work assignment
223 - consolidator's freight bill
224 - motor carrier summary freight bill
225 - response to a cartage work assignment
227 - trailer usage
228 - equipment inspection
240 MY package status
241 - routing
242 - data status tracking
243 - request for product source information
244 - product source information
245 - real estate tax service response
248 - account assignment and status
249 AT animal toxicological data
250 - purchase order shipment management
251 - pricing support
252 - insurance producer administration
255 - underwriting information services
256 - periodic compensation
259 - mortgage insurance explanation of benefits
260 - application for mortgage insurance benefits
261 - request for real estate information
262 - real estate information
263 - response to an application for mortgage insurance
264 - mortgage loan default status
265 - order for title insurance
266 - notice of a changed mortgage or property record
267 AD individual life, annuity and disability application
268 - annuity activity
269 - coordination of health care benefits
270 HS inquiry about eligibility for benefits
271 HB information about eligibility for benefits
272 - notice of property and casualty loss
273 - status of an insurance application
274 - health care provider information
275 - patient information
276 HR inquiry about a health care claim
277 HN status of a health care claim
278 HI review of health care services
280 - voter registration
283 - tax or fee exemption
284 - commercial vehicle safety report
285 - commercial vehicle safety and credentials
286 - commercial vehicle credentials
288 - wage determination
290 - cooperative advertising agreement
300 RO ocean booking request
301 RO ocean booking confirmation
303 RO ocean booking cancellation
304 SO ocean shipping instructions
306 - dock receipt
309 AQ customs manifest
310 IO ocean freight receipt and invoice
311 - Canadian customs information
312 SO ocean arrival notice
313 - ocean shipment status inquiry
315 QO ocean status details
317 SO delivery or pick-up order
319 - terminal information
321 - demurrage guarantee
322 SO terminal operations and ramp activity
323 - ocean vessel schedule
324 - vessel stow plan
325 - consolidation of goods in a container
326 - consignment summary
350 AU customs status
352 AV customs carrier general order status
353 AX customs events advisory
354 AY archived customs manifest status
355 AZ customs acceptance or rejection
356 BA request for a customs permit to transfer
357 BB customs in-bond information
358 BD customs consist information
359 - customs customer profile
361 - ocean carrier interchange agreement
362 - cargo insurance advice
404 SR rail shipment information
410 IR rail freight details and invoice
411 - rail freight invoice by line
412 - trailer or container repair bill
414 - rail car hire settlement
417 WB rail waybill
418 - rail advance interchange consist
419 - advance car disposition
420 CH car handling
421 - estimated arrival and car scheduling
422 - equipment order
423 - rail switch list
424 - rail services settlement
425 - request for a rail waybill
426 - rail revenue waybill
429 - railroad retirement activity
431 - railroad station master file
432 - rail deprescription
433 - railroad reciprocal switch file
434 - railroad mark register update
435 - standard commodity codes
436 - locomotive information
437 - railroad junctions and interchanges
440 WT shipment weights
451 - railroad event report
452 - railroad problem log
453 - railroad service commitment
455 - railroad trace registration
456 - railroad equipment inquiry
460 - rail price distribution
463 - rail rate reply
466 - rail rate request
468 - rate docket journal
470 - railroad clearance
475 - rail route file maintenance
485 - ratemaking action
486 - rate docket expiration
490 - rate group definition
492 - miscellaneous rates
494 - rail scale rates
500 - medical event report
501 - vendor performance review
503 - pricing history
504 CC clauses and provisions
511 - requisition
517 - material obligation validation
521 AO income or asset offset
527 - material due-in and receipt
536 - logistics reassignment
540 - notice of employment status
555 - vital event
561 - contract abstract
567 - contract completion status
568 - contract payment management
601 - export shipment information
602 - transportation services tender
603 - transportation equipment registration
620 - excavation communication
625 - well information
650 - maintenance service order
715 - intermodal group loading plan
753 RF request for routing instructions
754 RG routing instructions
800 - application for equipment lease credit
805 - contract pricing proposal
806 - project schedule report
810 IN invoice
811 CI consolidated service invoice
812 CD credit or debit adjustment
813 - tax return
814 GE general request, response or confirmation
815 CS cryptographic service message
816 OR organizational relationships
818 CS commission sales report
819 JB joint interest billing
820 RA payment order or remittance advice
821 FR financial information
822 AA account analysis
823 LB lockbox
824 AG application advice
826 TI tax information exchange
827 - financial return notice
828 DA debit authorization
829 PC payment cancellation
830 PS planning schedule
831 CT application control totals
832 SC price or sales catalogue
833 - mortgage credit report order
834 BE benefit enrolment
835 HP health care payment
836 PN procurement notices
837 HC health care claim
838 TD trading partner profile
839 - project cost report
840 RQ request for quotation
841 SP specifications and technical information
842 NC nonconformance report
843 RR response to request for quotation
844 CF product transfer account adjustment
845 PA price authorization
846 IB inventory inquiry or advice
847 MX material claim
848 SD material safety data sheet
849 CF response to a product transfer account adjustment
850 PO purchase order
851 - asset schedule
852 PD product activity data
853 RI routing and carrier instruction
854 DD shipment delivery discrepancy
855 PR purchase order acknowledgement
856 SH ship notice
857 BS shipment and billing notice
858 SI shipment information
859 FB freight invoice
860 PC purchase order change
861 RC receiving advice
862 SS shipping schedule
863 RT report of test results
864 TX text message
865 CA purchase order change acknowledgement
866 SQ production sequence
867 PT product transfer and resale report
868 - electronic form structure
869 RS order status inquiry
870 RS order status report
871 - component parts content
872 - mortgage insurance application
873 - commodity movement services
874 - response about commodity movement services
875 OG grocery products purchase order
876 OG grocery products purchase order change
877 - manufacturer coupon family codes
878 QG product authorization
879 QG price information
880 GP grocery products invoice
881 - manufacturer coupon redemption
882 - direct store delivery summary
883 - market development fund allocation
884 - market development fund settlement
885 - retail account characteristics
886 - customer call report
887 - coupon notification
888 QG item maintenance
889 QG promotion announcement
891 - deduction research report
893 AM item information request
894 DX delivery or return base record
895 DX delivery or return acknowledgement
896 - product dimension maintenance
920 - loss or damage claim, general goods
924 - loss or damage claim, motor vehicle
925 - claim tracer
926 - claim status and tracer reply
928 AI automotive inspection
940 OW warehouse shipping order
943 AR warehouse stock transfer shipment advice
944 RE warehouse stock transfer receipt advice
945 SW warehouse shipping advice
947 AW warehouse inventory adjustment advice
980 - functional group totals
990 GF response to a load tender
993 - secured receipt or acknowledgement
994 - administrative message
995 - implementation convention
996 - file transfer
997 FA functional acknowledgement
998 AL set cancellation
999 FA implementation acknowledgement
"""


def _sets(listed: str) -> dict[str, tuple[str, str]]:
    rows = (line.split(" ", 2) for line in listed.strip().splitlines())
    return {code: ("" if group == "-" else group, name) for code, group, name in rows}


# Set -> (GS01, what it is called).
TRANSACTION_SETS: dict[str, tuple[str, str]] = _sets(_LIST)

ACKNOWLEDGEMENT_SETS = frozenset({"997", "999"})
ACKNOWLEDGEMENT_GROUP = "FA"
