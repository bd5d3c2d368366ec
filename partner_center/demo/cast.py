"""Who works in the demo world: the vendor's staff, the partners and their people. One published password for all."""

from __future__ import annotations

from dataclasses import dataclass

# Everybody may read it: it opens a demo and nothing else.
PASSWORD = "partner-center-demo"
CN, INTL = "cloud-cn", "cloud-intl"
SOLUTION_PROVIDER, DISTRIBUTOR, RESELLER = "solution_provider", "distributor", "reseller"
SUBSIDY = "subsidy"


@dataclass(frozen=True)
class Person:
    """Somebody who works somewhere. Without a password nobody signs in as them."""

    login: str
    zh: str
    en: str
    roles: tuple[str, ...] = ()
    signs_in: bool = True
    language: str = "zh"


@dataclass(frozen=True)
class Partner:
    """A partner's account. `company_of` names the account whose company it shares; `under` its distributor."""

    key: str
    identity: str
    zh: str
    en: str
    main: Person
    opened: int
    tier: str = ""
    staff: tuple[Person, ...] = ()
    under: str = ""
    company_of: str = ""
    site: str = CN
    consulting: int = 0
    resale: int = 0


FOUNDER = Person("song.wei", "宋微", "Song Wei", ("vendor_administrator",))
STAFF = (
    Person("gu.yan", "顾言", "Gu Yan", ("ecosystem_manager",)),
    Person("lin.qiao", "林乔", "Lin Qiao", ("operations",)),
    Person("han.xue", "韩雪", "Han Xue", ("vendor_finance",)),
    Person("zhou.lan", "周岚", "Zhou Lan", ("vendor_finance",)),
    Person("lu.yiming", "陆一鸣", "Lu Yiming", ("direct_sales",)),
    Person("meter", "计费系统", "Charging system", ("charging_system",), signs_in=False),
)

# `opened`: days ago. `consulting` and `resale`: how many customers of each kind the account has.
PARTNERS = (
    Partner(
        "jianglan",
        DISTRIBUTOR,
        "江澜云渠",
        "Jianglan Cloud Channel",
        Person("jiang.yu", "江予", "Jiang Yu"),
        545,
        "premier",
        (Person("tang.xu", "唐栩", "Tang Xu", ("finance",)),),
        consulting=20,
        resale=20,
    ),
    Partner(
        "beichen",
        DISTRIBUTOR,
        "北辰云数",
        "Beichen Digital",
        Person("he.bei", "何北", "He Bei", signs_in=False),
        541,
        "advanced",
        consulting=10,
        resale=8,
    ),
    Partner(
        "qingwu",
        SOLUTION_PROVIDER,
        "青梧数科",
        "Qingwu Digital",
        Person("shen.zhixia", "沈知夏", "Shen Zhixia"),
        544,
        "premier",
        (
            Person("xu.lang", "许朗", "Xu Lang", ("account_manager",)),
            Person("bai.ning", "白宁", "Bai Ning", ("finance", "account_director"), signs_in=False),
        ),
        consulting=70,
        resale=28,
    ),
    Partner(
        "haichuan",
        SOLUTION_PROVIDER,
        "海川数科",
        "Haichuan Data",
        Person("meng.chuan", "孟川", "Meng Chuan", signs_in=False),
        538,
        "advanced",
        consulting=36,
        resale=14,
    ),
    Partner(
        "haichuan-east",
        SOLUTION_PROVIDER,
        "海川数科华东",
        "Haichuan Data East",
        Person("meng.dong", "孟冬", "Meng Dong", signs_in=False),
        300,
        "standard",
        company_of="haichuan",
        consulting=10,
        resale=4,
    ),
    Partner(
        "chengshi",
        RESELLER,
        "澄石科技",
        "Chengshi Technology",
        Person("cheng.yan", "程砚", "Cheng Yan"),
        536,
        under="jianglan",
        consulting=10,
        resale=11,
    ),
    Partner(
        "nanping",
        RESELLER,
        "南屏网络",
        "Nanping Networks",
        Person("nan.qiao", "南乔", "Nan Qiao", signs_in=False),
        535,
        under="jianglan",
        consulting=10,
        resale=10,
    ),
    Partner(
        "qiyun",
        RESELLER,
        "栖云软件",
        "Qiyun Software",
        Person("luo.yan", "罗砚", "Luo Yan", signs_in=False),
        534,
        under="jianglan",
        consulting=10,
        resale=10,
    ),
    Partner(
        "yunshan",
        RESELLER,
        "云杉数字",
        "Yunshan Digital",
        Person("shan.yu", "单郁", "Shan Yu", signs_in=False),
        420,
        under="jianglan",
        consulting=10,
        resale=9,
    ),
    Partner(
        "heguang",
        RESELLER,
        "和光信息",
        "Heguang Information",
        Person("he.guang", "何光", "He Guang", signs_in=False),
        400,
        under="jianglan",
        consulting=10,
        resale=8,
    ),
    Partner(
        "langyue",
        RESELLER,
        "朗月云科",
        "Langyue Cloud",
        Person("lang.yue", "郎悦", "Lang Yue", signs_in=False),
        330,
        under="jianglan",
        consulting=10,
        resale=9,
    ),
    Partner(
        "moke",
        RESELLER,
        "墨客软件",
        "Moke Software",
        Person("mo.ke", "莫珂", "Mo Ke", signs_in=False),
        500,
        under="beichen",
        consulting=10,
        resale=9,
    ),
    Partner(
        "haiyu",
        RESELLER,
        "海屿科技",
        "Haiyu Technology",
        Person("hai.ning", "海宁", "Hai Ning", signs_in=False),
        490,
        under="beichen",
        consulting=10,
        resale=9,
    ),
    Partner(
        "northlight",
        SOLUTION_PROVIDER,
        "北光系统",
        "Northlight Systems",
        Person("amelia.ong", "翁雅美", "Amelia Ong", language="en"),
        400,
        "advanced",
        site=INTL,
        resale=8,
    ),
    Partner(
        "huiqi",
        SUBSIDY,
        "惠企服务中心",
        "Huiqi Service Centre",
        Person("qi.an", "祁安", "Qi An"),
        320,
        consulting=14,
    ),
)


