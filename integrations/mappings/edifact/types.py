"""Names of the message types of the UN directories (D.93A to D.21B), in our own words: so that each can be
named and filed. Those that no mapping reads change nothing here."""

from collections.abc import Mapping

_LIST = """
APERAK application's answer
AUTACK secure authentication
AUTHOR authorisation of payments
AVLREQ request for availability
AVLRSP answer about availability
BALANC balance of accounts
BANSTA bank's status report
BAPLIE stowage plan, occupied and empty
BAPLTE stowage plan, totals
BERMAN berth management
BMISRM bulk marine inspection summary
BOPBNK balance of payments, banks
BOPCUS balance of payments, customers' transactions
BOPDIR balance of payments, direct
BOPINF balance of payments, customers' information
BUSCRD business credit report
CALINF vessel call information
CASINT request of a judicial proceeding
CASRES response of a judicial proceeding
CHACCO chart of accounts
CLASET classification set
CNTCND contract conditions
COACSU commercial account summary
COARRI container discharge and loading report
CODECO container gate report
CODENO permit expiry and clearance
COEDOR container stock report
COHAOR container handling order
COLREQ request for a documentary collection
COMCON component and part content
COMDIS commercial dispute
CONAPW advice on pending works
CONDPV direct payment valuation
CONDRA drawing administration
CONDRO drawing organisation
CONEST establishment of contract
CONITT invitation to tender
CONPVA payment valuation
CONQVA quantity valuation
CONRPW response of pending works
CONTEN tender
CONTRL syntax and service report
CONWQD work item quantity determination
COPARN container announcement
COPAYM contributions for payment
COPINO container pre-notification
COPRAR container discharge and loading order
COREOR container release order
COSTCO container stuffing and stripping confirmation
COSTOR container stuffing and stripping order
CREADV credit advice
CREEXT extended credit advice
CREMUL multiple credit advice
CUSCAR customs cargo report
CUSDEC customs declaration
CUSEXP customs express consignment declaration
CUSPED periodic customs declaration
CUSREP customs conveyance report
CUSRES customs response
DEBADV debit advice
DEBMUL multiple debit advice
DEBREC creditor's claims
DELFOR delivery schedule
DELJIT just-in-time delivery
DESADV despatch advice
DESTIM equipment damage and repair estimate
DGRECA dangerous goods recapitulation
DIRDEB direct debit
DIRDEF directory definition
DMRDEF data maintenance request
DMSTAT data maintenance status
DOCADV documentary credit advice
DOCAMA advice of a documentary credit's amendment
DOCAMI information on a documentary credit's amendment
DOCAMR request for a documentary credit's amendment
DOCAPP application for a documentary credit
DOCARE answer to a documentary credit's amendment
DOCINF documentary credit information
ENTREC accounting entries
FINCAN cancellation of a financial message
FINPAY multiple interbank transfer
FINSTA financial statement of an account
GENRAL general purpose
GESMES statistical data
GOVCBR government cross-border regulation
HANMOV handling and movement of goods
ICASRP insurance claim assessment
ICSOLI insurance claim, instruction to a solicitor
IFCSUM forwarding and consolidation summary
IFTCCA freight charges calculation
IFTDGN dangerous goods notification
IFTFCC freight costs and other charges
IFTIAG dangerous cargo list
IFTICL cargo insurance claims
IFTMAN arrival notice
IFTMBC booking confirmation
IFTMBF firm booking
IFTMBP provisional booking
IFTMCA consignment advice
IFTMCS instruction contract status
IFTMIN transport instruction
IFTRIN freight rates
IFTSAI ship schedule and availability
IFTSTA transport status
IFTSTQ request for a transport status
IMPDEF guideline definition
INFCON infrastructure condition
INFENT enterprise accounting information
INSDES instruction to despatch
INSPRE insurance premium
INSREQ inspection request
INSRPT inspection report
INVOIC invoice
INVRPT inventory report
IPPOAD insurance policy administration
IPPOMO motor insurance policy
ISENDS intermediary system enablement
ITRRPT in-transit report detail
JAPRES job application result
JIBILL joint interest billing
JINFDE job information demand
JOBAPP job application proposal
JOBCON job order confirmation
JOBMOD job order modification
JOBOFF job order
JUPREQ justified payment request
KEYMAN security key and certificate management
LEDGER ledger
LREACT life reinsurance activity
LRECLM life reinsurance claims
MEDPID person identification
MEDPRE medical prescription
MEDREQ medical service request
MEDRPT medical service report
MEDRUC medical resource usage and cost
MEQPOS means of transport and equipment position
MOVINS stowage instruction
MSCONS metered services consumption
ORDCHG purchase order change
ORDERS purchase order
ORDRSP purchase order response
OSTENQ order status enquiry
OSTRPT order status report
PARTIN party information
PASREQ travel and tourism enquiry
PASRSP travel and tourism answer
PAXLST passenger list
PAYDUC payroll deductions
PAYEXT extended payment order
PAYMUL multiple payment order
PAYORD payment order
PNRGOV passenger records for governments
PRICAT price and sales catalogue
PRIHIS pricing history
PROCST project cost reporting
PRODAT product data
PRODEX product exchange reconciliation
PROINQ product enquiry
PROSRV product service
PROTAP project tasks planning
PRPAID insurance premium payment
QALITY quality data
QUOTES quotation
RDRMES raw data reporting
REBORD reinsurance bordereau
RECADV receiving advice
RECALC reinsurance calculation
RECECO credit risk cover
RECLAM reinsurance claims
RECORD reinsurance core data
REGENT registration of an enterprise
RELIST reinsured objects list
REMADV remittance advice
REPREM reinsurance premium
REQDOC request for a document
REQOTE request for a quotation
RESETT reinsurance settlement
RESMSG reservation
RESREQ reservation request
RESRSP reservation response
RETACC reinsurance technical account
RETANN announcement of returns
RETINS instruction for returns
RPCALL repair call
SAFHAZ safety and hazard data
SANCRT international movement of goods certificate
SLSFCT sales forecast
SLSRPT sales data report
SOCADE social administration
SSIMOD modification of identity details
SSRECH worker's insurance history
SSREGW notification of registration of a worker
STATAC statement of account
STLRPT settlement transaction reporting
SUPCOT superannuation contributions
SUPMAN superannuation maintenance
SUPRES supplier response
TANSTA tank status report
TAXCON tax control
TPFREP terminal performance
UTILMD utilities master data
UTILTS utilities time series
VATDEC value added tax declaration
VESDEP vessel departure
WASDIS waste disposal information
WKGRDC work grant decision
WKGRRE work grant request
"""

MESSAGE_TYPES: Mapping[str, str] = {line[:6]: line[7:].strip() for line in _LIST.splitlines() if line.strip()}
"""What each type is, by its code (element 0065)."""
