"""Invented companies: Chinese names, English twins, account names, codes and numbers that belong to nobody."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from stdnum.cn import uscc as social_credit


def _pairs(text: str) -> tuple[tuple[str, str], ...]:
    """Chinese and Latin, written side by side with commas between the pairs."""
    pieces = [piece.strip() for piece in text.replace("\n", " ").split(",") if piece.strip()]
    return tuple((zh, latin) for zh, _, latin in (piece.partition(" ") for piece in pieces))


# Chinese name and its romanisation; two to four characters.
HEADS = _pairs(
    """
    云栖里 Yunqili, 青禾谷 Qinghegu, 南浦 Nanpu, 鹿鸣原 Lumingyuan, 赤松 Chisong, 长庚 Changgeng, 石溪 Shixi,
    千帆渡 Qianfandu, 芦荻 Ludi, 知更 Zhigeng, 橙湾 Chengwan, 墨白 Mobai, 岚图山 Lantushan, 稻光 Daoguang, 沧屿 Cangyu,
    朝露 Zhaolu, 半夏 Banxia, 云归处 Yunguichu, 丹枫 Danfeng, 雪线 Xuexian, 风陵 Fengling, 苇岸 Weian, 潮声 Chaosheng,
    东篱 Dongli, 玉衡 Yuheng, 竹外 Zhuwai, 平芜 Pingwu, 晴川阁 Qingchuange, 霁月 Jiyue, 微澜 Weilan, 砚田 Yantian,
    榆关 Yuguan, 采薇 Caiwei, 清商 Qingshang, 重楼 Chonglou, 北屿 Beiyu, 银杏里 Yinxingli, 天元四象 Tianyuan Sixiang,
    山海 Shanhai, 木槿 Mujin, 汀兰 Tinglan, 扶摇 Fuyao, 鸿渐 Hongjian, 鹤汀 Heting, 素问 Suwen, 九章 Jiuzhang,
    明远 Mingyuan, 若木 Ruomu, 听雨轩 Tingyuxuan, 归雁 Guiyan, 春山 Chunshan, 秋水 Qiushui, 灵犀 Lingxi,
    致远方舟 Zhiyuan Fangzhou, 方塘 Fangtang, 远岫 Yuanxiu, 流萤 Liuying, 昆吾 Kunwu, 凌波 Lingbo, 抱朴 Baopu,
    行知 Xingzhi, 格物 Gewu, 日新 Rixin, 允执 Yunzhi, 云中鹤 Yunzhonghe, 桃李 Taoli, 蓝田 Lantian, 金麦田 Jinmaitian,
    白露 Bailu, 惊蛰 Jingzhe, 谷雨 Guyu, 小满 Xiaoman, 立秋 Liqiu, 蒹葭 Jianjia, 越溪 Yuexi, 乔木 Qiaomu, 双栖 Shuangqi,
    寒山 Hanshan, 八方来云 Bafang Laiyun, 沉香 Chenxiang, 月牙泉 Yueyaquan, 梧桐影 Wutongying, 一苇 Yiwei, 烟波 Yanbo,
    竹里馆 Zhuliguan,
    """
)
# Industry and form in both languages, and the tail of an account name.
TRADES = (
    ("制药有限公司", "Pharmaceuticals Co., Ltd.", "it"),
    ("物流有限公司", "Logistics Co., Ltd.", "ops"),
    ("精密制造股份有限公司", "Precision Manufacturing Inc.", "cloud"),
    ("文旅发展有限公司", "Culture & Tourism Co., Ltd.", "01"),
    ("教育科技有限公司", "Education Technology Co., Ltd.", "edu"),
    ("农业开发有限公司", "Agriculture Co., Ltd.", "agri"),
    ("医疗器械有限公司", "Medical Devices Co., Ltd.", "med"),
    ("电子商务有限公司", "E-Commerce Co., Ltd.", "shop"),
    ("新能源股份有限公司", "New Energy Inc.", "energy"),
    ("网络科技有限责任公司", "Network Technology LLC", "net"),
    ("食品工业有限公司", "Food Industry Co., Ltd.", "food"),
    ("建筑设计院", "Architectural Design Institute", "design"),
    ("智能装备有限公司", "Intelligent Equipment Co., Ltd.", "smart"),
    ("纺织集团有限公司", "Textile Group Co., Ltd.", "tex"),
    ("游戏软件有限公司", "Games Co., Ltd.", "games"),
    ("环保工程有限公司", "Environmental Engineering Co., Ltd.", "eco"),
    ("连锁酒店管理有限公司", "Hotel Management Co., Ltd.", "hotel"),
    ("财务咨询有限公司", "Accounting Advisers Co., Ltd.", "fin"),
    ("传媒有限公司", "Media Co., Ltd.", "media"),
    ("检测技术中心", "Testing Centre", "lab"),
)
ABROAD = (
    ("海角数据", "Seacape Data Pte. Ltd.", "seacape", "SG"),
    ("季风零售", "Monsoon Retail Co., Ltd.", "monsoon", "TH"),
    ("棕榈支付", "Palmpay Field Sdn. Bhd.", "palmfield", "MY"),
    ("赤道航运", "Equator Lines Pte. Ltd.", "equatorlines", "SG"),
    ("珊瑚医疗", "Coral Bay Clinics Inc.", "coralbay", "PH"),
    ("火山能源", "Ember Isle Energy PT", "emberisle", "ID"),
    ("北桥教育", "Northbridge Learning Ltd.", "northbridge", "HK"),
    ("绿岛物流", "Green Isle Freight Pte. Ltd.", "greenisle", "SG"),
)
FAMILIES = _pairs(
    """
    赵 Zhao, 钱 Qian, 孙 Sun, 李 Li, 周 Zhou, 吴 Wu, 郑 Zheng, 王 Wang, 冯 Feng, 陈 Chen, 褚 Chu, 卫 Wei, 蒋 Jiang,
    沈 Shen, 韩 Han, 杨 Yang
    """
)
GIVEN = _pairs(
    """
    明澈 Mingche, 若琳 Ruolin, 子衡 Ziheng, 雨桐 Yutong, 景行 Jingxing, 思远 Siyuan, 安澜 Anlan, 书言 Shuyan,
    嘉禾 Jiahe, 亦凡 Yifan, 知微 Zhiwei, 向晚 Xiangwan
    """
)
PLACES = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


@dataclass(frozen=True)
class Company:
    """An invented customer: what it is called, and the account it signs in with."""

    zh: str
    en: str
    account: str
    country: str = "CN"


def companies() -> Iterator[Company]:
    """Chinese companies, each name and account name once: every head goes into five trades."""
    for turn in range(5):
        for place, (zh, en) in enumerate(HEADS):
            trade_zh, trade_en, tail = TRADES[(place * 7 + turn * 4) % len(TRADES)]
            glue = "" if tail.isdigit() else "_"
            account = f"{en.replace(' ', '').lower()}{glue}{tail}"
            yield Company(f"{zh}{trade_zh}", f"{en} {trade_en}", account)


def companies_abroad() -> tuple[Company, ...]:
    return tuple(Company(zh, en, account, country) for zh, en, account, country in ABROAD)


def uscc(serial: int) -> str:
    """A unified social credit code with both its check digits right, of a region that does not exist."""
    body = f"MA{serial:06d}"
    rest = 11 - sum(PLACES.index(sign) * weight for sign, weight in zip(body, WEIGHTS, strict=True)) % 11
    first = f"91000000{body}{'X' if rest == 10 else '0' if rest == 11 else rest}"
    return first + str(social_credit.calc_check_digit(first))


def phone(serial: int) -> str:
    """Eleven digits that begin as no Chinese mobile number does."""
    return f"1000{serial:07d}"


def email(account: str) -> str:
    return f"{account}@{account.split('_')[0]}.example"


def person(dice: Random) -> tuple[str, str]:
    """A person's name: zh and en."""
    (family, family_en), (given, given_en) = dice.choice(FAMILIES), dice.choice(GIVEN)
    return family + given, f"{given_en} {family_en}"
