"""Weight and largest contentful paint of the pages that people meet first, on a slow phone connection.

`python benchmarks/first_page.py` prints a table and writes benchmarks/results/first_page.json. Each page is
loaded with an empty cache under the usual "slow 4G" (150 ms there and back, 1.6 Mbit/s down, 750 kbit/s up, a
processor four times slower), in turns with a page of one word: what connection and browser cost alone.
"""

from __future__ import annotations

import argparse
import json
import platform
import statistics
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "scripts")]

from demo_site import Demo, browser, running  # noqa: E402 - the path comes first

from zhitong.core import styles  # noqa: E402 - same

if TYPE_CHECKING:
    from playwright.sync_api import Browser

RESULTS = ROOT / "benchmarks" / "results" / "first_page.json"
BASELINE = "one word"
PAGES = {BASELINE: "/health/", "sign-in": "/sign-in/", "portal home": "/my/", "submit": "/cases/new/"}
ROUND_TRIP, DOWN, UP, SLOWER = 150, 1.6e6, 750e3, 4
# What the browser's own emulation needs to come near those values (it delays responses, not packets).
LATENCY, SHARE = ROUND_TRIP * 3.75, 0.9
PAINT = """() => new Promise(resolve => {
  let last = 0;
  new PerformanceObserver(list => { for (const entry of list.getEntries()) { last = entry.startTime; } })
    .observe({type: 'largest-contentful-paint', buffered: true});
  setTimeout(() => resolve(last), 500);
})"""


def load(chromium: Browser, demo: Demo, path: str, cookies: list[Any]) -> dict[str, float]:
    """Load a page once with an empty cache; return bytes, requests and milliseconds to the paint."""
    context = chromium.new_context(
        viewport={"width": 390, "height": 844}, locale="zh-CN", base_url=demo.url, device_scale_factor=2
    )
    # An empty cache has none of the files that this cookie says are there.
    context.add_cookies([cookie for cookie in cookies if cookie["name"] != styles.COOKIE])
    page = context.new_page()
    devtools = context.new_cdp_session(page)
    devtools.send("Network.enable")
    devtools.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": LATENCY,
            "downloadThroughput": DOWN * SHARE / 8,
            "uploadThroughput": UP * SHARE / 8,
        },
    )
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    received: list[float] = []
    devtools.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
    page.goto(path, wait_until="networkidle")
    paint = page.evaluate(PAINT)
    context.close()
    return {"bytes": sum(received), "requests": len(received), "paint_ms": paint}


def measure(rounds: int) -> dict[str, dict[str, float]]:
    """Load every page in turns, as often as asked; return the medians and the span of the paints."""
    runs: dict[str, list[dict[str, float]]] = {name: [] for name in PAGES}
    with running() as demo, browser() as chromium:
        context = chromium.new_context(locale="zh-CN")
        demo.sign_in(context.new_page(), "firm-1")
        cookies = context.cookies()
        for _ in range(rounds):
            for name, found in runs.items():
                known = [] if name in {"sign-in", BASELINE} else cookies
                found.append(load(chromium, demo, PAGES[name], known))
    return {name: summary(found) for name, found in runs.items()}


def summary(found: list[dict[str, float]]) -> dict[str, float]:
    """Medians of a page's runs."""

    def middle(key: str) -> float:
        return statistics.median(run[key] for run in found)

    paints = [run["paint_ms"] for run in found]
    return {
        "kilobytes": round(middle("bytes") / 1000, 1),
        "requests": middle("requests"),
        "paint_ms": round(middle("paint_ms")),
        "paint_ms_least": round(min(paints)),
        "paint_ms_most": round(max(paints)),
    }


def main() -> None:
    """Measure, print, keep."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7, help="loads of each page (default 7)")
    rounds = parser.parse_args().rounds
    pages = measure(rounds)
    base = pages[BASELINE]["paint_ms"]
    print(f"{'page':20} {'kB':>7} {'requests':>9} {'LCP ms':>8} {'span':>13} {'x word':>7}")
    for name, found in pages.items():
        span = f"{found['paint_ms_least']}-{found['paint_ms_most']}"
        ratio = found["paint_ms"] / base if base else 0
        print(
            f"{name:20} {found['kilobytes']:7.1f} {found['requests']:9.0f} "
            f"{found['paint_ms']:8} {span:>13} {ratio:7.1f}"
        )
    document = {
        "rounds": rounds,
        "network": {"round_trip_ms": ROUND_TRIP, "down_bit_s": DOWN, "up_bit_s": UP, "cpu_slower": SLOWER},
        "machine": platform.machine(),
        "python": platform.python_version(),
        "pages": pages,
    }
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    RESULTS.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
