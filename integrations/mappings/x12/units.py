"""Unit codes of X12 element 355 that trade in goods uses.

The full list has some 800 codes, most of them of chemistry, finance and health. A code that is not here
is taken as written, with a warning: it may be a partner's own, or a slip of the finger.
"""

KNOWN_UNITS = frozenset(
    """
    1N 2W 4G 5B 58 AB AC AM AS AV BA BC BD BE BF BG BH BI BJ BK BL BM BN BO BR BS BT BU BX BY
    CA CC CF CG CH CI CL CM CN CO CP CQ CR CS CT CU CV CW CX CY CZ DA DC DF DI DK DM DR DS DZ
    EA EV FA FC FG FO FT FZ GA GH GL GR GS GT GX HA HC HD HE HF HG HH HI HK HL HM HN HR HS HT HU HY
    IN JA JG JR JU KE KG KT LB LC LF LG LI LK LN LO LR LT LY MC ME ML MM MO MP MR MS MU MX N1 NC NE NF NT
    OZ P1 P2 P3 P4 P5 P6 P7 P8 P9 PA PC PD PF PG PH PK PL PN PP PQ PR PS PT PV PW PX PY
    QA QK QR QS QT RA RE RL RM RO SA SB SC SD SE SF SG SH SI SJ SK SL SM SN SO SP SQ SR SS ST SV SW SX SY
    T2 T3 TB TC TD TE TG TH TI TK TN TP TR TS TU TY U2 UL UM UN UP UY VC VI VR VS WK YD YL YR YT Z3 ZZ
    """.split()  # noqa: SIM905  a table of codes reads better than so many quoted strings
)
