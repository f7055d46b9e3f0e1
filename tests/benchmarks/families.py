"""All families of figures, in the order they are taken. Django has to be set up before this is imported."""

from tests.benchmarks import at_scale, desk, pipeline, rebuild, seen
from tests.benchmarks.figures import Family, Figures, Scale, median, tell
from tests.benchmarks.singles import measure_singles, wait_until_done
from tests.benchmarks.site import bench_site
from tests.benchmarks.x12 import measure_x12, ship_notices

X12 = ("x12_read_mb_per_s", "x12_map_mb_per_s")
SINGLES_SEED = 300


def x12(scale: Scale) -> Figures:
    """An interchange of ship notices read, and read and mapped, in turns."""
    body = ship_notices(size=scale.x12_bytes)
    tell(f"x12: {len(body) / 1e6:.1f} MB")
    return dict(zip(X12, measure_x12(body=body, rounds=scale.rounds), strict=True))


def singles(scale: Scale) -> Figures:
    """One event a POST, a worker consuming behind it. RuntimeError unless every one ends in the ledger."""
    rates = []
    with bench_site(workers=1) as bench:
        for number in range(scale.rounds + 1):
            posted = measure_singles(bench=bench, count=scale.singles, seed=SINGLES_SEED + number)
            wait_until_done(bench=bench)
            parts = ", ".join(f"{name} {value:.0f}" for name, value in posted.cpu.items())
            tell(f"singles: round {number}: {posted.per_second:.0f}/s; CPU µs a POST: {parts}")
            rates.append(posted.per_second)
        sent = scale.singles * (scale.rounds + 1)
        if bench.entries() != sent:
            raise RuntimeError(f"{bench.entries()} of {sent} events are in the ledger")
    return {"single_post_per_s": median(rates[1:])}  # the first warms caches up


FAMILIES = (
    Family("x12", X12, x12),
    Family("pipeline", pipeline.NAMES, pipeline.measure),
    Family("singles", ("single_post_per_s",), singles),
    Family("seen", seen.NAMES, seen.measure),
    Family("rebuild", rebuild.NAMES, rebuild.measure),
    Family("pages", at_scale.NAMES, at_scale.measure),
    Family("desk", desk.NAMES, desk.measure),
)
