"""What somebody may send with each action, right or wrong, for the histories to draw from."""

from __future__ import annotations

from hypothesis import strategies as st

UNITS = ["industry", "works", "district", "bureau"]
HANDLERS = ["handler", "colleague", "worker"]
REASON = st.fixed_dictionaries({"reason": st.sampled_from(["情况如下", ""])})
PERSON = st.sampled_from([*HANDLERS, None])
GIVEN: dict[str, st.SearchStrategy] = {
    "supplement": st.fixed_dictionaries({"text": st.sampled_from(["照片在附件。", ""])}),
    "withdraw": st.fixed_dictionaries({"reason": st.sampled_from(["已自行解决", ""])}),
    "rate": st.fixed_dictionaries({"stars": st.integers(0, 5)}),
    "accept": st.fixed_dictionaries({"kind": st.sampled_from(["normal", "consult", "complex", ""])}),
    "return": st.fixed_dictionaries({"reason": st.sampled_from(["请补充照片", ""])}),
    "dispatch": st.fixed_dictionaries({"lead": st.sampled_from([*UNITS, None]), "person": PERSON}),
    "redispatch": st.fixed_dictionaries(
        {"lead": st.sampled_from(UNITS), "person": PERSON, "reason": st.sampled_from(["职责不符", ""])}
    ),
    "reclassify": st.fixed_dictionaries(
        {"kind": st.sampled_from(["normal", "consult", "complex", ""]), "reason": st.sampled_from(["情况更复杂", ""])}
    ),
    "close": st.fixed_dictionaries({"outcome": st.sampled_from(["solved", "planned", "explained", ""])}),
    "assign": st.fixed_dictionaries({"person": PERSON}),
    "note": st.fixed_dictionaries(
        {"text": st.sampled_from(["已现场查看。", ""]), "visibility": st.sampled_from(["firm", "internal", "nobody"])}
    ),
    "answer": st.fixed_dictionaries(
        {"text": st.sampled_from(["已修好。", ""]), "outcome": st.sampled_from(["solved", "explained", ""])}
    ),
    "answer_for": st.fixed_dictionaries(
        {"text": st.sampled_from(["来函已答复。", ""]), "outcome": st.sampled_from(["solved", ""])}
    ),
    "reject": st.fixed_dictionaries({"reason": st.sampled_from(["请写明完成时间", ""])}),
    "append": st.fixed_dictionaries({"text": st.sampled_from(["又坏了。", ""])}),
    "refuse": st.fixed_dictionaries(
        {"route": st.sampled_from(["legal", "beyond", ""]), "text": st.sampled_from(["请走法定途径。", ""])}
    ),
    "transfer": st.fixed_dictionaries(
        {"lead": st.sampled_from(UNITS), "person": PERSON, "reason": st.sampled_from(["属地办理", ""])}
    ),
    "ask_help": st.fixed_dictionaries(
        {"department": st.sampled_from([*UNITS, None]), "text": st.sampled_from(["请协助查看。", ""])}
    ),
    "contact": st.fixed_dictionaries(
        {"way": st.sampled_from(["call", "visit", ""]), "text": st.sampled_from(["已电话联系。", ""])}
    ),
    "ask_extension": st.fixed_dictionaries(
        {"days": st.sampled_from([0, 1, 5, 10, 11]), "reason": st.sampled_from(["等待部件", ""])}
    ),
    "ask_suspension": st.fixed_dictionaries(
        {"until": st.sampled_from([0, 1, 9, 60, 61]), "reason": st.sampled_from(["等待检测", ""])}
    ),
    "ask_plan": st.fixed_dictionaries(
        {
            "grade": st.sampled_from(["A", "C", ""]),
            "stages": st.sampled_from([(), (3,), (5, 20), (20, 5), (0, 4)]),
            "reason": st.sampled_from(["需列入年度计划", ""]),
        }
    ),
    **{name: st.fixed_dictionaries({"message": st.sampled_from(["同意。", ""])})
       for name in ("grant_extension", "grant_suspension", "grant_plan")},
    **{name: REASON for name in ("overrule", "uphold", "decline", "remind", "reopen", "object", "resume", "take_up")},
    "stage": st.fixed_dictionaries({"text": st.sampled_from(["已完成设计。", ""])}),
    "merge": st.fixed_dictionaries(
        {"main": st.sampled_from([0, 1, 2, None]), "reason": st.sampled_from(["同一事项", ""])}
    ),
    "split": st.fixed_dictionaries({"text": st.sampled_from(["还有一件事。", ""])}),
    "separate": REASON,
    "pass_up": REASON,
}  # fmt: skip
NOTHING = st.just({})
