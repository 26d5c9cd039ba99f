"""Made-up messages in three kinds that overlap a little, for tests of learning."""

from __future__ import annotations

import random

KINDS = {
    "power": ["停电", "跳闸", "供电", "电压不稳", "增容", "线路检修", "变压器"],
    "staff": ["招工", "用工", "社保", "技能培训", "工人宿舍", "劳动合同", "公积金"],
    "money": ["贷款", "融资", "抵押", "续贷", "担保", "利息", "授信"],
}
COMMON = ["我们企业", "车间", "希望协调", "最近", "影响生产", "园区", "办理", "多次反映", "设备", "本月"]


def messages(count: int, seed: int = 1, *, mixed: float = 0.1) -> tuple[list[str], list[str]]:
    """Return texts and their labels; a `mixed` share of texts has the words of another kind."""
    draw = random.Random(seed)
    texts, labels = [], []
    for _ in range(count):
        label = draw.choice(list(KINDS))
        spoken = draw.choice(list(KINDS)) if draw.random() < mixed else label
        words = draw.choices(KINDS[spoken], k=draw.randint(1, 2)) + draw.choices(COMMON, k=draw.randint(3, 6))
        draw.shuffle(words)
        texts.append("".join(words))
        labels.append(label)
    return texts, labels
