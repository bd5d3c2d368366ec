"""The cast on the sign-in page."""

from __future__ import annotations

from dataclasses import dataclass

from partner_center.demo.cast import PASSWORD


@dataclass(frozen=True)
class Card:
    """Who somebody is and what can be tried as them, in both languages."""

    role: str
    login: str
    name_zh: str
    name_en: str
    organisation_zh: str
    organisation_en: str
    about_zh: str
    about_en: str
    tries_zh: str
    tries_en: str
    password: str = PASSWORD


CARDS = (
    Card(
        "vendor_operations",
        "lin.qiao",
        "林乔",
        "Lin Qiao",
        "示例云 · 运营",
        "Demo Cloud · operations",
        "开通伙伴与客户，冻结、解冻额度。",
        "Opens partners and customers, freezes and unfreezes quota.",
        "在「待办」里审核入驻申请、复核公司信息变更；解冻「栖云软件」的额度，再看它的记录。",
        "Review applications in the inbox and be the second person of a change; unfreeze the quota of Qiyun Software.",
    ),
    Card(
        "vendor_ecosystem",
        "gu.yan",
        "顾言",
        "Gu Yan",
        "示例云 · 生态经理",
        "Demo Cloud · ecosystem manager",
        "负责伙伴，给总经销商和解决方案提供商发放代金券额度。",
        "Looks after partners and grants voucher quota to distributors and solution providers.",
        "用 J / K 处理「待办」里的公司信息变更；给青梧数科发放额度；给云经销商发放时看系统怎么说（S-350）。",
        "Work through the inbox with J and K; grant quota to Qingwu Digital; try it for a reseller (S-350).",
    ),
    Card(
        "vendor",
        "song.wei",
        "宋微",
        "Song Wei",
        "示例云 · 平台管理员",
        "Demo Cloud · administrator",
        "平台管理员，什么都能做，也什么都留痕。",
        "May do everything at the vendor, and every bit of it is recorded.",
        "打开审计，从一笔额度一路看到客户的消费。",
        "Open the audit and follow one quota down to what customers spent.",
    ),
    Card(
        "distributor",
        "jiang.yu",
        "江予",
        "Jiang Yu",
        "江澜云渠 · 系统管理员",
        "Jianglan Cloud Channel · administrator",
        "总经销商，下有六家云经销商；敏感操作要验证码。",
        "A distributor with six resellers; sensitive operations ask for a code.",
        "打开 50 万元的额度，看每一元的去向；关掉或打开验证码。",
        "Open the quota of 500,000 and see where every yuan is; switch the codes off or on.",
    ),
    Card(
        "distributor_finance",
        "tang.xu",
        "唐栩",
        "Tang Xu",
        "江澜云渠 · 财务专员",
        "Jianglan Cloud Channel · finance",
        "把额度转给云经销商，也收回没发完的。",
        "Passes quota on to resellers and takes back what they did not issue.",
        "转给澄石科技一笔额度；验证码在开发邮箱里。",
        "Pass a quota on to Chengshi Technology; the code is in the development mailbox.",
    ),
    Card(
        "reseller",
        "cheng.yan",
        "程砚",
        "Cheng Yan",
        "澄石科技 · 系统管理员",
        "Chengshi Technology · administrator",
        "云经销商，额度来自江澜云渠，给自己的客户发券。",
        "A reseller whose quota comes from Jianglan; issues vouchers to its own customers.",
        "发放时把面值填得超过余额，看提示给出的可行面值。",
        "Choose a face value above the balance and read which value would fit.",
    ),
    Card(
        "solution_provider",
        "shen.zhixia",
        "沈知夏",
        "Shen Zhixia",
        "青梧数科 · 系统管理员",
        "Qingwu Digital · administrator",
        "解决方案提供商，直接从示例云获得额度，客户最多。",
        "A solution provider with quota straight from the vendor and the most customers.",
        "用限 12 家客户的额度给名单外的客户发券（S-375）；收回一张用了一部分的券。",
        "Issue from the quota limited to 12 customers to one outside it (S-375); reclaim a partly used voucher.",
    ),
    Card(
        "subsidy",
        "qi.an",
        "祁安",
        "Qi An",
        "惠企服务中心 · 系统管理员",
        "Huiqi Service Centre · administrator",
        "补贴类伙伴，按客户白名单发放现金券和代金券。",
        "A subsidy partner that issues cash coupons and vouchers to customers on its whitelist.",
        "给「听雨芯片」发一张：它不在现行白名单里（S-382）。再导入一份新的白名单。",
        "Issue to Tingyu Chips, which the whitelist in force leaves out (S-382); then import a new list.",
    ),
    Card(
        "account_manager",
        "xu.lang",
        "许朗",
        "Xu Lang",
        "青梧数科 · 客户经理",
        "Qingwu Digital · account manager",
        "子账号，只能看客户。",
        "A sub-account that may look at customers and little else.",
        "打开券管理：页面会说缺哪个权限、找谁开通。",
        "Open the vouchers: the page says which permission is missing and who can give it.",
    ),
    Card(
        "customer",
        "fang.ke",
        "方可",
        "Fang Ke",
        "松果制药 · 客户",
        "Songguo Pharmaceuticals · customer",
        "青梧数科的顾问销售客户，手里有各种限制的券。",
        "A consulting customer of Qingwu Digital with vouchers of every kind of limit.",
        "下一单，换换区域、计费模式和订单类型，看哪些券能用、哪些不能、差在哪里。",
        "Place an order, try other regions and billing modes, and see which vouchers pay and what the others miss.",
    ),
    Card(
        "customer_resale",
        "ye.lan",
        "叶蓝",
        "Ye Lan",
        "星野农业 · 客户",
        "Xingye Agriculture · customer",
        "栖云软件的代售客户。",
        "A resale customer of Qiyun Software.",
        "用券付款，再回到栖云软件那边看额度的变化。",
        "Pay with a voucher, then look at the quota from Qiyun's side.",
    ),
    Card(
        "international",
        "amelia.ong",
        "翁雅美",
        "Amelia Ong",
        "北光系统 · 国际站",
        "Northlight Systems · International site",
        "国际站的伙伴：美元额度，只有代售。",
        "A partner of the International site: quota in US dollars, resale only.",
        "在中国站登录看横幅，再到国际站去。",
        "Sign in here, read the banner, and go to the International site.",
    ),
)
