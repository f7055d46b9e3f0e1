"""What Northgate buys, one row an item, grouped by the supplier's code.

Columns: SKU, description, unit it is bought in (X12 355), list price in USD, the supplier's part
number, base units in one such unit (1: it is the base unit), smallest lot that is ordered.
"""

Row = tuple[str, str, str, str, str, int, int]

ROWS: dict[str, tuple[Row, ...]] = {
    "ACME": (
        ("SKU-1042", "Nitrile gloves M, 10 x 100", "CA", "62.00", "AC-7719", 10, 4),
        ("SKU-1043", "Nitrile gloves L, 10 x 100", "CA", "62.00", "AC-7720", 10, 2),
        ("SKU-1044", "Nitrile gloves S, 10 x 100", "CA", "60.50", "AC-7718", 10, 4),
        ("SKU-1051", "Safety glasses, clear, 12", "CA", "86.40", "AC-2210", 12, 4),
        ("SKU-1063", "Ear plugs, corded, 100 pr", "CA", "41.25", "AC-3104", 100, 2),
        ("SKU-1078", "Disposable coveralls XL, 25", "CA", "118.75", "AC-4425", 25, 2),
        ("SKU-1090", "Hand cleaner, 4 x 1 gal", "CA", "58.90", "AC-5004", 4, 2),
    ),
    "VIREO": (
        ("SKU-2201", "Copy paper, letter, 10 reams", "CA", "38.20", "V20110", 10, 10),
        ("SKU-2207", "Paper towels, folded, 16 x 250", "CA", "27.85", "V20716", 16, 20),
        ("SKU-2210", "Toilet tissue, 2-ply, 80", "CA", "49.60", "V21080", 80, 10),
        ("SKU-2215", "Can liners, 55 gal, 100", "CA", "31.4250", "V21555", 100, 40),
        ("SKU-2219", "Wiping cloths, white, 25 lb", "CA", "44.10", "V21925", 25, 4),
        ("SKU-2230", "Kraft bags, no. 12, 500", "CA", "22.95", "V23012", 500, 10),
        ("SKU-2244", "Stretch film, 18 in, 4", "CA", "52.38", "V24418", 4, 4),
    ),
    "KESTREL": (
        ("SKU-3302", "Degreaser concentrate, 55 gal", "DR", "412.00", "KL302-55", 1, 2),
        ("SKU-3305", "Glass cleaner, 55 gal", "DR", "286.50", "KL305-55", 1, 2),
        ("SKU-3310", "Hydraulic oil ISO 46, 55 gal", "DR", "388.35", "KL310-55", 1, 4),
        ("SKU-3314", "Coolant, semi-synthetic, 55 gal", "DR", "524.80", "KL314-55", 1, 2),
        ("SKU-3321", "Floor finish, 5 gal", "PA", "74.25", "KL321-05", 1, 4),
        ("SKU-3326", "Absorbent granules, 50 lb", "BG", "11.65", "KL326-50", 1, 10),
    ),
    "HARLOW": (
        ("SKU-5104", "Packing tape, 2 in x 110 yd", "RL", "4.90", "HP-5104", 1, 6),
        ("SKU-5108", "Masking tape, 1 in x 60 yd", "RL", "2.35", "HP-5108", 1, 6),
        ("SKU-5112", "Bubble wrap, 24 in x 250 ft", "RL", "58.75", "HP-5112", 1, 2),
        ("SKU-5115", "Kraft paper, 36 in x 720 ft", "RL", "43.20", "HP-5115", 1, 2),
        ("SKU-5120", "Anti-slip tape, 2 in, black", "RL", "18.45", "HP-5120", 1, 6),
        ("SKU-5121", "Anti-slip tape, 2 in, grey", "RL", "18.45", "HP-5121", 1, 6),
        ("SKU-5133", "Strapping, 1/2 in x 7200 ft", "RL", "67.10", "HP-5133", 1, 2),
    ),
    "DUNMORE": (
        ("SKU-4402", "Pallet jack, 5500 lb", "EA", "389.00", "D4402", 1, 2),
        ("SKU-4407", "Hand truck, 600 lb", "EA", "142.50", "D4407", 1, 2),
        ("SKU-4415", "Step ladder, 6 ft", "EA", "98.75", "D4415", 1, 4),
        ("SKU-4420", "Utility cart, 2 shelf", "EA", "176.20", "D4420", 1, 2),
        ("SKU-4431", "Wheel chock, rubber", "EA", "21.9500", "D4431", 1, 10),
        ("SKU-4436", "Bin, stackable, 15 in", "EA", "8.85", "D4436", 1, 10),
        ("SKU-4440", "Dock bumper, 10 x 12 in", "EA", "36.40", "D4440", 1, 4),
    ),
    "BRIGHTLINE": (
        ("SKU-6001", "LED tube, 4 ft, 25", "CA", "187.50", "BL-6001", 25, 2),
        ("SKU-6004", "High bay lamp, 150 W, 2", "CA", "214.00", "BL-6004", 2, 2),
        ("SKU-6007", "Ice melt, 50 lb, 2", "CA", "33.15", "BL-6007", 2, 10),
        ("SKU-6012", "Exit sign, 6", "CA", "126.90", "BL-6012", 6, 2),
        ("SKU-6018", "Batteries AA, 144", "CA", "54.72", "BL-6018", 144, 4),
        ("SKU-6023", "Work light, 8", "CA", "163.44", "BL-6023", 8, 2),
    ),
    "MERIDIAN": (
        ("SKU-7102", "Hi-vis vest L, 20", "CA", "96.40", "MS7102", 20, 2),
        ("SKU-7106", "Hard hat, white, 10", "CA", "112.30", "MS7106", 10, 2),
        ("SKU-7110", "Dust mask N95, 12 x 20", "CA", "134.65", "MS7110", 240, 4),
        ("SKU-7115", "Face shield, 24", "CA", "158.40", "MS7115", 24, 2),
        ("SKU-7122", "First aid kit, 50 person, 4", "CA", "148.00", "MS7122", 4, 2),
        ("SKU-7128", "Eye wash bottle, 12", "CA", "91.20", "MS7128", 12, 2),
    ),
    "NORVANE": (
        ("SKU-8203", "Solvent, low odour, 55 gal", "DR", "447.60", "NV-203", 1, 2),
        ("SKU-8208", "Gear oil 80W-90, 35 lb", "PA", "88.35", "NV-208", 1, 2),
        ("SKU-8211", "Grease, lithium, 40", "CA", "118.80", "NV-211", 40, 2),
        ("SKU-8216", "Spray lubricant, 12", "CA", "53.64", "NV-216", 12, 4),
        ("SKU-8220", "Hand soap, foaming, 6", "CA", "47.28", "NV-220", 6, 4),
        ("SKU-8225", "Drain opener, 12", "CA", "61.56", "NV-225", 12, 2),
        ("SKU-8231", "Descaler, 4 x 1 gal", "CA", "39.80", "NV-231", 4, 4),
    ),
    "TALLIS": (
        ("SKU-9004", "Hex bolt M8 x 40, zinc", "EA", "0.0485", "T-M8X40Z", 1, 1000),
        ("SKU-9006", "Hex nut M8, zinc", "EA", "0.0172", "T-NM8Z", 1, 5000),
        ("SKU-9011", "Flat washer M8, zinc", "EA", "0.0064", "T-WM8Z", 1, 5000),
        ("SKU-9018", "Concrete anchor 3/8 x 3", "EA", "0.4125", "T-CA383", 1, 400),
        ("SKU-9023", "Cable tie 8 in, natural", "EA", "0.0218", "T-CT8N", 1, 5000),
        ("SKU-9027", "Eye bolt 1/2 x 6", "EA", "3.275", "T-EB126", 1, 40),
        ("SKU-9032", "Threaded rod 3/8 x 6 ft", "EA", "5.60", "T-TR386", 1, 10),
    ),
}

NOT_IN_MASTER_DATA: Row = ("SKU-1099", "Cut-resistant sleeves, 12", "CA", "104.40", "AC-8812", 12, 2)
"""Acme's: bought since yesterday, and nobody has told the master data yet."""
