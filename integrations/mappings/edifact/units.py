"""Unit codes of UN/ECE Recommendation 20 (data element 6411) that trade in goods uses.

A code that is not here is taken as written, with a warning: it may be a partner's own.
"""

from collections.abc import Mapping

KNOWN_UNITS = frozenset(
    """
    EA H87 C62 NAR PR DZN DPC GRO GGR CEN MIL TPR SET KT AS NMP NPL NRL NPR DPR
    KGM GRM MGM TNE LBR ONZ STN LTN CWA DTN HGM DG
    MTR CMT MMT KMT DMT INH FOT YRD LF LM
    LTR MLT HLT CLT DLT GLL GLI QT PT OZA BLL MTQ CMQ DMQ FTQ
    MTK CMK DMK MMK FTK INK YDK HAR
    BX BG CT CS PA PK PF PX PAL PL RO RL BO BE CA CN CR DR BA BJ BL CX TU JR EV PC SA TB TR SW
    XBX XBG XCT XCS XPK XPX XPF XRO XBO XDR XPA XCR XBE XBJ XPL XSA X1A XPC
    HUR DAY MIN SEC WEE MON ANN KWH MWH JOU KTM CEL AMP VLT WTT KWT E48 P1 ZZ
    ACT BHX CU CY DAD D64 FP HD KNI KNS KSD LEF MBF NIU PTN RM ST TE TN V2 WCD
    """.split()  # noqa: SIM905  a table of codes reads better than so many quoted strings
)

# Codes of earlier directories and of habit, and what the Recommendation writes for the same unit today.
SAME_UNITS: Mapping[str, str] = {"PCE": "H87", "PCS": "H87", "MTS": "MTR", "LT": "LTR", "KG": "KGM"}
