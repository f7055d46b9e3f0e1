"""Which segment opens which group in each message, and what stands in it.

What follows the name of a message are segments that stand behind its groups, or between them.
"""

TRADE = """
ORDERS: UNS MOA CNT UNT
  RFF: DTM
  NAD: LOC FII
    RFF: DTM
    DOC: DTM
    CTA: COM
  TAX: MOA LOC
  CUX: PCD DTM
  PAT: DTM PCD MOA
  TDT:
    LOC: DTM
  TOD: LOC
  PAC: MEA
    PCI: RFF DTM GIN
  EQD: HAN MEA FTX
  SCC: FTX RFF
    QTY: DTM
  APR: DTM RNG
  ALC: ALI DTM
    QTY: RNG
    PCD: RNG
    MOA: RNG
    RTE: RNG
    TAX: MOA
  LIN: PIA IMD MEA QTY PCD ALI DTM MOA GIN GIR QVR DOC PAI FTX
    CCI: CAV MEA
    PAT: DTM PCD MOA
    PRI: CUX APR RNG DTM
    RFF: DTM
    PAC: MEA QTY DTM
      RFF: DTM
      PCI: RFF DTM GIN
    LOC: QTY DTM
    TAX: MOA LOC
    NAD: LOC
      RFF: DTM
      DOC: DTM
      CTA: COM
    ALC: ALI DTM
      QTY: RNG
      PCD: RNG
      MOA: RNG
      RTE: RNG
      TAX: MOA
    TDT:
      LOC: DTM
    TOD: LOC
    EQD: HAN MEA
    SCC: FTX RFF
      QTY: DTM
INVOIC: UNS CNT UNT
  RFF: DTM GIR LOC MEA QTY FTX MOA
  NAD: LOC FII MOA
    RFF: DTM
    DOC: DTM
    CTA: COM
  TAX: MOA LOC
  CUX: DTM
  PAT: DTM PCD MOA PAI FII
  TDT: TSR
    LOC: DTM
    RFF: DTM
  TOD: LOC
  PAC: MEA EQD
    PCI: RFF DTM GIN
  ALC: ALI FTX
    RFF: DTM
    QTY: RNG
    PCD: RNG
    MOA: RNG CUX DTM
    RTE: RNG
    TAX: MOA
  RCS: RFF DTM FTX
  LIN: PIA IMD MEA QTY PCD ALI DTM GIN GIR QVR EQD FTX DGS
    MOA: CUX
    PAT: DTM PCD MOA
    PRI: CUX APR RNG DTM
    RFF: DTM
    PAC: MEA EQD
      PCI: RFF DTM GIN
    LOC: QTY DTM
    TAX: MOA LOC
    NAD: LOC FII
      RFF: DTM
      DOC: DTM
      CTA: COM
    ALC: ALI DTM FTX
      QTY: RNG
      PCD: RNG
      MOA: RNG CUX DTM
      RTE: RNG
      TAX: MOA
    TDT:
      LOC: DTM
    TOD: LOC
  MOA:
    RFF: DTM
PRICAT: UNS CNT UNT
  RFF: DTM
  NAD: LOC FII
    RFF: DTM
    DOC: DTM
    CTA: COM
  CUX: DTM
  TAX: MOA
  PAT: DTM PCD MOA
  TDT:
    LOC: DTM
  TOD: LOC
  ALC: ALI DTM
    QTY: RNG
    PCD: RNG
    MOA: RNG
    RTE: RNG
    TAX: MOA
  PGI: DTM QTY ALI
    RFF: DTM
    LIN: PIA IMD MEA QTY HAN ALI DTM RFF DOC LOC FTX
      PRI: CUX DTM RNG
      TAX: MOA
      NAD: LOC
      PAC: MEA HAN
      ALC: ALI DTM
        QTY: RNG
        PCD: RNG
        MOA: RNG
        RTE: RNG
  LIN: PIA IMD MEA QTY HAN ALI DTM RFF DOC LOC FTX
    PRI: CUX DTM RNG
    TAX: MOA
    NAD: LOC
    PAC: MEA HAN
    ALC: ALI DTM
      QTY: RNG
      PCD: RNG
      MOA: RNG
      RTE: RNG
"""

