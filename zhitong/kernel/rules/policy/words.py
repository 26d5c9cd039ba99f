"""The words that policies know beside those of FEEL, in Chinese and in English."""

from __future__ import annotations

from zhitong.kernel.rules.lang.names import Names

REPORTED = ("\u5df2\u586b\u62a5", "reported")  # whether a fact is there
DEFAULT = ("\u7f3a\u7701", "default")  # a fact, or what stands for it where it is missing
AT_LEAST = ("\u81f3\u5c11", "at least")  # whether so many of some conditions hold
YEARS = ("\u5e74\u9650", "full years")  # full years from one day to another
TODAY = ("\u57fa\u51c6\u65e5", "reference day")  # the day that is asked about
STANDARD = ("abs", "date", "max", "min", "not")

FUNCTIONS = {
    **dict.fromkeys(REPORTED, "reported"),
    **dict.fromkeys(DEFAULT, "default"),
    **dict.fromkeys(AT_LEAST, "at least"),
    **dict.fromkeys(YEARS, "years"),
    **{name: name for name in STANDARD},
}
KNOWN = Names((*FUNCTIONS, *TODAY))
