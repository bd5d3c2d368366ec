"""The catalogue: kinds of service and their products with list prices a month, the marketplace among them."""

from __future__ import annotations

from partner_center.catalogue.actions import NewProduct, NewRegion, NewServiceType
from partner_center.kernel.money import Money

SERVICES = (
    ("ecs", "弹性云服务器", "Elastic Cloud Server"),
    ("bms", "裸金属服务器", "Bare Metal Server"),
    ("evs", "云硬盘", "Elastic Volume Service"),
    ("obs", "对象存储", "Object Storage"),
    ("eip", "弹性公网 IP", "Elastic IP"),
    ("elb", "弹性负载均衡", "Elastic Load Balance"),
    ("cdn", "内容分发网络", "Content Delivery Network"),
    ("rds", "云数据库", "Relational Database"),
    ("dcs", "分布式缓存", "Distributed Cache"),
    ("cce", "云容器引擎", "Container Engine"),
    ("waf", "Web 应用防火墙", "Web Application Firewall"),
    ("ai", "模型与推理", "Models and Inference"),
    ("market", "云商店", "Marketplace"),
)
# Kind of service, code behind the dot, names, list price of a month in yuan.
PRODUCTS = (
    ("ecs", "s1.small", "通用型 1 核 2 GB", "General purpose, 1 vCPU 2 GB", "58.00"),
    ("ecs", "s1.medium", "通用型 2 核 4 GB", "General purpose, 2 vCPU 4 GB", "116.00"),
    ("ecs", "s1.large", "通用型 4 核 8 GB", "General purpose, 4 vCPU 8 GB", "232.00"),
    ("ecs", "c1.xlarge", "计算型 8 核 16 GB", "Compute, 8 vCPU 16 GB", "618.00"),
    ("ecs", "m1.xlarge", "内存型 8 核 64 GB", "Memory, 8 vCPU 64 GB", "1086.00"),
    ("ecs", "g1.2xlarge", "图形加速型 16 核 64 GB", "Graphics, 16 vCPU 64 GB", "3960.00"),
    ("bms", "p1.standard", "标准型裸金属", "Standard bare metal", "5200.00"),
    ("bms", "p1.storage", "存储型裸金属", "Storage bare metal", "6880.00"),
    ("evs", "sas.100", "高 IO 100 GB", "High I/O, 100 GB", "35.00"),
    ("evs", "ssd.100", "超高 IO 100 GB", "Ultra-high I/O, 100 GB", "100.00"),
    ("evs", "ssd.1000", "超高 IO 1 TB", "Ultra-high I/O, 1 TB", "980.00"),
    ("obs", "standard.500", "标准存储 500 GB", "Standard, 500 GB", "49.50"),
    ("obs", "standard.5000", "标准存储 5 TB", "Standard, 5 TB", "486.00"),
    ("obs", "archive.5000", "归档存储 5 TB", "Archive, 5 TB", "165.00"),
    ("eip", "bgp.5", "动态 BGP 5 Mbit/s", "Dynamic BGP, 5 Mbit/s", "115.00"),
    ("eip", "bgp.20", "动态 BGP 20 Mbit/s", "Dynamic BGP, 20 Mbit/s", "1265.00"),
    ("eip", "static.10", "静态 BGP 10 Mbit/s", "Static BGP, 10 Mbit/s", "420.00"),
    ("elb", "shared", "共享型", "Shared", "36.00"),
    ("elb", "dedicated.small", "独享型 小型", "Dedicated, small", "288.00"),
    ("elb", "dedicated.large", "独享型 大型", "Dedicated, large", "1150.00"),
    ("cdn", "pack.100", "流量包 100 GB", "Traffic pack, 100 GB", "21.00"),
    ("cdn", "pack.1000", "流量包 1 TB", "Traffic pack, 1 TB", "196.00"),
    ("cdn", "pack.10000", "流量包 10 TB", "Traffic pack, 10 TB", "1820.00"),
    ("rds", "mysql.small", "MySQL 2 核 4 GB 主备", "MySQL, 2 vCPU 4 GB, primary and standby", "398.00"),
    ("rds", "mysql.large", "MySQL 8 核 32 GB 主备", "MySQL, 8 vCPU 32 GB, primary and standby", "2280.00"),
    ("rds", "postgres.small", "PostgreSQL 2 核 4 GB 主备", "PostgreSQL, 2 vCPU 4 GB, primary and standby", "412.00"),
    ("rds", "postgres.large", "PostgreSQL 8 核 32 GB 主备", "PostgreSQL, 8 vCPU 32 GB, primary and standby", "2360.00"),
    ("dcs", "redis.4", "Redis 4 GB 主备", "Redis, 4 GB, primary and standby", "300.00"),
    ("dcs", "redis.32", "Redis 32 GB 集群", "Redis, 32 GB, cluster", "2340.00"),
    ("cce", "cluster.50", "50 节点集群", "Cluster of 50 nodes", "360.00"),
    ("cce", "cluster.200", "200 节点集群", "Cluster of 200 nodes", "1170.00"),
    ("waf", "standard", "标准版", "Standard", "3880.00"),
    ("waf", "pro", "专业版", "Professional", "9800.00"),
    ("ai", "inference.small", "推理实例 小型", "Inference, small", "860.00"),
    ("ai", "inference.large", "推理实例 大型", "Inference, large", "5400.00"),
    ("ai", "tokens.10m", "词元包 1,000 万", "10 million tokens", "80.00"),
)
MARKETPLACE = (
    ("market", "erp.seat", "云舟进销存 席位", "Yunzhou ERP, seat", "99.00"),
    ("market", "mail.50", "鸿雁企业邮箱 50 用户", "Hongyan Mail, 50 users", "500.00"),
    ("market", "scan.year", "听风漏洞扫描", "Tingfeng vulnerability scan", "1280.00"),
    ("market", "site.builder", "半日建站", "Banri site builder", "268.00"),
)
ABROAD = (
    ("ecs", "intl.s1.medium", "通用型 2 核 4 GB（国际）", "General purpose, 2 vCPU 4 GB", "19.00"),
    ("ecs", "intl.c1.xlarge", "计算型 8 核 16 GB（国际）", "Compute, 8 vCPU 16 GB", "98.00"),
    ("obs", "intl.standard.500", "标准存储 500 GB（国际）", "Standard, 500 GB", "11.50"),
    ("rds", "intl.mysql.small", "MySQL 2 核 4 GB（国际）", "MySQL, 2 vCPU 4 GB", "62.00"),
    ("cdn", "intl.pack.1000", "流量包 1 TB（国际）", "Traffic pack, 1 TB", "44.00"),
)