LOGISTICS = """
DESADV: CNT UNT
  RFF: DTM
  NAD: LOC
    RFF: DTM
    CTA: COM
  TOD: LOC FTX
  TDT: PCD
    LOC: DTM
  EQD: MEA SEL EQA
    HAN: FTX
  CPS: FTX
    PAC: MEA QTY
      HAN: FTX
      PCI: RFF DTM
        GIN: DLM
    LIN: PIA IMD MEA QTY ALI GIN GIR DLM DTM FTX MOA
      RFF: DTM
      DGS: QTY FTX
      LOC: NAD DTM QTY
      SGP: QTY
      PCI: DTM MEA QTY
        GIN: DLM
        HAN: FTX GIN
      QVR: DTM
RECADV: CNT UNT
  RFF: DTM
  DOC: DTM
  NAD: LOC
    RFF: DTM
    CTA: COM
  TOD: LOC
  TDT: DTM
    LOC: DTM
  EQD: MEA SEL
  CPS: INP
    PAC: MEA QTY
      PCI: GIN FTX
      QVR: DTM
    LIN: PIA IMD MEA QTY QVR DTM PRI GIN GIR FTX
      CDI: INP
      RFF: DTM
      DOC: DTM
      PAC: MEA QTY
        PCI: GIN
      LOC: QTY
      PCI: DTM MEA QTY QVR
        GIN: DLM CDI
DELFOR: UNS CNT UNT
  RFF: DTM
  NAD: LOC FTX
    RFF: DTM
    DOC: DTM
    CTA: COM
  TDT: DTM
  GIS:
    NAD: LOC FTX
      CTA: COM
      DOC: DTM
    LIN: PIA IMD MEA ALI GIN GIR LOC DTM FTX
      RFF: DTM
      TDT: DTM
      QTY: DTM
        RFF: DTM
      SCC:
        QTY: DTM
          RFF: DTM
      PAC: MEA QTY DTM
        PCI: GIN
      NAD: LOC
        DOC: DTM
        CTA: COM
        QTY: DTM
        SCC:
          QTY: DTM
        TDT: DTM
  LIN: PIA IMD MEA ALI GIN GIR LOC DTM FTX
    RFF: DTM
    TDT: DTM
    QTY: DTM
      RFF: DTM
    SCC:
      QTY: DTM
        RFF: DTM
    PAC: MEA QTY DTM
      PCI: GIN
    NAD: LOC
      QTY: DTM
      SCC:
        QTY: DTM
      TDT: DTM
INVRPT: CNT UNT
  RFF: DTM
  NAD: LOC
    RFF: DTM
    CTA: COM
  CUX: DTM
  CPI: CUX MOA
  LIN: PIA IMD MEA DTM ALI RFF DOC FTX
    LOC: QTY
    PRI: CUX
    TAX: MOA
    QTY:
    INV: GIN DTM
      QTY: PCI GIN
      LOC: DTM
      NAD: LOC
      RFF: DTM
IFTMIN: UNT
  TOD: LOC
  RFF: DTM
  CPI:
  TDT: DTM TSR
    LOC: DTM
  NAD: LOC
    CTA: COM
    RFF: DTM
  GID: HAN TMP RNG LOC MOA PIA FTX
    NAD: DTM
    MEA: EQN
    DIM: EQN
    RFF: DTM
    PCI: RFF DTM GIN
    SGP: MEA
  EQD: EQN TMD MEA DIM SEL
APERAK: CNT UNT
  DOC: DTM
  RFF: DTM
  NAD: CTA COM
  ERC: FTX
    RFF: FTX
CONTRL: UNT
  UCF:
    UCM:
      UCS: UCD
  UCM:
    UCS: UCD
"""

OTHERWISE = """
other: UNS CNT UNT
  RFF: DTM
  NAD: LOC
    CTA: COM
    RFF: DTM
  TDT:
    LOC: DTM
  CPS:
    LIN: PIA IMD QTY
  LIN: PIA IMD MEA QTY DTM
    PRI: CUX
    RFF: DTM
"""
