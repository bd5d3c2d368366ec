"""Ten steps of a minute each through what there is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Step:
    """Who does what where. `page` is the page's name among the addresses; `login` whom to be."""

    login: str
    page: str
    title_zh: str
    title_en: str
    text_zh: str
    text_en: str


STEPS = (
    Step(
        "gu.yan",
        "vendor-quotas",
        "发放一笔额度",
        "Grant a quota",
        "给青梧数科发放 10,000 元。金额、有效期、适用范围写在额度上，之后谁也改不了。",
        "Give Qingwu Digital 10,000. Value, validity and scope stand on the quota; nobody changes them afterwards.",
    ),
    Step(
        "jiang.yu",
        "quotas",
        "看每一元的去向",
        "See where every yuan is",
        "打开 50 万元的那笔：留存 + 下级留存 + 客户未用 + 已用 + 作废 = 获得，差 0.00。",
        "Open the one of 500,000: free + passed on + in vouchers + spent + lost = granted, and the difference is 0.00.",
    ),
    Step(
        "tang.xu",
        "issued-quotas",
        "转给云经销商",
        "Pass quota on",
        "转给澄石科技。这个账号开了验证码：到开发邮箱里取。收回时，只有余额会回来。",
        "Pass a part on to Chengshi. This account asks for a code: take it from the development mailbox.",
    ),
    Step(
        "cheng.yan",
        "quotas",
        "发券，并看它为什么不行",
        "Issue vouchers, and read why one cannot",
        "面值填得超过余额：提交之前就告诉你差多少、填多少可以（S-377）。",
        "Choose a value above the balance: before you submit you read what is short and what would fit (S-377).",
    ),
    Step(
        "fang.ke",
        "shop",
        "在商店里用券付款",
        "Pay with a voucher in the shop",
        "下一单：能用的券先列出，不能用的每一张都写着差在哪里。",
        "Order something: vouchers that pay come first, and each of the others says what it misses.",
    ),
    Step(
        "shen.zhixia",
        "vouchers",
        "收回一张用了一部分的券",
        "Reclaim a voucher that was used in part",
        "整张余额一笔退回它所出的额度；再打开额度，账仍然是平的。",
        "Its whole balance returns to its quota in one transfer; open the quota, and the sum still closes.",
    ),
    Step(
        "jiang.yu",
        "account",
        "敏感操作的验证码",
        "Codes for sensitive operations",
        "关掉它再打开它；输错超过三次，验证码就作废。",
        "Switch it off and on; after three wrong tries a code is void.",
    ),
    Step(
        "xu.lang",
        "quotas",
        "没有权限时看到什么",
        "What you see without permission",
        "客户经理打开代金券额度：页面说出缺的权限项和能开通它的人。",
        "An account manager opens the quota: the page names the missing permission and who can give it.",
    ),
    Step(
        "lin.qiao",
        "audit",
        "查一查谁做了什么",
        "Find out who did what",
        "上面每一步都在记录里：谁、以谁的身份、哪个请求、前后是什么。",
        "Every step above is recorded: who, from which seat, in which request, before and after.",
    ),
    Step(
        "",
        "rules",
        "查一条规则",
        "Look up a rule",
        "每次拒绝都说出规则编号；这里写着它问什么、怎么办。同样的规则也管 /v2 接口。",
        "Each refusal names its rule; here is what it asks and what mends it. The same rules guard the API.",
    ),
    Step(
        "shen.zhixia",
        "keys",
        "用官方客户端调用接口",
        "Call it with the official client",
        "访问密钥在这里，或运行 partner-center demo-credentials --json；docs/api.md 里的程序原样可用。",
        "Keys are here, or from partner-center demo-credentials --json; the program in docs/api.md runs as it stands.",
    ),
)