# Code, site, names.
REGIONS = (
    ("cn-north-1", "cloud-cn", "华北一", "North China 1"),
    ("cn-east-1", "cloud-cn", "华东一", "East China 1"),
    ("cn-south-1", "cloud-cn", "华南一", "South China 1"),
    ("cn-southwest-1", "cloud-cn", "西南一", "Southwest China 1"),
    ("ap-southeast-1", "cloud-intl", "亚太东南一", "Asia Pacific Southeast 1"),
    ("eu-west-1", "cloud-intl", "欧洲西部一", "Europe West 1"),
)


def regions() -> list[NewRegion]:
    return [NewRegion(*row) for row in REGIONS]


def service_types() -> list[NewServiceType]:
    return [NewServiceType(code, zh, en) for code, zh, en in SERVICES]


def products() -> list[NewProduct]:
    """Everything there is to buy; a product's code begins with its kind of service."""
    return [
        NewProduct(f"{kind}.{tail}", kind, zh, en, Money.of(price, currency), marketplace=is_market)
        for rows, currency, is_market in ((PRODUCTS, "CNY", False), (MARKETPLACE, "CNY", True), (ABROAD, "USD", False))
        for kind, tail, zh, en, price in rows
    ]


def a_product_of(kinds: frozenset[str] | set[str], currency: str) -> str:
    """A product that any voucher of these kinds of service pays; without kinds, the one bought most."""
    rows = ABROAD if currency == "USD" else PRODUCTS
    return next(f"{kind}.{tail}" for kind, tail, *_ in rows if not kinds or kind in kinds)