@dataclass(frozen=True)
class Buyer:
    """A customer with a name in the story: whose it is, and who signs in for it."""

    partner: str
    account: str
    zh: str
    en: str
    type: int
    main: Person


BUYERS = (
    Buyer("qingwu", "songguo_it", "松果制药", "Songguo Pharmaceuticals", 1, Person("fang.ke", "方可", "Fang Ke")),
    Buyer("qiyun", "xingye_agri", "星野农业", "Xingye Agriculture", 2, Person("ye.lan", "叶蓝", "Ye Lan")),
    Buyer("huiqi", "luming_bio", "鹿鸣生物", "Luming Biotech", 1, Person("lu.ming", "陆鸣", "Lu Ming")),
    Buyer(
        "huiqi",
        "tingyu_chip",
        "听雨芯片",
        "Tingyu Chips",
        1,
        Person("tingyu_chip", "廷羽", "Ting Yu", signs_in=False),
    ),
    Buyer(
        "qingwu",
        "bluewhale_ops",
        "蓝鲸物流",
        "Bluewhale Logistics",
        1,
        Person("bluewhale_ops", "连竞", "Lian Jing", signs_in=False),
    ),
    Buyer(
        "qingwu",
        "birch_cloud",
        "白桦精密",
        "Birch Precision",
        1,
        Person("birch_cloud", "白晔", "Bai Ye", signs_in=False),
    ),
    Buyer(
        "qingwu",
        "tidewatch01",
        "望潮文旅",
        "Tidewatch Travel",
        1,
        Person("tidewatch01", "王超", "Wang Chao", signs_in=False),
    ),
    Buyer(
        "qingwu",
        "shiguang_edu",
        "拾光教育",
        "Shiguang Education",
        1,
        Person("shiguang_edu", "石广", "Shi Guang", signs_in=False),
    ),
)
# Is in no list of chosen customers, so that a refusal can be seen.
LEFT_OUT = "shiguang_edu"
# Is a customer of the subsidy partner's, but on no version of its whitelist but the first.
OFF_THE_LIST = "tingyu_chip"
# Left two months ago, and its vouchers came back.
LEFT = "tidewatch01"


def partner(key: str) -> Partner:
    return next(each for each in PARTNERS if each.key == key)
